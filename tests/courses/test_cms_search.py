"""Search at /cms/: bodies too, in each language, folded."""

import re

import pytest
from django.test import Client

from courses.bodies import stream
from courses.models import CoursePage, LessonPage
from tests.factories import counted

from .factories import lesson_of, make_lesson, module_of

pytestmark = pytest.mark.django_db
SEARCH = "/cms/pages/search/"


def found(client: Client, text: str) -> set[str]:
    page = client.get(SEARCH, {"q": text}).text
    return {slug for pk, slug in _slugs().items() if re.search(rf"/cms/pages/{pk}/edit/", page)}


def _slugs() -> dict[int, str]:
    return dict(LessonPage.objects.values_list("pk", "slug"))


@pytest.fixture
def written(course: CoursePage) -> CoursePage:
    """A draft that readers do not see yet says something in each language."""
    text = {"az": "Əməl, vasitə və məqsəd", "en": "The act and the means", "ru": "Деяние и способ"}
    body = stream([{"paragraph": {code: f"<p>{said}</p>" for code, said in text.items()}}], seed="act")
    heading = {"az": "Birinci", "en": "First", "ru": "Ёлка"}
    make_lesson(module_of(course, "one"), "lesson-1", heading=heading, body=body)
    return course


@pytest.mark.parametrize(
    "text", ["emel", "ƏMƏL", "vasite meqsed", "the means", "деяние", "ДЕЯНИЕ способ", "елка", "emel means"]
)
def test_draft_is_found_by_what_its_body_says(text: str, written: CoursePage, author: Client) -> None:
    assert found(author, text) == {"lesson-1"}


def test_what_no_draft_says_is_not_found(written: CoursePage, author: Client) -> None:
    assert found(author, "emel qanun") == set()


def test_what_a_newer_draft_does_not_say_is_not_found_any_more(written: CoursePage, author: Client) -> None:
    assert found(author, "emel") == {"lesson-1"}
    make_lesson(module_of(written, "one"), "lesson-1")
    assert found(author, "emel") == set()


def test_list_below_a_page_is_searched_alike(written: CoursePage, author: Client) -> None:
    module = lesson_of(written, "lesson-1").get_parent()
    page = author.get(f"/cms/pages/{module.pk}/", {"q": "emel"}).text
    ids = {slug: f"/cms/pages/{pk}/edit/" in page for pk, slug in _slugs().items()}
    assert [slug for slug, shown in ids.items() if shown] == ["lesson-1"]


def test_drafts_are_read_once(written: CoursePage, author: Client) -> None:
    with counted() as first:
        found(author, "emel")
    with counted() as second:
        found(author, "means")
    assert len(second) < len(first)
