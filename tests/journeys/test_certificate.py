"""The public page of a certificate in a real browser: what stands after # is read there and sent nowhere."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.db import connection
from playwright.sync_api import Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from certificates import actions_acts, documents, lists
from certificates.actions_life import REVOKE
from certificates.models import Certificate
from operations.codes import grouped
from operations.outbox import work_off
from people.models import Agency, Role, Unit, User
from tests import factories
from tests.certificates.issuing import Kind, ago, happen, make_certificate
from tests.databases import really_committed
from tests.remembered import remembered

from .axe import faults, overflow, violations

pytestmark = really_committed
WIDTHS = {"phone": 390, "desk": 1280}
NAME, AGENCY = "Məmmədova Aytən Kamran qızı", "labour-inspection"
WITHOUT_ED25519 = """
const importKey = globalThis.SubtleCrypto?.prototype.importKey
if (importKey) SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
  if ((algorithm.name ?? algorithm) === 'Ed25519') return Promise.reject(new DOMException('', 'NotSupportedError'))
  return importKey.call(this, format, key, algorithm, ...rest)
}"""


def issued(person: User, *, at: datetime | None = None) -> Certificate:
    return in_a_thread(lambda: make_certificate(person, at=at))


def in_a_thread[Made](make: Callable[[], Made]) -> Made:
    """Without Playwright's loop: the signing of documents runs one of its own."""

    def made() -> Made:
        try:
            return make()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(made).result()


@pytest.fixture
@remembered
def certificate(keys: None, officer: User) -> Certificate:
    return issued(officer)


@pytest.fixture
def requests(watched: Page) -> list[str]:
    """Everything that left the browser: address, headers, body."""
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(f"{request.method} {request.url} {request.all_headers()} {request.post_data or ''}")

    watched.on("requestfinished", note)
    watched.on("requestfailed", note)
    return sent


@pytest.fixture
def show(watched: Page, live_server: LiveServer) -> Callable[..., Page]:
    def shown(
        certificate: Certificate, fragment: str = "", *, width: str = "phone", language: str = "en"
    ) -> Page:
        watched.set_viewport_size({"width": WIDTHS[width], "height": 900})
        address = f"{live_server.url}/c/{certificate.public_id}?lang={language}"
        watched.goto("about:blank")  # a page that differs by its fragment alone would not be fetched again
        watched.goto(f"{address}#{fragment}" if fragment else address)
        return watched

    return shown


def token_of(certificate: Certificate) -> str:
    return (certificate.bearer.qr_text or "").partition("#")[2]


def expect_no_name(page: Page) -> None:
    expect(page.locator("#bearer")).to_be_hidden()
    expect(page.get_by_text("Not shown here")).to_be_visible()
    assert NAME not in page.content()
    assert AGENCY not in page.content()


def expect_forged(page: Page) -> None:
    """Whatever the state of the certificate: no green, no frame, no "valid", and no name."""
    expect(page.locator("h1")).to_have_text("This QR code is not genuine")
    expect(page.locator(".doc.framed, .v-valid")).to_have_count(0)
    expect(page.locator(".advice")).to_have_text("Do not rely on the paper and tell the issuer.")
    expect(page.locator(".checks:visible li")).to_have_count(1)
    expect(page.locator(".checks:visible .ico.no")).to_have_count(1)
    expect(page.locator(".checks:visible")).to_contain_text("does not belong to this certificate")
    expect(page.get_by_text("gives no powers")).to_have_count(0)
    expect(page.locator("[data-meaning]")).to_contain_text("This paper proves nothing")
    assert page.title() == "This QR code is not genuine"
    expect_no_name(page)


def test_genuine_code_shows_name_and_agency_from_its_own_bytes(
    show: Callable[..., Page], certificate: Certificate, requests: list[str]
):
    token = token_of(certificate)
    page = show(certificate, token)
    expect(page.locator("[data-name]")).to_have_text(NAME)
    expect(page.locator("[data-signed-agency]")).to_have_text(AGENCY)
    expect(page.locator("#qr-check")).to_contain_text("The signature of the QR code is genuine")
    expect(page.locator("[data-key]")).to_have_text("qr-2026-1")
    expect(page.get_by_text("Not shown here")).to_be_hidden()
    expect(page.get_by_text("Check the person")).to_be_visible()
    expect(page.locator("h1")).to_have_text("This certificate is valid")
    expect(page.locator("#not-read")).to_be_hidden()
    assert len(requests) > 4
    assert [one for one in requests if token[:20] in one or "M%C9%99mm" in one] == []


