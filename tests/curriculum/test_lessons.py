"""The lessons that ship are done and not only read."""

from collections.abc import Iterator
from typing import Any

import pytest

from curriculum.reading import read_curriculum
from locales.languages import LANGUAGES

KINDS = {"choice", "match", "order", "indicators", "actions", "next_line"}
COURSES = read_curriculum().courses
LESSONS = [lesson for course in COURSES for lesson in course.lessons]
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.lesson for lesson in LESSONS])


def checks_of(*lessons: Any) -> list[Any]:
    return [block.check for lesson in lessons for block in lesson.body if block.check]


def choices() -> Iterator[Any]:
    """Every check of which one answer is right."""
    return (check for check in checks_of(*LESSONS) if check.kind in ("choice", "next_line"))


@each_lesson
def test_lesson_begins_with_something_to_look_at_and_a_question(lesson: Any) -> None:
    first, second = lesson.body[:2]
    assert first.kind in ("exhibit", "talk")
    assert second.kind == "check"


@each_lesson
def test_lesson_asks_three_times_in_two_ways_at_least(lesson: Any) -> None:
    kinds = [check.kind for check in checks_of(lesson)]
    assert len(kinds) >= 3
    assert len(set(kinds)) >= 2


@each_lesson
def test_exhibit_is_followed_by_a_question(lesson: Any) -> None:
    for block, then in zip(lesson.body, lesson.body[1:], strict=False):
        assert block.kind != "exhibit" or then.kind == "check"


def test_courses_ask_in_every_way_and_each_module_lets_a_talk_go_on() -> None:
    for course in COURSES:
        assert {check.kind for check in checks_of(*course.lessons)} == KINDS
        for module in course.modules:
            assert "next_line" in {check.kind for check in checks_of(*module.lessons)}, module.slug


def right_one(check: Any) -> int:
    return [option.right for option in check.options].index(True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_answer_is_not_known_by_its_length(language: str) -> None:
    longest = shortest = 0
    checks = list(choices())
    for check in checks:
        lengths = [len(getattr(option.text, language)) for option in check.options]
        longest += lengths[right_one(check)] == max(lengths)
        shortest += lengths[right_one(check)] == min(lengths)
    assert longest <= len(checks) / 2
    assert shortest <= len(checks) * 2 / 3


def test_right_answer_is_not_known_by_its_place_in_the_file() -> None:
    places = [right_one(check) for check in choices()]
    assert max(places.count(place) for place in set(places)) <= len(places) / 2
