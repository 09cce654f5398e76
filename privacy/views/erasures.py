"""Erasures that wait for a second person, for administrators."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from operations.deciding import ProposalAnswer, decide_and_say, proposal_or_404, shown
from operations.models import Proposal
from operations.requests import posted_from
from people.models import Posting, User
from people.notification_text import how_told
from people.requests import OfficerRequest
from people.views.guards import for_whom_may
from people.waits import waiting_about_people
from privacy.actions.erasure import confirm_erasure, decline_erasure
from privacy.forms import DeclineForm
from privacy.permissions import DECIDE_ERASURE, ERASE, can_decide_erasure

from .my_data import WITHDRAW, planned, propose

REFUSAL = gettext_lazy("Administrators decide about erasures.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        confirm_erasure,
        gettext_lazy("Confirmed. The data is being erased; it takes about a minute."),
    ),
    "withdraw": WITHDRAW,
}  # with "decline", which takes a reason


def _way_up() -> list[dict[str, str]]:
    return [{"text": _("Requests for erasure"), "href": reverse("privacy:erasures")}]


@require_safe
@for_whom_may(DECIDE_ERASURE, refusal=REFUSAL)
def erasures(request: OfficerRequest) -> HttpResponseBase:
    context = {"rows": waiting_about_people(ERASE)}
    return render(request, "privacy/erasures.html", context)


@require_safe
@for_whom_may(DECIDE_ERASURE, refusal=REFUSAL)
def erasure(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    proposal = proposal_or_404(public_id, act=ERASE)
    return render(request, "privacy/erasure.html", _one(request, proposal, DeclineForm()))


def _one(request: OfficerRequest, proposal: Proposal, form: DeclineForm) -> dict[str, Any]:
    person = get_object_or_404(User, public_id=proposal.subject_id)
    serves = Posting.objects.current().filter(user=person).select_related("agency", "unit", "role")
    return {
        **planned(person),
        **shown(request, proposal),
        "own_wish": proposal.reason_category == "own-wish",
        "serves": list(serves),
        "can_decide": proposal.open and can_decide_erasure(request.user, proposal),
        "form": form,
        "crumbs": _way_up(),
    }


@require_POST
@for_whom_may(DECIDE_ERASURE, refusal=REFUSAL, delicate=True)
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    decide_and_say(request, proposal_or_404(public_id, act=ERASE), DECISIONS[decision])
    return redirect("privacy:erasures")


@posted_from("privacy:erasure", "public_id")
@for_whom_may(DECIDE_ERASURE, refusal=REFUSAL, delicate=True)
def decline(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    proposal, form = proposal_or_404(public_id, act=ERASE), DeclineForm(request.POST)
    if not form.is_valid():
        return render(request, "privacy/erasure.html", _one(request, proposal, form))
    message = (
        _("Declined; nothing was erased.") + f" {how_told(User.objects.get(public_id=proposal.subject_id))}"
    )
    decide_and_say(request, proposal, (decline_erasure, message), **form.cleaned_data)
    return redirect("privacy:erasures")


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(DECIDE_ERASURE, refusal=REFUSAL, delicate=True)
def erase_person(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Propose the erasure of somebody who asked on paper; another administrator confirms it."""
    person = get_object_or_404(User.objects.people(), public_id=public_id)
    if request.method == "POST":
        return propose(request, person, "privacy:erasures")
    context = {**planned(person), "on_paper": True, "crumbs": _way_up()}
    return render(request, "privacy/erase.html", context)
