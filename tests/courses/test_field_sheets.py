"""The field sheet of a course: who reads it, what it shows, one page of A4 folded to A5."""

import io
from typing import Any

import pikepdf
import pypdf
import pytest
from django.test import Client
from django.utils.translation import override

from courses import actions, reading
from courses.actions import CourseError
from courses.bodies import stream
from courses.edition_plan import plan_of
from courses.models import CoursePage, Enrolment
from operations import pdf
from people.models import User
from standards.models import Figure
from tests.factories import client_of, names
from tests.remembered import remembered
from tests.type_sizes import too_small

from .factories import LAW, make_course, publish

pytestmark = pytest.mark.django_db
PAGE = "/en/courses/c1/field-sheet/"
BLOCKS: list[dict[str, Any]] = [
    {"call": {"who": names("The hotline"), "when": names("24 hours"), "figure": "hotline"}},
    {"call": {"who": names("The duty officer"), "when": names("or {figure:hotline}")}},
    {"minute": {"minutes": "0–1", "text": names("Is there danger?")}},
    {"question": names("Can anybody hear us?")},
    {"never": names("promise anything")},
    {"indicators": {"codes": ["ILO-07"], "remember": names("One proves nothing")}},
    {
        "note": {
            "fields": [{"name": names("Who"), "hint": names("name, language")}],
            "remember": names("Only to the duty officer"),
        }
    },
]


def save_sheet(blocks: list[dict[str, Any]], **changed: Any) -> CoursePage:
    values: dict[str, Any] = {
        "code": "C1", "slug": "c1", "heading": names("Course C1"), "summary": names("Summary"),
        "audience": names("Inspectors"), "legal_date": LAW, "by": None,
    }  # fmt: skip
    return actions.save_course(field_sheet=stream(blocks, seed="c1"), **values | changed)


@pytest.fixture
@remembered
def carried(standards: None, officer: User) -> CoursePage:
    """A published course with a sheet, which the officer follows."""
    make_course()
    course = save_sheet(BLOCKS)
    publish(course)
    course.refresh_from_db()
    actions.enrol(person=officer, course=course, by=officer)
    return course


def test_officer_who_follows_the_course_reads_its_sheet(carried: CoursePage, officer: User) -> None:
    page = client_of(officer).get(PAGE)
    sheet = page.context["sheet"]
    assert page.status_code == 200
    assert [(call.who, call.number) for call in sheet.calls] == [
        ("The hotline (en)", "152"),
        ("The duty officer (en)", ""),
    ]
    assert [(row.name, row.not_enough) for row in sheet.indicators] == [("Papers are kept", "A copy is kept")]
    assert 'href="tel:152"' in page.text
    assert "ILO-07" not in page.text


def test_number_that_nobody_entered_is_said_to_be_missing(carried: CoursePage, officer: User) -> None:
    text = client_of(officer).get(PAGE).text
    assert text.count("The number was not entered") == 1
    Figure.objects.get(code="hotline").delete()
    text = client_of(officer).get(PAGE).text
    assert (text.count("The number was not entered"), "tel:" in text, "152" in text) == (2, False, False)


def test_number_changes_with_the_table_of_figures(carried: CoursePage, officer: User) -> None:
    client = client_of(officer)
    client.get(PAGE)
    figure = Figure.objects.get(code="hotline")
    figure.value = "153"
    figure.save()
    assert 'href="tel:153"' in client.get(PAGE).text


def halves_of(data: bytes) -> list[str]:
    """Return what stands left and right of the fold."""
    (page,) = pypdf.PdfReader(io.BytesIO(data)).pages
    halves = ["", ""]

    def seen(text: str, matrix: list[float], text_matrix: list[float], font: Any, size: float) -> None:
        halves[text_matrix[4] * matrix[0] + matrix[4] > float(page.mediabox.width) / 2] += text

    page.extract_text(visitor_text=seen)
    return halves


def test_outsider_is_led_to_the_course(carried: CoursePage, outsider: User) -> None:
    for address in (PAGE, PAGE + "pdf/"):
        page = client_of(outsider).get(address)
        assert (page.status_code, "Follow this course" in page.text) == (403, True)
        assert "Can anybody hear us?" not in page.text
        assert Client().get(address).status_code == 302


