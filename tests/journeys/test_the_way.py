"""The whole way once, at a telephone's width, with the keyboard alone: in Azerbaijani, or in the language that
NISANE_LANGUAGE names (`make prove` walks all three).

A stranger checks a certificate; an officer learns, practises, is examined and certified; a duty officer
asks; two registrars revoke; the duty officer asks again. axe looks at pages of every kind on the way.
"""

import os
import re
import signal

import pytest
from playwright.sync_api import Browser, Locator, expect

from assessments.content import Content
from assessments.marking import best_answers
from assessments.questions import Question
from assessments.stage_paths import stages_on_path
from tests.knowing import Right, cases_of, right
from tests.running import Demo, until
from tests.second_step import fresh_code

from .walker import PHONE, Walker

LANGUAGE = os.environ.get("NISANE_LANGUAGE", "az")
SAVED = '.save[data-state="ok"]'


@pytest.fixture
def walker(browser: Browser, demo: Demo):
    context = browser.new_context(locale=LANGUAGE, timezone_id="Asia/Baku", viewport=PHONE)
    context.set_default_timeout(15_000)
    yield Walker(context.new_page(), demo.url, LANGUAGE)
    context.close()


def test_officer_learns_is_certified_cleared_and_revoked(walker: Walker, demo: Demo):
    officer = demo.facts["accounts"]["officer"]
    number = demo.facts["officers"]["not_cleared"]["service_number"]
    function = demo.facts["officers"]["not_cleared"]["function"]
    check_a_certificate(walker, demo)
    sign_in(walker, officer)
    follow_the_course(walker)
    practise(walker, demo)
    sit_the_exam(walker, demo)
    certificate = receive_the_certificate(walker, demo)
    reveal_the_name(walker, demo, certificate)
    sign_out(walker)
    sign_in(walker, demo.facts["accounts"]["duty_officer"])
    ask_at_the_desk(walker, number, function, cleared=True)
    look_at_the_receipt(walker)
    sign_out(walker)
    revoke(walker, demo, certificate)
    sign_in(walker, demo.facts["accounts"]["duty_officer"])
    ask_at_the_desk(walker, number, function, cleared=False)
    sign_out(walker)
    walker.open(f"{demo.url}/c/{certificate}")
    expect(walker.page.locator(".doc h1")).to_have_text(walker.words("This certificate has been revoked"))
    assert "\n".join(walker.faults) == ""
    assert len(set(walker.passed)) >= 35, walker.passed


def check_a_certificate(walker: Walker, demo: Demo) -> None:
    certificate = demo.facts["certificates"]["valid"]
    walker.open(f"{demo.url}/")
    assert walker.path == f"/{LANGUAGE}/"
    walker.fill("#q", certificate["code"].lower())
    with walker.page.expect_navigation():
        walker.press("Enter")
    walker.arrive()
    assert walker.path == f"/c/{certificate['id']}"
    assert walker.page.locator(".doc").get_attribute("class") == "doc framed"
    [(name,)] = demo.rows("SELECT family_name FROM people_user WHERE email LIKE 'officer2@%'")
    assert name not in walker.page.content()


def sign_in(walker: Walker, account: dict[str, str]) -> None:
    walker.go("Sign in", "menu")
    walker.fill("#id_login", account["email"])
    walker.fill("#id_password", account["password"])
    with walker.page.expect_navigation():
        walker.press("Enter")
    walker.arrive()
    if account["totp_secret"]:
        walker.fill("#id_code", fresh_code(account))
        with walker.page.expect_navigation():
            walker.press("Enter")
        walker.arrive()
    assert walker.path == f"/{LANGUAGE}/"


def sign_out(walker: Walker) -> None:
    walker.to(".me summary")
    walker.press("Enter")
    walker.look()
    walker.follow(walker.button("Sign out"))
    assert walker.page.locator("body").get_attribute("data-uid") is None


# --- the course -------------------------------------------------------------------------------------


def follow_the_course(walker: Walker) -> None:
    page = walker.page
    walker.go("Courses")
    walker.follow(page.locator('main h2 a[href$="/courses/c1-lab/"]'))
    course = walker.path
    walker.follow(walker.button("Begin the course"))
    lessons: list[str] = []
    while (further := page.locator(".pn button.next")).count():
        assert walker.path not in lessons
        lessons.append(walker.path)
        for check in page.locator("section.check").evaluate_all("all => all.map(one => one.id)"):
            check_oneself(walker, page.locator(f"[id='{check}']"))
        expect(page.locator(".beads a:not(.done)")).to_have_count(0)
        walker.follow(further)
    assert len(lessons) >= 4
    walker.follow(page.locator(f'.crumbs a[href="{course}"]'))
    expect(page.locator(".resume .eyebrow")).to_have_text(walker.words("You have done all lessons"))
    walker.go("My training")


