"""Changes of attempts: begin, answer, close a stage, close. Cases come in by `assessments.authoring`.

An attempt is its own trace: nothing here writes the audit trail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from operations import clock, clock_guard, notices
from people.models import User

from . import markings, saving
from .answers import Given, Value, is_answered
from .authoring import publish_version, save_blueprint, save_family, save_scenario
from .beginning import BegunFrom, begin
from .frozen import content_of
from .models import (
    Attempt,
    AttemptCase,
    Blueprint,
    Marking,
    StageProgress,
)
from .permissions import can_close, can_take, can_take_of
from .refusals import AttemptError, ClockLeapt, Closed, NotReady, Unanswered, Undecided, UnknownSession
from .signals import attempt_closed
from .stage_paths import following, stages_on_path

__all__ = [
    "AttemptError", "Saved", "close_attempt", "close_merged", "close_overdue", "close_stage", "open_session", "publish_version",
    "save_answers", "save_blueprint", "save_family", "save_scenario", "start_attempt",
]  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """`later`: questions that were answered later in another window or on another device; that stands."""

    at: datetime
    later: tuple[str, ...]


# --- begin --------------------------------------------------------------------------------------------


def start_attempt(
    *,
    blueprint: Blueprint,
    origin: str,
    course_code: str = "",
    edition_number: int | None = None,
    requirements: Mapping[str, Any] | None = None,
    by: User,
) -> Attempt:
    """The person's open attempt, or a new one with cases drawn and their first stages open.

    `origin` says what it was begun from ("enrolment:<public id>"), the others what is frozen of it (`BegunFrom`).
    Refuses where the attempts are used up (ReleaseNeeded), before the days between two have passed (TooEarly) and
    where there are too few cases (NotReady), or the clock by which it would end has leapt (ClockLeapt). An open attempt whose time is over is closed first. Asked twice at once
    it begins one attempt.
    """
    if not by.is_active:
        raise PermissionDenied(_("You may not do this."))
    now = clock.now()
    running = _open_attempt(blueprint, by)
    if running is not None and not running.has_ended(now):
        return running
    if clock_guard.leapt():
        raise ClockLeapt
    if running is not None:
        close_attempt(attempt=running, by=by)
    version = blueprint.versions.select_related("blueprint").order_by("-number").first()
    if version is None:
        raise NotReady
    begun_from = BegunFrom(origin, course_code, edition_number, requirements or {})
    try:
        with transaction.atomic():
            return begin(version=version, begun_from=begun_from, person=by, now=now)
    except (IntegrityError, AttemptError):  # begun meanwhile: its cases are no longer new to the person
        if (running := _open_attempt(blueprint, by)) is None:
            raise
        return running


def _open_attempt(blueprint: Blueprint, person: User) -> Attempt | None:
    return Attempt.objects.open().filter(blueprint=blueprint, person=person).first()


# --- answer -------------------------------------------------------------------------------------------


def open_session(*, attempt: Attempt, by: User) -> int:
    """A number for a page that is opened now: its answers are newer than those of all pages before."""
    if not can_take(by, attempt):
        raise PermissionDenied(_("You may not do this."))
    for _attempt in range(5):
        if (number := saving.open_session(attempt.pk, clock.now())) is not None:
            return number
    raise UnknownSession


def save_answers(
    *,
    attempt_id: str,
    stage_code: str,
    content_sha256: str,
    answers: Sequence[Given],
    session: int,
    by: User,
) -> Saved:
    """Save what is newer than what is there, with the active language; order is (session, sequence).

    `answers` were read by `answers.read_answer` against the content with this hash. Until thirty
    seconds after the end the server takes what was under way. Raises PermissionDenied for an attempt
    of somebody else (or none), Closed for an attempt or stage that takes no answers, UnknownSession.
    """
    now = clock.now()
    written = saving.save(
        attempt_id=attempt_id, person_id=by.pk, stage_code=stage_code, content_sha256=content_sha256,
        session=session, answers=answers, language=get_language() or "az", now=now,
    )  # fmt: skip
    if written == len(answers):
        return Saved(now, ())
    found = saving.situation(
        attempt_id=attempt_id, stage_code=stage_code, content_sha256=content_sha256, session=session,
        question_codes=[given.question_code for given in answers], now=now,
    )  # fmt: skip
    if found is None or not can_take_of(by, found.person_id, found.merged_into_id):
        raise PermissionDenied(_("This attempt is not yours."))
    if written == 0:
        _refuse_if_not_open(found)
    return Saved(now, found.later)


def refuse_late(*, is_closed: bool, is_over: bool) -> None:
    """Raise Closed where an attempt takes no answers any more, whichever stage they are of."""
    if is_closed:
        raise Closed(_("This attempt is already closed: the answer came too late."))
    if is_over:
        raise Closed(_("The time is over: the answer came too late."))


def _refuse_if_not_open(found: saving.Situation) -> None:
    refuse_late(is_closed=found.is_closed, is_over=found.is_over)
    if not found.stage_is_open:
        raise Closed(_("This stage is already closed: its answers cannot be changed."))
    if not found.session_is_known:
        raise UnknownSession


# --- close --------------------------------------------------------------------------------------------


@transaction.atomic
def close_stage(*, attempt: Attempt, stage_code: str, by: User) -> StageProgress | None:
    """Close a stage for good and open the one that follows on the person's way; None where the case ends.

    Closing what is closed changes nothing and answers the same. Raises Closed once the attempt is, and
    Undecided where the stage ends with a decision that was not made.
    """
    attempt = markings.locked(attempt.pk)
    now = clock.now()
    if not can_take(by, attempt):
        raise PermissionDenied(_("This attempt is not yours."))
    if attempt.closed_at is not None or attempt.has_ended(now):
        raise Closed(_("This attempt is already closed."))
    stage = (
        StageProgress.objects.filter(attempt=attempt, stage_code=stage_code)
        .annotate(sha256=F("case__version__sha256"))
        .first()
    )
    if stage is None:
        raise Closed(_("This stage is not open."))
    content = content_of(stage.sha256)
    closing = content.stage(stage_code)
    decided: dict[str, Value] = {}
    if closing.branch is not None:
        answers = attempt.answers.filter(question_code=closing.branch.code)
        decided = dict(answers.values_list("question_code", "value"))
        if stage.closed_at is None and not is_answered(closing.branch, decided.get(closing.branch.code)):
            raise Undecided
    StageProgress.objects.filter(pk=stage.pk, closed_at=None).update(closed_at=now)
    after = following(content, closing, decided)
    if after is None:
        return None
    opened, _new = StageProgress.objects.get_or_create(
        attempt=attempt, stage_code=after.code, defaults={"case_id": stage.case_id, "opened_at": now}
    )
    return opened


@transaction.atomic
def close_attempt(*, attempt: Attempt, by: User | None, confirmed: bool = False) -> Attempt:
    """Close an attempt for good and mark it; of two at once the second finds it closed.

    Raises ClockLeapt where the time is over by a clock that has leapt; Unanswered where questions have no answer,
    unless the person confirmed that (`confirmed`) or the time is over. `by` is None only once it is over. `attempt_closed` is sent in the same
    transaction. An attempt that ran out of time counts as closed when it did.
    """
    attempt = markings.locked(attempt.pk)
    now = clock.now()
    if not can_close(by, attempt, now):
        raise PermissionDenied(_("This attempt is not yours."))
    if attempt.closed_at is not None:
        return attempt
    cases, answers = _saved(attempt)
    over = attempt.is_over(now)
    if over and clock_guard.leapt():
        raise ClockLeapt
    if not (confirmed or over) and (missing := _unanswered(cases, answers)):
        raise Unanswered(missing)
    return _close(attempt, Attempt.Closing.TIME if over else Attempt.Closing.SUBMITTED, now)


@transaction.atomic
def close_merged(*, gone: User, by: None) -> None:
    """Close what is open under a record that was merged with what was saved: its answers and marks stay.

    It makes nobody wait: the person may begin anew at once under the record that stays.
    """
    for attempt in Attempt.objects.open().filter(person=gone):
        attempt = markings.locked(attempt.pk)
        if attempt.closed_at is None:
            now = clock.now()
            over = attempt.is_over(now)
            _close(attempt, Attempt.Closing.TIME if over else Attempt.Closing.MERGED, now)


def _saved(attempt: Attempt) -> tuple[list[AttemptCase], dict[str, Value]]:
    cases = list(attempt.cases.select_related("version").defer("version__content"))
    return cases, dict(attempt.answers.values_list("question_code", "value"))


def _close(attempt: Attempt, closing: Attempt.Closing, now: datetime) -> Attempt:
    """Close a locked attempt, in the caller's transaction."""
    attempt.stages.filter(closed_at=None).update(closed_at=now)
    ends_at = attempt.ends_at()
    attempt.closed_at, attempt.closing = min(now, ends_at) if ends_at else now, closing
    marking = markings.keep(
        attempt=attempt, cause=Marking.Cause.CLOSING, marks=markings.mark_attempt(attempt), at=now
    )
    markings.let_count(attempt, marking, "closed_at", "closing")
    if closing != Attempt.Closing.MERGED or attempt.passed:
        tell_result(attempt)
    attempt_closed.send(sender=Attempt, attempt=attempt)
    return attempt


def tell_result(attempt: Attempt) -> None:
    """Write to the person that they passed or did not, once for each marking; of practice nothing."""
    if attempt.marking is not None and attempt.passed is not None:
        notices.notify(
            person=attempt.person.surviving,
            kind="assessments.passed" if attempt.passed else "assessments.failed",
            subject_id=attempt.public_id,
            threshold=str(attempt.marking.number),
        )


def close_overdue(now: datetime) -> int:
    """Close every attempt whose time is over, with what was saved; how many. None while the clock has leapt.

    One that cannot be closed keeps no other waiting: all faults are raised together at the end.
    """
    if clock_guard.leapt():
        return 0
    closed, faults = 0, []
    for attempt in Attempt.objects.overdue(now):
        try:
            close_attempt(attempt=attempt, by=None)
            closed += 1
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("attempts that could not be closed", faults)
    return closed


def _unanswered(cases: Sequence[AttemptCase], answers: dict[str, Value]) -> list[str]:
    return [
        question.code
        for case in cases
        for stage in stages_on_path(content_of(case.version.sha256), answers)
        for question in stage.questions
        if not is_answered(question, answers.get(question.code))
    ]
