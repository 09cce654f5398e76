"""A person's own account: what is kept, how one signs in, and the ways to each."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from operations import clock
from people.models import AddressRequest, User
from people.requests import OfficerRequest, signed_in
from people.second_factor import STANDING, needs_second_factor
from people.sign_on.naming import providers


def _ways(*names: str) -> dict[str, str]:
    """Addresses by name, of those that this installation has."""
    found = {}
    for name in names:
        try:
            found[name.rpartition(":")[2]] = reverse(name)
        except NoReverseMatch:
            continue
    return found


def _factors(person: User) -> dict[str, int]:
    kinds = Authenticator.objects.filter(user=person, type__in=STANDING).values_list("type", flat=True)
    return {
        "totp": sum(kind == "totp" for kind in kinds),
        "webauthn": sum(kind == "webauthn" for kind in kinds),
    }


def _asked(person: User) -> AddressRequest | None:
    """An address that the agency has for who had none: the question could not be mailed."""
    return AddressRequest.objects.filter(person=person, outcome=None, expires_at__gt=clock.now()).first()


@signed_in
@require_safe
def account(request: OfficerRequest) -> HttpResponse:
    context = {
        "factors": _factors(request.user),
        "needed": needs_second_factor(request.user),
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
        "through_agency": bool(providers()),
        "asked": None if request.user.email else _asked(request.user),
        "ways": _ways("people:my_trail", "people:my_data"),
        "sign_on": bool(providers()),
    }
    return render(request, "people/account.html", context)
