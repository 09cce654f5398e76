"""What coordinators and newcomers do most, with the keyboard alone on a telephone; axe looks at every page."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.actions.invitations import invite, make_sheets
from accounts.invitation_secrets import link_of
from accounts.models import Invitation
from elearning.demo.code import code_at
from operations import clock
from operations.outbox import work_off
from people.actions.persons import add_person
from people.actions.postings import post
from people.models import Agency, Leave, Posting, User
from rosters.models import RosterImport
from tests import factories
from tests.databases import really_committed
from tests.factories import client_of
from tests.rosters.books import HEADINGS, csv_of

from .walker import Walker, az

pytestmark = really_committed
READ, APPLY = ["rosters.roster_read", "rosters.roster_check"], ["rosters.roster_apply"]
NEW = "yaşıl-dəniz-on-iki"
GO_ON = "main form button[type=submit]:not(.btn-quiet)"  # a question has a quiet one, too: back to the form


@pytest.fixture
def walk(page: Page, live_server: LiveServer) -> Callable[..., Walker]:
    def begun(person: User | None = None) -> Walker:
        if person is not None:
            value = client_of(person).cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return Walker(page, live_server.url)

    return begun


@pytest.fixture
def second_unit(agency: Agency) -> Any:
    return factories.make_unit(agency, "shirvan")


def test_roster_from_file_to_result(walk: Any, officer: User, coordinator: User, second_unit: Any) -> None:
    """One line is new, one moves the officer, one is wrong."""
    walker = walk(coordinator)
    page = walker.page
    walker.open(f"{walker.url}/az/people/home/")
    walker.follow(walker.link("Rosters"))
    content = csv_of(
        [
            HEADINGS,
            ["LAB-0900", "Rzayeva", "Nigar", "Elxan qızı", "ganja", "LAB", ""],
            ["LAB-0417", "Məmmədova", "Aytən", "Kamran qızı", "shirvan", "LAB", ""],
            ["LAB-0901", "Babayev", "", "", "ganja", "LAB", ""],
        ]
    )
    walker.to("#id_file")  # the window of the system that opens here is not ours
    page.set_input_files("#id_file", {"name": "siyahi.csv", "mimeType": "text/csv", "buffer": content})
    walker.follow(walker.button("Send and check"))
    work_off(READ)
    walker.open(page.url)
    expect(page.locator("h1")).to_have_text(az("Nothing has changed yet"))
    walker.follow(page.locator('.diff a[href="?kind=error"]'))
    walker.follow(page.locator(".crumbs a").last)
    walker.follow(page.locator("#apply button"))
    assert not Posting.objects.filter(service_number="LAB-0900").exists()
    walker.follow(page.locator("main form button"))
    work_off(APPLY)
    roster = RosterImport.objects.get()
    walker.open(f"{walker.url}/az/people/rosters/{roster.public_id}/")
    expect(page.locator("h1")).to_have_text(az("The roster is applied"))
    walker.follow(walker.link("Result file"))
    held = Posting.objects.current().select_related("unit")
    assert {number: held.get(service_number=number).unit.code for number in ("LAB-0900", "LAB-0417")} == {
        "LAB-0900": "ganja", "LAB-0417": "shirvan",
    }  # fmt: skip
    assert "\n".join(walker.faults) == ""


def test_transfer(walk: Any, officer: User, coordinator: User, second_unit: Any) -> None:
    """With a field left out first: what is missing is said, and nothing typed is lost."""
    walker = walk(coordinator)
    page = walker.page
    walker.open(f"{walker.url}/az/people/")
    walker.follow(page.locator("main").get_by_role("link", name=officer.get_full_name()))
    walker.follow(page.locator("main a[href$='/transfer/']").first)
    walker.fill("#id_order", "41-K")
    walker.follow(page.locator(GO_ON))
    expect(page.locator(".errs")).to_be_visible()
    expect(page.locator("#id_order")).to_have_value("41-K")
    walker.choose_option(page.locator("#id_unit"), "shirvan")
    walker.follow(page.locator(GO_ON))
    walker.follow(page.locator(GO_ON))
    assert Posting.objects.current().get(user=officer).unit == second_unit
    assert "\n".join(walker.faults) == ""


def test_leave_recorded_and_withdrawn(walk: Any, officer: User, coordinator: User) -> None:
    """The days the wrong way round first; what was withdrawn is told on the person's page no more."""
    walker = walk(coordinator)
    page = walker.page
    go_on = page.locator(GO_ON)
    walker.open(f"{walker.url}/az/people/{officer.public_id}/")
    walker.follow(page.locator("main a[href$='/leave/']").first)
    first, last = clock.today() + timedelta(days=5), clock.today() + timedelta(days=2)
    day(walker, "#id_first_day", first)
    day(walker, "#id_last_day", last)
    walker.follow(go_on)
    walker.follow(page.locator(".errs a").first)
    expect(page.locator("#id_last_day")).to_be_focused()
    day(walker, "#id_last_day", first + timedelta(days=7))
    walker.follow(go_on)
    assert not Leave.objects.exists()
    walker.follow(go_on)
    held = Leave.objects.known().get(user=officer)
    assert (clock.first_day(held.valid_from), clock.last_day(held.valid_to)) == (
        first,
        first + timedelta(days=7),
    )
    walker.follow(page.locator("#leaves ~ * a[href*='/leave/withdraw/']"))
    walker.follow(go_on)
    expect(page.locator(".errs")).to_be_visible()
    walker.fill("#id_reason", "səhvən yazılıb")
    walker.follow(go_on)
    assert Leave.objects.known().exists()
    walker.follow(go_on)
    assert not Leave.objects.known().exists()
    expect(page.locator("#leaves")).to_have_count(0)
    assert "\n".join(walker.faults) == ""


