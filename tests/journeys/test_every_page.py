"""Every page that somebody gets by its address: two engines, targets for fingers, nothing cut, overlapping or sideways at
320 pixels or with text twice as large on a telephone.

The pages are those of the table that says who gets what. `make test` opens each as one who gets it; with
NISANE_PAGES=all (`make prove`) everybody who gets it opens it, in three languages, with the engines at two widths.
"""

import os
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.signals import template_rendered
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from tests import factories
from tests.databases import really_committed
from tests.factories import client_of
from tests.refusals import ACTORS, things
from tests.refusals.services import RULE_OWNERS
from tests.test_refusals import TABLE, expected, path_of, world  # noqa: F401 - a fixture

from .axe import overflow, violations
from .room import broken_words, crowded

pytestmark = really_committed
ROOT = Path(__file__).resolve().parent.parent.parent
ALL = os.environ.get("NISANE_PAGES") == "all"
RULE_OWNER = "rule_owner"  # is none of those of the table
READERS = ("coordinator", "admin", "registrar", "officer", "auditor", "assessor", RULE_OWNER, "visitor")
PHONE, DESK, NARROW = 390, 1280, 320
FILES = {
    "assessments:answers", "certificates:credential", "certificates:document", "certificates:document_in",
    "certificates_public:agencies", "certificates_public:did", "certificates_public:statement",
    "certificates_public:status_list", "clearance:paper", "clearance_public:override_bytes", "clearance_public:receipt_bytes", "clearance_public:receipt_json",
    "clearance_public:receipt_qr", "jobs:download", "operations_public:livez", "rosters:roster_template",
}  # fmt: skip
# Page after page: the language and the widths of the engines in the run on either database, and in that of all.
LOOKS: dict[str, list[tuple[str, tuple[int, ...]]]] = {
    "sqlite": [("az", (PHONE,)), ("az", (PHONE,)), ("az", (DESK,))],
    "postgresql": [("ru", (DESK,)), ("en", (PHONE,)), ("ru", (PHONE,)), ("en", (DESK,))],
}
EACH = [(language, (PHONE, DESK)) for language in ("az", "en", "ru")]


def gets(row: str, who: str) -> bool:
    if row.partition(" ")[0] in FILES or row.startswith("certificates:propose_keeping"):  # nothing older here
        return False
    outcomes = TABLE[row][0]
    return outcomes == RULE_OWNERS if who == RULE_OWNER else expected(outcomes)[who] == "200"


def pages_of(who: str) -> list[str]:
    """Return the rows that somebody opens: home, and what nobody before them gets; or all that they get."""
    before = READERS[: READERS.index(who)] if who in READERS else ()
    return [
        row
        for row in TABLE
        if gets(row, who) and (ALL or row == "home" or not any(gets(row, each) for each in before))
    ]


@pytest.fixture
def enter(
    request: pytest.FixtureRequest,
    watched: Page,
    live_server: LiveServer,
    world: dict[str, str],  # noqa: F811
) -> Iterator[Any]:
    """Signs somebody in, with both steps."""

    def entered(who: str) -> Page:
        if who != "visitor":
            client = client_of(rule_owner() if who == RULE_OWNER else request.getfixturevalue(who))
            things.tick([client], world)
            value = client.cookies["sessionid"].value
            watched.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return watched

    return entered


def rule_owner() -> User:
    person = factories.make_person()
    factories.give(person, factories.Position.RULE_OWNER)
    return person


