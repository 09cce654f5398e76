"""Appeals: until when one may be made, what became of it, what a correction would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from operations import clock, proposals
from operations.models import Proposal

from .correcting import corrected
from .marking import totals
from .markings import kept_marks, passed_with
from .models import Appeal, Attempt, Counts, Use, WhyOtherwise

APPEAL_DAYS = 14  # a proposed default, for the owner agency to confirm
DECIDE = proposals.register_act("assessments.decide_appeal")  # two assessors do it


def last_day_of_appeal(attempt: Attempt) -> date:
    """Return the last whole day on which the person may appeal, in Baku."""
    assert attempt.closed_at is not None
    return clock.first_day(attempt.closed_at) + timedelta(days=APPEAL_DAYS)


def is_open_to_appeal(attempt: Attempt, now: datetime) -> bool:
    """Return whether the result of this exam may be appealed now, as long as nobody did."""
    if attempt.closed_at is None or attempt.is_annulled or attempt.blueprint.use != Use.EXAM:
        return False
    return clock.first_day(now) <= last_day_of_appeal(attempt)


def waiting_proposal(appeal: Appeal) -> Proposal | None:
    """Return what one assessor proposed and another has not decided yet."""
    return proposals.waiting(act=DECIDE, subject_id=appeal.public_id).first()


@dataclass(frozen=True)
class Preview:
    """The sums and the result as they are and as they would be."""

    points: Decimal
    points_max: Decimal
    passed: bool | None
    new_points: Decimal
    new_points_max: Decimal
    new_passed: bool | None
    changes_anything: bool


def preview_of(attempt: Attempt, changes: Mapping[str, Counts]) -> Preview:
    """Return what these changes would make of the newest marking; nothing is written."""
    marking = attempt.marking
    assert marking is not None
    before = kept_marks(marking)
    after = corrected(before, changes)
    points, points_max = totals(each.mark for each in after)
    return Preview(
        marking.points, marking.points_max, marking.passed, points, points_max, passed_with(attempt, after),
        changes_anything=before != after,
    )  # fmt: skip


@dataclass(frozen=True)
class OtherWorth:
    """Another worth of a question, and the reason."""

    counts: Counts
    why: WhyOtherwise


def proposed_worth(proposal: Proposal) -> dict[str, OtherWorth]:
    """Return how a proposal wants questions counted and why, by their code."""
    return {
        line["code"]: OtherWorth(Counts(line["worth"]), WhyOtherwise(line["why"]))
        for line in proposal.payload["questions"]
    }


def changes_of(proposal: Proposal) -> dict[str, Counts]:
    """Return how a proposal wants questions counted, by their code."""
    return {code: each.counts for code, each in proposed_worth(proposal).items()}
