import pytest
from django.contrib.auth.models import AnonymousUser

from courses.permissions import can_author, can_enrol, can_publish
from people.models import User

pytestmark = pytest.mark.django_db


def test_can_author_only_trainers_and_reviewers(
    trainer: User, reviewer: User, officer: User, coordinator: User, admin: User, outsider: User
) -> None:
    people = [None, trainer, reviewer, officer, coordinator, admin, outsider, AnonymousUser()]
    assert [can_author(p) for p in people] == [True, True, True, False, False, False, False, False]


def test_can_publish_only_trainers(
    trainer: User, reviewer: User, officer: User, admin: User, outsider: User
) -> None:
    people = [None, trainer, reviewer, officer, admin, outsider, AnonymousUser()]
    assert [can_publish(p) for p in people] == [True, True, False, False, False, False, False]


def test_can_enrol_only_oneself_while_in_service(officer: User, officer2: User, outsider: User) -> None:
    assert can_enrol(officer, officer)
    assert not can_enrol(officer2, officer)
    assert not can_enrol(outsider, outsider)


def test_can_enrol_not_when_switched_off(officer: User) -> None:
    officer.is_active = False
    assert not can_enrol(officer, officer)
