"""The address of this installation.

Every QR code, credential and list points at its base URL, so it is fixed at the first start and a different
one is refused afterwards.
"""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

from .models import Installation

log = logging.getLogger(__name__)


class WrongBaseUrl(ImproperlyConfigured):
    """The settings name another address than the one fixed at the first start."""


def fixed_base_url() -> str | None:
    """Return the address fixed at the first start; None before it."""
    return Installation.objects.values_list("base_url", flat=True).first()


def claim_base_url() -> str:
    """Fix the base URL of the settings, or hold it against the one that is fixed.

    Raise WrongBaseUrl in words. Seeding calls it; web and worker through `check_at_start`.
    """
    Installation.objects.get_or_create(pk=Installation.ONLY, defaults={"base_url": settings.BASE_URL})
    _refuse_other_than(fixed_base_url())
    return settings.BASE_URL


def check_base_url() -> None:
    """Do as `claim_base_url`, but only read where an address is fixed already: nobody waits to write."""
    fixed = fixed_base_url()
    if fixed is None:
        claim_base_url()
    else:
        _refuse_other_than(fixed)


def _refuse_other_than(fixed: str | None) -> None:
    if fixed != settings.BASE_URL:
        raise WrongBaseUrl(
            f"This installation was first started as {fixed}: printed certificates, credentials and "
            f"lists point there. It cannot be served as {settings.BASE_URL}. "
            f"Set NISANE_BASE_URL (in the demo: PORT) to the first address."
        )


def check_at_start() -> None:
    """Refuse, at the start of web and worker, a secret that everybody knows and a different address.

    It starts also while the database is away.
    """
    if settings.SECRET_KEY == settings.NO_SECRET:
        raise ImproperlyConfigured("Set NISANE_SECRET_KEY: nothing is served without a secret key.")
    try:
        check_base_url()
    except (OperationalError, ProgrammingError):
        log.exception("the base URL could not be checked")
