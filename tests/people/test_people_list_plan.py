"""How the databases find a page of the list: by an index, whatever a shared machine makes of the time."""

import random
import re
from contextlib import contextmanager

import pytest
from django.db import connection

from operations import clock
from operations.pagination import _beyond
from people import people_list
from people.models import Posting, User
from people.people_list import ORDER, PeopleQuery, people_of

pytestmark = pytest.mark.django_db
MANY, FEW = 5000, 60


@pytest.fixture
def many(unit, other_unit, role, monkeypatch) -> list[User]:
    """Five thousand serve in one agency, sixty in the other."""
    monkeypatch.setattr(people_list, "FEW", 1000)
    chance, now = random.Random(1), clock.now()
    people = [
        User(family_name=f"{chance.choice('ABCÇDEƏFGĞHXIİ')}liyev{number}", given_name="Elçin", password="!x")
        for number in range(MANY + FEW)
    ]
    User.objects.bulk_create(people)
    Posting.objects.bulk_create(
        Posting(
            user=person, agency=place.agency, unit=place, role=role, valid_from=clock.start_of(clock.today()),
            service_number=f"LAB-{number:06}", recorded_at=now,
        )
        for number, person in enumerate(people)
        for place in [unit if number < MANY else other_unit]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return people


def plan(found) -> str:
    return found[:51].explain()


@contextmanager
def as_with_more():
    """PostgreSQL rightly reads a table of five thousand whole; asked not to, it shows what it does with more."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = on")


def read_whole(told: str) -> list[str]:
    """The tables that are read from end to end, in the words of SQLite and of PostgreSQL."""
    return re.findall(r"(?:SCAN|Seq Scan on) (people_user|people_posting|U\d)\b(?! USING)", told)


def test_first_page_and_one_in_the_middle_are_read_along_the_names(many, auditor, coordinator):
    for by in (auditor, coordinator):
        found = people_of(by, PeopleQuery())
        row = found[MANY // 2]
        for page in (found, found.filter(_beyond(ORDER, [row.sort_name, row.pk]))):
            told = plan(page)
            assert ("user_sort_name" in told, "TEMP B-TREE" in told, read_whole(told)) == (True, False, []), (
                told
            )


def test_people_of_few_are_read_along_their_postings(many, coordinator_other, other_agency, other_unit):
    for wanted in (PeopleQuery(), PeopleQuery(unit=other_unit), PeopleQuery(agency=other_agency)):
        with as_with_more():
            told = plan(people_of(coordinator_other, wanted))
        assert (read_whole(told), "user_sort_name" in told) == ([], False), told


def test_postings_of_few_are_not_compared_with_names_of_all(many, coordinator_other):
    with as_with_more():
        told = plan(people_of(coordinator_other, PeopleQuery(text="Мамедов")))
    assert "people_user" not in read_whole(told), told