def test_agency_is_told_in_the_readers_language_beside_what_was_signed(
    show: Callable[..., Page], certificate: Certificate
):
    signed = "p:has(> [data-signed-agency])"
    page = show(certificate, token_of(certificate), language="en")
    expect(page.locator("[data-agency]")).to_have_text(f"{AGENCY} (en)")
    expect(page.locator(signed)).to_have_text(f"On the certificate: {AGENCY}")
    for language in ("az", "ru"):
        page = show(certificate, token_of(certificate), language=language)
        expect(page.locator("[data-agency]")).to_have_text(AGENCY)
        expect(page.locator(signed)).to_be_hidden()
    page.get_by_role("button", name="Ведомство по-русски").click()
    expect(page.locator("[data-agency]")).to_have_text(f"{AGENCY} (ru)")
    expect(page.locator(signed)).to_contain_text(AGENCY)


def test_agency_that_has_another_name_by_now_is_told_as_it_was_signed(
    show: Callable[..., Page], certificate: Certificate, agency: Agency
):
    Agency.objects.filter(pk=agency.pk).update(name="Başqa ad", name_az="Başqa ad")
    page = show(certificate, token_of(certificate), language="en")
    expect(page.locator("[data-key]")).not_to_be_empty()
    expect(page.locator("[data-agency]")).to_have_text(AGENCY)
    expect(page.locator("[data-signed-agency]")).to_be_hidden()


def test_nothing_is_shown_without_a_code(show: Callable[..., Page], certificate: Certificate):
    expect_no_name(show(certificate))


@pytest.mark.parametrize("place", [2, 20, 60, 120, -60, -2])
def test_code_with_a_flipped_letter_shows_a_warning_and_no_name(
    show: Callable[..., Page], certificate: Certificate, place: int
):
    token = token_of(certificate)
    at = place % len(token)
    flipped = token[:at] + ("B" if token[at] != "B" else "C") + token[at + 1 :]
    page = show(certificate, flipped)
    expect_forged(page)


@pytest.mark.parametrize("wrong", ["x", "AAAA", "%D0%90", "A" * 3000, "main", "2KCQ"])
def test_what_is_no_code_shows_a_warning_and_no_name(
    show: Callable[..., Page], certificate: Certificate, wrong: str
):
    page = show(certificate, wrong)
    expect_forged(page)


def test_code_of_another_certificate_shows_a_warning_and_no_name(
    show: Callable[..., Page], certificate: Certificate, officer2: User
):
    page = show(certificate, token_of(issued(officer2)))
    expect_forged(page)
    assert "Quliyev" not in page.content()


def test_browser_without_ed25519_reads_it_by_the_file_kept_for_that(
    show: Callable[..., Page], watched: Page, certificate: Certificate, requests: list[str]
):
    watched.add_init_script(WITHOUT_ED25519)
    page = show(certificate, token_of(certificate))
    expect(page.locator("[data-name]")).to_have_text(NAME)
    for _tries in range(100):  # the browser tells of requests a moment after they finished
        if any("noble-ed25519" in one for one in requests):
            break
        page.wait_for_timeout(50)
    assert sum("noble-ed25519" in one for one in requests) == 1
    token = token_of(certificate)
    page = show(certificate, f"{token[:-9]}{'B' if token[-9] != 'B' else 'C'}{token[-8:]}")
    expect_forged(page)


def test_code_signed_by_a_key_newer_than_the_copy_in_the_browser_is_no_forgery(
    page: Page, live_server: LiveServer, certificate: Certificate
):
    asked: list[str] = []

    def old_at_first(route: Route) -> None:
        reply = route.fetch()
        did = reply.json()
        asked.append(route.request.url)
        if len(asked) == 1:
            did["verificationMethod"] = [one for one in did["verificationMethod"] if "#qr-" not in one["id"]]
        route.fulfill(response=reply, json=did)

    page.route("**/.well-known/did.json", old_at_first)
    page.goto(f"{live_server.url}/c/{certificate.public_id}?lang=en#{token_of(certificate)}")
    expect(page.locator("[data-name]")).to_have_text(NAME)
    assert len(asked) == 2


@pytest.mark.parametrize("missing", ["**/.well-known/did.json", "**/noble-ed25519*"])
def test_code_that_could_not_be_checked_is_not_called_a_forgery(
    page: Page, live_server: LiveServer, certificate: Certificate, missing: str
):
    page.add_init_script(WITHOUT_ED25519)
    page.route(missing, lambda route: route.abort())
    page.goto(f"{live_server.url}/c/{certificate.public_id}?lang=en#{token_of(certificate)}")
    expect(page.locator("#not-read")).to_be_visible()
    expect(page.locator("h1")).to_have_text("This certificate is valid")
    expect_no_name(page)


def test_key_of_somebody_else_in_did_json_shows_a_warning(
    show: Callable[..., Page], watched: Page, certificate: Certificate
):
    def answer(route: Route) -> None:
        body = route.fetch().json()
        for method in body["verificationMethod"]:
            method["id"] = method["id"].replace("#qr-", "#other-")
        route.fulfill(json=body)

    watched.route("**/.well-known/did.json", answer)
    page = show(certificate, token_of(certificate))
    expect_forged(page)


