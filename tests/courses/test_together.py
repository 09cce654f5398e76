"""Two trainers at once, on PostgreSQL: an edition is published once, and readers never see half of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from courses import actions, reading
from courses.actions_editions import confirm_edition, publish_edition
from courses.models import CoursePage, Edition, LessonProgress
from people.models import User
from tests.databases import on_postgresql, really_committed
from tests.factories import Position, client_of, give, make_person, names
from tests.running import until

from .factories import LAW, body_of, make_course, make_lesson, module_of, propose

OFFICERS = 50


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


@on_postgresql
@really_committed
def test_edition_by_two_while_fifty_read_nobody_loses_a_place_or_gets_half_of_each(
    course: CoursePage,
) -> None:
    """Each officer has read the first lesson, reads the second again and again over the change, and ends there."""
    trainer, reviewer = (
        with_position("trainer", Position.TRAINER),
        with_position("reviewer", Position.REVIEWER),
    )
    officers = [
        make_person("Əliyeva", "Nərmin", email=f"reader{number}@agency.example") for number in range(OFFICERS)
    ]
    for officer in officers:
        actions.enrol(person=officer, course=course, by=None)
    for slug in ("lesson-1", "lesson-2"):
        make_lesson(
            module_of(course, "one"), slug, heading=names("Fresh"), body=body_of("Fresh text"), competences=[]
        )
    proposal = propose(course, trainer)
    one, two = (f"/en/courses/c1/one/lesson-{number}/" for number in (1, 2))
    seen: list[tuple[bool, bool]] = []

    def read(officer: User) -> str:
        client = client_of(officer)
        assert client.post(f"{one}read/").status_code == 302
        for _again in range(6):
            answer = client.get(two)
            assert answer.status_code == 200
            seen.append(("Lesson lesson-2" not in answer.text, "Fresh text" in answer.text))
        return client.post(f"{two}read/").headers["Location"]

    def confirm() -> Edition:
        until(lambda: len(seen) >= OFFICERS, "some to open the page as it was", 60)
        return confirm_edition(proposal=proposal, by=reviewer)

    share = [lambda some=officers[place::10]: [read(officer) for officer in some] for place in range(10)]
    edition, *reached = at_once(confirm, *share)
    assert isinstance(edition, Edition)
    assert set(seen) == {(False, False), (True, True)}  # the old and the new, never half of each
    assert {place for places in reached for place in places} == {"/en/courses/c1/two/lesson-3/"}
    kept = LessonProgress.objects.values_list("enrolment__person__email", "lesson__slug")
    assert sorted(kept) == sorted(
        (officer.email, slug) for officer in officers for slug in ("lesson-1", "lesson-2")
    )


def with_position(name: str, position: Position) -> User:
    person = make_person("Həsənova", name.title(), email=f"{name}@agency.example")
    give(person, position)
    return person
