"""A person's standing before an assessment, in words: the first thing that holds, most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from assessments.readiness import Readiness
from assessments.refusals import too_few_cases
from locales.dates import day_text, instant_text
from people.models import User
from people.notification_text import how_you_hear

from .assessment_state import AssessmentState
from .requirements import ExamRequirements


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`result_url`: of the attempt that decides. `to_do`: what is required is listed beneath."""

    title: str
    texts: Sequence[StrOrPromise]
    result_url: str = ""
    to_do: bool = False


def standing_of(
    person: User, state: AssessmentState, readiness: Readiness | None, requirements: ExamRequirements
) -> Standing:
    if state.open:
        ends = state.open.due_at
        text = (
            _("Your time ends on %(time)s.") % {"time": instant_text(ends)}
            if ends
            else _("Your answers are kept.")
        )
        return Standing(title=_("You have begun"), texts=[text])
    if state.closed_because:
        return _shut(state.closed_because)
    if state.is_exam and state.passed and state.passed.closed_at:
        text = _("Passed on %(date)s.") % {"date": day_text(state.passed.closed_at)}
        return Standing(title=_("You have passed"), texts=[text], result_url=state.result_url)
    if state.waits:
        return waiting_of(person, state)
    if state.shut:
        return _shut(
            _(
                "You do not need this exam now. It renews a certificate: renewal opens some time before the "
                "last day and closes some time after it. “My certificates” says from when."
            )
        )
    if readiness and readiness.too_few_cases:
        return _shut(few_cases(readiness))
    if requirements.waits_for_edition:
        return _shut(_("A part of this course was withdrawn: its exam opens with the next edition."))
    if requirements.missing:
        return Standing(
            title=_("Before the exam"), texts=[_("The exam opens when this is done:")], to_do=True
        )
    return Standing(title=_("Ready?"), texts=list(_before_beginning(state)))


def waiting_of(person: User, state: AssessmentState) -> Standing:
    """Return when an exam that was failed, and waits, opens again."""
    texts: list[str] = []
    if state.needs_release:
        texts = [
            _("You have used your attempts. An assessor decides about the next one."), how_you_hear(person),
        ]  # fmt: skip
    elif state.readiness and state.lacks_cases:
        texts = [few_cases(state.readiness)]
    elif state.retry_at:
        texts = [_("You may try again from %(time)s.") % {"time": instant_text(state.retry_at)}]
    return Standing(title=_("Not passed yet"), texts=texts, result_url=state.result_url)


def _shut(text: StrOrPromise) -> Standing:
    return Standing(title=_("Not open for you now"), texts=[text])


def few_cases(readiness: Readiness) -> str:
    """Return when there are new cases, in words."""
    return too_few_cases(readiness.opens_at, may_be_opened=readiness.could_repeat)


def _before_beginning(state: AssessmentState) -> Sequence[str]:
    if not state.is_exam:
        return []
    lapsed = _(
        "You passed this exam before, but that certificate is no longer valid or ends soon. If you pass "
        "again, you receive a new one."
    )
    quiet = _(
        "Sit where nobody disturbs you and you disturb nobody: the cases describe violence and exploitation."
    )
    return [lapsed, quiet] if state.lapsed else [quiet]
