"""Receivers: two records became one; a person's answers are exported or erased."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.signals import person_merged
from privacy.erasing_people import HISTORY
from privacy.erasure import Erasure
from privacy.export import Export
from privacy.signals import person_erasing, person_exporting

from . import actions
from .models import (
    Answer,
    Attempt,
    AttemptSession,
    BlueprintVersion,
    Mark,
    ScenarioVersion,
    StageProgress,
    Use,
)


@receiver(person_merged, sender=User)
def close_what_is_open(sender: type[User], gone: User, **kwargs: Any) -> None:
    actions.close_merged(gone=gone, by=None)


MARKED = {"points": _("points"), "points_max": _("of"), "critical_errors": _("critical errors")}
RECORDED = {"number": _("version"), "recorded_at": _("entered on")}


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    attempts = Attempt.objects.filter(person__in=export.people).order_by("started_at", "pk")
    shown: Any = {
        "blueprint": _("examination or practice"), "started_at": _("begun"), "closed_at": _("closed"),
        "closing": _("how it ended"), "passed": _("passed"), "points": _("points"), "points_max": _("of"),
    }  # fmt: skip
    export.rows(attempts, _("Your examinations and practice"), shown)
    of_attempts: Any = {"attempt__person__in": export.people}
    stages = StageProgress.objects.filter(**of_attempts).order_by("pk")
    export.rows(stages, _("How far you came in them"), {"opened_at": _("begun"), "closed_at": _("closed")})
    sessions = AttemptSession.objects.filter(**of_attempts).order_by("pk")
    export.rows(sessions, _("When you opened them"), {"opened_at": _("when")})
    answers = Answer.objects.filter(**of_attempts).order_by("pk")
    shown = {"question_code": _("question"), "value": _("your answer, in codes"), "saved_at": _("saved on")}
    export.rows(answers, _("Your answers"), shown)
    practice = Mark.objects.filter(**of_attempts, attempt__blueprint__use=Use.PRACTICE).order_by("pk")
    export.rows(practice, _("Marks"), {"question_code": _("question"), **MARKED})
    export.summed(Mark, _("Marks"), _sums_of_exams(export.people), {"blueprint": _("examination"), **MARKED})
    scenarios = ScenarioVersion.objects.filter(recorded_by__in=export.people).defer("content")
    export.rows(scenarios.order_by("pk"), _("Cases you published"), RECORDED, without={"content": NOT_YOURS})
    blueprints = BlueprintVersion.objects.filter(recorded_by__in=export.people).order_by("pk")
    export.rows(blueprints, _("Rules of examinations you set"), RECORDED)


NOT_YOURS = _("It is teaching material with its answer key, not data about you.")


def _sums_of_exams(people: list[User]) -> list[dict[str, Any]]:
    """Export each examination as its result page tells it: marks of single questions would tell the answer key."""
    marks = Mark.objects.filter(attempt__person__in=people, attempt__blueprint__use=Use.EXAM)
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks.select_related("attempt__blueprint").order_by("pk"):
        found[mark.attempt.public_id].append(mark)
    return [
        {"attempt": attempt, "blueprint": str(marks[0].attempt.blueprint), **_sum(marks)}
        for attempt, marks in found.items()
    ]


def _sum(marks: list[Mark]) -> dict[str, Any]:
    got: Counter[str] = Counter()
    possible: Counter[str] = Counter()
    for mark in marks:
        for code, (points, points_max) in mark.competences.items():
            got[code] += Decimal(points)  # type: ignore[assignment]  # sums of decimals
            possible[code] += Decimal(points_max)  # type: ignore[assignment]  # as above
    return {
        "points": sum((mark.points for mark in marks), Decimal()),
        "points_max": sum((mark.points_max for mark in marks), Decimal()),
        "critical_errors": sorted({code for mark in marks for code in mark.critical_errors}),
        "competences": {code: [str(got[code]), str(possible[code])] for code in sorted(possible)},
    }


@receiver(person_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    of_attempts: Any = {"attempt__person__in": erasure.people}
    erasure.remove(Answer.objects.filter(**of_attempts), _("Your answers"))
    erasure.remove(AttemptSession.objects.filter(**of_attempts), _("When you opened examinations"))
    attempts = Attempt.objects.filter(person__in=erasure.people)
    erasure.keep(
        attempts, _("Examinations and practice of a person whose name was erased, with their results"), HISTORY,
        "person", "passed", "points",
    )  # fmt: skip
    erasure.keep(
        Mark.objects.filter(**of_attempts), _("Their marks, without answers"), HISTORY,
        "points", "critical_errors", "competences",
    )  # fmt: skip
