"""Terms explained where they stand: one body, three wordings."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from courses import marks
from courses.gaps import gaps_in
from courses.models import CoursePage, Enrolment
from courses.rendering import body_of
from standards.actions import save_term
from standards.models import Term
from tests.factories import client_of, names

from .factories import lesson_of, make_lesson, module_of, publish

pytestmark = pytest.mark.django_db
PAGE = "/{}/courses/c1/one/lesson-1/"
TEXT = {
    "az": "Zəiflikdən [sui-istifadə](term:26) da üsuldur.",
    "en": "The [abuse](term:26) is a means.",
    "ru": "[Злоупотребление](term:26) — тоже способ.",
}


@pytest.fixture
def term(standards: None) -> Term:
    return save_term(
        number=26, az="zəiflik", en="vulnerability", ru="уязвимость", seen_az="yes", seen_ru="no",
        meaning={"az": "izah <1>", "en": "meaning <1>", "ru": "смысл <1>"}, source="THB-1", by=None,
    )  # fmt: skip


def written(course: CoursePage, *texts: Any) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", *({"paragraph": text} for text in texts))


def shown(course: CoursePage, language: str = "en") -> str:
    lesson = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    return body_of(lesson, language).view("", "")


HTML = {code: marks.to_html(text) for code, text in TEXT.items()}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("az", "<p>Zəiflikdən {}sui-istifadə</button>{}<b>zəiflik</b><span>: izah &lt;1&gt;</span></span> da üsuldur.</p>"),
        ("en", "<p>The {}abuse</button>{}<b>vulnerability</b><span>: meaning &lt;1&gt;</span></span> is a means.</p>"),
        ("ru", "<p>{}Злоупотребление</button>{}<b>уязвимость</b><span>: смысл &lt;1&gt;</span></span> — тоже способ.</p>"),
    ],
)  # fmt: skip
def test_term_opens_its_meaning_where_it_stands(
    term: Term, course: CoursePage, language: str, expected: str
) -> None:
    written(course, HTML)
    button = '<button type="button" class="gl" popovertarget="term-26">'
    box = '<span class="gl-box" id="term-26" popover>'
    assert expected.format(button, box) in shown(course, language)


def test_term_twice_has_one_box(term: Term, course: CoursePage) -> None:
    written(course, HTML, HTML)
    html = shown(course)
    assert (html.count('popovertarget="term-26"'), html.count('id="term-26"')) == (2, 1)


def test_unknown_term_is_plain_words_and_a_gap(term: Term, course: CoursePage) -> None:
    text = names("A [word](term:99) and [another](term:x)")
    written(course, {code: marks.to_html(words) for code, words in text.items()})
    assert "<p>A word and another (en)</p>" in shown(course)
    with override("en"):
        found = gaps_in(lesson_of(course, "lesson-1").get_latest_revision_as_object())
    assert found == [
        "2. Text: the glossary gives no meaning of term 99",
        "2. Text: the glossary gives no meaning of term x",
    ]


def test_term_marked_in_one_language_alone_is_a_gap_there_too(course: CoursePage) -> None:
    written(course, {**names("Plain"), "ru": marks.to_html("[Слово](term:99)")})
    with override("en"):
        found = gaps_in(lesson_of(course, "lesson-1").get_latest_revision_as_object())
    assert found == ["2. Text: the glossary gives no meaning of term 99"]


def test_new_meaning_is_shown_at_once(term: Term, course: CoursePage, enrolment: Enrolment) -> None:
    written(course, HTML)
    publish(course, reason="Term")
    reader: Client = client_of(enrolment.person)
    assert "meaning &lt;1&gt;" in reader.get(PAGE.format("en")).text
    save_term(
        number=26, az="zəiflik", en="vulnerability", ru="уязвимость", seen_az="yes", seen_ru="no",
        meaning=names("Newer"), source="THB-1", by=None,
    )  # fmt: skip
    assert "Newer (en)" in reader.get(PAGE.format("en")).text


def test_marks_of_a_term_go_to_html_and_back() -> None:
    text = "A [**word**](term:26) here"
    assert marks.to_html(text) == '<p>A <a href="term:26"><b>word</b></a> here</p>'
    assert marks.from_html(marks.to_html(text)) == text