def test_name_is_removed_from_the_screen_and_from_the_address(
    show: Callable[..., Page], certificate: Certificate
):
    page = show(certificate, token_of(certificate))
    expect(page.locator("[data-name]")).to_have_text(NAME)
    with page.expect_navigation():
        page.get_by_role("button", name="Remove the name from this screen").click()
    expect_no_name(page)
    assert "#" not in page.url
    page.reload()
    expect_no_name(page)


def test_language_switch_keeps_the_name(
    show: Callable[..., Page], certificate: Certificate, requests: list[str]
):
    token = token_of(certificate)
    page = show(certificate, token)
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(f"**/c/{certificate.public_id}?lang=ru#{token}")
    expect(page.locator("h1")).to_have_text("Сертификат действителен")
    expect(page.locator("[data-name]")).to_have_text(NAME)
    assert [one for one in requests if token[:20] in one] == []


def test_another_code_put_into_the_address_is_read_anew(show: Callable[..., Page], certificate: Certificate):
    page = show(certificate, token_of(certificate))
    expect(page.locator("[data-name]")).to_have_text(NAME)
    with page.expect_navigation():
        page.evaluate("location.hash = 'AAAA'")
    expect_forged(page)


def test_name_is_shown_beside_any_state(show: Callable[..., Page], certificate: Certificate):
    happen(certificate, Kind.REVOKED)
    lists.sign_lists_of([certificate])
    page = show(certificate, token_of(certificate))
    expect(page.locator("h1")).to_have_text("This certificate has been revoked")
    expect(page.locator("[data-name]")).to_have_text(NAME)


def test_page_says_all_but_the_name_without_scripts(
    browser: Any, live_server: LiveServer, certificate: Certificate
):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/c/{certificate.public_id}#{token_of(certificate)}")
    expect(page.locator("h1")).to_have_text("This certificate is valid")
    expect(page.get_by_text("Not shown here")).to_be_visible()
    for hidden in page.locator("#bearer, #identity, #qr-check, #not-read").all():
        expect(hidden).to_be_hidden()
    page.get_by_label("Certificate number").fill(grouped(certificate.short_code).lower())
    page.get_by_role("button", name="Check").click()
    page.wait_for_url(f"**/c/{certificate.public_id}")
    context.close()


@pytest.mark.parametrize("sign", ["#", "%23"])
def test_pasted_link_loses_the_name_before_it_is_sent(
    watched: Page, live_server: LiveServer, certificate: Certificate, requests: list[str], sign: str
):
    token = token_of(certificate)
    pasted = f"http://localhost:8000/c/{certificate.public_id}{sign}{token}"
    for place in ("/verify/", f"/c/{certificate.public_id}", "/c/nobody"):
        watched.goto(live_server.url + place)
        watched.locator("#id_q").fill(pasted)
        watched.locator("main form button").last.click()
        watched.wait_for_url(f"**/c/{certificate.public_id}")
    assert sum(one.startswith("POST ") for one in requests) == 3
    assert [one for one in requests if token[:20] in one] == []


# --- by eye of axe, by keyboard, on paper --------------------------------------------------------------


def made(state: str, person: User) -> Certificate:
    certificate = issued(person, at=ago(days=800) if state == "expired" else None)
    if state in {Kind.REVOKED, Kind.SUSPENDED, Kind.SUPERSEDED, Kind.ENDED, Kind.VOIDED, "unknown"}:
        happen(certificate, Kind.REVOKED if state == "unknown" else state)
    if state != "unknown":
        lists.sign_lists_of([certificate])
    return certificate


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_page_with_a_name_stands_axe_and_keyboard(
    show: Callable[..., Page], certificate: Certificate, width: str, language: str
):
    page = show(certificate, token_of(certificate), width=width, language=language)
    expect(page.locator("[data-name]")).to_have_text(NAME)
    assert faults(page) == []


@pytest.mark.parametrize(
    "state", ["valid", "expired", "revoked", "suspended", "superseded", "ended", "voided", "unknown"]
)
def test_page_of_each_state_stands_axe_and_keyboard(
    show: Callable[..., Page], keys: None, officer: User, state: str
):
    page = show(made(state, officer), language="az")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 256})
    assert overflow(page) == 0


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("path", ["/verify/", "/verify/?q=x", "/c/nobody"])
def test_pages_to_ask_on_stand_axe_and_keyboard(
    watched: Page, live_server: LiveServer, keys: None, width: str, language: str, path: str
):
    watched.set_viewport_size({"width": WIDTHS[width], "height": 900})
    watched.goto(f"{live_server.url}{path}{'&' if '?' in path else '?'}lang={language}")
    assert faults(watched) == []


