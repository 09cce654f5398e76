"""Every letter there is, in three languages: its text and its HTML come from one template and say the same."""

import re
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from assessments.models import Blueprint, ExamRelease, Mark
from clearance.actions_override import override
from clearance.models import DutyFunction
from operations import clock, mail
from operations.mail_text import text_of
from operations.models import Notice, Proposal
from operations.notices import notice_kinds
from people.models import AddressRequest, Grant, User
from tests import tiny
from tests.assessments.conftest import make_blueprint, publish
from tests.assessments.walking import fail
from tests.certificates.ending import announced
from tests.certificates.issuing import happen, make_certificate
from tests.courses.factories import make_course
from tests.elearning.pages import tree
from tests.factories import give, make_agency, make_person, make_unit

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(
    path.relative_to(path.parents[2]).as_posix()
    for path in ROOT.glob("*/templates/*/mail/*.html")
    if path.parts[-4] != "tests" and path.parent.parent.name != "operations"
)
LANGUAGES = ("az", "en", "ru")
MISSING = "MISSING"
HOSTILE = 'O\'Brien <i>&amp; "Sons"</i>'
LINK = "https://nisane.example/x?a=1&b=2"
SAMPLE = {
    **dict.fromkeys(
        ("agency", "area", "code", "day", "device", "exam", "function", "moment", "number", "numbers", "opens", "position", "qualification", "reason", "suspended_until", "unit", "until", "what", "whose"),
        HOSTILE,
    ),
    "line": "", "lines": [{"name": HOSTILE, "code": "C1", "day": "1", "number": 2}], "more": 2,
    "course": HOSTILE, "certificates": 2, "several": True, "mark": 70, "pages": 3, "proposals": 2, "percent": 93, "remarks": 1,
    "result": {
        "percent": 93, "pass_percent": 70, "critical_errors": ["ERR"], "critical_error_fails": True,
        "parts": [{"part": Mark.Part.ACTING, "percent": 70, "asked": 80, "falls_short": True}],
        "cases_below": [{"part": Mark.Part.JUDGING, "asked": 50, "number": 1}],
    },
    **dict.fromkeys(("link", "list_link", "reset"), LINK),
}  # fmt: skip


@pytest.fixture(autouse=True)
def missing_names_are_seen(settings: Any) -> None:
    first, *others = settings.TEMPLATES
    options = {**first["OPTIONS"], "string_if_invalid": f"{MISSING} %s"}
    settings.TEMPLATES = [{**first, "OPTIONS": options}, *others]


def words(text: str, links: list[str]) -> list[str]:
    for link in sorted(links, key=len, reverse=True):
        text = text.replace(link, " ")
    return re.findall(r"\w+", text)


def _html(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0].content)


def differences(message: EmailMultiAlternatives) -> list[str]:
    """Return what one part says and the other does not; both hold the whole address of every link."""
    body = tree(_html(message)).find("body")
    assert body is not None
    links = [str(anchor.get("href")) for anchor in body.iter("a")]
    in_html, in_text = words(" ".join(body.itertext()), links), words(message.body, links)
    lines = message.body.splitlines()
    wrong = [f"no line of its own: {link}" for link in links if link not in lines]
    if in_html != ["Nişanə", *in_text]:  # the head of the page
        wrong.append(f"{in_html} is not {in_text}")
    wrong += [one for one in (MISSING, "&#", "&lt;", "<p", "\n\n\n") if one in message.body]
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_html_of_every_template_say_the_same(language: str) -> None:
    wrong = {}
    for template in TEMPLATES:
        message = mail.letter(
            template, SAMPLE, subject="s", to="a@agency.example", language=language, message_id="1"
        )
        wrong[template] = differences(message)
        if "<i>" in _html(message) or (HOSTILE in _used(template) and HOSTILE not in message.body):
            wrong[template].append("a value is not said as it is")
    assert {template: lines for template, lines in wrong.items() if lines} == {}


def _used(template: str) -> str:
    """Return the values of the sample that a template names."""
    [path] = ROOT.glob(f"*/templates/{template}")
    names = re.findall(r"{{ (\w+)", path.read_text(encoding="utf-8"))
    return " ".join(str(SAMPLE[name]) for name in names)


