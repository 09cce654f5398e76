"""All that is missing or stale, side by side."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.bodies import stream
from courses.drafts import translations_of
from courses.models import CoursePage, LessonPage
from people.models import User
from tests.factories import client_of

from .factories import in_cms, lesson_of, make_lesson, module_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    """One text whose English is older, one without Russian."""
    module = module_of(course, "one")
    blocks = [
        {"heading": {"az": "Bir iki üç", "en": "One two", "ru": "Раз два"}},
        {
            "talk": [
                {"who": {"az": "A", "en": "A", "ru": "А"}, "line": {"az": "Salam", "en": "Hello", "ru": ""}}
            ]
        },
    ]
    before = [{"heading": {"az": "Bir iki", "en": "One two", "ru": "Раз"}}, blocks[1]]
    make_lesson(module, "lesson-1", body=stream(before, seed="x"))
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    draft.body[0].value["az"], draft.body[0].value["ru"] = "Bir iki üç", "Раз два"
    draft.save_revision()
    return lesson_of(course, "lesson-1")


def page_of(course: CoursePage, query: str = "") -> str:
    return f"/cms/editions/{course.pk}/translations/{query}"


def keys_of(html: str) -> list[str]:
    return re.findall(r'<textarea\s+name="text-([^"]+)"', html)


def test_stale_text_stands_beside_what_was_translated_and_a_missing_one_is_empty(
    course: CoursePage, lesson: LessonPage, author: Client
) -> None:
    page = author.get(page_of(course))
    rows = [(row["text"].place, row["text"].language, row["text"].state) for row in page.context["rows"]]
    assert rows == [
        ("1. Heading", "en", "stale"), ("2. Conversation 1, What they say", "ru", "missing"),
    ]  # fmt: skip
    stale = page.context["rows"][0]
    assert stale["before"] == "Bir iki"
    assert stale["now"] == 'Bir iki<ins class="addition"> üç</ins>'
    assert "Not translated yet." in page.text


def test_filters_choose_states_and_languages(course: CoursePage, lesson: LessonPage, author: Client) -> None:
    shown = [author.get(page_of(course, query)).context["total"] for query in (
        "?state=stale", "?state=missing", "?language=en", "?language=ru&state=stale", "?state=nonsense",
    )]  # fmt: skip
    assert shown == [1, 1, 1, 0, 2]


def test_typed_and_found_right_texts_are_current_afterwards(
    course: CoursePage, lesson: LessonPage, reviewer: User
) -> None:
    client = in_cms(reviewer)
    stale, missing = keys_of(client.get(page_of(course)).text)
    sent = {f"text-{stale}": "One two", "still": stale, f"text-{missing}": "Здравствуйте"}
    assert client.post(page_of(course), sent).status_code == 302
    assert not any(found.needs_work for found in translations_of(lesson_of(course, "lesson-1")))
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    assert draft.body[1].value[0]["line"]["ru"] == "Здравствуйте"
    assert draft.latest_revision.user == reviewer
    assert "Nothing is missing, and nothing is older." in client.get(page_of(course)).text


def test_text_only_looked_at_stays_as_it_is(course: CoursePage, lesson: LessonPage, author: Client) -> None:
    stale, missing = keys_of(author.get(page_of(course)).text)
    author.post(page_of(course), {f"text-{stale}": "One two", f"text-{missing}": ""})
    assert lesson_of(course, "lesson-1").latest_revision == lesson.latest_revision


def test_text_that_changed_meanwhile_is_left_and_told(
    course: CoursePage, lesson: LessonPage, author: Client
) -> None:
    stale, _missing = keys_of(author.get(page_of(course)).text)
    draft = lesson.get_latest_revision_as_object()
    draft.body[0].value["az"] = "Bir iki üç dörd"
    draft.save_revision()
    answer = author.post(page_of(course), {f"text-{stale}": "One two three"}, follow=True)
    assert "1 text is not saved" in answer.text
    overtaken = answer.text.partition("somebody else has changed meanwhile")[2]
    assert "<li>One two three</li>" in overtaken.partition("<form")[0]
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    assert draft.body[0].value["en"] == "One two"


def test_heading_too_long_for_its_column_is_refused_in_words(course: CoursePage, author: Client) -> None:
    """It stays as it was typed; what was typed beside it for the same page is saved."""
    lesson = make_lesson(module_of(course, "one"), "lesson-1", heading={"az": "Dərs", "en": "", "ru": ""})
    keys = {key.split(".")[1]: key for key in keys_of(author.get(page_of(course)).text)}
    answer = author.post(page_of(course), {f"text-{keys['ru']}": "ж" * 300, f"text-{keys['en']}": "Lesson"})
    assert "Longer than 200 characters." in answer.text and "ж" * 300 in answer.text
    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    assert (draft.heading_en, draft.heading_ru) == ("Lesson", "")


@pytest.mark.parametrize("page", ["translations", "propose", "take-back"])
def test_course_that_no_database_can_know_is_not_found(author: Client, page: str) -> None:
    assert author.get(f"/cms/editions/{10**19}/{page}/").status_code == 404


def test_side_by_side_is_closed_to_others(course: CoursePage, officer: User, outsider: User) -> None:
    for person in (officer, outsider):
        assert client_of(person).get(page_of(course)).headers["Location"].startswith("/cms/login/")
        assert client_of(person).post(page_of(course), {}).status_code == 302


def test_queries_do_not_grow_with_lessons(course: CoursePage, lesson: LessonPage, author: Client) -> None:
    def count() -> int:
        author.get(page_of(course))
        with CaptureQueriesContext(connection) as captured:
            author.get(page_of(course))
        return len(captured)

    first = count()
    half = stream([{"heading": {"az": "Mətn", "en": "Text", "ru": ""}}], seed="y")
    for number in (4, 5, 6):
        make_lesson(module_of(course, "one"), f"lesson-{number}", body=half)
    assert count() == first
