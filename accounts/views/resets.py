"""The second step of who acts for others is removed by two people: proposing, and deciding about a proposal."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.resets import confirm_reset, decline_reset, propose_reset, withdraw_reset
from accounts.forms import SecondFactorResetForm
from accounts.models import WhyReset
from accounts.permissions import CONFIRM_RESET, RESET, can_confirm_reset, can_decline_reset
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.form_errors import refused
from operations.requests import posted_from
from people.models import User
from people.names import name_of
from people.notification_text import how_told
from people.permissions import may
from people.requests import OfficerRequest
from people.views.grants import way_up
from people.views.guards import for_whom_may
from people.waits import waiting_about_people

STAYS = gettext_lazy("Nothing changes: the second step stays.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        confirm_reset,
        gettext_lazy("The second step is removed. The person sets up another one at the next sign-in."),
    ),
    "decline": (decline_reset, STAYS),
    "withdraw": (withdraw_reset, STAYS),
}


def _way_up(request: OfficerRequest, *more: dict[str, str]) -> list[dict[str, str]]:
    """Return the way up: among accounts, or from the positions for users who see no accounts."""
    if may(request.user, "accounts.see_accounts"):
        return [{"text": _("Accounts"), "href": reverse("accounts:accounts")}, *more]
    return way_up(*more)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(RESET, delicate=True)
def propose(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    known = User.objects.current().exclude(pk=request.user.pk)
    person = get_object_or_404(known, public_id=public_id)
    form = SecondFactorResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not refused(
        form,
        lambda: propose_reset(person=person, reason=form.cleaned_data["reason"], by=request.user),
    ):
        messages.success(request, _("Proposed. Another person must confirm before anything changes."))
        return redirect("accounts:account_one", public_id)
    account = {"text": name_of(person), "href": reverse("accounts:account_one", args=[public_id])}
    crumbs = _way_up(request, account)
    context = {"form": form, "name": name_of(person), "how_told": how_told(person), "crumbs": crumbs}
    return render(request, "accounts/propose_reset.html", context)


@require_safe
@for_whom_may(CONFIRM_RESET)
def waiting(request: OfficerRequest) -> HttpResponseBase:
    context = {"rows": waiting_about_people(RESET), "crumbs": _way_up(request)}
    return render(request, "accounts/resets.html", context)


@require_safe
@for_whom_may(CONFIRM_RESET)
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    proposal = proposal_or_404(public_id, act=RESET)
    person = get_object_or_404(User, public_id=proposal.subject_id)
    waiting_way = {"text": _("Second steps to be removed"), "href": reverse("accounts:resets")}
    context = {
        **shown(request, proposal, reasons=WhyReset.choices),
        "name": name_of(person),
        "can_confirm": proposal.open and can_confirm_reset(request.user, proposal),
        "can_decline": proposal.open and can_decline_reset(request.user, proposal),
        "crumbs": _way_up(request, waiting_way),
    }
    return render(request, "accounts/reset_proposal.html", context)


@posted_from("accounts:reset_proposal", "public_id")
@for_whom_may(CONFIRM_RESET, delicate=True)
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=RESET)
    return decide_by_two(request, found, decision, DECISIONS, page="accounts:reset_proposal")
