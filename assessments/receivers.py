"""Receivers: two records became one; a person's answers are exported or erased."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from locales.languages import DEFAULT_LANGUAGE
from merging.signals import person_merged
from people.models import User
from privacy.erasing_people import ACTS, HISTORY
from privacy.erasure import Erasure
from privacy.export import BY_OFFICE, Export
from privacy.signals import person_erasing, person_exporting

from . import actions
from .answers import chosen_fields
from .content import Content
from .frozen import content_of
from .models import (
    Answer,
    AnswersSeen,
    Appeal,
    AppealDecision,
    Attempt,
    AttemptCase,
    AttemptSession,
    BlueprintVersion,
    ExamRelease,
    ExtraTime,
    KeySeen,
    Mark,
    Marking,
    ScenarioVersion,
    StageProgress,
    Use,
)
from .public import public_question
from .questions import Question
from .shown_questions import choices_of, rows_of
from .tokens import Tokens


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
    _export_admission(export)
    of_attempts: Any = {"attempt__person__in": export.people}
    stages = StageProgress.objects.filter(**of_attempts).order_by("pk")
    export.rows(stages, _("How far you came in them"), {"opened_at": _("begun"), "closed_at": _("closed")})
    sessions = AttemptSession.objects.filter(**of_attempts).order_by("pk")
    export.rows(sessions, _("When you opened them"), {"opened_at": _("when")})
    _export_answers(export)
    _export_marks(export)
    _export_appeals(export)
    scenarios = ScenarioVersion.objects.filter(recorded_by__in=export.people).defer("content")
    export.rows(scenarios.order_by("pk"), _("Cases you published"), RECORDED, without={"content": NOT_YOURS})
    blueprints = BlueprintVersion.objects.filter(recorded_by__in=export.people).order_by("pk")
    export.rows(blueprints, _("Rules of examinations you set"), RECORDED)


def _export_answers(export: Export) -> None:
    shown: Any = {
        "question_code": _("question"), "value": _("your answer, by the names of its page"), "saved_at": _("saved on"),
    }  # fmt: skip
    in_words: Any = {
        "prompt": _("question"), "words": _("your answer"), "saved_at": _("saved on"),
    }  # fmt: skip
    answers = (
        Answer.objects.filter(attempt__person__in=export.people).order_by("pk").select_related("attempt")
    )
    practice = answers.filter(attempt__blueprint__use=Use.PRACTICE)
    export.summed(Answer, _("Your answers"), _as_on_their_pages(practice, in_words=True), in_words)
    exams = answers.filter(attempt__blueprint__use=Use.EXAM)
    export.summed(Answer, _("Your answers"), _as_on_their_pages(exams), shown)


def _as_on_their_pages(answers: QuerySet[Answer], *, in_words: bool = False) -> list[dict[str, Any]]:
    """Export what was chosen by the names it had on its page: codes of a case tell in which order steps are right.

    `in_words`: with question and answer in the words of the page, which nobody is shown again after an exam.
    """
    drawn = AttemptCase.objects.filter(attempt__in=answers.values("attempt"))
    questions = {
        (attempt, question.code): (question, content_of(sha256))
        for attempt, sha256 in drawn.values_list("attempt", "version__sha256")
        for question in content_of(sha256).questions()
    }
    return [
        {
            "attempt": answer.attempt,
            "question_code": answer.question_code,
            "value": _named(questions[answer.attempt_id, answer.question_code][0], answer),
            **(_said(*questions[answer.attempt_id, answer.question_code], answer) if in_words else {}),
            **{name: getattr(answer, name) for name in ("language", "session", "sequence", "saved_at")},
        }
        for answer in answers
    ]


def _named(question: Question, answer: Answer) -> dict[str, str] | list[str] | None:
    if answer.value is None:
        return None
    chosen = sorted(chosen_fields(question, answer.value, Tokens(answer.attempt.public_id)))
    several = isinstance(answer.value, dict)
    return dict(chosen) if several else [value for _name, value in chosen]


def _said(question: Question, content: Content, answer: Answer) -> dict[str, Any]:
    """Return question and answer in the words of the page, in the active language."""
    tokens, language = Tokens(answer.attempt.public_id), get_language() or DEFAULT_LANGUAGE
    shown = public_question(question, language, tokens, content.indicators)
    chosen = set() if answer.value is None else chosen_fields(question, answer.value, tokens)
    boxes = [str(choice.text) for choice in choices_of(shown, chosen) if choice.checked]
    lines = [
        f"{row.text}: {choice.text}"
        for row in rows_of(shown, chosen)
        for choice in row.choices
        if choice.checked
    ]
    return {"prompt": shown.prompt, "words": [*boxes, *lines]}


def _export_admission(export: Export) -> None:
    """Export releases, extra time and keys of the person."""
    released = {"blueprint": _("examination"), "reason": _("reason"), "released_at": _("when"),
                "withdrawn_at": _("withdrawn on")}  # fmt: skip
    given = {"percent": _("per cent"), "given_at": _("from"), "ended_at": _("ended on")}
    releases, times = ExamRelease.objects.order_by("pk"), ExtraTime.objects.order_by("pk")
    own: Any = {"person__in": export.people}
    export.rows(releases.filter(**own), _("Attempts that were released for you"), released)
    export.rows(times.filter(**own), _("Your extra time in examinations"), given)
    seen = KeySeen.objects.filter(**own).order_by("pk")
    export.rows(seen, _("Cases whose key you opened"), {"family": _("case"), "seen_at": _("when")})


def _export_marks(export: Export) -> None:
    of_person: Any = {"marking__attempt__person__in": export.people}
    practice = Mark.objects.filter(**of_person, marking__attempt__blueprint__use=Use.PRACTICE).order_by("pk")
    export.rows(practice, _("Marks"), {"question_code": _("question"), **MARKED})
    export.summed(Mark, _("Marks"), _sums_of_exams(export.people), {"blueprint": _("examination"), **MARKED})
    markings = Marking.objects.filter(attempt__person__in=export.people).order_by("pk")
    shown: Any = {
        "made_at": _("when"), "cause": _("why"), "passed": _("passed"), "points": _("points"),
        "points_max": _("of"),
    }  # fmt: skip
    title = _("How your examinations and practice were marked")
    export.rows(markings, title, shown, without={"made_by": BY_OFFICE})
    made = Marking.objects.filter(made_by__in=export.people).order_by("pk")
    acts: Any = [
        {**row, "cause": str(Marking.Cause(row["cause"]).label)} for row in made.values("cause", "made_at")
    ]
    export.summed(
        Marking, _("Marks of others that you confirmed"), acts, {"cause": _("why"), "made_at": _("when")}
    )


def _export_appeals(export: Export) -> None:
    of_person: Any = {"appeal__attempt__person__in": export.people}
    appeals = Appeal.objects.filter(attempt__person__in=export.people).order_by("pk")
    shown: Any = {"category": _("about"), "text": _("what you wrote"), "received_at": _("when")}
    export.rows(appeals, _("Your appeals"), shown)
    decisions = AppealDecision.objects.filter(**of_person).order_by("pk")
    shown = {"outcome": _("outcome"), "words": _("what you were answered"), "decided_at": _("decided on")}
    export.rows(decisions, _("How they were decided"), shown, without={"decided_by": BY_OFFICE})
    seen = AnswersSeen.objects.filter(**of_person).order_by("pk")
    export.rows(
        seen, _("When your answers were opened for it"), {"seen_at": _("when")}, without={"by": BY_OFFICE}
    )
    mine = AnswersSeen.objects.filter(by__in=export.people).exclude(**of_person).order_by("pk")
    export.rows(mine, _("Answers that you opened for an appeal"), {"seen_at": _("when")})
    decided = AppealDecision.objects.filter(decided_by__in=export.people).order_by("pk")
    acts: Any = [
        {**row, "outcome": str(AppealDecision.Outcome(row["outcome"]).label)}
        for row in decided.values("outcome", "words", "decided_at")
    ]
    shown = {"outcome": _("outcome"), "words": _("your words"), "decided_at": _("decided on")}
    export.summed(AppealDecision, _("Appeals you decided"), acts, shown)


NOT_YOURS = _("It is teaching material with its answer key, not data about you.")


def _sums_of_exams(people: list[User]) -> list[dict[str, Any]]:
    """Export each examination as its result page tells it: marks of single questions would tell the answer key."""
    marks = Mark.objects.filter(marking__counts_for__person__in=people)
    marks = marks.filter(marking__attempt__blueprint__use=Use.EXAM)
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks.select_related("marking__attempt__blueprint").order_by("pk"):
        found[mark.marking.attempt.public_id].append(mark)
    return [
        {"attempt": attempt, "blueprint": str(marks[0].marking.attempt.blueprint), **_sum(marks)}
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
        "person", "passed", "points", "requirements",
    )  # fmt: skip
    erasure.remove(ExtraTime.objects.filter(person__in=erasure.people), _("Your extra time in examinations"))
    erasure.remove(KeySeen.objects.filter(person__in=erasure.people), _("Which cases' keys you opened"))
    own, people = ExamRelease.objects.filter(person__in=erasure.people), erasure.people
    erasure.keep(own, _("Attempts released for a person whose name was erased"), HISTORY, "person")
    releases = ExamRelease.objects.filter(Q(released_by__in=people) | Q(withdrawn_by__in=people))
    by = ("released_by", "withdrawn_by")
    erasure.keep(releases, _("Attempts that a person whose name was erased released"), ACTS, *by)
    times = ExtraTime.objects.filter(Q(given_by__in=people) | Q(ended_by__in=people))
    by = ("given_by", "ended_by")
    erasure.keep(times, _("Extra time that a person whose name was erased gave"), ACTS, *by)
    markings = Marking.objects.filter(**of_attempts)
    erasure.keep(markings, _("How often they were marked"), HISTORY, "passed", "points")
    erasure.keep(
        Mark.objects.filter(marking__in=markings), _("Their marks, without answers"), HISTORY,
        "points", "critical_errors", "competences", "indicators",
    )  # fmt: skip
    _erase_appeals(erasure)


def _erase_appeals(erasure: Erasure) -> None:
    appeals = Appeal.objects.filter(attempt__person__in=erasure.people)
    erasure.clear(appeals.exclude(text=None), _("What you wrote in appeals"), text=None)
    answered = AppealDecision.objects.filter(appeal__in=appeals).exclude(words=None)
    erasure.clear(answered, _("What you were answered to appeals"), words=None)
    erasure.keep(
        appeals, _("That a person whose name was erased appealed, and what about"), HISTORY, "category"
    )
    made = Marking.objects.filter(made_by__in=erasure.people)
    erasure.keep(made, _("Marks of others that a person whose name was erased confirmed"), ACTS, "made_by")
    decided = AppealDecision.objects.filter(decided_by__in=erasure.people)
    erasure.keep(decided, _("Appeals that a person whose name was erased decided"), ACTS, "decided_by")
    seen = AnswersSeen.objects.filter(by__in=erasure.people)
    erasure.keep(seen, _("Answers that a person whose name was erased opened for an appeal"), ACTS, "by")
