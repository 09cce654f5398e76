"""Marks made again: the newer marking counts, and what hangs on it follows."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock

from . import markings
from .actions import tell_result
from .models import Attempt, Marking
from .signals import attempt_remarked

BY_APPEAL = (Marking.Cause.APPEAL, Marking.Cause.ANNULMENT)


@transaction.atomic
def mark_again(*, attempt: Attempt, by: None) -> Marking | None:
    """Mark a closed attempt anew from its answers by the formulas of today; None where nothing changes.

    For the installation, after a formula was put right. The person is told where they pass now, or pass no more.
    ValidationError: open, decided by an appeal, or its answers are gone.
    """
    attempt = markings.locked(attempt.pk)
    before = attempt.marking
    if before is None or before.cause in BY_APPEAL:
        raise ValidationError(_("The attempt is open, or an appeal decided its marks."))
    if before.marks.exclude(language="").exists() and not attempt.answers.exists():
        raise ValidationError(_("The answers of this attempt are no longer kept."))
    marks = markings.mark_attempt(attempt)
    if marks == markings.kept_marks(before):
        return None
    after = markings.keep(attempt=attempt, cause=Marking.Cause.CORRECTION, marks=marks, at=clock.now())
    point_at(attempt, after)
    audit.record(
        by=by, act="assessments.mark_again", subject_kind="attempt", subject_id=attempt.public_id,
        before=said_of(before), after=said_of(after),
    )  # fmt: skip
    if after.passed != before.passed:
        tell_result(attempt)
    return after


def point_at(attempt: Attempt, marking: Marking) -> None:
    """Let a locked attempt count by this newer marking, and tell other apps, in the caller's transaction."""
    before = attempt.marking
    markings.let_count(attempt, marking)
    attempt_remarked.send(sender=Attempt, attempt=attempt, before=before)


def said_of(marking: Marking) -> dict[str, object]:
    """Return what the audit trail keeps of a marking."""
    return {"marking": marking.number, "passed": marking.passed}
