"""The whole way once by HTTP, without a script, over the running demo: an inspector's in English and in Russian, that of
the other roles each in one language, or all in the one that NISANE_LANGUAGE names (`make prove` walks all three).
"""

import os
import re
from xml.etree.ElementTree import Element

import pytest

from assessments.marking import best_answers
from assessments.questions import IndicatorsQuestion, children_of
from assessments.stage_paths import stages_on_path
from tests.answering import answer_the_case
from tests.elearning.pages import with_class, words
from tests.knowing import cases_of
from tests.running import Demo, until
from tests.second_step import fresh_code
from tests.visiting import Visitor

CAST = {"en": "officer3", "ru": "officer4"}
OTHER_ROLES = {"police": "az", "migration": "en", "shelter": "ru"}
COURSES = {"police": ["c0", "c1-pol"], "migration": ["c1-mig"], "shelter": ["c1-she"]}


@pytest.fixture(params=["en", "ru"])
def visitor(request: pytest.FixtureRequest, demo: Demo) -> Visitor:
    return speaking(request.param, demo)


def speaking(language: str, demo: Demo) -> Visitor:
    """Return a visitor of one language from the browser's first word on."""
    people = demo.rows("SELECT family_name, given_name, father_name FROM people_user")
    numbers = demo.rows("SELECT service_number FROM people_posting")
    earlier = demo.rows(
        "SELECT json_extract(before, '$') FROM operations_auditvalue WHERE field = 'family_name'"
    )
    names = {name for row in [*people, *numbers, *earlier] for name in row if name}
    visitor = Visitor(demo.url, language, names)
    visitor.session.headers["Accept-Language"] = language
    return visitor


def test_whole_way_without_a_script(visitor: Visitor, demo: Demo):
    key = CAST[visitor.language]
    check_a_certificate(visitor, demo)
    sign_in(visitor, demo, key)
    follow_the_course(visitor)
    practise(visitor, demo)
    certificate = pass_the_exam(visitor, demo)
    see_the_public_page(visitor, certificate)
    sign_out(visitor)
    [(number,)] = demo.rows(
        "SELECT p.service_number FROM people_posting p JOIN people_user u ON u.id = p.user_id WHERE u.email LIKE ?",
        f"{key}@%",
    )
    asked = {**demo.facts["officers"]["cleared"], "service_number": number}
    assert ask_at_the_desk(visitor, demo, asked) == "cleared"
    revoke(visitor, demo, certificate)
    assert ask_at_the_desk(visitor, demo, asked) == "not"
    assert verdict(visitor.get(f"/c/{certificate}")) == "v-revoked"
    assert "\n".join(visitor.faults) == ""
    assert len(set(visitor.passed)) >= 30


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_officer_of_each_role_learns_is_certified_and_cleared_for_the_duty(role: str, demo: Demo):
    visitor = speaking(os.environ.get("NISANE_LANGUAGE", OTHER_ROLES[role]), demo)
    asked = demo.facts["officers"][f"{role}_not_cleared"]
    asker = f"duty_officer_{role}"
    assert ask_at_the_desk(visitor, demo, asked, asker) == "not"
    sign_in(visitor, demo, f"officer_{role}")
    for course in COURSES[role]:
        follow_the_course(visitor, course)
        practise(visitor, demo, course)
        pass_the_exam(visitor, demo, course)
    sign_out(visitor)
    assert ask_at_the_desk(visitor, demo, asked, asker) == "cleared"
    assert "\n".join(visitor.faults) == ""


def verdict(visitor: Visitor) -> str:
    [found] = with_class(visitor.page, "verdict")
    return next(name for name in (found.get("class") or "").split() if name.startswith("v-"))


def check_a_certificate(visitor: Visitor, demo: Demo) -> None:
    for state, shown in (("valid", "v-valid"), ("revoked", "v-revoked"), ("expired", "v-expired")):
        visitor.get("/")
        assert visitor.path == f"/{visitor.language}/"
        visitor.languages_lead_here()
        code = demo.facts["certificates"][state]["code"]
        assert verdict(visitor.send(visitor.form("/verify/").put("q", code))) == shown
        visitor.languages_lead_here()
    visitor.get("/verify/")
    visitor.languages_lead_here()
    visitor.send(visitor.form("/verify/").put("q", "0000-0000-0000"), status=404)


def sign_in(visitor: Visitor, demo: Demo, key: str) -> None:
    account = demo.facts["accounts"][key]
    visitor.get("/").follow("/account/login/", inside="header")
    visitor.languages_lead_here()
    form = visitor.form("/account/login/").put("login", account["email"]).put("password", account["password"])
    visitor.send(form)
    if account["totp_secret"]:
        visitor.languages_lead_here()
        visitor.send(visitor.form("/account/second-step/authenticate/").put("code", fresh_code(account)))
    assert visitor.path == f"/{visitor.language}/"
    visitor.languages_lead_here()


def sign_out(visitor: Visitor) -> None:
    visitor.send(visitor.form("/account/logout/", inside="header"))
    assert visitor.page.find(".//body").get("data-uid") is None


# --- the course -------------------------------------------------------------------------------------


def follow_the_course(visitor: Visitor, course: str = "c1-lab") -> None:
    visitor.follow("/courses/$", inside="header").follow(f"/courses/{course}/$")
    visitor.languages_lead_here()
    visitor.send(visitor.form("/enrol/$"))
    read: list[str] = []
    while "/read/" in str([form.get("action") for form in visitor.page.iter("form")]):
        assert visitor.path not in read
        read.append(visitor.path)
        visitor.languages_lead_here()
        for section in with_class(visitor.page, "check"):
            check_oneself(visitor, section)
        visitor.send(visitor.form("/read/$"))
    assert len(read) >= 4


