"""Two trainers at once, on PostgreSQL: an edition is published once, and readers never see half of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from courses import actions, reading
from courses.actions_editions import publish_edition
from courses.models import CoursePage, Edition
from tests.databases import on_postgresql, really_committed
from tests.factories import names

from .factories import LAW, make_course, make_lesson, module_of


@pytest.fixture
def course(transactional_db: None) -> CoursePage:
    course = make_course()
    publish(course)
    return course


def publish(course: CoursePage) -> Any:
    return publish_edition(course=course, reason="x", material=False, legal_date=LAW, by=None)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except actions.CourseError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@on_postgresql
@really_committed
def test_two_publish_the_same_changes_and_one_is_told_that_nothing_is_new(course: CoursePage) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"), competences=[])
    results = at_once(*[lambda: publish(course)] * 4)
    assert sorted(type(result).__name__ for result in results) == ["CourseError"] * 3 + ["Edition"]
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@on_postgresql
@really_committed
def test_reader_beside_a_publisher_sees_the_old_or_the_new_and_keeps_neither_too_long(
    course: CoursePage,
) -> None:
    for slug in ("lesson-1", "lesson-2"):
        make_lesson(module_of(course, "one"), slug, heading=names("Fresh"), competences=[])

    def headings() -> list[str]:
        outline = reading.outline(reading.generation(), "c1", "az")
        assert outline is not None
        return [item.heading.plain for item in outline.modules[0].lessons]

    def read() -> set[tuple[str, ...]]:
        return {tuple(headings()) for _again in range(40)}

    _edition, *seen = at_once(lambda: publish(course), read, read)
    assert set().union(*seen) <= {("Lesson lesson-1", "Lesson lesson-2"), ("Fresh", "Fresh")}
    assert headings() == ["Fresh", "Fresh"]
