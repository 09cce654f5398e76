"""Whether an address belongs to somebody of another agency: some answers a day, for mistakes; no search."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from operations import clock
from operations.models import AuditEntry
from people import enumeration_limits
from rosters.models import RosterLine
from tests import factories
from tests.databases import on_postgresql, really_committed
from tests.rosters.test_roster_import import codes, line, place, roster_of, send

from .test_person import edited, new, page_of

pytestmark = pytest.mark.django_db
__all__ = ["place"]
TOO_MANY = "Too many lines sent for the agency today name people of other agencies."


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(enumeration_limits, "MOST", 3)


@pytest.fixture
def others(other_unit):
    """Addresses of people of the other agency."""
    people = [
        factories.make_person("Həsənov", "Tural", email=f"other{number}@agency.example", unit=other_unit)
        for number in range(5)
    ]
    return [person.email for person in people]


@pytest.fixture
def desk(coordinator, client_of):
    return client_of(coordinator)


def naming(*emails):
    return roster_of(*(line(f"N-{each}", email=email) for each, email in enumerate(emails)))


def noted():
    found = AuditEntry.objects.filter(act="people.count_guesses").order_by("pk")
    return [(entry.after["number"], entry.after["answered"]) for entry in found]


def shown(client, roster):
    return client.get(f"/en/people/rosters/{roster.public_id}/").text


def test_some_lines_of_a_day_are_told_one_by_one(desk, unit, role, others):
    roster = send(desk, naming(*others[:3], "nobody@agency.example"))
    assert [code for _number, _column, code in codes(roster)] == ["elsewhere"] * 3
    assert noted() == [(3, True)]


def test_file_that_names_too_many_is_refused_and_shows_none(
    desk, unit, role, others, agency, auditor, client_of
):
    roster = send(desk, naming(*others, "nobody@agency.example"))
    assert (roster.state, RosterLine.objects.count()) == ("refused", 0)
    page = shown(desk, roster)
    assert TOO_MANY in page and not any(email in page for email in others)
    assert noted() == [(5, False)]
    entry = AuditEntry.objects.get(act="people.count_guesses")
    assert (entry.subject_id, entry.values.count()) == (agency.code, 0)
    trail = client_of(auditor).get("/en/people/audit/", {"act": "people.count_guesses"})
    assert trail.status_code == 200
    assert "Addresses or national ids of other agencies&#x27; people tried" in trail.text


def test_steps_of_one_file_and_files_of_one_day_are_counted_together(desk, unit, role, others, monkeypatch):
    monkeypatch.setattr("rosters.staging.STEP", 1)
    assert send(desk, naming(*others[:2])).state == "checked"
    roster = send(desk, naming("nobody@agency.example", *others[2:4]))
    assert (roster.state, roster.lines.count()) == ("refused", 0)


def test_when_the_day_is_used_up_a_miss_is_answered_as_a_hit(desk, unit, role, others):
    send(desk, naming(*others))
    for emails in ([others[0]], ["nobody@agency.example"]):
        assert TOO_MANY in shown(desk, send(desk, naming(*emails)))
        page = desk.post("/en/people/add/", new(unit, email=emails[0]))
        [said] = page.context["form"].errors["email"]
        assert (
            said
            == "Too many addresses of other people were tried for the agency today. Ask an administrator."
        )
    assert noted() == [(5, False)] + [(0, False)] * 4


def test_file_without_addresses_is_read_all_the_same(desk, unit, role, others):
    send(desk, naming(*others))
    numbers = roster_of(["N-1", "Quliyev", "Orxan", "ganja", "LAB"],
                        headings=["Xidməti nömrə", "Soyad", "Ad", "Bölmə", "Vəzifə"])  # fmt: skip
    assert send(desk, numbers).state == "checked"


def test_next_day_begins_anew_and_another_agency_is_not_meant(
    desk, unit, role, others, other_unit, coordinator_other, client_of
):
    send(desk, naming(*others))
    page = client_of(coordinator_other).post("/en/people/add/", new(other_unit))
    assert "Add this person?" in page.text
    with clock.at(clock.now() + timedelta(days=1)):
        assert not enumeration_limits.used_up(unit.agency, coordinator_other)


def test_addresses_tried_on_the_form_are_counted(desk, unit, role, others, coordinator):
    taken, guessed = "This address cannot be used.", "Too many addresses of other people"
    said = []
    for email in [*others[:4], "nobody@agency.example"]:
        page = desk.post("/en/people/add/", new(unit, email=email))
        said.append(page.context["form"].errors["email"][0])
    assert [each.startswith(taken) for each in said] == [True] * 3 + [False] * 2
    assert [each.startswith(guessed) for each in said] == [False] * 3 + [True] * 2
    assert noted() == [(1, True)] * 3 + [(0, False)] * 2
    assert "Add this person?" in desk.post("/en/people/add/", new(unit, email="")).text


def test_addresses_tried_for_a_known_person_are_counted(desk, officer, officer2, others):
    for email in others[:4]:
        page = desk.post(page_of(officer2) + "edit/", edited(email=email))
    assert page.context["form"].has_error("email", "guessed")
    assert noted() == [(1, True)] * 3 + [(0, False)]


def test_administrator_sees_everybody_and_is_not_counted(admin, unit, role, others, agency, client_of):
    client = client_of(admin)
    roster = send(client, naming(*others), agency=agency)
    assert (roster.state, len(codes(roster))) == ("checked", 5)
    page = client.post(f"/en/people/add/?agency={agency.public_id}", new(unit, email=others[0]))
    assert page.context["form"].has_error("email", "taken")
    assert noted() == []


@on_postgresql
@really_committed
def test_addresses_tried_at_once_stay_under_the_limit(desk, unit, role, others, coordinator, client_of):
    """Four windows send five addresses each: three are told, and no more is looked at."""
    clients, together = [client_of(coordinator) for _number in range(4)], Barrier(4)

    def tried(client):
        try:
            together.wait()
            pages = [client.post("/en/people/add/", new(unit, email=email)) for email in others]
            return ["This address cannot be used" in page.text for page in pages]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        told = [each for found in pool.map(tried, clients) for each in found]
    assert sum(told) == 3
