"""Lessons to read again: those that treat the errors made, else those that teach what is weak."""

from dataclasses import dataclass

from assessments.results import CompetenceResult, Result
from courses import reading
from courses.models import LessonPage


def lessons_to_reread(course: reading.Course, result: Result) -> list[reading.Item]:
    """Return lessons that treat a critical error that was made; where none was, those of weak competences. One query."""
    rows = _rows(course)
    made, weak = {error.code for error in result.critical_errors}, set(result.weak)
    treating = {pk for pk, errors, _competences in rows if made & set(errors)}
    teaching = {pk for pk, _errors, competences in rows if weak & set(competences)}
    return [lesson for lesson in course.lessons if lesson.pk in (treating or teaching)]


@dataclass(frozen=True)
class Strengths:
    """`firm`: competences in words; `weak`: each with the lesson that teaches it first, where one does."""

    firm: list[CompetenceResult]
    weak: list[tuple[CompetenceResult, reading.Item | None]]


def strengths_of(course: reading.Course, result: Result) -> Strengths:
    """One query."""
    taught = {pk: set(competences) for pk, _errors, competences in _rows(course)}
    weak = []
    for found in result.competences:
        if found.weak:
            lessons = (lesson for lesson in course.lessons if found.code in taught.get(lesson.pk, ()))
            weak.append((found, next(lessons, None)))
    return Strengths([found for found in result.competences if not found.weak], weak)


def _rows(course: reading.Course) -> list[tuple[int, list[str], list[str]]]:
    pages = LessonPage.objects.filter(pk__in=[lesson.pk for lesson in course.lessons])
    return list(pages.values_list("pk", "critical_errors", "competences"))
