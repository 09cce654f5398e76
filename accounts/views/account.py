"""A person's own account: what is kept, how one signs in, and the ways to each."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.letters import choose_notice_rhythm
from accounts.forms import LettersForm
from accounts.new_sheets import MOST, printed_for
from accounts.second_factor import STANDING, needs_second_factor
from accounts.sign_on.naming import providers
from people.extensions import registry
from people.models import AddressRequest, User
from people.requests import OfficerRequest, signed_in


def _factors(person: User) -> dict[str, int]:
    kinds = Authenticator.objects.filter(user=person, type__in=STANDING).values_list("type", flat=True)
    return {
        "totp": sum(kind == "totp" for kind in kinds),
        "webauthn": sum(kind == "webauthn" for kind in kinds),
    }


@signed_in
@require_safe
def account(request: OfficerRequest) -> HttpResponse:
    context = {
        "factors": _factors(request.user),
        "needed": needs_second_factor(request.user),
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
        "through_agency": bool(providers()),
        "asked": None if request.user.email else AddressRequest.open_for(request.user),
        "new_sheets": printed_for(request.user)[:MOST],
        "links": [link for make in registry.account_links if (link := make(request.user))],
    }
    return render(request, "accounts/account.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def letters(request: OfficerRequest) -> HttpResponse:
    """Choose when one is told what may wait."""
    chosen = {"rhythm": request.user.notice_rhythm}
    form = LettersForm(request.POST if request.method == "POST" else None, initial=chosen)
    if form.is_valid():
        choose_notice_rhythm(person=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:account")
    return render(request, "accounts/letters.html", {"form": form})