@pytest.fixture
def subject_ids(db: None, keys: None) -> dict[str, str]:
    """Return what a letter may be about, by the first words of its kind; the longest that fits counts."""
    person = make_person("Quliyeva", "Aytən", email="ayten@agency.example")
    function = DutyFunction.objects.create(code="f", number=1, name="Q")
    later = clock.now() + timedelta(days=7)

    def proposal(subject_id: str, **payload: Any) -> str:
        return Proposal.objects.create(
            act="test.act", subject_id=subject_id, reason_category="x", payload=payload,
            proposed_by=person, expires_at=later, proposed_at=clock.now(),
        ).public_id  # fmt: skip

    grant = give(person, Grant.Position.COORDINATOR, agency=make_agency())
    nomination = proposal(person.public_id)
    certificate = make_certificate(person)
    leader, unit = make_person(), make_unit(make_agency())
    give(leader, Grant.Position.SHIFT_LEADER, unit=unit)
    refusal = tiny.refused(make_person(unit=unit), leader)
    overruled = override(decision=refusal, reason="danger", by=leader)
    publish("T1-a", "T1", stages=1)
    failed = fail(make_blueprint(), person)
    return {
        "people.": grant.public_id,
        "people.registrar_proposed": nomination,
        "people.address_request": AddressRequest.objects.create(person=person, expires_at=later).public_id,
        "accounts.": "1",
        "accounts.reset_proposed": nomination,
        "accounts.own_reset_proposed": nomination,
        "clearance.": proposal(function.public_id, first_day="2026-12-24"),
        "clearance.overridden": overruled.public_id,
        "clearance.recalled": overruled.decision.public_id,
        "certificates.": "A" * 22,
        "certificates.rules_": proposal(
            certificate.qualification_version.qualification.public_id, first_day="2026-12-24"
        ),
        "certificates.waits": nomination,
        "certificates.rules_end": announced().public_id,
        "certificates.changed": happen(make_certificate(person, qualification="C2-LAB"), "revoked").public_id,
        "certificates.lost": happen(make_certificate(person, qualification="C3-LAB"), "revoked").public_id,
        "certificates.ends": certificate.public_id,
        "certificates.ending_in_agency": grant.agency.public_id if grant.agency else "",
        "assessments.": ExamRelease.objects.create(
            person=person, blueprint=Blueprint.objects.create(code="x", use="exam", title_az="x", title_en="x", title_ru="x"),
            reason="prepared", released_at=clock.now(), released_by=person,
        ).public_id,
        "assessments.failed": failed.public_id,
        "courses.": proposal(
            make_course(lessons=1).public_id,
            reason="r", pages={"1": [1, ""]},
        ),
        "privacy.": person.public_id,
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_letter_of_every_notice_has_all_it_names(language: str, subject_ids: dict[str, str]) -> None:
    reader: User = make_person(email="reader@agency.example", language=language)
    wrong = {}
    for kind in sorted(notice_kinds):
        about = max((start for start in subject_ids if kind.startswith(start)), key=len)
        notice = Notice.objects.create(person=reader, kind=kind, subject_id=subject_ids[about])
        message = mail.compose([notice], message_id="1")
        wrong[kind] = differences(message)
        with translation.override(language):
            if message.subject != str(notice_kinds[kind].subject):
                wrong[kind].append(message.subject)
    assert {kind: lines for kind, lines in wrong.items() if lines} == {}


def test_every_letter_is_one_template_and_every_template_a_letter() -> None:
    twins = [
        path.relative_to(ROOT).as_posix()
        for app in ROOT.glob("*/templates/*/mail")
        for path in app.iterdir()
        if path.suffix != ".html"
    ]
    sources = [path.read_text(encoding="utf-8") for path in ROOT.glob("*/*.py")]
    named = {name for text in sources for name in re.findall(r'"(\w+/mail/\w+\.html)"', text)}
    kinds = {kind.template for name, kind in notice_kinds.items() if not name.startswith("test.")}
    assert (
        twins,
        sorted((kinds | named) - {"operations/mail/message.html", "operations/mail/foot.html"}),
    ) == (
        [],
        TEMPLATES,
    )


def test_text_has_paragraphs_items_and_whole_addresses() -> None:
    html = """
    <h1>A  title</h1><p>One
      <b>long</b> paragraph&nbsp;here.<br>And a line.</p>
    <ul>
      <li>first</li>
      <li>second &lt;2&gt;</li>
    </ul>
    <p class="button"><a href="https://a.example/?x=1&amp;y=2">Open</a></p>
    <p><a href="https://a.example/">https://a.example/</a></p>
    """
    assert text_of(html) == (
        "A title\n\nOne long paragraph\N{NO-BREAK SPACE}here.\nAnd a line.\n\n- first\n- second <2>\n\n"
        "Open:\nhttps://a.example/?x=1&y=2\n\nhttps://a.example/"
    )


@pytest.mark.parametrize(
    "html", ['<img src="x">', "<table><tr><td>1</td></tr></table>", "<script>1</script>"]
)
def test_what_text_cannot_say_is_refused(html: str) -> None:
    with pytest.raises(ValueError, match="cannot say"):
        text_of(html)


def test_hostile_value_is_no_element_of_the_letter() -> None:
    assert text_of(f"<p>{escape(HOSTILE)}</p>") == HOSTILE
