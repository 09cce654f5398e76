"""Qualifications: what earns and renews them, to read; proposed by one rule owner and decided by another."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from locales.dates import day_text
from operations import clock, proposals
from operations.confirmation import FormPage, ask_then_act
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.models import Proposal
from operations.requests import posted_from
from people.models import User
from people.permissions import declinable, may
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may
from standards.actions_rules import first_day_of

from . import actions_rules as actions
from .actions_rules import CHANGE
from .forms_rules import QualificationForm
from .known_rules import described, in_words, rules_now
from .law_changes import END_OLDER, KEEP_OLDER, coming
from .models import Qualification, WhyRulesChange
from .permissions import CONFIRM_END, CONFIRM_RULES, PROPOSE_END, PROPOSE_RULES, SEE_RULES, can_confirm_rules
from .rules import QualificationRules

STAYS = gettext_lazy("Nothing changes: the rules stay.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        actions.confirm_rules,
        gettext_lazy("Confirmed. The rules are in force from the day that was proposed."),
    ),
    "decline": (actions.decline_rules, STAYS),
    "withdraw": (actions.withdraw_rules, STAYS),
}


def way_up(qualification: Qualification | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Qualifications"), "href": reverse("certificates:qualifications")}]
    if qualification is not None:
        href = reverse("certificates:qualification", args=[qualification.public_id])
        crumbs.append({"text": qualification.code, "href": href})
    return crumbs


@require_safe
@for_whom_may(SEE_RULES)
def qualifications(request: OfficerRequest) -> HttpResponseBase:
    waiting = proposals.waiting(act=CHANGE) if may(request.user, CONFIRM_RULES) else []
    found = {each.public_id: each for each in Qualification.objects.order_by("code")}
    context = {
        "rows": described(found.values()),
        "waiting": [(each, found[each.subject_id]) for each in waiting],
        "ends_waiting": [(each, found[each.subject_id]) for each in _ends_waiting(request.user)],
        "section": "qualifications",
    }
    return render(request, "certificates/qualifications.html", context)


def _ends_waiting(user: User) -> Sequence[Proposal]:
    """Return what waits about certificates under older rules, for those who propose or confirm it."""
    if not (may(user, CONFIRM_END) or may(user, PROPOSE_END)):
        return []
    return list(proposals.waiting().filter(act__in=(END_OLDER, KEEP_OLDER)))


@require_safe
@for_whom_may(SEE_RULES)
def qualification(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """One: its rules now, later and before, and what waits for a second person."""
    found = get_object_or_404(Qualification, public_id=public_id)
    [known] = described([found])
    waiting = proposals.waiting(act=CHANGE, subject_id=public_id).first()
    context = {
        "described": known,
        "waiting": waiting if may(request.user, CONFIRM_RULES) else None,
        "can_propose": waiting is None and may(request.user, PROPOSE_RULES),
        **_ending(request.user, found),
        "crumbs": way_up(),
        "section": "qualifications",
    }
    return render(request, "certificates/qualification.html", context)


def _ending(user: User, qualification: Qualification) -> dict[str, Any]:
    """Return what is said of certificates under older rules: that they end, what waits about it, and what may be proposed."""
    change = coming(qualification)
    waiting = (
        proposals.waiting(subject_id=qualification.public_id).filter(act__in=(END_OLDER, KEEP_OLDER)).first()
    )
    free = waiting is None and may(user, PROPOSE_END)
    return {
        "ending": change,
        "ending_day": clock.last_day(change.ends_at) if change else None,
        "ending_waits": waiting,
        "can_propose_end": free and change is None,
        "can_propose_keeping": free and change is not None and change.ends_at > clock.now(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(PROPOSE_RULES)
@recently_to_change
def propose(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = get_object_or_404(Qualification, public_id=public_id)
    now = rules_now(found)
    form = QualificationForm(request.POST if request.method == "POST" else None, code=found.code, now=now)
    page = FormPage(
        title=_("Propose rules"), button=_("Continue"), text=str(found),
        back=reverse("certificates:qualification", args=[public_id]), crumbs=way_up(found),
    )  # fmt: skip

    def points() -> list[str]:
        wanted = QualificationRules.read(actions.written(found, form.rules()))
        return [
            *(
                _("%(what)s: %(text)s.") % {"what": what, "text": new}
                for what, _old, new in _lines(now, wanted)
            ),
            _("In force from %(day)s.") % {"day": day_text(form.cleaned_data["first_day"])},
            _("Nothing changes until another rule owner confirms; the proposal waits for 14 days."),
            _("Certificates issued before do not change. The other rule owners and all auditors are told."),
        ]

    def perform() -> str:
        actions.propose_rules(
            qualification=found, rules=form.rules(), first_day=form.cleaned_data["first_day"],
            reason=form.cleaned_data["reason"], by=request.user,
        )  # fmt: skip
        return _("Proposed. Another person must confirm before anything changes.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Propose these rules?")
    )


def _lines(now: QualificationRules | None, wanted: QualificationRules) -> list[tuple[str, str, str]]:
    """(what, as it is now, as proposed) of each rule."""
    found = in_words([wanted, now] if now else [wanted])
    new, old = found[0], found[1] if now else None
    return [(what, text(old) if old else "–", text(new)) for what, text in _said()]


def _said() -> Sequence[tuple[str, Any]]:
    return (
        (_("What earns it"), lambda rules: _all(rules.first)),
        (_("What renews it"), lambda rules: _all(rules.renewal)),
        (_("Holds"), lambda rules: rules.holds),
        (_("Renewal"), lambda rules: rules.window),
        (_("Other training"), lambda rules: rules.recognition),
        (_("Sources read until"), lambda rules: day_text(rules.legal_baseline)),
        (_("Legal basis"), lambda rules: rules.basis),
    )


def _all(texts: Sequence[str]) -> str:
    return "; ".join(texts) or "–"


@require_safe
@for_whom_may(CONFIRM_RULES)
def proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=CHANGE)
    subject = get_object_or_404(Qualification, public_id=found.subject_id)
    context = {
        **shown(request, found, reasons=WhyRulesChange.choices),
        "qualification": subject,
        "lines": _lines(rules_now(subject), QualificationRules.read(found.payload["rules"])),
        "first_day": first_day_of(found),
        "can_confirm": found.open and can_confirm_rules(request.user, found),
        "can_decline": found.open and declinable(request.user, found, confirm=CONFIRM_RULES),
        "crumbs": way_up(subject),
        "section": "qualifications",
    }
    return render(request, "certificates/qualification_proposal.html", context)


@posted_from("certificates:qualification_proposal", "public_id")
@for_whom_may(CONFIRM_RULES)
@recently_to_change
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=CHANGE)
    return decide_by_two(request, found, decision, DECISIONS, page="certificates:qualification_proposal")
