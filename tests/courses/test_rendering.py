from typing import Any

import pytest
from django.utils.translation import override

from courses.models import CoursePage
from courses.rendering import Body, body_of, text_of
from standards.models import LegalSource
from tests.factories import names

from .factories import make_course, make_lesson, module_of

pytestmark = pytest.mark.django_db
CHECK = {
    "check": {
        "question": names("Which?"),
        "options": [
            {"text": names("Wrong one"), "feedback": names("Why it is wrong")},
            {"text": names("Right one"), "right": True, "feedback": names("Why it is right")},
        ],
    }
}


def made(*blocks: dict[str, Any], language: str = "en", **changed: Any) -> Body:
    course = CoursePage.objects.first() or make_course()
    lesson = make_lesson(module_of(course, "one"), "shown", *blocks, **changed)
    return body_of(lesson, language)


def test_law_names_source_state_of_the_text_and_what_was_not_read(standards: None) -> None:
    html = made({"law": {"statement": names("It is forbidden"), "source": "THB-1"}}).html
    for words in ("It is forbidden (en)", "Law en, 1", "30 June 2012", "Amendment not yet read"):
        assert words in html


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("law", "What the law says"),
        ("treaty", "What the treaty says"),
        ("judgment", "What the court found"),
        ("standard", "What is recommended"),
        ("report", "What is reported of practice"),
    ],
)
def test_a_box_says_law_only_over_law(standards: None, kind: str, heading: str) -> None:
    LegalSource.objects.filter(code="THB-1").update(kind=kind)
    html = made({"law": {"statement": names("It is forbidden"), "source": "THB-1"}}).html
    assert html.count(heading) == 2  # read aloud, and seen
    assert html.count("What the law says") == (2 if kind == "law" else 0)


def test_sources_stand_at_the_end_and_unread_ones_are_marked(standards: None) -> None:
    html = made(sources=["THB-1", "UNREAD", "UNKNOWN"]).html
    listed = html[html.index('class="sources"') :]
    assert listed.count("<li>") == 2
    assert listed.count("not yet read</span>") == 1


def test_indicator_stands_with_its_look_alike(standards: None) -> None:
    html = made({"indicators": ["ILO-07", "GONE"]}).html
    assert html.count("<li>") == 2  # the indicator and the source
    assert "Papers are kept" in html
    assert "A copy is kept" in html


def test_figure_is_shown_with_its_present_value(standards: None) -> None:
    html = made({"key_points": [names("Call {figure:hotline} or {figure:unknown}")]}).html
    assert 'Call <span class="nb">152</span> or <span class="nb">{figure:unknown}</span>' in html


def test_text_of_trainers_is_escaped(standards: None) -> None:
    html = made({"heading": names("<script>")}).html
    assert "<h2>&lt;script&gt; (en)</h2>" in html


def test_check_unanswered_tells_no_feedback(standards: None) -> None:
    html = made(CHECK).view("token")
    assert "Why it is" not in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html


def test_check_answered_tells_why_under_the_option(standards: None) -> None:
    body = made(CHECK)
    (check,) = body.checks
    wrong = body.view("token", (check, 0))
    assert "Why it is wrong" in wrong
    assert "Why it is right" not in wrong
    assert "That is right" not in wrong
    assert "That is right" in body.view("token", (check, 1))


def test_check_with_a_figure_tells_why_too(standards: None) -> None:
    option = {
        "text": names("Call {figure:hotline}"),
        "right": True,
        "feedback": names("It is {figure:hotline}"),
    }
    body = made({"check": {**CHECK["check"], "options": [option, option]}})
    (check,) = body.checks
    assert 'It is <span class="nb">152</span>' in body.view("token", (check, 0))


def test_check_answered_with_nonsense_stays_unanswered(standards: None) -> None:
    body = made(CHECK)
    (check,) = body.checks
    assert body.view("token", (check, 7)).count("checked") == 0
    assert body.view("token", ("unknown", 0)) == body.view("token")


def test_body_without_translation_is_azerbaijani_and_says_so(standards: None) -> None:
    half = {"heading": {"az": "Başlıq", "en": "Heading", "ru": ""}}
    assert made(half, language="en").language == "en"
    body = made(half, language="ru")
    assert body.language == "az"
    assert "<p>Text of shown</p>" in body.html
    assert "(ru)" not in body.html


def test_heading_without_translation_carries_its_language(standards: None) -> None:
    lesson = make_lesson(module_of(make_course(), "one"), "shown", heading={"az": "Dərs <b>"})
    with override("en"):
        shown = text_of(lesson, "heading", "en")
    assert shown.plain == "Dərs <b>"
    assert shown.html == '<span lang="az">Dərs &lt;b&gt;</span> <small>(Azerbaijani)</small>'
