"""New functions: proposed by one rule owner with their first rules, and decided by another."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clearance import actions_functions as actions
from clearance.actions_functions import ADD
from clearance.forms_rules import FunctionForm
from clearance.models import DutyFunction, WhyRule
from clearance.permissions import CONFIRM_RULE, PROPOSE_RULE, can_confirm_requirement
from clearance.requirements import lines_of, names
from operations.confirmation import Confirmation, FormPage, ask_then_act
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.requests import posted_from
from people.permissions import declinable
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may
from standards.actions_rules import begins_on, first_day_of

from .requirements import ask_with_preview, points_of, preview_of_proposal, way_up

NOTHING = gettext_lazy("Nothing changes: there is no new function.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (actions.confirm_function, gettext_lazy("Confirmed. The function stands in the list.")),
    "decline": (actions.decline_function, NOTHING),
    "withdraw": (actions.withdraw_function, NOTHING),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(PROPOSE_RULE)
@recently_to_change
def add(request: OfficerRequest) -> HttpResponseBase:
    form = FunctionForm(request.POST if request.method == "POST" else None, named=names())
    page = FormPage(
        title=_("Propose a function"), button=_("Continue"), groups=form.groups,
        back=reverse("clearance:requirements"), crumbs=way_up(),
    )  # fmt: skip

    def points() -> list[str]:
        return [_in_words(form.function()), *points_of(form)]

    def perform() -> str:
        given = form.cleaned_data
        actions.propose_function(
            **form.function(), rules=form.rules(), first_day=given["first_day"], reason=given["reason"],
            by=request.user,
        )  # fmt: skip
        return _("Proposed. Another person must confirm before anything changes.")

    def asking(ask: Confirmation) -> HttpResponse:
        return ask_with_preview(request, ask, form, None, subject_id=form.function()["code"])

    return ask_then_act(
        request,
        form,
        page,
        points=points,
        perform=perform,
        question=_("Propose this function?"),
        asking=asking,
    )


def _in_words(said: dict[str, object]) -> str:
    found: object = said["names"]
    assert isinstance(found, dict)
    return _("New: %(code)s, number %(number)s, “%(name)s”.") % {
        "code": said["code"], "number": said["number"], "name": found[get_language() or "az"],
    }  # fmt: skip


@require_safe
@for_whom_may(CONFIRM_RULE)
def proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=ADD)
    context = {
        **shown(request, found, reasons=WhyRule.choices),
        "function": DutyFunction(
            code=found.payload["code"], number=found.payload["number"],
            **{f"name_{language}": name for language, name in found.payload["names"].items()},
        ),
        "new": True,
        "to": "clearance:decide_function",
        "points": [_in_words(found.payload), *lines_of(found.payload["rules"], names(), begins_on(found))],
        "first_day": first_day_of(found),
        "preview": preview_of_proposal(found, None),
        "open": found.open,
        "can_confirm": found.open and can_confirm_requirement(request.user, found),
        "can_decline": found.open and declinable(request.user, found, confirm=CONFIRM_RULE),
        "crumbs": way_up(),
        "section": "requirements",
    }  # fmt: skip
    return render(request, "clearance/requirement_proposal.html", context)


@posted_from("clearance:function_proposal", "public_id")
@for_whom_may(CONFIRM_RULE)
@recently_to_change
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=ADD)
    return decide_by_two(request, found, decision, DECISIONS, page="clearance:function_proposal")
