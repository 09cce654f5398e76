"""A lesson is done and not only read, cites what it shows, and its checks are not answered by their looks."""

from collections.abc import Iterable, Iterator
from typing import Any

from locales.languages import LANGUAGES

from .. import schema
from ..files import FileProblem
from ..reading import Curriculum

KINDS = {"choice", "match", "order", "indicators", "actions", "next_line"}
FEWEST_CHECKS, FEWEST_KINDS = 3, 2
LOOKS_FROM = 12  # checks with one right answer, from which their looks say something


def lesson_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    acts = {
        source.code: source.state_on
        for source in curriculum.legal_sources
        if source.kind == "law" and not source.quoted_only
    }
    days = {course.code: course.legal_date for course in curriculum.courses}
    for course in curriculum.courses:
        for lesson in course.lessons:
            for field, message in (*_of_lesson(lesson), *_sources(lesson, acts)):
                yield curriculum.problem(lesson, message, field)
        for entry, field, message in (*_kinds(course), *_looks(course)):
            yield curriculum.problem(entry, message, field)
        if course.legal_date != (oldest := min(lesson.legal_date for lesson in course.lessons)):
            yield curriculum.problem(course, f"the oldest of its lessons is {oldest}", "legal_date")
    for entry in curriculum.qualifications:
        for source in (*entry.first, *entry.renewal):
            if source.exam and days.get(source.exam.course, entry.legal_baseline) != entry.legal_baseline:
                message = f"{source.exam.course} rests on texts of {days[source.exam.course]}: write that day"
                yield curriculum.problem(entry, message, "legal_baseline")


def checks_of(lessons: Iterable[schema.LessonEntry]) -> list[Any]:
    return [block.check for lesson in lessons for block in lesson.body if block.check]


def _of_lesson(lesson: schema.LessonEntry) -> Iterator[tuple[str, str]]:
    kinds = [block.kind for block in lesson.body]
    if kinds[0] not in ("exhibit", "talk") or kinds[1] != "check":
        yield "body", "begins with an exhibit or a talk, then a check"
    if any(kind == "exhibit" and then != "check" for kind, then in zip(kinds, kinds[1:], strict=False)):
        yield "body", "an exhibit is followed by a check"
    asked = [check.kind for check in checks_of([lesson])]
    if len(asked) < FEWEST_CHECKS or len(set(asked)) < FEWEST_KINDS:
        yield (
            "body",
            f"{len(asked)} checks of {len(set(asked))} kinds: {FEWEST_CHECKS} of {FEWEST_KINDS} at least",
        )


def _sources(lesson: schema.LessonEntry, acts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    shown = {block.law.source for block in lesson.body if block.law}
    if missing := sorted(shown - set(lesson.sources)):
        yield "sources", f"its law blocks cite {', '.join(missing)} too"
    read = [acts[code] for code in lesson.sources if code in acts]
    if read and lesson.legal_date != min(read):
        yield "legal_date", f"the oldest text among its acts of Azerbaijan is of {min(read)}"


def _kinds(course: schema.CourseEntry) -> Iterator[tuple[Any, str, str]]:
    if missing := KINDS - {check.kind for check in checks_of(course.lessons)}:
        yield course, "code", f"no lesson asks: {', '.join(sorted(missing))}"
    for module in course.modules:
        if module.lessons and "next_line" not in {check.kind for check in checks_of(module.lessons)}:
            yield module, "slug", "no talk of this module goes on by a next_line"


def _looks(course: schema.CourseEntry) -> Iterator[tuple[Any, str, str]]:
    """The right answer of a course's checks is known neither by its length nor by its place."""
    checks = [check for check in checks_of(course.lessons) if check.kind in ("choice", "next_line")]
    if len(checks) < LOOKS_FROM:
        return
    right = [[option.right for option in check.options].index(True) for check in checks]
    for language in LANGUAGES:
        lengths = [[len(getattr(option.text, language)) for option in check.options] for check in checks]
        longest = sum(each[place] == max(each) for each, place in zip(lengths, right, strict=True))
        shortest = sum(each[place] == min(each) for each, place in zip(lengths, right, strict=True))
        if longest > len(checks) / 2:
            yield (
                course,
                "code",
                f"the right answer is the longest in {longest} of {len(checks)} ({language})",
            )
        if shortest > len(checks) * 2 / 3:
            yield (
                course,
                "code",
                f"the right answer is the shortest in {shortest} of {len(checks)} ({language})",
            )
    if (most := max(right.count(place) for place in set(right))) > len(checks) / 2:
        yield course, "code", f"the right answer stands in the same place in {most} of {len(checks)}"
