import pytest
from django.contrib.auth.models import AnonymousUser

from courses.models import CoursePage
from courses.permissions import (
    can_author,
    can_confirm_edition,
    can_enrol,
    can_propose_edition,
    can_review,
    can_take_back,
)
from people.models import User
from tests.factories import names

from .factories import make_lesson, module_of, propose, publish

pytestmark = pytest.mark.django_db


def test_can_author_only_trainers_and_reviewers(
    trainer: User, reviewer: User, officer: User, coordinator: User, admin: User, outsider: User
) -> None:
    people = [None, trainer, reviewer, officer, coordinator, admin, outsider, AnonymousUser()]
    assert [can_author(p) for p in people] == [True, True, True, False, False, False, False, False]


def test_trainers_propose_editions_and_reviewers_decide(
    trainer: User, reviewer: User, officer: User, admin: User, outsider: User
) -> None:
    people = [None, trainer, reviewer, officer, admin, outsider, AnonymousUser()]
    assert [can_propose_edition(p) for p in people] == [True, True, False, False, False, False, False]
    assert [can_review(p) for p in people] == [True, False, True, False, False, False, False]


def test_can_take_back_trainers_and_reviewers(
    trainer: User, reviewer: User, officer: User, admin: User, outsider: User
) -> None:
    people = [trainer, reviewer, officer, admin, outsider, AnonymousUser()]
    assert [can_take_back(p) for p in people] == [True, True, False, False, False, False]


def test_can_confirm_only_a_reviewer_who_neither_proposed_nor_wrote(
    course: CoursePage, trainer: User, reviewer: User, officer: User, outsider: User
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"))
    proposal = propose(course, trainer)
    people = (reviewer, trainer, officer, outsider)
    assert [can_confirm_edition(p, proposal) for p in people] == [True, False, False, False]


def test_reviewer_who_saved_one_of_the_pages_only_sends_it_back(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Theirs"), by=reviewer)
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Mine"), by=trainer)
    proposal = propose(course, trainer)
    assert (can_confirm_edition(reviewer, proposal), can_review(reviewer)) == (False, True)


def test_what_a_reviewer_wrote_in_an_edition_before_does_not_count(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Theirs"), by=reviewer)
    publish(course)
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Mine"), by=trainer)
    assert can_confirm_edition(reviewer, propose(course, trainer))


def test_can_enrol_only_oneself_while_in_service(officer: User, officer2: User, outsider: User) -> None:
    assert can_enrol(officer, officer)
    assert not can_enrol(officer2, officer)
    assert not can_enrol(outsider, outsider)


def test_can_enrol_not_when_switched_off(officer: User) -> None:
    officer.is_active = False
    assert not can_enrol(officer, officer)
