"""Requirements of functions: to read; proposed by one rule owner and decided by another."""

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clearance import actions_rules as actions
from clearance import rules_preview
from clearance.actions_functions import ADD
from clearance.actions_rules import REQUIRE
from clearance.forms_rules import RequirementForm
from clearance.models import DutyFunction, WhyRule
from clearance.permissions import CONFIRM_RULE, PROPOSE_RULE, SEE_RULES, can_confirm_requirement
from clearance.requirements import lines_of, names, required
from clearance.rules import normal
from clearance.rules_preview import RulesPreview
from locales.dates import day_text
from operations import proposals
from operations.confirmation import Confirmation, FormPage, Hidden, ask_then_act
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.models import Proposal
from operations.requests import posted_from
from people.permissions import declinable, may
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may
from standards.actions_rules import begins_on, first_day_of

STAYS = gettext_lazy("Nothing changes: what is required stays.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        actions.confirm_requirement,
        gettext_lazy("Confirmed. It is required from the day that was proposed."),
    ),
    "decline": (actions.decline_requirement, STAYS),
    "withdraw": (actions.withdraw_requirement, STAYS),
}


def way_up(function: DutyFunction | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Requirements"), "href": reverse("clearance:requirements")}]
    if function is not None:
        href = reverse("clearance:requirement", args=[function.public_id])
        crumbs.append({"text": function.name, "href": href})
    return crumbs


@require_safe
@for_whom_may(SEE_RULES)
def requirements(request: OfficerRequest) -> HttpResponseBase:
    decides = may(request.user, CONFIRM_RULE)
    waiting = proposals.waiting(act=REQUIRE) if decides else []
    new = proposals.waiting(act=ADD) if decides else []
    functions = {each.public_id: each for each in DutyFunction.objects.order_by("number")}
    context = {
        "rows": required(functions.values()),
        "waiting": [(each, functions[each.subject_id].name) for each in waiting],
        "new": [(each, each.payload["names"][get_language() or "az"]) for each in new],
        "can_propose": may(request.user, PROPOSE_RULE),
        "section": "requirements",
    }
    return render(request, "clearance/requirements.html", context)


@require_safe
@for_whom_may(SEE_RULES)
def requirement(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """One function: what it requires now, later and before, and what waits for a second person."""
    function = get_object_or_404(DutyFunction, public_id=public_id)
    [found] = required([function])
    waiting = proposals.waiting(act=REQUIRE, subject_id=public_id).first()
    context = {
        "required": found,
        "waiting": waiting if may(request.user, CONFIRM_RULE) else None,
        "can_propose": function.gated and waiting is None and may(request.user, PROPOSE_RULE),
        "crumbs": way_up(),
        "section": "requirements",
    }
    return render(request, "clearance/requirement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(PROPOSE_RULE)
@recently_to_change
def propose(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    function = get_object_or_404(DutyFunction, public_id=public_id, gated=True)
    [found] = required([function])
    sent = request.POST if request.method == "POST" else None
    form = RequirementForm(sent, now=found.now.plain if found.now else None, named=names())
    page = FormPage(
        title=_("Propose a requirement"), button=_("Continue"), text=function.name, groups=form.groups,
        back=reverse("clearance:requirement", args=[public_id]), crumbs=way_up(function),
    )  # fmt: skip

    def points() -> list[str]:
        return points_of(form)

    def asking(ask: Confirmation) -> HttpResponse:
        return ask_with_preview(request, ask, form, function, subject_id=function.public_id)

    def perform() -> str:
        given = form.cleaned_data
        actions.propose_requirement(
            function=function, rules=form.rules(), first_day=given["first_day"], reason=given["reason"],
            by=request.user,
        )  # fmt: skip
        return _("Proposed. Another person must confirm before anything changes.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Propose this requirement?"),
        asking=asking,
    )  # fmt: skip


def points_of(form: RequirementForm) -> list[str]:
    """Return what will happen when the contents of a valid form are proposed."""
    first_day = form.cleaned_data["first_day"]
    return [
        *lines_of(normal(form.rules()), names(), first_day),
        _("In force from %(day)s.") % {"day": day_text(first_day)},
        _("Nothing changes until another rule owner confirms; the proposal waits for 14 days."),
        _("Decisions made before do not change. The other rule owners and all auditors are told."),
    ]


def ask_with_preview(
    request: OfficerRequest,
    ask: Confirmation,
    form: RequirementForm,
    function: DutyFunction | None,
    *,
    subject_id: str,
) -> HttpResponse:
    """Ask with for whom something changes; while that is being counted there is nothing to say yes to."""
    rules, first_day = normal(form.rules()), form.cleaned_data["first_day"]
    preview = rules_preview.preview(function, rules, first_day)
    if preview is None:
        job = actions.count_changes(
            function=function, subject_id=subject_id, rules=rules, first_day=first_day, by=request.user
        )
        preview = rules_preview.preview_of(job)
        if job.closed_at is None:
            again = [pair for pair in ask.hidden.items() if pair[0] != "sure"]
            ask = replace(ask, button=_("Look again"), hidden=Hidden(again))
    return render(request, "clearance/requirement_ask.html", {"ask": ask, "preview": preview})


def preview_of_proposal(proposal: Proposal, function: DutyFunction | None) -> RulesPreview | None:
    """Return what an open proposal would change: counted now, or by the job that was started with it."""
    if not proposal.open:
        return None
    rules, first_day = proposal.payload["rules"], first_day_of(proposal)
    found = rules_preview.preview(function, rules, first_day)
    job = rules_preview.job_for(proposal.public_id, rules, first_day) if found is None else None
    return rules_preview.preview_of(job) if job is not None else found


@require_safe
@for_whom_may(CONFIRM_RULE)
def proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=REQUIRE)
    function = get_object_or_404(DutyFunction, public_id=found.subject_id)
    [known] = required([function])
    context = {
        **shown(request, found, reasons=WhyRule.choices),
        "function": function,
        "now": known.now,
        "points": lines_of(found.payload["rules"], names(), begins_on(found)),
        "first_day": first_day_of(found),
        "preview": preview_of_proposal(found, function),
        "open": found.open,
        "to": "clearance:decide_requirement",
        "can_confirm": found.open and can_confirm_requirement(request.user, found),
        "can_decline": found.open and declinable(request.user, found, confirm=CONFIRM_RULE),
        "crumbs": way_up(function),
        "section": "requirements",
    }
    return render(request, "clearance/requirement_proposal.html", context)


@posted_from("clearance:requirement_proposal", "public_id")
@for_whom_may(CONFIRM_RULE)
@recently_to_change
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=REQUIRE)
    return decide_by_two(request, found, decision, DECISIONS, page="clearance:requirement_proposal")
