"""Adjoining certificates are one chain: for clearance, home, the list of people, figures and the register."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from certificates import chains, people_extensions
from certificates.models import Certificate
from certificates.register import in_state
from certificates.renewing import opening_days
from certificates.state import State, state_at
from clearance.overview import certificates_held, overview_of
from operations import clock
from operations.clock import BAKU
from people.models import User
from tests import factories

from .issuing import Kind, happen, make_certificate

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def first(keys: None, officer: User) -> Certificate:
    """Ends in 40 days."""
    day = clock.add_months(clock.today() + 40 * DAY, -24)
    return make_certificate(officer, at=clock.start_of(day) + timedelta(hours=9))


@pytest.fixture
def second(first: Certificate, officer: User) -> Certificate:
    """Issued today, to begin where the first ends."""
    return make_certificate(officer, first_day=clock.first_day(first.valid_to), way="renewal")


def everybody(person: User) -> list[Certificate]:
    return list(Certificate.objects.held_by(person).with_all())


def test_successor_that_has_not_begun_waits_and_the_old_one_stays_valid(
    first: Certificate, second: Certificate
):
    boundary = first.valid_to
    assert second.valid_from == boundary and second.renews == first
    for instant, states in (
        (boundary - SECOND, [State.VALID, State.NOT_YET]),
        (boundary, [State.EXPIRED, State.VALID]),
        (second.valid_to - SECOND, [State.EXPIRED, State.VALID]),
        (second.valid_to, [State.EXPIRED, State.EXPIRED]),
    ):
        assert [state_at(each, instant).state for each in (first, second)] == states


def test_chain_ends_where_the_last_ends(
    first: Certificate, second: Certificate, officer: User, officer2: User
):
    make_certificate(officer2)
    held = everybody(officer)
    assert chains.ends(held, clock.now()) == {first.pk: second.valid_to}
    assert chains.ends(held, first.valid_to) == {second.pk: second.valid_to}
    happen(second, Kind.REVOKED)
    assert chains.ends(everybody(officer), clock.now()) == {first.pk: first.valid_to}


def test_what_begins_a_second_later_is_no_chain():
    start = datetime(2026, 1, 1, tzinfo=BAKU)
    assert chains.end_of(start, [(start, start + DAY), (start + DAY, start + 2 * DAY)]) == start + 2 * DAY
    assert chains.end_of(start, [(start + SECOND, start + DAY)]) == start
    assert chains.end_of(start, [(start - DAY, start - SECOND)]) == start


# --- who reads it ---------------------------------------------------------------------------------------------------


def test_no_warning_once_renewed(first: Certificate, officer: User, role: Any):
    before = {each.certificate.pk: each for each in certificates_held(officer, clock.now())}
    assert (before[first.pk].warning, before[first.pk].days_left) == (90, 39)
    assert people_extensions.column([officer])[officer.pk].tag == "39 gün qalıb"
    assert narrowed() == [officer] and ending_in_the_country() == 1
    second = make_certificate(officer, first_day=clock.first_day(first.valid_to), way="renewal")
    held = {each.certificate.pk: each for each in certificates_held(officer, clock.now())}
    assert (held[first.pk].warning, held[second.pk].warning) == (None, None)
    assert held[first.pk].holds_until == clock.last_day(second.valid_to)
    cell = people_extensions.column([officer])[officer.pk]
    assert (cell.tag, cell.day) == ("etibarlıdır", f"{clock.last_day(second.valid_to):%d.%m.%Y}")
    assert narrowed() == [] and ending_in_the_country() == 0
    assert overview_of(officer).due == []


def narrowed() -> list[User]:
    return list(people_extensions.narrow(User.objects.all(), "ending"))


def ending_in_the_country() -> int:
    [column] = [column for column in people_extensions.country() if column.code == "ending"]
    return sum(column.counts.values())


def test_database_says_the_same_as_the_chains(
    first: Certificate, second: Certificate, officer: User, officer2: User
):
    make_certificate(officer2, months=2)
    make_certificate(officer2, qualification="C2-POL", months=1)
    for days in (0, 10, 39, 41, 59, 70, 700, 800):
        now = clock.now() + days * DAY
        with clock.at(now):
            held = list(Certificate.objects.with_all())
            ends = chains.ends(held, now)
            for limit in (now + 30 * DAY, now + 60 * DAY, now + 90 * DAY):
                valid = in_state(Certificate.objects.finished(), State.VALID, now)
                found = set(chains.ending_by(valid, limit, now).values_list("pk", flat=True))
                assert found == {pk for pk, end in ends.items() if end <= limit}


def test_an_announced_end_cuts_the_chain(first: Certificate, officer: User):
    day = clock.now() + 10 * DAY
    happen(first, Kind.ENDED, at=day, recorded_at=clock.now())
    held = everybody(officer)
    assert chains.ends(held, clock.now()) == {first.pk: day}
    assert opening_days(held, clock.now()) == {first.pk: clock.first_day(day) - 90 * DAY}
    now = clock.now()
    valid = in_state(Certificate.objects.finished(), State.VALID, now)
    assert list(chains.ending_by(valid, day, now)) == [first]
    assert list(chains.ending_by(valid, day - SECOND, now)) == []


def test_of_several_valid_ones_the_last_is_told(first: Certificate, officer: User):
    longer = make_certificate(officer, months=2)
    now = clock.now()
    valid = in_state(Certificate.objects.finished(), State.VALID, now)
    assert list(chains.last_of_each(valid, now)) == [longer]


def test_day_of_renewal_is_told_of_the_last_one(first: Certificate, officer: User):
    opens = clock.first_day(first.valid_to) - 90 * DAY
    assert opening_days(everybody(officer), clock.now()) == {first.pk: opens}
    second = make_certificate(officer, first_day=clock.first_day(first.valid_to), way="renewal")
    assert opening_days(everybody(officer), clock.now()) == {}
    later = first.valid_to + DAY
    assert opening_days(everybody(officer), later) == {second.pk: clock.first_day(second.valid_to) - 90 * DAY}


def test_holder_and_register_are_led_from_one_to_the_other(
    first: Certificate, second: Certificate, officer: User, registrar: User
):
    mine = factories.client_of(officer, headers={"Accept-Language": "en"}).get("/en/certificates/").text
    assert f'href="/c/{first.public_id}"' in mine and "Renews" in mine
    assert "Renewed by" in mine
    register = factories.client_of(registrar)
    page = register.get(f"/en/certificates/register/{first.public_id}/").text
    assert f'href="/en/certificates/register/{second.public_id}/"' in page and "Renewed by" in page
    page = register.get(f"/en/certificates/register/{second.public_id}/").text
    assert f'href="/en/certificates/register/{first.public_id}/"' in page


def test_three_certificates_take_as_many_queries_as_one(first: Certificate, officer: User):
    client, numbers = factories.client_of(officer), []
    for number in range(2):
        with factories.counted() as queries:
            assert client.get("/en/certificates/").status_code == 200
        numbers.append(len(queries))
        for extra in range(2):
            make_certificate(officer, qualification=f"C{number}-{extra}")
    assert numbers[0] == numbers[1]
