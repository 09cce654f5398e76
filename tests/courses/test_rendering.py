import re
from typing import Any

import pytest
from django.utils.translation import override

from courses.models import CoursePage
from courses.rendering import Body, body_of, text_of
from standards.models import Figure, LegalSource
from tests.factories import names

from .factories import make_course, make_lesson, module_of

pytestmark = pytest.mark.django_db


def made(*blocks: dict[str, Any], language: str = "en", **changed: Any) -> Body:
    course = CoursePage.objects.first() or make_course()
    lesson = make_lesson(module_of(course, "one"), "shown", *blocks, **changed)
    return body_of(lesson, language)


def shown(*blocks: dict[str, Any]) -> str:
    return made(*blocks).view("token", "reader")


def test_law_names_source_state_of_the_text_and_what_was_not_read(standards: None) -> None:
    html = shown({"law": {"statement": names("It is forbidden"), "source": "THB-1"}})
    for words in ("It is forbidden (en)", "Law en, 1", "24 November 2026", "Amendment not yet read"):
        assert words in html


def test_law_is_called_by_its_short_name_and_whole_behind_the_tap(standards: None) -> None:
    whole = "Protocol to Punish Trafficking in Persons, Especially Women and Children (Palermo Protocol)"
    LegalSource.objects.filter(code="THB-1").update(instrument_en=whole, article="3(a)–(d)")
    html = shown({"law": {"statement": names("It is forbidden"), "source": "THB-1"}}).replace("\xa0", " ")
    line, behind = html.split("</summary>", 1)
    assert re.findall(r"·\s+(.+?)\s+</small>", line) == ["Palermo Protocol, 3(a)–(d)"]
    assert (whole in line, f"{whole}, 3(a)–(d)" in behind) == (False, True)


@pytest.mark.parametrize(
    ("kind", "word", "look"),
    [
        ("law", "Law", 'class="says "'),
        ("treaty", "Treaty", "says-treaty"),
        ("judgment", "Judgment", "says-use"),
        ("standard", "Recommendation", "says-rec"),
        ("report", "Practice", "says-use"),
    ],
)
def test_a_box_says_law_only_over_law(standards: None, kind: str, word: str, look: str) -> None:
    LegalSource.objects.filter(code="THB-1").update(kind=kind)
    html = shown({"law": {"statement": names("It is forbidden"), "source": "THB-1"}})
    said = re.findall(r"<small>\s*(\w+)\s+·\s+Law en, 1", html.replace("\xa0", " "))
    assert said == [word]
    assert look in html


def test_sources_stand_apart_and_unread_ones_are_marked(standards: None) -> None:
    body = made(sources=["THB-1", "UNREAD", "UNKNOWN"])
    assert "What this lesson rests on: 2 sources" in body.sources
    assert body.sources.count("<li>") == 2
    assert body.sources.count("not yet read</span>") == 1
    assert "Rumour" not in body.view("", "")


def test_indicator_stands_with_its_look_alike(standards: None) -> None:
    html = shown({"indicators": ["ILO-07", "GONE"]})
    assert html.count("<li>") == 1
    assert "Papers are kept" in html
    assert "A copy is kept" in html


def test_figure_in_a_link_is_what_the_telephone_dials(standards: None) -> None:
    Figure.objects.filter(code="hotline").update(value='012 "4"')
    html = shown({"paragraph": names('<a href="tel:{figure:hotline}">Call {figure:hotline}</a>')})
    assert '<a href="tel:012&quot;4&quot;">Call <span class="nb">012 &quot;4&quot;</span></a>' in html


def test_figure_is_shown_with_its_present_value(standards: None) -> None:
    html = shown({"key_points": [names("Call {figure:hotline} or {figure:unknown}")]})
    assert 'Call <span class="nb">152</span> or <span class="nb">{figure:unknown}</span>' in html


def test_text_of_trainers_is_escaped(standards: None) -> None:
    html = shown({"heading": names("<script>")})
    assert "<h2>&lt;script&gt; (en)</h2>" in html


def test_exhibit_is_shown_before_it_is_told(standards: None) -> None:
    exhibit = {"kind": "ledger", "title": names("Ledger"), "origin": names("A workshop"), "rows": [
        {"label": names("bed"), "value": names("380")}
    ]}  # fmt: skip
    html = shown({"exhibit": exhibit})
    assert "Look first" in html
    for words in ("Ledger (en)", "A workshop (en)", '<th scope="row">bed (en)</th>', "<td>380 (en)</td>"):
        assert words in html


@pytest.mark.parametrize(
    ("exhibit", "words"),
    [
        ({"kind": "note", "paragraphs": [names("They keep it")]}, "<p>They keep it (en)</p>"),
        (
            {"kind": "messages", "messages": [{"who": names("A"), "mine": True, "text": names("Come")}]},
            "me-r",
        ),
        (
            {"kind": "table", "columns": [names("Day")], "rows": [[names("One")]]},
            '<th scope="col">Day (en)</th>',
        ),
    ],
)
def test_each_kind_of_exhibit_has_its_look(standards: None, exhibit: dict[str, Any], words: str) -> None:
    assert words in shown({"exhibit": {"title": names("T"), "origin": names("O"), **exhibit}})


def test_steps_are_numbered_and_a_table_has_its_caption(standards: None) -> None:
    html = shown(
        {"steps": [names("First"), names("Then")]},
        {"checklist": [names("The door")]},
        {"table": {"caption": names("Debt grows"), "columns": [names("Month")], "rows": [[names("May")]]}},
    )
    assert (
        html.index('<ol class="steps">')
        < html.index("<li>First (en)</li>")
        < html.index("<li>Then (en)</li>")
    )
    for words in ("The door (en)", "Debt grows (en)</figcaption>", '<th scope="row">May (en)</th>'):
        assert words in html


def test_body_without_translation_is_azerbaijani_and_says_so(standards: None) -> None:
    half = {"heading": {"az": "Başlıq", "en": "Heading", "ru": ""}}
    assert made(half, language="en").language == "en"
    body = made(half, language="ru")
    assert body.language == "az"
    assert "<p>Text of shown</p>" in body.view("", "")
    assert "(ru)" not in body.view("", "")


def test_heading_without_translation_carries_its_language(standards: None) -> None:
    lesson = make_lesson(module_of(make_course(), "one"), "shown", heading={"az": "Dərs <b>"})
    with override("en"):
        shown = text_of(lesson, "heading", "en")
    assert shown.plain == "Dərs <b>"
    assert shown.html == '<span lang="az">Dərs &lt;b&gt;</span> <small>(Azerbaijani)</small>'