def test_course_without_a_sheet_shows_none(course: CoursePage, enrolment: Enrolment, officer: User) -> None:
    client = client_of(officer)
    assert [client.get(address).status_code for address in (PAGE, PAGE + "pdf/")] == [404, 404]
    assert "field-sheet" not in client.get("/en/courses/c1/").text


def test_course_leads_to_its_sheet(carried: CoursePage, officer: User, outsider: User) -> None:
    pages = [client_of(person).get("/en/courses/c1/").text for person in (officer, outsider)]
    assert [PAGE in page for page in pages] == [True, False]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_file_is_one_page_of_a4_that_is_read_when_folded(
    carried: CoursePage, officer: User, language: str
) -> None:
    answer = client_of(officer).get(f"/{language}/courses/c1/field-sheet/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        [page] = document.pages
        width, height = (round(float(length) / 72 * 25.4) for length in page.mediabox[2:])
    assert (width, height) == (297, 210)
    assert too_small(answer.content) == []
    halves = halves_of(answer.content)
    said = [block["question"][language] for block in BLOCKS if "question" in block]
    remembered_on_it = BLOCKS[5]["indicators"]["remember"][language]
    assert [text in halves[0] for text in (*said, remembered_on_it)] == [True, False]
    assert remembered_on_it in halves[1]


def test_edition_is_refused_where_the_sheet_needs_a_second_page(carried: CoursePage) -> None:
    lines = [{"question": {**names(f"Question {number}"), "ru": "Вопрос " * 40}} for number in range(30)]
    with override("en"):
        plan = plan_of(save_sheet(BLOCKS[:3] + lines + BLOCKS[4:]))
        assert [planned.gaps for planned in plan.pages if planned.gaps] == [
            ["Field sheet: in Русский it needs a second page; shorten it"]
        ]
        with pytest.raises(CourseError, match="needs a second page"):
            publish(plan.course, reason="Longer")


def test_another_error_of_the_file_is_said_as_it_is(
    carried: CoursePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(html: str, **options: Any) -> bytes:
        raise pdf.RenderError("a resource was refused: 100 % wrong")

    monkeypatch.setattr(pdf, "render", refuse)
    with override("en"):
        [gaps] = [planned.gaps for planned in plan_of(save_sheet(BLOCKS[:3])).pages if planned.gaps]
    said = [line for line in gaps if "Field sheet" in line]
    words = "no PDF can be made of it: a resource was refused: 100 % wrong"
    assert said == [f"Field sheet: in {name} {words}" for name in ("Azərbaycanca", "English", "Русский")]


def test_file_is_made_only_for_who_may_read_it(
    carried: CoursePage, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    render = pdf.render
    monkeypatch.setattr(pdf, "render", lambda html, **options: made.append(1) or render(html, **options))
    reading.field_sheet_pdf.cache_clear()
    assert client_of(outsider).get(PAGE + "pdf/").status_code == 403
    assert made == []


def test_changed_text_makes_its_translations_stale(carried: CoursePage) -> None:
    draft = carried.get_latest_revision_as_object()
    texts = draft.texts
    texts["field_sheet"][3]["value"]["az"] = "Bizi eşidirlərmi?"
    draft.take_texts(texts)
    draft.save_revision()
    with override("en"):
        assert [text.place for text in plan_of(carried).stale] == ["4. First question"] * 2


def test_gap_of_a_sheet_stands_in_the_way_of_an_edition(carried: CoursePage) -> None:
    empty = {"call": {"who": names("The hotline") | {"az": ""}}}
    save_sheet([empty, *BLOCKS[1:]])
    with override("en"):
        [gap] = plan_of(carried).changed[0].gaps
    assert gap == "Field sheet: 1. Telephone, Who answers: The Azerbaijani text is missing."


def test_queries_of_a_sheet(carried: CoursePage, officer: User, django_assert_num_queries: Any) -> None:
    """Session, person, generation, enrolment."""
    client = client_of(officer)
    client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(PAGE)
