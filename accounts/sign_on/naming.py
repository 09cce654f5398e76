"""The person that a provider names. It speaks for the people of its own agency, and for nobody else."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import Posting, User, of_current_people

from .configuration import OpenIDConnect, Saml

type Provider = OpenIDConnect | Saml
type Claims = Mapping[str, Any]


class NotNamed(Exception):
    """The provider names nobody who is one of its agency's people now; the text is for the person."""


def providers() -> tuple[Provider, ...]:
    configured: tuple[Provider, ...] = settings.SIGN_ON
    return configured


def provider_of(provider_id: str) -> Provider | None:
    return next((provider for provider in providers() if provider.id == provider_id), None)


def name_of(provider: Provider) -> str:
    return provider.names[(get_language() or "az")[:2]]


def person_named(provider: Provider, claims: Claims) -> User:
    """Return the one person with an open posting in the provider's agency whom these claims name.

    By service number, or by an address of a listed domain that both sides have verified; whichever
    the settings say, never the other. Raise NotNamed in words.
    """
    postings = Posting.objects.current().filter(
        of_current_people("user"), agency__code=provider.agency, user__is_active=True
    )
    if provider.people.service_number:
        number = one_value(claims.get(provider.people.service_number))
        if not number:
            raise NotNamed(_("The provider did not say your service number."))
        postings = postings.filter(service_number=number)
    else:
        address = _address(provider, claims)
        postings = postings.filter(user__emailaddress__email=address, user__emailaddress__verified=True)
    people = {posting.user for posting in postings.select_related("user")[:3]}
    if len(people) != 1:
        raise NotNamed(_("Nobody who serves in this agency matches what the provider says about you."))
    return people.pop()


def serves_in(person: User, provider: Provider) -> bool:
    """Return whether this person has an open posting in the provider's agency now."""
    return Posting.objects.current().filter(user=person, agency__code=provider.agency).exists()


def one_value(stated: Any) -> str:
    """Return the one value of a claim or attribute; nothing where there are several, or where it is no text."""
    if isinstance(stated, list):
        stated = stated[0] if len(stated) == 1 else None
    if isinstance(stated, int) and not isinstance(stated, bool):
        stated = str(stated)
    return stated.strip() if isinstance(stated, str) else ""


def _address(provider: Provider, claims: Claims) -> str:
    """Return the address, ASCII only: in other alphabets upper and lower case make one address of two."""
    address = one_value(claims.get(provider.people.email))
    if not address or not address.isascii():
        raise NotNamed(_("The provider did not say your e-mail address."))
    if isinstance(provider, OpenIDConnect) and claims.get("email_verified") is not True:
        raise NotNamed(_("The provider has not verified your e-mail address."))
    if address.lower().rpartition("@")[2] not in provider.people.email_domains:
        raise NotNamed(_("Your e-mail address does not belong to this agency."))
    return address.lower()
