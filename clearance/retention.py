"""Retention of names in decisions. The decision itself stays."""

from django.utils.translation import gettext_lazy as _

from operations.retention import Period, register_period

from .models import CLEARED, STANDS, Decision

register_period(
    Period(
        name="decisions",
        text=_("Your name in answers about your duties"),
        rows=lambda before: Decision.objects.filter(STANDS, asked_at__lt=before),
        clear=CLEARED,
    )
)