def day(walker: Walker, field: str, wanted: date) -> None:
    """As it is written in Azerbaijani, over what stands in the field."""
    walker.to(field)
    walker.press("Control+a")
    walker.fill(field, f"{wanted:%d.%m.%Y}")


def test_second_step_is_set_up_and_a_lost_device_opens_once(walk: Any, coordinator: User) -> None:
    """Codes for the day of loss are shown once, and each opens once."""
    walker = walk()
    page = walker.page
    sign_in(walker, coordinator)
    walker.follow(walker.link("Set up an app"))
    walker.to("details.more summary")
    walker.press("Enter")
    secret = page.locator(".key").inner_text().replace(" ", "")
    walker.fill("#id_code", "000000")
    walker.follow(walker.button("Finish"))
    expect(page.locator(".errs")).to_be_visible()
    assert "".join((page.locator(".key").text_content() or "").split()) == secret
    walker.fill("#id_code", code_at(secret, time.time()))
    walker.follow(walker.button("Finish"))
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    walker.follow(walker.link("I have kept the codes"))
    assert walker.path == "/az/"
    walker.open(f"{walker.url}/az/account/second-step/recovery-codes/")
    expect(page.locator(".codes")).to_have_count(0)

    sign_in_anew(walker, coordinator)
    walker.to("details.more summary")
    walker.press("Enter")
    walker.fill("#id_code", codes[0])
    walker.follow(walker.button("Sign in"))
    assert walker.path == "/az/"

    sign_in_anew(walker, coordinator)
    walker.fill("#id_code", codes[0])
    walker.follow(walker.button("Sign in"))
    expect(page.locator(".errs")).to_be_visible()
    walker.to("#id_code")
    walker.press("Control+A")
    walker.fill("#id_code", codes[1])
    walker.follow(walker.button("Sign in"))
    walker.open(f"{walker.url}/az/account/second-step/")
    left = page.locator("section", has=page.locator("#codes"))
    expect(left).to_contain_text("8 ")
    walker.follow(left.locator("a"))
    walker.follow(walker.button("Make new codes"))
    assert not set(codes) & set(page.locator(".codes li").all_inner_texts())
    assert "\n".join(walker.faults) == ""


def sign_in(walker: Walker, person: User) -> None:
    walker.open(f"{walker.url}/az/account/login/")
    walker.fill("#id_login", person.email or "")
    walker.fill("#id_password", factories.PASSWORD)
    walker.follow(walker.page.locator(GO_ON).first)


def sign_in_anew(walker: Walker, person: User) -> None:
    """In another browser."""
    walker.page.context.clear_cookies()
    sign_in(walker, person)


def test_newcomer_by_sheet(walk: Any, unit: Any, role: Any, agency: Agency, coordinator: User) -> None:
    """From the sign-in page on, with a wrong code first."""
    held = add_person(family_name="Rzayev", given_name="Kənan", father_name="Elxan oğlu", by=None)
    post(
        person=held,
        unit=unit,
        role=role,
        service_number="LAB-0501",
        valid_from=factories.a_year_ago(),
        by=None,
    )
    made = invite(people=[held], agency=agency, way=Invitation.Way.SHEET, by=coordinator)
    [(_one, code)] = make_sheets(invitations=made, by=coordinator)
    walker = walk()
    walker.open(f"{walker.url}/az/account/login/")
    walker.follow(walker.link("I have a sheet with a code"))
    walker.fill("#id_number", "lab-0501")
    walker.fill("#id_code", "0000 0000 0000")
    walker.follow(walker.button("Go on"))
    expect(walker.page.locator(".errs")).to_be_visible()
    walker.to("#id_code")
    walker.press("Control+A")
    walker.fill("#id_code", code.lower())
    walker.follow(walker.button("Go on"))
    choose_a_password(walker)
    assert walker.path == "/az/"
    assert "\n".join(walker.faults) == ""


def test_newcomer_by_letter(walk: Any, unit: Any, role: Any, agency: Agency, coordinator: User) -> None:
    held = factories.make_person(unit=unit, role=role)
    [made] = invite(people=[held], agency=agency, way=Invitation.Way.MAIL, by=coordinator)
    walker = walk()
    walker.open(walker.url + "/" + link_of(made).split("/", 3)[3])
    choose_a_password(walker)
    assert "\n".join(walker.faults) == ""


def choose_a_password(walker: Walker) -> None:
    walker.fill("#id_password1", NEW)
    walker.fill("#id_password2", "another-one-altogether")
    walker.follow(walker.page.locator(GO_ON))
    expect(walker.page.locator(".errs")).to_be_visible()
    walker.fill("#id_password1", NEW)
    walker.fill("#id_password2", NEW)
    walker.follow(walker.page.locator(GO_ON))
