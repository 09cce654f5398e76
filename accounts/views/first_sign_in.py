"""The first time: by the link of an invitation, or by the code of a printed sheet; then a password.

Every wrong link, number and code gets the same answer: it tells nothing of anybody.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.invitations import accept_invitation
from accounts.forms import NewPasswordForm, SheetForm
from accounts.invitation_secrets import bare_number, invited_by_code, invited_by_link
from accounts.models import Invitation
from operations.limits import limited
from people.allauth_internals import record_authentication

NO_MATCH = gettext_lazy(
    "Number and code do not match, or the code was used or is too old. Compare both with the sheet; if they are right,"
    " ask your agency's coordinator for a new sheet."
)
KEPT = "accounts_invited"  # in the session: which invitation, as it stood
TRIES, WITHIN = 9, 300  # of one number, in seconds; then it is slowed
TRIES_OF_ADDRESS = 1000  # a minute: a whole agency may share one


@never_cache
@require_safe
def invited(request: HttpRequest, public_id: str, mark: str) -> HttpResponse:
    """Keep the invitation and leave its link at once: it stands in no history of the page that follows."""
    invitation = invited_by_link(public_id, mark)
    if invitation is None:
        return render(request, "accounts/invitations/closed.html", status=410)
    return _lead_in(request, invitation)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    form = SheetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        if _slowed(request, number):
            form.add_error(None, _("Too many attempts. Wait a few minutes, then try again"))
        elif (invitation := invited_by_code(number, code)) is not None:
            return _lead_in(request, invitation)
        else:
            form.add_error(None, NO_MATCH)
    return render(request, "accounts/first_sign_in/sheet.html", {"form": form})


def _slowed(request: HttpRequest, number: str) -> bool:
    """Return whether there were too many tries of one number or from one address.

    A number counts however it is written and whether or not somebody has it.
    """
    address = get_adapter().get_client_ip(request)
    slowed = limited(f"first:number:{bare_number(number)}", TRIES, WITHIN)
    return limited(f"first:address:{address}", TRIES_OF_ADDRESS, 60) or slowed


def _lead_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    request.session[KEPT] = [invitation.public_id, invitation.sent, invitation.secret_hash]
    return redirect("accounts_first_password")


def _kept(request: HttpRequest) -> Invitation | None:
    """Return the invitation with which this browser came in, while it stands as it stood then."""
    public_id, *stood = request.session.get(KEPT) or ["", 0, None]
    invitation = (
        Invitation.objects.open().select_related("person", "agency").filter(public_id=public_id).first()
    )
    return (
        invitation if invitation is not None and [invitation.sent, invitation.secret_hash] == stood else None
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose a password; then one is signed in."""
    invitation = _kept(request)
    if invitation is None:
        return render(request, "accounts/invitations/closed.html", status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _accept(request, invitation, form.cleaned_data["password1"])
        except ValidationError as error:
            form.add_error("password1", error)
    context: dict[str, Any] = {
        "form": form,
        "name": invitation.person.get_short_name(),
        "who": invitation.person,
    }
    return render(request, "accounts/first_sign_in/password.html", context)


def _accept(request: HttpRequest, invitation: Invitation, chosen: str) -> HttpResponse:
    person = accept_invitation(invitation=invitation, password=chosen, by=invitation.person)
    request.session.pop(KEPT, None)
    record_authentication(request, person, method="password")
    response: HttpResponse = perform_login(request, person)
    return response
