"""What coordinators and newcomers do most, with the keyboard alone on a telephone; axe looks at every page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from operations.outbox import work_off
from people import actions
from people.models import Agency, Invitation, Posting, RosterImport, User
from people.ways_in import link_of
from tests import factories
from tests.databases import really_committed
from tests.factories import client_of
from tests.people.books import HEADINGS, csv_of

from .walker import Walker, az

pytestmark = really_committed
READ, APPLY = ["people.roster_read", "people.roster_check"], ["people.roster_apply"]
NEW = "yaşıl-dəniz-on-iki"


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
    walker.follow(page.locator("main form button[type=submit]"))
    expect(page.locator(".errs")).to_be_visible()
    expect(page.locator("#id_order")).to_have_value("41-K")
    walker.choose_option(page.locator("#id_unit"), "shirvan")
    walker.follow(page.locator("main form button[type=submit]"))
    walker.follow(page.locator("main form button[type=submit]"))
    assert Posting.objects.current().get(user=officer).unit == second_unit
    assert "\n".join(walker.faults) == ""


def test_newcomer_by_sheet(walk: Any, unit: Any, role: Any, agency: Agency, coordinator: User) -> None:
    """From the sign-in page on, with a wrong code first."""
    held = actions.add_person(family_name="Rzayev", given_name="Kənan", father_name="Elxan oğlu", by=None)
    actions.post(
        person=held,
        unit=unit,
        role=role,
        service_number="LAB-0501",
        valid_from=factories.a_year_ago(),
        by=None,
    )
    made = actions.invite(people=[held], agency=agency, way=Invitation.Way.SHEET, by=coordinator)
    [(_one, code)] = actions.make_sheets(invitations=made, by=coordinator)
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
    [made] = actions.invite(people=[held], agency=agency, way=Invitation.Way.MAIL, by=coordinator)
    walker = walk()
    walker.open(walker.url + "/" + link_of(made).split("/", 3)[3])
    choose_a_password(walker)
    assert "\n".join(walker.faults) == ""


def choose_a_password(walker: Walker) -> None:
    walker.fill("#id_password1", NEW)
    walker.fill("#id_password2", "another-one-altogether")
    walker.follow(walker.page.locator("main form button[type=submit]"))
    expect(walker.page.locator(".errs")).to_be_visible()
    walker.fill("#id_password1", NEW)
    walker.fill("#id_password2", NEW)
    walker.follow(walker.page.locator("main form button[type=submit]"))