def test_printed_page_leaves_out_what_is_for_the_screen(
    show: Callable[..., Page], certificate: Certificate, tmp_path: Path
):
    page = show(certificate, token_of(certificate), width="desk")
    expect(page.locator("[data-name]")).to_have_text(NAME)
    page.emulate_media(media="print")
    for screen in ("nav", ".ways", "#identity button", "form.find"):
        for part in page.locator(screen).all():
            expect(part).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-name]")).to_be_visible()
    expect(page.locator(".when")).to_be_visible()


LONGEST = ("Ə" * 30 + "-" + "Ş" * 29, "Məhəmmədhüseyn-" * 4, "Əbdülrəhimxan-" * 4 + "Əbdülrəh oğlu")


@pytest.mark.parametrize(
    "state", ["valid", "expired", "revoked", "suspended", "superseded", "ended", "voided", "unknown"]
)
def test_page_of_each_state_is_one_printed_page_with_one_frame_or_none(
    show: Callable[..., Page], keys: None, unit: Unit, role: Role, state: str
):
    """In each language, with the longest name."""
    family, given, father = LONGEST
    person = factories.make_person(given[:60].strip("-"), family, father_name=father, unit=unit, role=role)
    certificate = made(state, person)
    for language in ("az", "en", "ru"):
        page = show(certificate, token_of(certificate), width="desk", language=language)
        expect(page.locator("[data-name]")).to_contain_text(family)
        assert page.locator(".framed").count() == (state == "valid")
        assert len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) == 1


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_cards_beside_the_answer_stand_in_line_with_it(
    show: Callable[..., Page], certificate: Certificate, language: str
):
    page = show(certificate, token_of(certificate), width="desk", language=language)
    expect(page.locator("#identity")).to_be_visible()
    tops = "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    (answer,) = page.locator("article.doc").evaluate_all(tops)
    cards = page.locator(".stack > .card").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(one => [one.top, one.bottom])"
    )
    assert round(cards[0][0]) == answer
    gaps = {round(below[0] - above[1]) for above, below in pairwise(cards)}
    assert len(gaps) == 1 and min(gaps) > 0


def test_text_twice_as_large_is_not_cut_on_a_telephone(show: Callable[..., Page], certificate: Certificate):
    for language in ("az", "en", "ru"):
        page = show(certificate, token_of(certificate), language=language)
        expect(page.locator("[data-name]")).to_have_text(NAME)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(page) == 0
        outside = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML)"
        assert (
            page.locator("article.doc *:not(svg, svg *, .vh, [hidden])").evaluate_all(
                outside.replace("all.filter(one =>", "all.filter(one => one.clientWidth &&")
            )
            == []
        )


# --- signed in -----------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(watched: Page, live_server: LiveServer) -> Callable[..., Page]:
    def shown(person: User, path: str, *, width: str = "phone", language: str = "az") -> Page:
        value = factories.client_of(person).cookies["sessionid"].value
        watched.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        watched.set_viewport_size({"width": WIDTHS[width], "height": 900})
        watched.goto(f"{live_server.url}/{language}/certificates/{path}")
        return watched

    return shown


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "ru"])
def test_own_list_stands_axe_and_keyboard(
    signed_in: Callable[..., Page], keys: None, officer: User, width: str, language: str
):
    made("expired", officer)
    valid = made("valid", officer)
    for path in ("", f"{valid.public_id}/"):
        assert faults(signed_in(officer, path, width=width, language=language)) == []


def test_file_in_another_language_appears_on_the_page_that_waits_for_it(
    signed_in: Callable[..., Page], certificate: Certificate, officer: User
):
    page = signed_in(officer, f"{certificate.public_id}/", language="en")
    page.get_by_role("button", name=re.compile("Make the file.*Russian")).click()
    expect(page.get_by_text("The file is being made and signed.")).to_be_visible()
    assert faults(page) == []
    in_a_thread(lambda: work_off([documents.MAKE]))
    expect(page.get_by_role("link", name=re.compile("PDF.*Russian"))).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("PDF.*Russian")).click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "ru"])
def test_registrar_s_pages_stand_axe_and_keyboard(
    signed_in: Callable[..., Page], certificate: Certificate, officer2: User, registrar: User, registrar2: User,
    width: str, language: str,
):  # fmt: skip
    made("revoked", officer2)
    for path in (
        "register/",
        "register/?q=nobody",
        f"register/{certificate.public_id}/",
        "register/proposals/",
    ):
        assert faults(signed_in(registrar, path, width=width, language=language)) == []
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    for path in ("register/", "register/proposals/", f"register/proposals/{proposal.public_id}/"):
        for person in (registrar, registrar2):
            assert faults(signed_in(person, path, width=width, language=language)) == []
