"""Lessons to read again: those that treat the errors made, else those that teach what is weak."""

from dataclasses import dataclass

from assessments.results import CompetenceResult, Result
from courses import reading
from courses.models import LessonPage

COLUMNS = "critical_errors", "competences"


@dataclass(frozen=True)
class WeakCompetence:
    """A competence to be strengthened, and the lessons of the course that teach it."""

    competence: CompetenceResult
    lessons: list[reading.Item]


@dataclass(frozen=True)
class Rereading:
    """`lessons`: to read again after a fail. `firm` and `weak`: the competences of the result."""

    lessons: list[reading.Item]
    firm: list[CompetenceResult]
    weak: list[WeakCompetence]


def rereading_of(course: reading.Course | None, result: Result) -> Rereading:
    """Return what treats a critical error that was made; where none was, what teaches a weak competence. One query."""
    lessons = course.lessons if course else []
    pages = LessonPage.objects.filter(pk__in=[lesson.pk for lesson in lessons])
    rows = {pk: (set(errors), set(taught)) for pk, errors, taught in pages.values_list("pk", *COLUMNS)}
    made, weak = {error.code for error in result.critical_errors}, set(result.weak)
    treating = [lesson for lesson in lessons if made & rows[lesson.pk][0]]
    teaching = [lesson for lesson in lessons if weak & rows[lesson.pk][1]]
    return Rereading(
        lessons=treating or teaching,
        firm=[each for each in result.competences if not each.weak],
        weak=[
            WeakCompetence(each, [lesson for lesson in lessons if each.code in rows[lesson.pk][1]])
            for each in result.competences
            if each.weak
        ],
    )
