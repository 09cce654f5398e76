"""Every page of accounts, people, rosters, rights and the trail: axe at two widths, nothing sideways at 320.

The pages are those of the table that says who gets what; each is opened by somebody who gets it.
"""

from itertools import cycle
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from people.actions.registrars import propose_registrar
from people.models import User
from tests.databases import really_committed
from tests.factories import client_of
from tests.refusals import things
from tests.refusals.people import PEOPLE
from tests.refusals.sign_in_pages import SIGN_IN_PAGES
from tests.test_refusals import path_of

from .axe import overflow, violations

pytestmark = really_committed
TABLE = PEOPLE | SIGN_IN_PAGES
READERS = ("coordinator", "admin", "auditor", "registrar", "officer", "visitor")
NO_PAGE = {"rosters:roster_template", "jobs:download"}  # files
PHONE, DESK, NARROW = 390, 1280, 320
# Of each four pages: the language and the width of axe in the run on either database.
LOOKS = {
    "sqlite": [("az", PHONE), ("en", PHONE), ("ru", PHONE), ("az", PHONE)],
    "postgresql": [("az", DESK), ("az", PHONE), ("az", PHONE), ("az", DESK)],
}


def reader_of(row: str) -> str | None:
    """Somebody who gets a page here."""
    if row in NO_PAGE:
        return None
    gets = {one: outcome for names, outcome in TABLE[row][0].items() for one in names.split()}
    return next((who for who in READERS if gets.get(who, gets.get("*")) == "200"), None)


PAGES = {who: [row for row in TABLE if reader_of(row) == who] for who in READERS}


@pytest.fixture
def world(
    curriculum: object,
    officer: User,
    officer2: User,
    outsider: User,
    duty_officer: User,
    coordinator: User,
    registrar: User,
) -> dict[str, str]:
    grant = duty_officer.grants.get()
    assert grant.unit is not None
    nominee = propose_registrar(person=outsider, reason="addition", by=registrar)
    found = {
        "person": officer.public_id, "grant": grant.public_id, "agency": grant.unit.agency.public_id,
        "nominee": nominee.public_id, "certificate": "none",
    }  # fmt: skip
    return found | things.made(officer, officer2, grant.unit.agency)


@pytest.fixture
def readers(request: pytest.FixtureRequest, world: dict[str, str]) -> dict[str, Any]:
    """The sessions of those who read, each signed in with both steps."""
    clients = {who: client_of(request.getfixturevalue(who)) for who in READERS if who != "visitor"}
    things.tick([clients["coordinator"], clients["admin"]], world)
    return {who: client.cookies["sessionid"].value for who, client in clients.items()}


def faults(page: Page, url: str, at: int) -> list[str]:
    """Return what axe says at this width, and whether it fits a telephone, 320 pixels and a desk; loaded once."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    answer = page.goto(url)
    if answer is None or not answer.ok:
        return [f"{url}: {answer and answer.status}"]
    found = []
    for width in (NARROW, PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        if wide := overflow(page):
            found.append(f"{width} {url}: {wide} px too wide")
        if width == at:
            found += [f"{width} {url}: {each}" for each in violations(page)]
    return found


@pytest.mark.parametrize("who", READERS)
def test_pages_stand_axe_at_two_widths_and_fit_the_narrowest(
    who: str, watched: Page, live_server: LiveServer, world: dict[str, str], readers: dict[str, str]
) -> None:
    """All in Azerbaijani on a telephone; of each four pages two on a desk, one in English and one in Russian."""
    if who != "visitor":
        watched.context.add_cookies([{"name": "sessionid", "value": readers[who], "url": live_server.url}])
    found = []
    for row, (language, width) in zip(PAGES[who], cycle(LOOKS[connection.vendor]), strict=False):
        path = path_of(row, world).replace("/az/", f"/{language}/", 1)
        found += faults(watched, live_server.url + path, width)
    assert "\n".join(found) == ""


def test_no_page_is_left_out() -> None:
    assert sum(map(len, PAGES.values())) > 60


def test_form_without_a_connection_is_not_sent_and_keeps_what_was_typed(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/az/account/first/")
    page.fill("#id_number", "LAB-0417")
    page.fill("#id_code", "0000 0000 0000")
    page.context.set_offline(True)
    page.locator("main form [type=submit]").click()
    expect(page.locator(".dead")).to_be_visible()
    assert violations(page) == []
    expect(page.locator("#id_number")).to_have_value("LAB-0417")
    page.context.set_offline(False)
    expect(page.locator(".dead")).to_be_hidden()
    page.locator("main form [type=submit]").click()
    expect(page.locator(".errs")).to_be_visible()
