"""How much a page costs on a telephone's connection: everything it loads, as gzip 4; fonts as they are."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.running import Demo
from tests.second_step import fresh_code

FIRST, LATER, SWITCH = 60_000, 15_000, 20_000


class Meter:
    """A browser with an empty cache; `load` tells what a page brought over the line."""

    def __init__(self, context: BrowserContext, demo: Demo) -> None:
        self.page: Page = context.new_page()
        self.demo = demo
        self.cached: set[str] = set()
        self.came: list[Response] = []
        line = context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.on("Network.requestServedFromCache", lambda event: self.cached.add(event["requestId"]))
        line.on("Network.responseReceived", self._note)
        self.sizes: dict[str, int] = {}
        self.page.on("response", lambda response: self.came.append(response))
        self.kept: set[str] = set()

    def _note(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.cached or event["response"].get("fromDiskCache"):
            self.kept.add(event["response"]["url"])

    def load(self, path: str) -> int:
        self._begin()
        self.page.goto(self.demo.url + path)
        return self._end()

    def _begin(self) -> None:
        self.page.wait_for_load_state("networkidle")
        self.came.clear()
        self.kept.clear()

    def _end(self) -> int:
        self.page.wait_for_load_state("networkidle")
        self.sizes = {one.url: _weight(one) for one in self.came if one.ok and one.url not in self.kept}
        assert self.page.url in self.sizes
        return sum(self.sizes.values())

    def sign_in(self, key: str) -> int:
        """What home brings, with the scripts that only who is signed in needs."""
        account = self.demo.facts["accounts"][key]
        self.page.goto(f"{self.demo.url}/az/account/login/")
        self.page.fill("#id_login", account["email"])
        self.page.fill("#id_password", account["password"])
        if account["totp_secret"]:
            with self.page.expect_navigation():
                self.page.click("main form button[type=submit]")
            self.page.fill("#id_code", fresh_code(account))
        return self.send("main form button[type=submit]")

    def send(self, button: str) -> int:
        """What the page after a form brings."""
        self._begin()
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        return self._end()


def _weight(response: Response) -> int:
    body = response.body()
    return len(body) if response.url.endswith(".woff2") else len(gzip.compress(body, 4))


@pytest.fixture
def meter(browser: Browser, demo: Demo) -> Iterator[Meter]:
    context = browser.new_context(locale="az-AZ", viewport={"width": 390, "height": 844})
    yield Meter(context, demo)
    context.close()


def certificate(demo: Demo) -> str:
    return f"/c/{demo.facts['certificates']['valid']['id']}"


@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("path", ["/{}/", "/{}/courses/c1-lab/", "/{}/account/login/", "certificate"])
def test_first_page_is_under_60_kilobytes(meter: Meter, demo: Demo, path: str, language: str):
    where = f"{certificate(demo)}?lang={language}" if path == "certificate" else path.format(language)
    weight = meter.load(where)
    print(f"{weight:6} {where}")  # noqa: T201 - shown when the test fails
    assert weight < FIRST, meter.sizes
    assert len([url for url in meter.sizes if url.endswith(".woff2")]) == (2 if language == "az" else 3)


def test_later_pages_are_under_15_kilobytes(meter: Meter, demo: Demo):
    """In Russian, which takes the most bytes."""
    heavy = {}

    def step(what: str, weight: int) -> None:
        print(f"{weight:6} {what}")  # noqa: T201 - shown when the test fails
        if weight >= LATER:
            heavy[what] = dict(meter.sizes)

    def begin(assessment: str) -> None:
        meter.load(assessment)
        step("an attempt just begun", meter.send("main form[action$='/start/'] button"))
        attempt = meter.page.evaluate("location.pathname")
        for path in (f"{attempt}1/1/", f"{attempt}close/"):
            step(path, meter.load(path))

    meter.load("/ru/")
    meter.page.set_extra_http_headers({"Accept-Language": "ru"})
    for path in ("/ru/courses/c1-lab/", certificate(demo)):
        step(path, meter.load(path))
    step("home after signing in", meter.sign_in("officer2"))
    lessons, result = officers_pages(meter)
    for path in ["/ru/", *lessons, result, "/ru/certificates/"]:
        step(path, meter.load(path))
    begin(next(path for path in lessons if path.endswith("/practice/")))
    meter.page.context.clear_cookies()
    meter.sign_in("coordinator")
    meter.load("/ru/courses/c1-lab/")
    step("the first lesson", meter.send("main form[action$='/enrol/'] button"))
    begin(next(path for path in lessons if path.endswith("/exam/")))
    step("/ru/desk/", meter.load("/ru/desk/"))
    assert heavy == {}


def officers_pages(meter: Meter) -> tuple[list[str], str]:
    """Lessons and assessments of the course, and the result of the exam that officer2 has passed."""
    meter.page.goto(f"{meter.demo.url}/ru/courses/c1-lab/")
    found = meter.page.eval_on_selector_all("main .tasks a", "all => all.map(one => one.pathname)")
    [(exam,)] = meter.demo.rows(
        "SELECT a.public_id FROM assessments_attempt a JOIN people_user u ON u.id = a.person_id "
        "JOIN assessments_blueprint b ON b.id = a.blueprint_id WHERE u.email LIKE 'officer2@%' AND b.use = 'exam'"
    )
    return found, f"/ru/attempts/{exam}/result/"


@pytest.mark.parametrize("path", ["/{}/", "/{}/courses/c1-lab/"])
def test_switch_to_russian_is_under_20_kilobytes(meter: Meter, path: str):
    meter.load(path.format("az"))
    weight = meter.load(path.format("ru"))
    print(f"{weight:6} az → ru {path}")  # noqa: T201 - shown when the test fails
    assert weight < SWITCH, meter.sizes
    assert len([url for url in meter.sizes if url.endswith(".woff2")]) == 1
