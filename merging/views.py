"""Pages of what needs a second person: merging two records, taking over from another agency."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from locales.sorting import in_order
from operations.confirmation import FormPage, ask_first, ask_then_act
from operations.deciding import ProposalAnswer, decide_and_say
from operations.models import Proposal
from operations.requests import posted_from
from people.extensions import BulkAct, chosen, registry
from people.models import Agency, User
from people.permissions import agencies_where
from people.permissions.records import SEE
from people.requests import OfficerRequest, recently
from people.views.breadcrumbs import to_list
from people.views.bulk import about_those
from people.views.choosing import asked_among, choose_agency
from people.views.guards import for_whom, form_for

from .actions.merge import confirm_merge, decline_merge, propose_merge, withdraw_merge
from .actions.take_over import ask_take_over, confirm_take_over, decline_take_over, withdraw_take_over
from .forms import MergeForm, TakeOverForm
from .pending_proposals import ACTS, described, described_apart, ended_of, of_merge, seen_by, shown
from .permissions import MERGE, TAKE_OVER, can_merge

registry.bulk_acts.append(
    BulkAct(code="merge", text=gettext_lazy("Two records of one person"), url_name="merging:merge")
)


@form_for(TAKE_OVER)
def take_over(request: OfficerRequest) -> HttpResponseBase:
    """Ask for somebody of another agency. The answer is the same whether or not there is such a person."""
    agencies = agencies_where(request.user, TAKE_OVER)
    sent = agencies.filter(units__public_id=request.POST.get("unit", "")).first()
    if (agency := sent or asked_among(request, agencies)) is None:
        return choose_agency(request, agencies)
    others = in_order(Agency.objects.exclude(pk=agency.pk))
    form = TakeOverForm(request.POST if request.method == "POST" else None, agency=agency, others=others)
    page = FormPage(
        title=_("Take over from another agency"), button=_("Continue"), back=reverse("merging:proposals"),
        crumbs=[to_list()], text=agency.name,
    )  # fmt: skip

    def points() -> list[StrOrPromise]:
        return [
            _(
                "If such a person serves there, the coordinator of the other agency is asked. You "
                "are not told whether that is so."
            ),
            _("Once confirmed, the person serves in %(unit)s from %(day)s and stands in your list.")
            % {"unit": form.unit_chosen.name, "day": day_text(form.cleaned_data["first_day"])},
            _("The other agency can still read what was recorded during the time there."),
        ]

    def perform() -> StrOrPromise:
        data = form.cleaned_data
        ask_take_over(
            agency=next(other for other in others if other.public_id == data["from_agency"]),
            service_number=data["number_there"], family_name=data["family_name"], unit=form.unit_chosen,
            role=form.role_chosen, valid_from=form.since, by=request.user,
        )  # fmt: skip
        return _(
            "If such a person serves there, the other agency has been asked. You see here what comes of it."
        )

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Ask the other agency?")
    )


@form_for(MERGE)
def merge(request: OfficerRequest) -> HttpResponseBase:
    """Ask which of the two ticked in the list stays."""
    people = list(chosen(request))
    if len(people) != 2 or not can_merge(request.user, *people):
        messages.error(request, _("Tick exactly two people who serve in your agency and nowhere else."))
        return redirect("people:list")
    form = MergeForm(
        request.POST if request.method == "POST" else None,
        people=people,
        descriptions=described_apart(people),
    )
    about_those(form, people)
    page = FormPage(
        title=_("Two records of one person"), button=_("Continue"), back=reverse("merging:proposals"),
        crumbs=[to_list()], danger=True,
    )  # fmt: skip

    def pair() -> tuple[User, User]:
        first, second = people
        return (first, second) if form.cleaned_data["kept"] == first.public_id else (second, first)

    def perform() -> StrOrPromise:
        kept, gone = pair()
        propose_merge(kept=kept, gone=gone, by=request.user)
        return _("Proposed. Another coordinator or an administrator must confirm.")

    question = _("Propose to merge these records?")
    return ask_then_act(
        request, form, page, points=lambda: of_merge(*described(pair())), perform=perform, question=question
    )


@require_safe
@for_whom(SEE)
def waiting(request: OfficerRequest) -> HttpResponseBase:
    context = {
        "rows": seen_by(request.user), "ended": ended_of(request.user), "crumbs": [to_list()],
    }  # fmt: skip
    return render(request, "merging/proposals.html", context)


CONFIRMED = gettext_lazy("Confirmed and done.")
DECLINED = gettext_lazy("Declined. Nothing was changed.")
WITHDRAWN = gettext_lazy("Withdrawn. Nothing was changed.")
DECISIONS: dict[tuple[str, str], ProposalAnswer] = {
    (MERGE, "confirm"): (confirm_merge, CONFIRMED),
    (MERGE, "decline"): (decline_merge, DECLINED),
    (MERGE, "withdraw"): (withdraw_merge, WITHDRAWN),
    (TAKE_OVER, "confirm"): (confirm_take_over, CONFIRMED),
    (TAKE_OVER, "decline"): (decline_take_over, DECLINED),
    (TAKE_OVER, "withdraw"): (withdraw_take_over, WITHDRAWN),
}
QUESTIONS: dict[Any, Any] = {
    (MERGE, "confirm"): gettext_lazy("Merge these two records?"),
    (TAKE_OVER, "confirm"): gettext_lazy("Let this person go to the other agency?"),
    "decline": gettext_lazy("Decline this?"),
    "withdraw": gettext_lazy("Withdraw this?"),
}


@posted_from("merging:proposals")
@for_whom(SEE)
@recently
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    """Say what will happen, then do it."""
    proposal = get_object_or_404(Proposal, public_id=public_id, act__in=ACTS)
    decided = DECISIONS.get((proposal.act, decision))
    rows = shown(request.user, [proposal])
    if decided is None or not rows:
        raise Http404
    if "sure" not in request.POST:
        question = QUESTIONS.get((proposal.act, decision)) or QUESTIONS[decision]
        page = FormPage(title=question, button=question, back=reverse("merging:proposals"), danger=True)
        return ask_first(request, page, rows[0]["points"], question)
    try:
        decide_and_say(request, proposal, decided)
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    return redirect("merging:proposals")