def faults(page: Page, url: str, at: tuple[int, ...]) -> list[str]:
    """Return what is wrong with the page at these widths and with its room; loaded once."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    answer = page.goto(url)
    if answer is None or not answer.ok:
        return [f"{url}: {answer and answer.status}"]
    found = []
    for width in (NARROW, PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        wrong = violations(page) if width in at else []
        found += [f"{width} {each}" for each in (*room(page), *wrong)]
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"text twice as large: {each}" for each in (*room(page), *broken_words(page))]
    return [f"{url}: {each}" for each in found]


def room(page: Page) -> list[str]:
    wide = overflow(page)
    return [*([f"{wide} px too wide"] if wide else []), *crowded(page)]


@pytest.fixture(scope="module")
def drawn() -> Iterator[set[str]]:
    """The templates of the pages that this process has opened, and who opened them."""
    names: set[str] = set()

    def note(template: Any, **_more: Any) -> None:
        names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.mark.parametrize("who", [*READERS, *(one for one in ACTORS if ALL and one not in READERS)])
def test_pages_stand_both_engines_and_fit_the_narrowest(
    who: str,
    enter: Any,
    live_server: LiveServer,
    world: dict[str, str],  # noqa: F811
    drawn: set[str],
) -> None:
    page, found = enter(who), []
    drawn.add(who)
    for row, look in zip(pages_of(who), cycle(LOOKS[connection.vendor]), strict=False):
        for language, widths in EACH if ALL else [look]:
            path = path_of(row, world).replace("/az/", f"/{language}/", 1)
            if language != "az" and f"/{language}/" not in path:
                path += f"{'&' if '?' in path else '?'}lang={language}"
            found += faults(page, live_server.url + path, widths)
    assert "\n".join(found) == ""


def test_no_page_is_left_out() -> None:
    opened = {row for who in READERS for row in pages_of(who)}
    got = {
        row
        for row, (get, _post) in TABLE.items()
        if row.partition(" ")[0] not in FILES and "200" in expected(get).values()
    }
    assert got - opened == set()
    assert len(opened) > 130


# Templates of pages that no address of the table shows by itself. The first are drawn with nothing to fill them;
# the others need something that happens on the way, and the test that looks at them is named.
BARE = [
    "400.html", "403.html", "404.html", "429.html", "500.html", "account/confirm_email_verification_code.html",
    "accounts/invitations/closed.html", "accounts/sign_on/first_time.html", "accounts/sign_on/going.html",
    "accounts/sign_on/refused.html", "accounts/sign_on/unlink.html", "assessments/clock_leapt.html",
    "assessments/refused.html", "certificates/not_known.html", "courses/left_out.html", "courses/withdrawn.html",
    "csrf_failure.html", "demo/mails.html", "mfa/reauthenticate.html", "mfa/totp/deactivate_form.html",
    "people/choose_agency.html",
]  # fmt: skip
# Nothing fills them here, and no engine has looked at them; `refused.html` is what other pages stand in.
NOT_LOOKED_AT = [
    "certificates/not_checked.html", "clearance/conditions.html", "clearance/requirement_ask.html",
    "clearance/unsigned.html", "courses/field_sheet.html", "demo/mail.html", "refused.html", "rosters/roster_kind.html",
]  # fmt: skip
ON_THE_WAY = {
    "account/password_set.html": "test_by_keyboard.py",
    "accounts/first_sign_in/password.html": "test_by_keyboard.py",
    "accounts/invitations/sheets.html": "test_the_way.py",
    "accounts/sign_on/another_person.html": "test_sign_on.py",
    "accounts/sign_on/link.html": "test_sign_on.py",
    "assessments/appeal_answers.html": "test_appeal.py",
    "assessments/time_over.html": "test_server_down.py",
    "clearance/past_answer.html": "test_desk_pages.py",
    "clearance/shift_answer.html": "test_desk_pages.py",
    "courses/assessment.html": "test_the_way.py",
    "mfa/authenticate.html": "test_passkeys.py",
    "mfa/recovery_codes/index.html": "test_the_way.py",
    "mfa/webauthn/authenticator_confirm_delete.html": "test_passkeys.py",
    "mfa/webauthn/edit_form.html": "test_passkeys.py",
    "mfa/webauthn/reauthenticate.html": "test_passkeys.py",
}


@pytest.mark.urls("tests.elearning.urls")
def test_pages_of_what_goes_wrong_stand_both_engines(watched: Page, live_server: LiveServer) -> None:
    found = []
    for name in BARE:
        watched.set_viewport_size({"width": PHONE, "height": 844})
        answer = watched.goto(f"{live_server.url}/az/drawn/{name}")
        if answer is None or not answer.ok:
            found.append(f"{name}: {answer and answer.status}")
        found += [f"{name}: {each}" for each in (*violations(watched), *room(watched))]
    assert "\n".join(found) == ""


def test_every_template_of_a_page_was_opened(drawn: set[str]) -> None:
    if not drawn >= set(READERS):
        pytest.skip("not everybody opened their pages in this process")
    apart = {"mail", "cms", "wagtailadmin", "var", "tests", "layouts", "frame"}
    pages = {
        path.as_posix().partition("/templates/")[2]
        for path in ROOT.glob("*/templates/**/*.html")
        if path.read_text(encoding="utf-8").startswith("{% extends")
        and not apart & set(path.relative_to(ROOT).parts)
    }
    elsewhere = {*BARE, *ON_THE_WAY, *NOT_LOOKED_AT}
    assert (sorted(pages - drawn - elsewhere), sorted(elsewhere - pages)) == ([], [])


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


def test_form_is_sent_where_the_site_answers_a_browser_that_calls_itself_offline(
    page: Page, live_server: LiveServer
) -> None:
    """As on a laptop without a network that shows the demo."""
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    page.goto(f"{live_server.url}/az/account/first/")
    page.locator("main form [type=submit]").click()
    expect(page.locator(".errs")).to_be_visible()
