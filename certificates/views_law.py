"""Certificates under older rules that end on a day: proposed on the qualification's page, decided by a registrar."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.confirmation import FormPage, ask_then_act
from operations.deciding import ProposalAnswer, decide_by_two, shown
from operations.models import Proposal
from operations.requests import posted_from
from people.requests import OfficerRequest, recently, recently_to_change
from people.views.guards import for_whom_may

from . import actions_law as actions
from . import law_changes
from .forms_law import OlderEndForm, OlderKeptForm
from .law_changes import END_OLDER, KEEP_OLDER, OlderVersions
from .models import Qualification, WhyKept, WhyRulesChange
from .permissions import PROPOSE_END, SEE_RULES
from .views_qualifications import way_up

STAYS = gettext_lazy("Nothing changes.")
DECISIONS: dict[str, dict[str, ProposalAnswer]] = {
    END_OLDER: {
        "confirm": (actions.confirm_end, gettext_lazy("Confirmed. Holders and coordinators are being told; renewal is open.")),
        "decline": (actions.decline_end, STAYS),
        "withdraw": (actions.withdraw_end, STAYS),
    },
    KEEP_OLDER: {
        "confirm": (actions.confirm_keeping, gettext_lazy("Confirmed. The certificates stay until their last days.")),
        "decline": (actions.decline_end, STAYS),
        "withdraw": (actions.withdraw_end, STAYS),
    },
}  # fmt: skip
REASONS = {END_OLDER: WhyRulesChange.choices, KEEP_OLDER: WhyKept.choices}


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(PROPOSE_END)
@recently_to_change
def propose_end(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = get_object_or_404(Qualification, public_id=public_id)
    form = OlderEndForm(request.POST if request.method == "POST" else None)
    page = _page(found, _("End certificates under older rules"))

    def points() -> list[StrOrPromise]:
        version = law_changes.version_now(found)
        assert version is not None  # what was tried would have been refused
        return [
            *_concerned_words(OlderVersions(found, version, clock.end_of(form.cleaned_data["last_day"]))),
            _("They end at the end of %(day)s, unless they are renewed under the rules in force.")
            % {"day": day_text(form.cleaned_data["last_day"])},
            _(
                "Renewal opens for the holders when a registrar confirms. They and the coordinators "
                "are told at once."
            ),
            _(
                "Nothing changes until a registrar confirms; the proposal waits for 14 days and you "
                "can withdraw it."
            ),
        ]

    def perform() -> StrOrPromise:
        actions.propose_end(qualification=found, by=request.user, **form.cleaned_data)
        return _("Proposed. A registrar must confirm before anything changes.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Propose that they end?")
    )


def _page(qualification: Qualification, title: StrOrPromise) -> FormPage:
    return FormPage(
        title=title, button=_("Continue"), text=str(qualification), crumbs=way_up(qualification), danger=True,
        back=reverse("certificates:qualification", args=[qualification.public_id]),
    )  # fmt: skip


def _concerned_words(older: OlderVersions) -> list[StrOrPromise]:
    """Return how many people it concerns, and how many in each agency."""
    total, numbers = law_changes.by_agency(older)
    people = ngettext(
        "It concerns %(number)d person who holds one under rules older than version %(version)d.",
        "It concerns %(number)d people who hold one under rules older than version %(version)d.",
        total,
    )
    return [
        people % {"number": total, "version": older.version.number},
        *(f"{each.agency.name if each.agency else _('in no agency now')}: {each.number}" for each in numbers),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(PROPOSE_END)
@recently_to_change
def propose_keeping(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = get_object_or_404(Qualification, public_id=public_id)
    change = law_changes.coming(found)
    if change is None:
        raise Http404
    form = OlderKeptForm(request.POST if request.method == "POST" else None)
    page = _page(found, _("Withdraw the decision that certificates end"))

    def points() -> list[StrOrPromise]:
        return [
            _("Certificates under older rules stay until their last days."),
            _("Everybody who was told that the certificates end is told that they stay."),
            _(
                "Nothing changes until a registrar confirms; the proposal waits for 14 days and you "
                "can withdraw it."
            ),
        ]

    def perform() -> StrOrPromise:
        actions.propose_keeping(change=change, by=request.user, **form.cleaned_data)
        return _("Proposed. A registrar must confirm before anything changes.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Propose that they stay?")
    )


def _proposal_or_404(public_id: str) -> Proposal:
    queryset = Proposal.objects.select_related("proposed_by", "decided_by")
    return get_object_or_404(queryset, public_id=public_id, act__in=(END_OLDER, KEEP_OLDER))


@require_safe
@for_whom_may(SEE_RULES)
def end_proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show what is proposed, and whom it would concern as of now."""
    found = _proposal_or_404(public_id)
    older = law_changes.of_proposal(found)
    total, numbers = law_changes.by_agency(older)
    context: dict[str, Any] = {
        **shown(request, found, reasons=REASONS[found.act]),
        "qualification": older.qualification,
        "older": older,
        "ends": found.act == END_OLDER,
        "total": total,
        "numbers": numbers,
        "can_confirm": found.open and law_changes.may_confirm(request.user, found),
        "can_decline": found.open and law_changes.may_decline(request.user, found),
        "holds_one": found.open and law_changes.holds_one(request.user, older),
        "crumbs": way_up(older.qualification),
        "section": "qualifications",
    }
    return render(request, "certificates/end_proposal.html", context)


@posted_from("certificates:end_proposal", "public_id")
@for_whom_may(SEE_RULES)
@recently
def decide_end(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = _proposal_or_404(public_id)
    return decide_by_two(request, found, decision, DECISIONS[found.act], page="certificates:end_proposal")