def check_oneself(visitor: Visitor, section: Element) -> None:
    """The first answer everywhere; each part is explained, and the answer is not kept."""
    address = visitor.path
    form = visitor.form(f"#{section.get('id', '').replace('c-', 't-', 1)}$")
    for field in section.iter("input"):
        if field.get("type") in ("radio", "checkbox") and not form.fields.get(field.get("name", "")):
            form.put(field.get("name", ""), field.get("value", ""))
    for number, field in enumerate(section.iter("select")):
        offered = [option.get("value", "") for option in field.iter("option") if option.get("value")]
        form.put(field.get("name", ""), offered[number % len(offered)])
    visitor.send(form)
    assert len(with_class(visitor.page, "is-done")) == 1
    visitor.get(address)
    assert with_class(visitor.page, "is-done") == []


# --- practice and exam -------------------------------------------------------------------------------


def begin(visitor: Visitor, course: str, use: str) -> str:
    visitor.follow("/courses/$", inside="header").follow(f"/courses/{course}/$").follow(f"/{use}/$")
    visitor.languages_lead_here()
    visitor.send(visitor.form("/start/$"))
    found = re.fullmatch(rf"/{visitor.language}/attempts/([\w-]{{22}})/", visitor.path)
    assert found is not None
    visitor.languages_lead_here()
    visitor.follow(r"/1/1/$")
    return found[1]


def practise(visitor: Visitor, demo: Demo, course: str = "c1-lab") -> None:
    """Everything right but the first question where it asks for indicators: both are explained."""
    attempt = begin(visitor, course, "practice")
    [case] = cases_of(demo, attempt)
    first = next(case.questions())
    answer_the_case(visitor, case, wrong=first.code if isinstance(first, IndicatorsQuestion) else "")
    visitor.languages_lead_here()
    visitor.send(visitor.form())
    assert visitor.path.endswith("/feedback/")
    visitor.languages_lead_here()
    shown = words(visitor.page.find(".//main"))
    for question in (one for stage in stages_on_path(case, best_answers(case)) for one in stage.questions):
        assert " ".join(question.prompt.read_in(visitor.language).split()) in shown
    for line in children_of(first):
        assert " ".join(line.reason.read_in(visitor.language).split()) in shown


def pass_the_exam(visitor: Visitor, demo: Demo, course: str = "c1-lab") -> str:
    attempt = begin(visitor, course, "exam")
    for case in cases_of(demo, attempt):
        answer_the_case(visitor, case)
    visitor.send(visitor.form())
    assert visitor.path == f"/{visitor.language}/attempts/{attempt}/result/"
    visitor.languages_lead_here()
    until(lambda: document_on(visitor.get(visitor.path)), "the certificate to be made", 60)
    answer = visitor.session.get(visitor.url + document_on(visitor), timeout=60)
    assert (answer.url, answer.status_code, answer.content[:5]) == (
        visitor.url + document_on(visitor),
        200,
        b"%PDF-",
    )
    visitor.follow("/certificates/$", inside="header")
    visitor.languages_lead_here()
    found = re.search(r"([\w-]{22})\.pdf$", document_on(visitor))
    assert found is not None
    return found[1]


def document_on(visitor: Visitor) -> str:
    return next(
        (a.get("href") or "" for a in visitor.page.iter("a") if (a.get("href") or "").endswith(".pdf")), ""
    )


# --- what others see and decide ---------------------------------------------------------------------------


def see_the_public_page(visitor: Visitor, certificate: str) -> None:
    """A stranger with the number alone: valid, and no name."""
    stranger = Visitor(visitor.url, visitor.language, visitor.names)
    stranger.session.headers["Accept-Language"] = visitor.language
    assert verdict(stranger.get(f"/c/{certificate}")) == "v-valid"
    stranger.languages_lead_here()
    shown = words(stranger.page)
    assert [name for name in visitor.names if name in shown] == []
    visitor.faults += stranger.faults
    visitor.passed += stranger.passed


def ask_at_the_desk(visitor: Visitor, demo: Demo, asked: dict[str, str], asker: str = "duty_officer") -> str:
    """Signs in and out again as the duty officer; the answer of the decision's page."""
    sign_in(visitor, demo, asker)
    visitor.follow("/desk/$", inside="header")
    visitor.languages_lead_here()
    number = asked["service_number"]
    visitor.send(visitor.form("/desk/$").put("who", number).put("function", asked["function"]))
    visitor.languages_lead_here()
    [answer] = with_class(visitor.page, "ans")
    decision = visitor.path
    visitor.follow("/receipt/[^.]*$")
    assert number not in words(visitor.page)
    visitor.languages_lead_here()
    visitor.get(decision).follow(r"/desk/decisions/\?mine=1$")
    visitor.languages_lead_here()
    sign_out(visitor)
    return answer.get("data-k") or ""


def revoke(visitor: Visitor, demo: Demo, certificate: str) -> None:
    sign_in(visitor, demo, "registrar")
    visitor.follow("/register/$", inside="header")
    visitor.languages_lead_here()
    visitor.follow(certificate)
    visitor.languages_lead_here()
    visitor.send(visitor.form("/revoke/$").put("reason", "complaint"))
    visitor.send(visitor.form())
    visitor.follow(r"/proposals/[^/]+/$")
    proposal = visitor.path
    visitor.languages_lead_here()
    assert [form.get("action") for form in visitor.page.find(".//main").iter("form")] == [
        f"{proposal}withdraw/"
    ]
    sign_out(visitor)
    sign_in(visitor, demo, "registrar2")
    visitor.follow("/register/$", inside="header").follow("/proposals/$").follow(proposal)
    visitor.send(visitor.form("/confirm/$"))
    assert visitor.path == proposal
    sign_out(visitor)
