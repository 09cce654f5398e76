"""Officers see who asked about them."""

from typing import Any

import pytest

from clearance import actions
from clearance.models import DutyFunction
from operations import clock
from people.models import User
from tests.factories import client_of, counted, merged

pytestmark = pytest.mark.django_db
MINE = "/en/people/my-trail/?part=asked"


def ask(duty_officer: User, person: User) -> None:
    function = DutyFunction.objects.order_by("code").first()
    assert function is not None
    actions.decide(function=function, person=person, instant=clock.now(), by=duty_officer)


def test_officer_sees_who_asked_about_them_and_nobody_else_does(
    curriculum: Any, keys: None, duty_officer: User, officer: User, officer2: User
) -> None:
    ask(duty_officer, officer)
    text = client_of(officer).get(MINE).content.decode()
    assert "Rəşad Əliyev, labour-inspection (en)" in text
    assert "Rəşad Əliyev" not in client_of(officer2).get(MINE).content.decode()


def test_as_many_queries_for_three_questions_as_for_one(
    curriculum: Any, keys: None, duty_officer: User, officer: User
) -> None:
    numbers = []
    for _ in range(2):
        ask(duty_officer, officer)
        client = client_of(officer)
        client.get(MINE)
        with counted() as queries:
            client.get(MINE)
        numbers.append(len(queries))
        ask(duty_officer, officer)
    assert numbers[0] == numbers[1]


def test_questions_about_a_record_that_was_merged_are_the_persons(
    curriculum: Any, keys: None, duty_officer: User, officer: User, officer2: User
) -> None:
    ask(duty_officer, officer2)
    merged(officer2, into=officer)
    assert "Rəşad Əliyev" in client_of(officer).get(MINE).content.decode()
