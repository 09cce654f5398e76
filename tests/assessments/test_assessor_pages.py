"""Pages of assessors: who waits, releasing, withdrawing, extra time."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions_admission import give_extra_time
from assessments.models import Attempt, Blueprint, ExamRelease, ExtraTime, Marking
from operations import clock
from people.models import Unit, User
from tests import factories
from tests.factories import client_of

from .conftest import make_blueprint
from .walking import begun, fail, later, release

pytestmark = pytest.mark.django_db
LIST = "/en/assessor/"
EXTRA = "/en/assessor/extra-time/"


@pytest.fixture
def desk(assessor: User) -> Client:
    return client_of(assessor)


def newest(person: User) -> Attempt:
    return Attempt.objects.filter(person=person).latest("closed_at")


def form_of(person: User) -> str:
    return f"{LIST}releases/{newest(person).public_id}/"


def rows(page: str) -> list[str]:
    found = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


# --- the list -----------------------------------------------------------------------------------------


def test_list_says_who_waits_for_which_exam_and_why(
    exam_of_four: Blueprint, used_up: User, desk: Client
) -> None:
    [row] = rows(desk.get(LIST).text)
    assert row.startswith("Aytən Məmmədova : release labour-inspection (en), ganja (en) T-exam")
    assert row.endswith("2 attempts were failed")


def test_list_of_nobody_says_so(desk: Client, english: None) -> None:
    assert "Nobody waits" in desk.get(LIST).text
    assert "Nobody is released" in desk.get(LIST, {"state": "released"}).text


@pytest.mark.parametrize(("text", "found"), [("mammadova", 1), ("LAB-0417", 1), ("Quliyev", 0)])
def test_list_is_searched_by_name_and_number_which_stay_out_of_the_address(
    exam_of_four: Blueprint, used_up: User, desk: Client, text: str, found: int
) -> None:
    answer = desk.post(LIST, {"q": text, "state": "waiting"})
    assert answer.headers["Location"] == f"{LIST}?state=waiting&searched=yes"
    page = desk.get(answer.headers["Location"]).text
    assert len(rows(page)) == found
    assert ("Nothing found" in page) is (found == 0)
    assert len(rows(desk.get(f"{LIST}?all=1").text)) == 1


def test_long_list_has_pages(exam_of_four: Blueprint, unit: Unit, desk: Client) -> None:
    for number in range(51):
        person = factories.make_person(unit=unit, service_number=f"LAB-8{number:02}")
        _fail_twice(exam_of_four, person)
    page = desk.get(LIST).text
    assert len(rows(page)) == 50
    further = re.search(r'rel="next" href="([^"]+)"', page)
    assert further is not None
    assert len(rows(desk.get(LIST + further[1].replace("&amp;", "&")).text)) == 1


def _fail_twice(blueprint: Blueprint, person: User) -> None:
    """As rows: two failed attempts, each with its first marking."""
    for weeks in (-3, -2):
        with later(weeks):
            attempt = Attempt.objects.create(
                person=person, blueprint=blueprint, blueprint_version=blueprint.versions.get(),
                origin="enrolment:x", started_at=clock.now(),
            )  # fmt: skip
            marking = Marking.objects.create(
                attempt=attempt, number=1, cause="closing", formulas=1, points=0, points_max=17, passed=False,
                made_at=clock.now(),
            )  # fmt: skip
            Attempt.objects.filter(pk=attempt.pk).update(
                closed_at=clock.now(),
                closing="submitted",
                marking=marking,
                passed=False,
                points=0,
                points_max=17,
            )


def test_queries_of_the_list_are_constant_at_one_and_three_people(
    exam_of_four: Blueprint, used_up: User, unit: Unit, desk: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(LIST).status_code == 200
        return len(captured)

    queries()
    first = queries()
    for number in range(2):
        person = factories.make_person(unit=unit, service_number=f"LAB-7{number}")
        _fail_twice(exam_of_four, person)
    assert queries() == first


@pytest.mark.parametrize("page", ["", "extra-time/"])
@pytest.mark.parametrize("cast", ["officer", "outsider", "registrar", "trainer", "auditor", "admin"])
def test_pages_are_closed_to_others(cast: str, page: str, request: pytest.FixtureRequest) -> None:
    assert client_of(request.getfixturevalue(cast)).get(LIST + page).status_code == 403


def test_stranger_is_led_to_sign_in(client: Client) -> None:
    assert client.get(LIST).headers["Location"].startswith("/en/account/login/")


def test_menu_and_home_lead_there(desk: Client, officer: User) -> None:
    assert desk.get("/en/").text.count(f'href="{LIST}"') == 3  # row and sheet of the menu, home
    assert LIST not in client_of(officer).get("/en/").text


# --- releasing ----------------------------------------------------------------------------------------


def test_release_is_asked_first_and_then_done(exam_of_four: Blueprint, used_up: User, desk: Client) -> None:
    page = form_of(used_up)
    shown = desk.get(page).text
    assert "The attempts that the rules allow are used up." in shown
    assert "may come again" not in shown  # there are new cases
    asked = desk.post(page, {"reason": "prepared"})
    assert "Release the next attempt of" in asked.text
    assert not ExamRelease.objects.exists()
    answer = desk.post(page, {"reason": "prepared", "sure": "1"})
    assert answer.headers["Location"] == LIST
    given = ExamRelease.objects.get()
    assert (given.person, given.reason, given.allow_repeat) == (used_up, "prepared", False)
    assert "Released. Until an attempt is begun you can withdraw it." in desk.get(LIST).text
    begun(exam_of_four, used_up)


def test_reason_is_asked_for(exam_of_four: Blueprint, used_up: User, desk: Client) -> None:
    assert "Choose a reason from the list." in desk.post(form_of(used_up), {"sure": "1"}).text
    assert not ExamRelease.objects.exists()


def test_where_new_cases_are_missing_the_page_says_until_when_and_offers_a_repeat(
    exam_of_four: Blueprint, officer: User, desk: Client
) -> None:
    fail(make_blueprint(draw=[{"from": ["T1", "T2"], "take": 2}]), officer)
    page = form_of(officer)
    assert "There are no new cases for this person before" in desk.get(page).text
    refused = desk.post(page, {"reason": "no-cases", "sure": "1"}).text
    assert "No new cases are left for this person" in refused
    asked = desk.post(page, {"reason": "no-cases", "allow_repeat": "on"}).text
    assert "A case that the person met longest ago may come again." in asked
    desk.post(page, {"reason": "no-cases", "allow_repeat": "on", "sure": "1"})
    assert ExamRelease.objects.get().allow_repeat is True


def test_release_of_the_same_person_by_another_is_said_in_words(
    exam_of_four: Blueprint, used_up: User, assessor: User, desk: Client
) -> None:
    page = form_of(used_up)
    release(exam_of_four, used_up, assessor)
    assert "released already" in desk.post(page, {"reason": "prepared", "sure": "1"}).text
    assert ExamRelease.objects.count() == 1


def test_person_out_of_reach_is_not_found(exam_of_four: Blueprint, used_up: User, other_unit: Unit) -> None:
    other = factories.make_person()
    factories.give(other, factories.Position.ASSESSOR, agency=other_unit.agency)
    client = client_of(other)
    assert client.get(form_of(used_up)).status_code == 404
    assert client.post(form_of(used_up), {"reason": "prepared", "sure": "1"}).status_code == 404


# --- withdrawing --------------------------------------------------------------------------------------


def test_release_is_withdrawn_while_unused(
    exam_of_four: Blueprint, used_up: User, assessor: User, desk: Client
) -> None:
    given = release(exam_of_four, used_up, assessor)
    [row] = rows(desk.get(LIST, {"state": "released"}).text)
    assert row.endswith("the officer has prepared again; by Rəşad Əliyev")
    page = f"{LIST}releases/{given.public_id}/withdraw/"
    assert "Withdraw this release?" in desk.get(page).text
    answer = desk.post(page, {"sure": "1"})
    assert answer.headers["Location"] == f"{LIST}?state=released"
    given.refresh_from_db()
    assert given.withdrawn_by == assessor


def test_used_release_is_not_withdrawn_and_the_page_says_why(
    exam_of_four: Blueprint, used_up: User, assessor: User, desk: Client
) -> None:
    given = release(exam_of_four, used_up, assessor)
    begun(exam_of_four, used_up)
    answer = desk.post(f"{LIST}releases/{given.public_id}/withdraw/", {"sure": "1"}, follow=True)
    assert "an attempt was begun with it" in answer.text


# --- extra time ---------------------------------------------------------------------------------------


def test_coordinator_finds_gives_and_ends(officer: User, coordinator: User) -> None:
    client = client_of(coordinator)
    assert "Nobody has extra time" in client.get(EXTRA).text
    [row] = rows(client.post(EXTRA, {"q": "LAB-0417"}, follow=True).text)
    assert row.startswith("Aytən Məmmədova")
    page = f"{EXTRA}{officer.public_id}/"
    client.post(page, {"percent": "25"})
    assert "Has 25 per cent now." in client.get(page).text
    [row] = rows(client.get(f"{EXTRA}?all=1").text)
    assert row.endswith("25 %")
    client.post(page, {"end": "1"})
    assert "Has none now." in client.get(page).text
    assert ExtraTime.objects.get().ended_by == coordinator


@pytest.mark.parametrize("percent", ["", "4", "101", "much"])
def test_percent_out_of_bounds_is_said_beside_the_field(officer: User, desk: Client, percent: str) -> None:
    assert 'aria-invalid="true"' in desk.post(f"{EXTRA}{officer.public_id}/", {"percent": percent}).text
    assert not ExtraTime.objects.exists()


@pytest.mark.parametrize(
    ("language", "least", "most"),
    [("az", "Ən azı 5.", "Ən çoxu 100."), ("ru", "Не меньше 5.", "Не больше 100.")],
)
def test_bounds_are_said_without_an_ending_on_the_number(
    officer: User, desk: Client, language: str, least: str, most: str
) -> None:
    page = f"/{language}{EXTRA.removeprefix('/en')}{officer.public_id}/"
    assert least in desk.post(page, {"percent": "1"}).text
    assert most in desk.post(page, {"percent": "101"}).text


def test_search_for_somebody_out_of_reach_finds_nobody(
    officer: User, coordinator_other: User, assessor: User
) -> None:
    give_extra_time(person=officer, percent=25, by=assessor)
    client = client_of(coordinator_other)
    assert rows(client.get(EXTRA).text) == []
    assert rows(client.post(EXTRA, {"q": "LAB-0417"}, follow=True).text) == []
    assert client.get(f"{EXTRA}{officer.public_id}/").status_code == 404


def test_page_of_a_person_leads_a_coordinator_there(officer: User, coordinator: User, auditor: User) -> None:
    link = f'href="{EXTRA}{officer.public_id}/"'
    page = f"/en/people/{officer.public_id}/"
    assert link in client_of(coordinator).get(page).text
    assert link not in client_of(auditor).get(page).text
