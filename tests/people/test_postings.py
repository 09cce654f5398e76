"""Transfer, correction, end, undo, leave: what is true, what was known, who may, and the pages for it."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localtime
from django.utils.translation import override

from locales.dates import day_text
from operations import clock
from operations.history import HistoryError, Stale
from operations.models import AuditEntry, AuditValue
from people.actions.leaves import add_leave, correct_leave, withdraw_leave
from people.actions.postings import (
    PostingValues,
    correct_posting,
    end_posting,
    newest_change,
    take_back,
    transfer,
)
from people.models import Leave, Posting, Unit
from people.views.postings import token_of
from tests import factories

pytestmark = pytest.mark.django_db
MARCH_1, MARCH_3, MARCH_5 = (clock.start_of(date(2026, 3, day)) for day in (1, 3, 5))
MARCH_10, MARCH_20, MARCH_25 = (datetime(2026, 3, day, 8, tzinfo=UTC) for day in (10, 20, 25))
APRIL_2 = datetime(2026, 4, 2, 8, tzinfo=UTC)


@pytest.fixture
def quba(agency) -> Unit:
    return factories.make_unit(agency, "quba")


def moved(person, unit, since=MARCH_1, by=None, number="LAB-0417", role=None) -> Posting:
    return transfer(
        person=person, agency=unit.agency, unit=unit, role=role or factories.make_role(), service_number=number,
        valid_from=since, by=by,
    )  # fmt: skip


def units_at(person, instant, known_at=None) -> list[str]:
    rows = Posting.objects.at(instant, known_at=known_at).filter(user=person)
    return [row.unit.code for row in rows.order_by("valid_from")]


def said(posting, **changed) -> PostingValues:
    now = {name: getattr(posting, name) for name in PostingValues.__annotations__}
    return PostingValues(**{**now, **changed})


# --- a late transfer, corrected twice -------------------------------------------------------------------


@pytest.fixture
def corrected_twice(officer, quba) -> None:
    """Entered on 20 March for 1 March, corrected to 5 March (on the 25th), then to 3 March (2 April)."""
    with clock.at(MARCH_20):
        row = moved(officer, quba)
    with clock.at(MARCH_25):
        row = correct_posting(posting=row, values=said(row, valid_from=MARCH_5), by=None)
    with clock.at(APRIL_2):
        correct_posting(posting=row, values=said(row, valid_from=MARCH_3), by=None)


@pytest.fixture
def officer(unit, role):
    with clock.at(datetime(2026, 1, 10, 8, tzinfo=UTC)):
        return factories.make_person(
            "Məmmədova", "Aytən", father_name="Kamran qızı", email="officer@agency.example",
            password=factories.PASSWORD, unit=unit, role=role, service_number="LAB-0417",
        )  # fmt: skip


MICRO = timedelta(microseconds=1)


@pytest.mark.parametrize(
    "instant, known_at, expected",
    [
        (MARCH_10, None, "quba"), (MARCH_10, MARCH_10, "ganja"), (MARCH_10, MARCH_20, "quba"),
        (MARCH_1, MARCH_20, "quba"), (MARCH_1, MARCH_20 - MICRO, "ganja"),
        (MARCH_3, MARCH_25 - MICRO, "quba"), (MARCH_3, MARCH_25, "ganja"), (MARCH_3, APRIL_2, "quba"),
        (MARCH_5 - MICRO, MARCH_25, "ganja"), (MARCH_5, MARCH_25, "quba"),
        (MARCH_3 - MICRO, None, "ganja"), (MARCH_3, None, "quba"),
    ],
)  # fmt: skip
def test_what_was_true_and_what_was_known_are_answered(corrected_twice, officer, instant, known_at, expected):
    assert units_at(officer, instant, known_at) == [expected]


def test_a_correction_moves_the_end_of_the_posting_before(corrected_twice, officer):
    rows = Posting.objects.filter(user=officer).timeline()
    assert [(row.unit.code, row.valid_to) for row in rows] == [("ganja", MARCH_3), ("quba", None)]


def test_no_row_is_lost(corrected_twice, officer):
    assert Posting.objects.filter(user=officer).count() == 7  # 1 + 2 + 2 + 2


# --- each act ---------------------------------------------------------------------------------------


def test_transfer_from_the_first_day_of_a_posting_replaces_it(officer, quba):
    since = Posting.objects.get(user=officer).valid_from
    moved(officer, quba, since)
    assert [row.unit.code for row in Posting.objects.filter(user=officer).timeline()] == ["quba"]


def test_transfer_needs_somebody_who_serves_then(officer, quba):
    before = Posting.objects.get(user=officer).valid_from - timedelta(days=1)
    with pytest.raises(HistoryError):
        moved(officer, quba, before)


def test_transfer_stays_in_the_agency(officer, other_unit, agency, role):
    with pytest.raises(PermissionDenied):
        transfer(
            person=officer, agency=agency, unit=other_unit, role=role, service_number=None, valid_from=MARCH_1,
            by=None,
        )  # fmt: skip


def test_transfer_keeps_the_end_that_was_known(officer, quba):
    row = Posting.objects.get(user=officer)
    end_posting(posting=row, valid_to=APRIL_2, by=None)
    assert moved(officer, quba).valid_to == APRIL_2


def test_number_of_somebody_else_is_refused_in_words(officer, officer2, quba):
    with override("en"), pytest.raises(HistoryError, match="service number"):
        moved(officer, quba, number="LAB-0418", since=clock.now())
    assert Posting.objects.filter(user=officer).count() == 1


def test_end_and_undo(officer, agency):
    row = Posting.objects.get(user=officer)
    end_posting(posting=row, valid_to=MARCH_1, by=None)
    assert units_at(officer, MARCH_1) == []
    take_back(person=officer, agency=agency, at=newest_change(officer, agency), by=None)
    assert units_at(officer, MARCH_1) == ["ganja"]
    assert Posting.objects.get(user=officer, withdrawn_at=None).service_number == "LAB-0417"


def test_undo_of_what_is_not_newest_is_refused(officer, agency, quba):
    seen = newest_change(officer, agency)
    moved(officer, quba)
    with pytest.raises(Stale):
        take_back(person=officer, agency=agency, at=seen, by=None)


def test_the_same_posting_is_corrected_once(officer, quba):
    row = Posting.objects.get(user=officer)
    correct_posting(posting=row, values=said(row, unit=quba), by=None)
    with pytest.raises(Stale):
        correct_posting(posting=row, values=said(row, valid_to=APRIL_2), by=None)


def test_number_is_folded_for_search_whenever_a_row_is_written(officer, quba):
    assert moved(officer, quba, number="DƏMX-Ş1").folded_number == "demx-s1"
    assert Posting.objects.get(folded_number="demx-s1").service_number == "DƏMX-Ş1"


def test_trail_holds_no_number_outside_the_persons_values(officer, quba):
    moved(officer, quba, number="LAB-0999")
    entry = AuditEntry.objects.get(act="people.transfer")
    assert "LAB-0999" not in str(entry.before) + str(entry.after)
    value = AuditValue.objects.get(entry=entry)
    assert (value.person_id, value.before) == (officer.public_id, ["LAB-0417"])
    assert value.after == ["LAB-0417", "LAB-0999"]


# --- leave --------------------------------------------------------------------------------------------


def away(person, agency, by=None, since=MARCH_1, until=MARCH_5) -> Leave:
    return add_leave(person=person, agency=agency, valid_from=since, valid_to=until, by=by)


def test_leave_is_corrected_and_taken_back(officer, agency):
    leave = away(officer, agency)
    leave = correct_leave(leave=leave, agency=agency, valid_from=MARCH_3, valid_to=None, by=None)
    assert [row.valid_from for row in Leave.objects.known()] == [MARCH_3]
    withdraw_leave(leave=leave, agency=agency, by=None)
    assert (Leave.objects.known().count(), Leave.objects.count()) == (0, 2)


def test_nobody_is_away_twice(officer, agency):
    away(officer, agency)
    with pytest.raises(HistoryError):
        away(officer, agency, since=MARCH_3, until=None)


# --- who may --------------------------------------------------------------------------------------------

ACTS = {
    "transfer": lambda s, by: moved(s.officer, s.quba, by=by),
    "correct": lambda s, by: correct_posting(posting=s.row, values=said(s.row, unit=s.quba), by=by),
    "end": lambda s, by: end_posting(posting=s.row, valid_to=MARCH_1, by=by),
    "undo": lambda s, by: take_back(
        person=s.officer, agency=s.agency, at=newest_change(s.officer, s.agency), by=by
    ),
    "leave": lambda s, by: away(s.officer, s.agency, by=by),
    "withdraw leave": lambda s, by: withdraw_leave(leave=s.leave, agency=s.agency, by=by),
}


class Situation:
    def __init__(self, officer, quba, agency) -> None:
        self.officer, self.quba, self.agency = officer, quba, agency
        self.row = Posting.objects.get(user=officer)
        self.leave = away(officer, agency, since=MARCH_5, until=MARCH_5 + timedelta(days=1))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("by", ["coordinator", "admin"])
def test_coordinator_and_administrator_may(act, by, request, officer, quba, agency):
    ACTS[act](Situation(officer, quba, agency), request.getfixturevalue(by))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "by",
    [
        "coordinator_other",
        "duty_officer",
        "auditor",
        "registrar",
        "trainer",
        "officer2",
        "officer",
        "outsider",
    ],
)
def test_nobody_else_may(act, by, request, officer, quba, agency):
    situation = Situation(officer, quba, agency)
    by = request.getfixturevalue(by)
    before = (Posting.objects.count(), Leave.objects.count(), AuditEntry.objects.count())
    with pytest.raises(PermissionDenied):
        ACTS[act](situation, by)
    assert (Posting.objects.count(), Leave.objects.count(), AuditEntry.objects.count()) == before


def test_leave_of_who_has_left_is_not_this_agencys(officer, coordinator, agency):
    end_posting(posting=Posting.objects.get(user=officer), valid_to=MARCH_1, by=None)
    with pytest.raises(PermissionDenied):
        away(officer, agency, by=coordinator)


# --- the pages ------------------------------------------------------------------------------------------


def address(person, rest: str) -> str:
    return f"/en/people/{person.public_id}/{rest}"


def filled(unit, **more) -> dict[str, str]:
    return {
        "unit": unit.public_id, "role": "LAB", "service_number": "LAB-0417", "first_day": "2026-03-01",
        "order": "41-K", **more,
    }  # fmt: skip


def test_transfer_is_asked_first_then_done(officer, quba, coordinator, client_of):
    client, page = client_of(coordinator), address(officer, "transfer/")
    asked = client.post(page, filled(quba))
    assert "Yes, do it" in asked.text and "From 1 March 2026: quba (en)" in asked.text
    assert "Up to and including 28 February 2026: " in asked.text
    begun = localtime(Posting.objects.get(user=officer).valid_from)
    anew = client.post(page, filled(quba, first_day=begun.date().isoformat()))
    assert "Replaced: " in anew.text and "Up to and including" not in anew.text
    assert Posting.objects.filter(user=officer).count() == 1
    done = client.post(page, filled(quba, sure="1"), follow=True)
    assert done.redirect_chain == [(address(officer, ""), 302)]
    assert "The transfer is recorded." in done.text
    entry = AuditEntry.objects.get(act="people.transfer")
    assert (entry.by, entry.values.get(field="reason").after) == (coordinator, "41-K")
    assert units_at(officer, MARCH_1) == ["quba"]


def test_refusal_stands_above_the_form(officer, officer2, quba, coordinator, client_of):
    data = filled(quba, sure="1", service_number="LAB-0418", first_day=clock.today().isoformat())
    page = client_of(coordinator).post(address(officer, "transfer/"), data)
    assert (page.status_code, "Another person of the agency has this service number." in page.text) == (
        200,
        True,
    )


def test_wrong_input_is_said_beside_its_field(officer, coordinator, client_of):
    page = client_of(coordinator).post(address(officer, "transfer/"), {"first_day": "yesterday"})
    for words in ("Choose the unit.", "Choose the role.", "Enter a day, for example 24.11.2026."):
        assert page.text.count(words) == 2  # in the summary and at the field


def test_correction_end_leave_and_undo_by_page(officer, quba, coordinator, client_of):
    client = client_of(coordinator)
    row = Posting.objects.get(user=officer)
    client.post(address(officer, f"correct/{token_of(row)}/"), filled(quba, sure="1"))
    [row] = Posting.objects.known().filter(user=officer)
    assert (row.unit, row.valid_from) == (quba, MARCH_1)
    client.post(address(officer, f"end/{token_of(row)}/"), {"last_day": "2030-12-31", "sure": "1"})
    [row] = Posting.objects.known().filter(user=officer)
    assert row.valid_to == clock.start_of(date(2031, 1, 1))
    client.post(
        address(officer, "leave/"), {"first_day": "2026-07-01", "last_day": "2026-07-14", "sure": "1"}
    )
    leave = Leave.objects.get()
    assert (clock.first_day(leave.valid_from), clock.last_day(leave.valid_to)) == (
        date(2026, 7, 1), date(2026, 7, 14),
    )  # fmt: skip
    undo(client, officer)
    assert Posting.objects.known().get(user=officer).valid_to is None


def test_correction_says_first_what_stood_and_what_will_stand(officer, quba, coordinator, client_of):
    row = Posting.objects.get(user=officer)
    with override("en"):
        since = day_text(clock.first_day(row.valid_from))
    data = filled(quba, service_number="LAB-0500", last_day="2026-12-31")
    asked = client_of(coordinator).post(address(officer, f"correct/{token_of(row)}/"), data).text
    for point in (
        "Unit: ganja (en) → quba (en)",
        "Service number: LAB-0417 → LAB-0500",
        f"First day there: {since} → 1 March 2026",
        "Last day there: – → 31 December 2026",
    ):
        assert f"<li>{point}</li>" in asked
    assert asked.count("→") == 4  # the role stays


def test_correction_of_a_leave_says_first_what_stood(officer, agency, coordinator, client_of):
    page = address(officer, f"leave/?leave={token_of(away(officer, agency))}")
    asked = client_of(coordinator).post(page, {"first_day": "2026-03-01", "last_day": ""}).text
    assert "<li>Last day of leave: " in asked and " → –</li>" in asked
    assert "First day of leave: " not in asked


def undo(client, person) -> Any:
    seen = client.get(address(person, "undo/")).context["form"].initial["at"]
    asked = client.post(address(person, "undo/"), {"at": seen})
    assert "Will be taken back" in asked.text and "Undo the last change" in asked.text
    return client.post(address(person, "undo/"), {"at": seen, "sure": "1"})


def test_undo_says_what_was_recorded_last_and_what_will_stand_again(officer, quba, coordinator, client_of):
    moved(officer, quba, by=coordinator, number="LAB-0500")
    page = client_of(coordinator).get(address(officer, "undo/"))
    said, *listed = page.context["page"].listed
    assert said.startswith(f"Recorded last: {day_text(clock.now())}, ") and said.endswith(", by Rəşad Əliyev")
    assert listed == [
        "Will be taken back: ganja (en), LAB (en), 10 January 2025 – 28 February 2026, LAB-0417",
        "Will be taken back: quba (en), LAB (en), 1 March 2026 – until now, LAB-0500",
        "Will stand again: ganja (en), LAB (en), 10 January 2025 – until now, LAB-0417",
    ]
    for line in (said, *listed):
        assert line in page.text


def test_undo_of_the_first_posting_leaves_none(officer, coordinator, client_of):
    client = client_of(coordinator)
    assert "Before that, nothing was entered in its place." in client.get(address(officer, "undo/")).text
    assert "only an administrator finds the person again" in client.get(address(officer, "undo/")).text
    done = undo(client, officer)
    assert (done.status_code, done["Location"]) == (
        302,
        "/en/people/",
    )  # the person's own page is closed to them now
    assert "The entry is taken back. The person serves nowhere." in client.get("/en/people/").text
    assert not Posting.objects.known().filter(user=officer).exists()
    page = client.get(address(officer, "undo/"))
    assert "There is nothing to undo" in page.text and "Continue" not in page.text
    assert f'href="/en/people/{officer.public_id}/">Back' in page.text


def test_undo_shows_what_came_in_between_and_goes_on_from_there(officer, quba, coordinator, client_of):
    client = client_of(coordinator)
    seen = client.get(address(officer, "undo/")).context["form"].initial["at"]
    moved(officer, quba)
    again = client.post(address(officer, "undo/"), {"at": seen, "sure": "1"})
    assert "Something has been recorded since." in again.text and "Will be taken back: quba" in again.text
    data = {"at": again.context["form"]["at"].value(), "sure": "1"}
    client.post(address(officer, "undo/"), data)
    assert Posting.objects.known().get(user=officer).unit.code == "ganja"


def test_first_option_asks_to_choose(officer, coordinator, client_of):
    client = client_of(coordinator)
    for page, number in ((address(officer, "transfer/"), 2), ("/en/people/take-over/", 3)):
        assert client.get(page).text.count(">choose</option>") == number


def test_order_is_a_number_and_no_story(officer, quba, coordinator, client_of):
    client, page = client_of(coordinator), address(officer, "transfer/")
    said = client.post(page, filled(quba, order="Kərimova asked for it", sure="1"))
    assert "Enter the number of the order as it stands there" in said.text
    assert Posting.objects.filter(user=officer).count() == 1
    client.post(page, filled(quba, order="№ 41-K/2026", sure="1"))
    assert Posting.objects.known().get(user=officer, valid_to=None).unit == quba


AHEAD, LATE = (f"This day is too far away: at most {years} ahead." for years in ("one year", "five years"))
LONG_AGO = "This day is too long ago: not before 1950."


@pytest.mark.parametrize(
    "rest, typed, words",
    [
        ("transfer/", {"first_day": "2206-03-01"}, AHEAD),
        ("transfer/", {"first_day": "1900-03-01"}, LONG_AGO),
        ("leave/", {"first_day": "2206-03-01"}, AHEAD),
        ("leave/", {"first_day": "1900-03-01"}, LONG_AGO),
        ("leave/", {"last_day": "2206-03-01"}, LATE),
        ("correct/{token}/", {"first_day": "1900-03-01"}, LONG_AGO),
        ("correct/{token}/", {"last_day": "2206-03-01"}, LATE),
        ("end/{token}/", {"last_day": "2206-03-01"}, LATE),
        ("end/{token}/", {"last_day": "1900-03-01"}, LONG_AGO),
    ],
)
def test_a_year_typed_wrongly_is_refused(rest, typed, words, officer, quba, coordinator, client_of):
    page = address(officer, rest.format(token=token_of(Posting.objects.get(user=officer))))
    said = client_of(coordinator).post(page, filled(quba, sure="1") | typed)
    assert said.text.count(words) == 2
    assert all(f'value="{day}"' in said.text for day in typed.values())  # nothing typed is lost
    assert (Posting.objects.filter(user=officer).count(), Leave.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "language, words",
    [
        ("az", "Tarix çox uzaqdır: ən çoxu beş il sonraya ola bilər."),
        ("ru", "Слишком далёкая дата: не больше чем на пять лет вперёд."),
    ],
)
def test_a_year_typed_wrongly_is_refused_in_each_language(language, words, officer, coordinator, client_of):
    page = address(officer, f"end/{token_of(Posting.objects.get(user=officer))}/").replace(
        "/en/", f"/{language}/"
    )
    assert client_of(coordinator).post(page, {"last_day": "2206-03-01"}).text.count(words) == 2


def test_last_day_five_years_ahead_is_the_latest(officer, coordinator, client_of):
    page = address(officer, f"end/{token_of(Posting.objects.get(user=officer))}/")
    latest = clock.add_months(clock.today(), 60)
    for day, words in ((latest, "End this service?"), (latest + timedelta(days=1), LATE)):
        assert words in client_of(coordinator).post(page, {"last_day": day.isoformat()}).text


def test_last_day_comes_after_the_first(officer, coordinator, client_of):
    page = client_of(coordinator).post(
        address(officer, "leave/"), {"first_day": "2026-07-14", "last_day": "2026-07-01", "sure": "1"}
    )
    assert "The last day comes before the first." in page.text and not Leave.objects.exists()


def test_leave_is_withdrawn_by_page_with_a_reason_and_can_be_entered_again(
    officer, agency, coordinator, client_of
):
    away(officer, agency)
    client = client_of(coordinator)
    links = re.escape(address(officer, "leave/withdraw/")) + '[^"]+'
    (page,) = re.findall(links, client.get(address(officer, "")).text)
    assert "Say why." in client.post(page, {"sure": "1"}).text and Leave.objects.known().exists()
    asked = client.post(page, {"reason": "entered by mistake"})
    assert "Withdraw this leave?" in asked.text and Leave.objects.known().exists()
    done = client.post(page, {"reason": "entered by mistake", "sure": "1"}, follow=True)
    assert "If that was wrong, enter it again." in done.text
    assert (Leave.objects.known().exists(), Leave.objects.count()) == (False, 1)
    entry = AuditEntry.objects.get(act="people.withdraw_leave")
    assert (entry.by, entry.subject_id) == (coordinator, officer.public_id)
    again = client.post(page, {"reason": "entered by mistake", "sure": "1"})
    assert "Somebody else has just changed this." in again.text
    client.post(
        address(officer, "leave/"), {"first_day": "2026-03-01", "last_day": "2026-03-04", "sure": "1"}
    )
    assert Leave.objects.known().get().valid_from == MARCH_1


@pytest.mark.parametrize(
    "language, words",
    [
        ("az", "Keçidin apardığı qeyd geri götürülüb. Hazırda məlum olan aşağıdadır."),
        ("en", "The record to which the link leads was withdrawn. Below is what is known now."),
        ("ru", "Запись, на которую ведёт ссылка, отменена. Ниже – то, что известно сейчас."),
    ],
)
def test_old_link_of_a_leave_that_was_withdrawn_leads_back(
    language, words, officer, agency, coordinator, client_of
):
    leave, client = away(officer, agency), client_of(coordinator)
    withdraw_leave(leave=leave, agency=agency, by=None)
    home = f"/{language}/people/{officer.public_id}/"
    for rest in (f"leave/?leave={token_of(leave)}", f"leave/withdraw/{token_of(leave)}/"):
        shown = client.get(home + rest, follow=True)
        assert (shown.redirect_chain, words in shown.text) == ([(home, 302)], True)


def test_old_links_of_a_posting_that_was_corrected_lead_back(officer, quba, coordinator, client_of):
    row, client = Posting.objects.get(user=officer), client_of(coordinator)
    correct_posting(posting=row, values=said(row, unit=quba), by=None)
    for rest in (f"correct/{token_of(row)}/", f"end/{token_of(row)}/", f"transfer/?posting={token_of(row)}"):
        shown = client.get(address(officer, rest), follow=True)
        assert shown.redirect_chain == [(address(officer, ""), 302)]
        assert "The record to which the link leads was corrected." in shown.text


def test_token_of_a_posting_withdraws_no_leave(officer, officer2, agency, coordinator, client_of):
    client = client_of(coordinator)
    for token in (token_of(Posting.objects.get(user=officer)), token_of(away(officer2, agency))):
        assert client.get(address(officer, f"leave/withdraw/{token}/")).status_code == 404


def test_token_of_another_persons_posting_leads_nowhere(officer, officer2, coordinator, client_of):
    token = token_of(Posting.objects.get(user=officer2))
    for rest in (f"correct/{token}/", f"end/{token}/", f"transfer/?posting={token}", "end/nonsense/"):
        assert client_of(coordinator).get(address(officer, rest)).status_code == 404


@pytest.mark.parametrize(
    "rest", ["transfer/", "leave/", "undo/", "correct/{}/", "end/{}/", "leave/withdraw/{leave}/"]
)
def test_pages_are_not_found_by_another_agencys_coordinator(
    rest, officer, agency, coordinator_other, client_of
):
    rest = rest.format(token_of(Posting.objects.get(user=officer)), leave=token_of(away(officer, agency)))
    client = client_of(coordinator_other)
    assert client.get(address(officer, rest)).status_code == 404
    assert client.post(address(officer, rest), {"sure": "1"}).status_code == 404


@pytest.mark.parametrize(
    "rest", ["transfer/", "leave/", "undo/", "correct/{}/", "end/{}/", "leave/withdraw/{leave}/"]
)
@pytest.mark.parametrize("by", ["outsider", "auditor", "duty_officer", "officer"])
def test_pages_are_refused_to_everybody_else(rest, by, request, officer, agency, client_of):
    rest = rest.format(token_of(Posting.objects.get(user=officer)), leave=token_of(away(officer, agency)))
    client = client_of(request.getfixturevalue(by))
    assert [client.get(address(officer, rest)).status_code, client.post(address(officer, rest)).status_code] == [
        403, 403,
    ]  # fmt: skip