def check_oneself(walker: Walker, section: Locator) -> None:
    """The first answer everywhere; each part is explained."""
    boxes = section.locator("input[type=radio], input[type=checkbox]")
    for name in dict.fromkeys(boxes.evaluate_all("all => all.map(one => one.name)")):
        walker.choose(section.locator(f"input[name='{name}']").first)
    for number, field in enumerate(section.locator("select").all()):
        field.select_option(index=1 + number % (field.locator("option").count() - 1))
    walker.follow(section.get_by_role("button"))
    expect(section.locator("[role=status]")).to_be_visible()
    expect(section.locator("h2")).to_be_in_viewport(ratio=1)


# --- practice and exam -------------------------------------------------------------------------------


def practise(walker: Walker, demo: Demo) -> None:
    """One question wrong, the others right: the feedback tells which and why."""
    page = walker.page
    begin(walker, "practice")
    [case] = cases_of(demo, attempt_of(walker))
    answer_the_case(walker, case, wrong=next(case.questions()).code)
    walker.follow(walker.button("Finish and see the explanations"))
    assert walker.path.endswith("/feedback/")
    for question in (one for stage in stages_on_path(case, best_answers(case)) for one in stage.questions):
        expect(page.locator("h4, summary", has_text=getattr(question.prompt, LANGUAGE)).first).to_be_visible()
    for option in next(case.questions()).options:
        assert page.get_by_text(getattr(option.reason, LANGUAGE)).count() >= 1
    walker.follow(walker.link("Back to my training"))


def sit_the_exam(walker: Walker, demo: Demo) -> None:
    begin(walker, "exam")
    cases = cases_of(demo, attempt_of(walker))
    assert len({case.family for case in cases}) == 3
    for case in cases:
        answer_the_case(walker, case)


def begin(walker: Walker, use: str) -> None:
    walker.follow(walker.page.locator(f'main li.row a[href$="/{use}/"]'))
    walker.follow(walker.page.locator('main form[action$="/start/"] button'))
    walker.follow(walker.link("Open the case"))


def attempt_of(walker: Walker) -> str:
    found = re.fullmatch(rf"/{LANGUAGE}/attempts/([\w-]{{22}})/\d+/\d+/", walker.path)
    assert found is not None, walker.path
    return found[1]


def answer_the_case(walker: Walker, case: Content, wrong: str = "") -> None:
    for number, stage in enumerate(stages_on_path(case, best_answers(case)), start=1):
        assert walker.path.endswith(f"/{number}/")
        for question in stage.questions:
            answer(walker, case, question, wrong=question.code == wrong)
            expect(walker.page.locator(SAVED)).to_be_visible()
        walker.look()
        assert not walker.page.locator('[name=act][value="save"]').is_visible()
        walker.follow(walker.page.locator('[name=act]:not([value="save"])'))


def answer(walker: Walker, case: Content, question: Question, *, wrong: bool = False) -> None:
    """By the words that the page shows. `wrong`: the last box instead of the right ones."""
    fieldset = walker.page.locator(f'fieldset[data-question="{question.code}"]')
    wanted = right(question, case, LANGUAGE)
    if wanted.kind in {"verdict", "choice", "branch"}:
        walker.choose(fieldset.get_by_label(wanted.boxes[0], exact=True))
    elif wanted.kind == "indicators":
        boxes = walker.page.locator(
            f'input[type=checkbox][name="{question.code}"]'
        )  # some stand in a material
        if wrong or not wanted.boxes:
            return walker.tick(fieldset.locator("input[type=checkbox]").last)  # none of these
        for box in boxes.all():  # in the order of the page
            text = box.locator("xpath=..").inner_text().strip()
            if text in wanted.boxes:
                walker.tick(box)
        assert walker.page.locator(f'input[name="{question.code}"]:checked').count() == len(wanted.boxes)
    elif wanted.kind in {"match", "order"}:
        choose_from_lists(fieldset, wanted)
    else:
        answer_rows(walker, fieldset, question, wanted.rows)
    return None


def choose_from_lists(fieldset: Locator, wanted: Right) -> None:
    by_text = dict(wanted.rows)
    for line in fieldset.locator("li").all():
        said = by_text[line.locator("label, span").first.inner_text().strip()]
        select = line.locator("select")
        if said == "none":
            select.select_option(value=said)
        else:
            select.select_option(label=said)


