"""The answers behind an appeal, and what two assessors make of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import actions_appeals as actions
from assessments.appeals import DECIDE, changes_of, preview_of, proposed_worth, waiting_proposal
from assessments.feedback import CaseFeedback
from assessments.forms_appeals import OtherMarksForm
from assessments.models import Appeal, AppealDecision, Counts, WhyOtherwise
from assessments.permissions import can_decide_appeal
from assessments.results import appeal_feedback
from locales.languages import LANGUAGE_NAMES
from operations.confirmation import Confirmation, FormPage, ask_first
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.form_errors import refused
from operations.models import Proposal
from operations.requests import posted_from
from people.requests import OfficerRequest, recently_to_change

from .appeals import crumbs, for_assessors, found

PROPOSED = {  # nothing has happened yet
    AppealDecision.Outcome.CORRECTED: pgettext_lazy("proposed", "to correct the marks"),
    AppealDecision.Outcome.ANNULLED: pgettext_lazy("proposed", "to annul the exam"),
}
WAITS_ON = gettext_lazy("Nothing changes: the appeal waits for a decision.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (actions.confirm_decision, gettext_lazy("Decided. A letter goes to the person.")),
    "decline": (actions.decline_decision, WAITS_ON),
    "withdraw": (actions.withdraw_decision, WAITS_ON),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_assessors
@recently_to_change
def answers(request: OfficerRequest, public_id: str) -> HttpResponse:
    """The questions with what was chosen and what is right; a correction is proposed beside them.

    First it is asked whether to open them: that somebody saw them is kept. Once the appeal is decided they are closed.
    """
    appeal = found(request, public_id)
    if appeal.is_decided:
        return redirect("assessor:appeal", public_id)
    if not appeal.seen.filter(by=request.user).exists():
        if request.method == "POST" and "open" in request.POST:
            try:
                actions.see_answers(appeal=appeal, by=request.user)
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
                return redirect("assessor:appeal", public_id)
            return redirect("assessor:appeal_answers", public_id)
        return _asked_first(appeal).page(request, section="appeals")
    cases = appeal_feedback(appeal, request.user, get_language() or "az")
    form = OtherMarksForm(
        request.POST if request.method == "POST" else None, questions=_called(cases).items()
    )
    if form.is_bound and form.is_valid():
        sure, changes = "sure" in request.POST, form.chosen()
        said: list[Proposal] = []
        perform = lambda: said.append(
            actions.propose_correction(appeal=appeal, questions=changes, by=request.user)
        )
        if not refused(form, perform, trial=not sure):
            if not sure:
                return _ask(request, appeal, {code: each.counts for code, each in changes.items()}, cases)
            return redirect("assessor:appeal_proposal", said[0].public_id)
    return render(request, "assessments/appeal_answers.html", _context(appeal, cases, form))


def _asked_first(appeal: Appeal) -> Confirmation:
    return Confirmation(
        title=_("Open the answers?"),
        points=[
            _(
                "You see the questions, what was chosen and what is right. Whose exam it was you are "
                "not told."
            ),
            _(
                "The audit trail keeps that you saw them, and for 12 months these cases are not "
                "drawn for you."
            ),
            _("Write nothing of them down and tell nobody: they stay in use."),
        ],
        button=_("Open the answers"),
        cancel_href=reverse("assessor:appeal", args=[appeal.public_id]),
        hidden={"open": "1"},
    )


def _called(cases: tuple[CaseFeedback, ...]) -> dict[str, str]:
    """Return by code what a question is called: its case and its number there."""
    return {
        question.code: _("case %(case)d, question %(number)d") % {"case": place, "number": number}
        for place, case in enumerate(cases, start=1)
        for number, question in enumerate(
            (question for stage in case.stages for question in stage.questions), start=1
        )
    }


def _context(appeal: Appeal, cases: tuple[CaseFeedback, ...], form: OtherMarksForm) -> dict[str, Any]:
    marking, waiting = appeal.attempt.marking, waiting_proposal(appeal)
    assert marking is not None
    proposed = proposed_worth(waiting) if waiting else {}
    languages = dict(marking.marks.values_list("question_code", "language"))
    called = _called(cases)
    rows = {
        code: {
            "called": called[code],
            "counts": form[f"counts-{code}"],
            "why": form[f"why-{code}"],
            "language": LANGUAGE_NAMES.get(languages.get(code, ""), ""),
            "proposed": proposed.get(code),
        }
        for code in called
    }
    stages = [
        [(stage, [(question, rows[question.code]) for question in stage.questions]) for stage in case.stages]
        for case in cases
    ]
    return {
        "appeal": appeal,
        "cases": list(zip(cases, stages, strict=True)),
        "form": form,
        "can_propose": waiting is None,
        "waiting": waiting,
        "proposed": [called[code] for code in called if code in proposed],
        "crumbs": crumbs(appeal),
        "section": "appeals",
    }


def _ask(
    request: OfficerRequest, appeal: Appeal, changes: dict[str, Counts], cases: tuple[CaseFeedback, ...]
) -> HttpResponse:
    called = _called(cases)
    points = [
        *(f"{called[code]}: {how.label}" for code, how in changes.items()),
        *_in_words(appeal, changes),
        _("Nothing changes until another assessor confirms; the proposal waits for 14 days."),
    ]
    back = reverse("assessor:appeal_answers", args=[appeal.public_id])
    page = FormPage(title=_("Propose other marks"), button=_("Continue"), back=back)
    return ask_first(request, page, points, _("Propose these marks?"))


def _in_words(appeal: Appeal, changes: dict[str, Counts]) -> list[str]:
    """Return what the marks would become, and whether that passes."""
    preview = preview_of(appeal.attempt, changes)
    results = {True: _("passed"), False: _("not passed"), None: "–"}
    return [
        _("Points: %(old)s of %(old_max)s, then %(new)s of %(new_max)s.")
        % {
            "old": floatformat(preview.points, -2), "old_max": floatformat(preview.points_max, -2),
            "new": floatformat(preview.new_points, -2), "new_max": floatformat(preview.new_points_max, -2),
        },
        _("Result: %(old)s, then %(new)s.")
        % {"old": results[preview.passed], "new": results[preview.new_passed]},
    ]  # fmt: skip


@require_safe
@for_assessors
def proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show what one assessor proposed, for another to decide; of questions only how many."""
    asked = proposal_or_404(public_id, act=DECIDE)
    appeal = found(request, asked.subject_id)
    changes = changes_of(asked)
    outcome = AppealDecision.Outcome(asked.payload["outcome"])
    decides = asked.open and not asked.is_from(request.user) and can_decide_appeal(request.user, appeal)
    unseen = outcome is AppealDecision.Outcome.CORRECTED and not appeal.seen.filter(by=request.user).exists()
    context = {
        **shown(request, asked, reasons=WhyOtherwise.choices),
        "appeal": appeal,
        "outcome": PROPOSED[outcome],
        "points": _points_of(appeal, changes) if asked.open and changes else [],
        "annuls": outcome is AppealDecision.Outcome.ANNULLED,
        "can_confirm": decides and not unseen,
        "can_decline": decides,
        "crumbs": crumbs(appeal),
        "section": "appeals",
    }
    return render(request, "assessments/appeal_proposal.html", context)


def _points_of(appeal: Appeal, changes: dict[str, Counts]) -> list[str]:
    count = len(changes)
    counted = ngettext(
        "%(count)d question counts differently.", "%(count)d questions count differently.", count
    )
    return [counted % {"count": count}, *_in_words(appeal, changes)]


@posted_from("assessor:appeal_proposal", "public_id")
@for_assessors
@recently_to_change
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    asked = proposal_or_404(public_id, act=DECIDE)
    found(request, asked.subject_id)
    return decide_by_two(request, asked, decision, DECISIONS, page="assessor:appeal_proposal")
