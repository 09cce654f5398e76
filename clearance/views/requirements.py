"""Requirements of functions: to read; proposed by one rule owner and decided by another."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clearance import actions_rules as actions
from clearance.actions_rules import REQUIRE, first_day_of
from clearance.forms_rules import RequirementForm
from clearance.models import DutyFunction, WhyRule
from clearance.permissions import CONFIRM_RULE, PROPOSE_RULE, SEE_RULES, can_confirm_requirement
from clearance.requirements import names, required, said, words_of
from locales.dates import day_text
from operations import proposals
from operations.confirmation import FormPage, ask_then_act
from operations.deciding import ProposalAnswer, decide_and_say, proposal_or_404, shown
from people.permissions import may
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may

STAYS = gettext_lazy("Nothing changes: what is required stays.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        actions.confirm_requirement,
        gettext_lazy("Confirmed. It is required from the day that was proposed."),
    ),
    "decline": (actions.decline_requirement, STAYS),
    "withdraw": (actions.withdraw_requirement, STAYS),
}


def _way_up(function: DutyFunction | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Requirements"), "href": reverse("clearance:requirements")}]
    if function is not None:
        href = reverse("clearance:requirement", args=[function.public_id])
        crumbs.append({"text": function.name, "href": href})
    return crumbs


@require_safe
@for_whom_may(SEE_RULES)
def requirements(request: OfficerRequest) -> HttpResponseBase:
    waiting = proposals.waiting(act=REQUIRE) if may(request.user, CONFIRM_RULE) else []
    functions = {each.public_id: each for each in DutyFunction.objects.order_by("number")}
    context = {
        "rows": required(functions.values()),
        "waiting": [(each, functions[each.subject_id].name) for each in waiting],
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
        "crumbs": _way_up(),
        "section": "requirements",
    }
    return render(request, "clearance/requirement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(PROPOSE_RULE)
@recently_to_change
def propose(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    function = get_object_or_404(DutyFunction, public_id=public_id, gated=True)
    [found] = required([function])
    form = RequirementForm(request.POST if request.method == "POST" else None, now=found.now, named=names())
    page = FormPage(
        title=_("Propose a requirement"), button=_("Continue"), text=function.name,
        back=reverse("clearance:requirement", args=[public_id]), crumbs=_way_up(function),
    )  # fmt: skip

    def points() -> list[str]:
        given = form.cleaned_data
        rules = {name: given[name] for name in ("certificates", "grace_days", "basis")}
        return [
            *_in_words(rules),
            _("In force from %(day)s.") % {"day": day_text(given["first_day"])},
            _("Nothing changes until another rule owner confirms; the proposal waits for 14 days."),
            _("Decisions made before stand as they are. The other rule owners and all auditors are told."),
        ]

    def perform() -> str:
        actions.propose_requirement(function=function, by=request.user, **form.cleaned_data)
        return _("Proposed. Another person must confirm before anything changes.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Propose this requirement?")
    )


def _in_words(rules: dict[str, Any]) -> list[str]:
    words = words_of(rules, names())
    grace = ngettext("%(days)d day of grace", "%(days)d days of grace", words.grace_days)
    return [
        _("Required: %(certificates)s.") % {"certificates": said(words)},
        grace % {"days": words.grace_days},
        _("Basis: %(basis)s.") % {"basis": words.basis},
    ]


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
        "points": _in_words(found.payload["rules"]),
        "first_day": first_day_of(found),
        "can_decide": found.open and can_confirm_requirement(request.user, found),
        "crumbs": _way_up(function),
        "section": "requirements",
    }
    return render(request, "clearance/requirement_proposal.html", context)


@require_POST
@for_whom_may(CONFIRM_RULE)
@recently_to_change
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    decide_and_say(request, proposal_or_404(public_id, act=REQUIRE), DECISIONS.get(decision))
    return redirect("clearance:requirement_proposal", public_id)