def answer_rows(
    walker: Walker, fieldset: Locator, question: Question, rows: tuple[tuple[str | None, str], ...]
) -> None:
    if question.kind == "elements":
        for element in question.elements:
            walker.choose(fieldset.locator(f'input[name$=".{element.code}"][value="{element.right}"]'))
        return
    values = dict(rows)
    for row in fieldset.locator(".act-q").all():
        walker.choose(row.locator(f'input[value="{values[row.locator("p").inner_text()]}"]'))


# --- the certificate ---------------------------------------------------------------------------------


def receive_the_certificate(walker: Walker, demo: Demo) -> str:
    """The worker is held back for a moment: the page says "being made", then shows it by itself."""
    page = walker.page
    work = until(lambda: demo.children().get("work"), "work to run")
    os.kill(work, signal.SIGSTOP)
    try:
        walker.follow(walker.button("Close the examination"))
        assert walker.path.endswith("/result/")
        expect(page.locator("h1")).to_have_text(walker.words("You passed the exam"))
        expect(page.locator("#certificate")).to_have_text(walker.words("Your certificate is being made"))
    finally:
        os.kill(work, signal.SIGCONT)
    ready = page.locator("main h2", has_text=walker.words("Your certificate is ready"))
    expect(ready).to_be_visible(timeout=60_000)
    walker.arrive()
    walker.to(page.locator('main a[href$=".pdf"]'))
    with walker.download() as files:
        walker.press("Enter")
    assert files[0].path().read_bytes()[:5] == b"%PDF-"
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\.pdf", files[0].suggested_filename)
    walker.go("My certificates")
    held = page.locator('main a[href$=".pdf"]')
    expect(held).to_have_count(1)
    found = re.search(r"([\w-]{22})\.pdf$", held.get_attribute("href") or "")
    assert found is not None
    return found[1]


def reveal_the_name(walker: Walker, demo: Demo, certificate: str) -> None:
    [(text,)] = demo.rows(
        "SELECT b.qr_text FROM certificates_certificatebearer b "
        "JOIN certificates_certificate c ON c.id = b.certificate_id WHERE c.public_id = ?",
        certificate,
    )
    asked: list[str] = []
    walker.page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    walker.open(text)
    bearer = walker.page.locator("#bearer [data-name]")
    expect(bearer).to_be_visible()
    [(family, given)] = demo.rows(
        "SELECT family_name, given_name FROM people_user WHERE email LIKE 'officer@%'"
    )
    assert family in bearer.inner_text()
    assert given in bearer.inner_text()
    walker.look()
    token = text.partition("#")[2]
    assert len(token) > 100
    assert [one for one in asked if token in one] == []


# --- clearance and revocation --------------------------------------------------------------------------


def ask_at_the_desk(walker: Walker, number: str, function: str, *, cleared: bool) -> None:
    page = walker.page
    walker.go("Ask for a clearance")
    walker.fill("#id_who", number)
    walker.choose(page.locator(f'[name=function][value="{function}"]'))
    walker.follow(walker.button("Get the answer"))
    assert page.locator("article.doc.ans").get_attribute("data-k") == ("cleared" if cleared else "not")
    if not cleared:
        expect(page.locator("article .reasons, article .why, article ul, article ol").first).to_be_visible()


def look_at_the_receipt(walker: Walker) -> None:
    walker.follow(walker.link("Open and check the receipt"))
    assert walker.path.startswith("/receipt/")
    assert walker.page.locator("article.doc").count() == 1


def revoke(walker: Walker, demo: Demo, certificate: str) -> None:
    page = walker.page
    sign_in(walker, demo.facts["accounts"]["registrar"])
    walker.go("Certificates")
    walker.follow(page.locator(f'main table a[href*="{certificate}"]'))
    act = page.locator("details:has(form[action$='/revoke/'])")
    walker.to(act.locator("summary"))
    walker.press("Enter")
    walker.choose_option(act.locator("[name=reason]"), walker.words("a complaint was upheld"))
    walker.follow(act.locator("button"))
    walker.follow(page.locator("main button.btn-bad"))
    sign_out(walker)
    sign_in(walker, demo.facts["accounts"]["registrar2"])
    walker.go("Certificates")
    walker.follow(page.locator("main .note a"))
    walker.follow(page.locator("main .list a"))
    walker.follow(walker.button("Confirm the revocation"))
    expect(page.locator("main")).to_contain_text(
        walker.words("The certificate is revoked. Its page and the signed list say so from now on.")
    )
    sign_out(walker)
