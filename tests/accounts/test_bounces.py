"""Addresses refused at sending, as coordinators see them."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.bounces import with_refused_address
from operations import audit, clock
from operations.models import Notice
from operations.notices import refused_of
from people.models import User
from tests.factories import client_of, counted, make_person

pytestmark = pytest.mark.django_db
SAID = "550 no such user"


def refuse(person: User, words: str = SAID, *, hours_ago: int = 0) -> Notice:
    at = clock.now() - timedelta(hours=hours_ago)
    return Notice.objects.create(
        person=person, kind="people.position_given", subject_id=f"n{Notice.objects.count()}", refused=words,
        created_at=at,
    )  # fmt: skip


def refused() -> list[User]:
    return list(with_refused_address(User.objects.order_by("pk")))


def test_refused_address_is_seen_until_a_mail_gets_through(officer: User) -> None:
    notice = refuse(officer)
    assert (list(refused_of([officer])), refused()) == ([notice], [officer])
    Notice.objects.create(person=officer, kind="x", subject_id="later", sent_at=clock.now())
    assert (list(refused_of([officer])), refused()) == ([], [])


def test_refused_address_is_seen_until_it_is_corrected(officer: User) -> None:
    refuse(officer)
    personal = {officer.public_id: {"email": ("old@agency.example", "new@agency.example")}}
    audit.record(
        by=None, act="people.edit", subject_kind="user", subject_id=officer.public_id, personal=personal
    )
    assert refused() == []
    refuse(officer, hours_ago=-1)  # the new one does not work either
    assert refused() == [officer]


@pytest.mark.parametrize("words", ["no address", "not delivered", ""])
def test_nobody_without_address_and_no_server_that_was_away_counts(officer: User, words: str) -> None:
    refuse(officer, words)
    assert (list(refused_of(User.objects.all())), refused()) == ([], [])


def test_coordinator_finds_them_in_the_list_and_on_the_home(
    coordinator: User, officer: User, officer2: User
) -> None:
    refuse(officer)
    client = client_of(coordinator)
    home = client.get("/en/people/home/").content.decode()
    assert "address was refused by the mail server" in home and "/en/people/?mail=refused" in home
    listed = client.get("/en/people/?mail=refused").content.decode()
    assert officer.family_name in listed and officer2.family_name not in listed


def test_page_of_the_person_says_what_the_server_said(
    coordinator: User, officer: User, officer2: User
) -> None:
    refuse(officer)
    client = client_of(coordinator)
    assert SAID in client.get(f"/en/people/{officer.public_id}/").content.decode()
    assert "Mail does not arrive" not in client.get(f"/en/people/{officer2.public_id}/").content.decode()


def test_another_agency_and_an_outsider_see_nothing(
    coordinator_other: User, outsider: User, officer: User
) -> None:
    refuse(officer)
    other = client_of(coordinator_other)
    assert "refused by the mail server" not in other.get("/en/people/home/").content.decode()
    assert officer.family_name not in other.get("/en/people/?mail=refused").content.decode()
    assert client_of(outsider).get("/en/people/?mail=refused").status_code == 403


def test_finding_them_is_one_question_for_one_and_for_three(db: Any) -> None:
    refuse(make_person())
    for number in (1, 3):
        with counted() as queries:
            assert len(refused()) == number
        assert len(queries) == 1
        refuse(make_person()), refuse(make_person())
