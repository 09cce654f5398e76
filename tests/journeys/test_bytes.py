"""How much a page costs on a telephone's connection: everything it loads, as the server sends it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Demo

from .meter import Meter

FIRST, LATER, SWITCH = 60_000, 15_000, 20_000


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
    assert meter.fonts() == (2 if language == "az" else 3)


@pytest.mark.parametrize("language", ["az", "ru"])
def test_certificate_by_its_code_is_under_60_kilobytes(meter: Meter, demo: Demo, language: str):
    """With what the browser asks for to verify the code on paper."""
    code = demo.facts["certificates"]["valid"]["qr_text"].partition("#")[2]
    meter.load(f"{certificate(demo)}?lang={language}#{code}")
    expect(meter.page.locator("[data-key]")).not_to_be_empty()
    weight = meter.total()
    print(f"{weight:6} by code, {language}")  # noqa: T201 - shown when the test fails
    assert f"{demo.url}/.well-known/did.json" in meter.sizes
    assert weight < FIRST, meter.sizes


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
    for path, weight in do_what_is_required(meter, lessons):
        step(f"a self-check answered in {path}", weight)
    begin(next(path for path in lessons if path.endswith("/exam/")))
    step("/ru/desk/", meter.load("/ru/desk/"))
    assert heavy == {}


def do_what_is_required(meter: Meter, pages: list[str]) -> Iterator[tuple[str, int]]:
    """Every check answered and every lesson read, the practice case closed: then the exam may begin. Yields what
    the answers bring.
    """
    page = meter.page
    for path in pages:
        meter.load(path)
        for check in page.locator("section.check").evaluate_all("all => all.map(one => one.id)"):
            yield path, answer_check(meter, f"[id='{check}']")
        if page.locator("main form[action$='/read/'] button").count():
            meter.send("main form[action$='/read/'] button")
    meter.load(next(path for path in pages if path.endswith("/practice/")))
    meter.send("main form[action$='/start/'] button")
    meter.load(page.evaluate("location.pathname") + "1/1/")
    while not page.evaluate("location.pathname").endswith("/close/"):
        answer(meter, "main")
        meter.send("#questions [name=act]:not([value=save])")
    assert page.locator("#confirmed").count() == 0  # every question is answered
    meter.send("main form button[type=submit]")


def answer_check(meter: Meter, section: str) -> int:
    answer(meter, section)
    return meter.send(f"{section} form button")


def answer(meter: Meter, section: str) -> None:
    """The first answer everywhere."""
    boxes = meter.page.locator(f"{section} :is([type=radio], [type=checkbox])")
    for name in dict.fromkeys(boxes.evaluate_all("all => all.map(one => one.name)")):
        meter.page.locator(f"{section} [name='{name}']").first.check()
    for number, field in enumerate(meter.page.locator(f"{section} select").all()):
        field.select_option(index=1 + number % (field.locator("option").count() - 1))


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
    assert meter.fonts() == 1
