"""The history on a person's page: days as people say them, corrections after what they correct."""

from datetime import date, datetime, timedelta

import pytest

from locales.dates import day_text
from operations import clock
from people.actions.agencies import add_unit
from people.actions.leaves import add_leave
from people.actions.postings import (
    PostingValues,
    correct_posting,
    end_posting,
    newest_change,
    take_back,
    transfer,
)
from people.models import Posting, User
from people.timeline import events_of
from people.visibility import Visibility
from tests.elearning.pages import tree, with_class, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


def start(text: str) -> datetime:
    return clock.start_of(date.fromisoformat(text))


def told(person: User) -> list[tuple[str, date]]:
    events = events_of(person, Visibility(None, None))
    return [(str(event.title), clock.first_day(event.at)) for event in events]


def move_start(row: Posting, day: date) -> Posting:
    said = PostingValues(
        unit=row.unit, role=row.role, service_number=row.service_number, valid_from=clock.start_of(day),
        valid_to=None,
    )  # fmt: skip
    return correct_posting(posting=row, values=said, by=None)


def test_end_is_told_on_the_last_day(officer, coordinator, client_of):
    row = Posting.objects.get(user=officer)
    last = clock.today() - 3 * DAY
    end_posting(posting=row, valid_to=clock.end_of(last), by=None)
    assert told(officer)[-1] == ("Served until here", last)
    page = client_of(coordinator).get(f"/en/people/{officer.public_id}/")
    [row] = [row for row in page.context["history"] if row.event.title == "Served until here"]
    assert row.delay == "3 days late"


def test_corrected_end_is_told_on_the_day_it_says(officer):
    row = Posting.objects.get(user=officer)
    row = end_posting(posting=row, valid_to=clock.end_of(clock.today() - 9 * DAY), by=None)
    said = PostingValues(
        unit=row.unit, role=row.role, service_number=row.service_number, valid_from=row.valid_from,
        valid_to=clock.end_of(clock.today() - 2 * DAY),
    )  # fmt: skip
    correct_posting(posting=row, values=said, by=None)
    assert told(officer)[-1] == ("Corrected", clock.today() - 2 * DAY)


def test_transfer_undone_is_told_on_the_day_of_the_transfer(officer, agency, role):
    """Not as a correction of the first day of service, years late."""
    names = {language: f"Quba ({language})" for language in ("az", "en", "ru")}
    quba = add_unit(agency=agency, code="quba", names=names, kind="local", by=None)
    day = clock.today() - 9 * DAY
    transfer(
        person=officer, agency=agency, unit=quba, role=role, service_number="LAB-0417",
        valid_from=clock.start_of(day), by=None,
    )  # fmt: skip
    moved = told(officer)[-1]
    newest = newest_change(officer, agency)
    assert newest and moved[0].startswith("Transfer: ")
    take_back(person=officer, agency=agency, at=newest, by=None)
    assert told(officer)[1:] == [moved, (f"Taken back: {moved[0]}", day)]


def test_corrections_made_on_one_day_stand_in_the_order_in_which_they_were_made(officer):
    """Each says what it was and what it is: the second cannot be read before the first."""
    row, now = Posting.objects.get(user=officer), clock.now()
    began, said = clock.first_day(row.valid_from), []
    for hours, days in ((1, 100), (2, 104), (3, 102)):
        said.append(clock.today() - days * DAY)
        with clock.at(now + timedelta(hours=hours)):
            row = move_start(row, said[-1])
    assert told(officer) == [("Began to serve", began), *(("Corrected", day) for day in said)]


def test_what_holds_today_stands_before_the_history(officer, coordinator, agency, client_of):
    add_leave(person=officer, agency=agency, valid_from=clock.now(), valid_to=None, by=coordinator)
    page = tree(client_of(coordinator).get(f"/en/people/{officer.public_id}/").content)
    heads = [words(head) for head in page.iter("h2")]
    history = heads.index("History: what happened, when it was known")
    assert {"Where the person serves", "Leave", "Certificates", "May do today"} <= set(heads[:history])
    assert heads[:2] == ["Certificates", "May do today"]


def test_history_is_a_list_that_says_both_days_and_no_picture(officer, coordinator, client_of):
    row = Posting.objects.get(user=officer)
    last = clock.today() - 3 * DAY
    end_posting(posting=row, valid_to=clock.end_of(last), by=None)
    page = tree(client_of(coordinator).get(f"/en/people/{officer.public_id}/").content)
    [events] = with_class(page, "events")
    said = [words(event) for event in events]
    assert len(said) == len(events_of(officer, Visibility(None, None)))
    assert f"Happened {day_text(last)} Known {day_text(clock.today())}" in said[-1]
    assert "3 days late" in said[-1]
    assert list(page.find(".//main").iter("figure")) == []
