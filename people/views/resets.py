"""The second step of who acts for others is removed by two people: proposing, and deciding about a proposal."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from operations import clock, proposals
from operations.models import Proposal
from people import actions
from people.actions.resets import RESET, WhyReset
from people.forms_positions import ResetForm
from people.models import User
from people.permissions.ways_in import CONFIRM_RESET, can_confirm_reset, can_decline_reset
from people.reached import how_told
from people.requests import OfficerRequest

from .common import for_whom_may, name_of, refused

DECISIONS = {
    "confirm": actions.confirm_reset,
    "decline": actions.decline_reset,
    "withdraw": actions.withdraw_reset,
}


def ways_up() -> list[dict[str, str]]:
    return [{"text": _("Second steps to be removed"), "href": reverse("people:resets")}]


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(RESET, delicate=True)
def propose(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    known = User.objects.filter(merged_into=None, erased_at=None).exclude(pk=request.user.pk)
    person = get_object_or_404(known, public_id=public_id)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not refused(
        form,
        lambda: actions.propose_reset(person=person, reason=form.cleaned_data["reason"], by=request.user),
    ):
        messages.success(request, _("Proposed. Another person must confirm before anything changes."))
        return redirect("people:account_one", public_id)
    account = {"text": name_of(person), "href": reverse("people:account_one", args=[public_id])}
    context = {"form": form, "name": name_of(person), "how_told": how_told(person), "crumbs": [account]}
    return render(request, "people/propose_reset.html", context)


@require_safe
@for_whom_may(CONFIRM_RESET)
def waiting(request: OfficerRequest) -> HttpResponseBase:
    found = list(proposals.waiting(act=RESET).select_related("proposed_by"))
    people = User.objects.in_bulk([each.subject_id for each in found], field_name="public_id")
    rows = [{"proposal": each, "name": name_of(people[each.subject_id])} for each in found]
    positions = {"text": _("Positions"), "href": reverse("people:grants")}
    return render(request, "people/resets.html", {"rows": rows, "crumbs": [positions]})


def _proposal(public_id: str) -> Proposal:
    found = Proposal.objects.select_related("proposed_by", "decided_by")
    return get_object_or_404(found, public_id=public_id, act=RESET)


@require_safe
@for_whom_may(CONFIRM_RESET)
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = _proposal(public_id)
    person = get_object_or_404(User, public_id=found.subject_id)
    undecided = found.outcome is None and found.expires_at > clock.now()
    context = {
        "proposal": found,
        "name": name_of(person),
        "reason": dict(WhyReset.choices).get(found.reason_category, found.reason_category),
        "open": undecided,
        "can_confirm": undecided and can_confirm_reset(request.user, person, found),
        "can_decline": undecided and can_decline_reset(request.user, found),
        "can_withdraw": undecided and found.proposed_by_id == request.user.pk,
        "crumbs": ways_up(),
    }
    return render(request, "people/reset_proposal.html", context)


@require_POST
@for_whom_may(CONFIRM_RESET, delicate=True)
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    if decision not in DECISIONS:
        raise Http404
    try:
        DECISIONS[decision](proposal=_proposal(public_id), by=request.user)
    except proposals.ProposalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(decision))
    return redirect("people:reset_proposal", public_id)


def _said(decision: str) -> str:
    if decision == "confirm":
        return _("The second step is removed. The person sets up another one at the next sign-in.")
    return _("Nothing changes: the second step stays.")
