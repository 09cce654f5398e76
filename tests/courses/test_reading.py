"""Readers see what is published, at once and in every language."""

import re

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from courses import actions, reading
from courses.models import CoursePage, Enrolment, Generation, LessonPage
from people.models import User
from standards.models import LegalSource
from tests.factories import client_of, names

from .factories import body_of, lesson_of, make_lesson, module_of, publish
from .test_views import CHECK

pytestmark = pytest.mark.django_db
LANGUAGES = ("az", "en", "ru")


def url_of(slug: str, module: str = "one", language: str = "az") -> str:
    return f"/{language}/courses/c1/{module}/{slug}/"


@pytest.fixture
def reader(enrolment: Enrolment) -> Client:
    return client_of(enrolment.person)


def number() -> int:
    return Generation.objects.get().number


def test_outline_lists_modules_lessons_and_assessments_in_order(course: CoursePage) -> None:
    outline = reading.outline(reading.generation(), "c1", "en")
    assert outline is not None
    assert [(i.module.slug, i.slug, i.number) for i in outline.items] == [
        ("one", "lesson-1", 1), ("one", "lesson-2", 2), ("two", "lesson-3", 1),
        ("two", "practice", None), ("two", "exam", None),
    ]  # fmt: skip
    assert (outline.heading.plain, outline.url) == ("Course C1 (en)", "/en/courses/c1/")
    assert outline.teaches == ["Recognises papers kept"]


def test_draft_save_keeps_the_generation_and_publishing_draws_another(course: CoursePage) -> None:
    before = number()
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"))
    assert number() == before
    publish(course)
    assert number() != before


def test_change_of_a_legal_source_draws_another_generation(course: CoursePage) -> None:
    before = number()
    LegalSource.objects.get(code="THB-1").save()
    assert number() != before


@pytest.mark.parametrize("language", LANGUAGES)
def test_draft_is_not_shown_until_published(course: CoursePage, reader: Client, language: str) -> None:
    texts = {"heading": names("Fresh heading"), "body": body_of("Fresh text")}
    page = url_of("lesson-1", language=language)
    assert "Text of lesson-1" in reader.get(page).text
    make_lesson(module_of(course, "one"), "lesson-1", **texts)
    assert "Fresh" not in reader.get(page).text
    publish(course)
    shown = reader.get(page).text
    assert "Fresh heading" in shown
    assert "Fresh text" in shown
    assert "Fresh heading" in reader.get(url_of("lesson-2", language=language)).text  # in the contents


def test_unpublished_lesson_is_gone_from_contents_and_address(course: CoursePage, reader: Client) -> None:
    assert "Lesson lesson-2" in reader.get(url_of("lesson-1")).text
    publish(course, without=[lesson_of(course, "lesson-2")])
    assert "Lesson lesson-2" not in reader.get(url_of("lesson-1")).text
    assert reader.get(url_of("lesson-2")).status_code == 410


def test_moved_lesson_answers_at_its_new_address_only(course: CoursePage, reader: Client) -> None:
    Page.objects.get(slug="lesson-2").move(Page.objects.get(slug="two"), pos="last-child")
    assert reader.get(url_of("lesson-2", "two")).status_code == 200
    assert reader.get(url_of("lesson-2")).status_code == 404


def test_reordered_lessons_change_their_numbers(course: CoursePage) -> None:
    actions.arrange(parent=module_of(course, "one"), slugs=["lesson-2", "lesson-1"], by=None)
    outline = reading.outline(reading.generation(), "c1", "az")
    assert outline is not None
    assert [item.slug for item in outline.modules[0].lessons] == ["lesson-2", "lesson-1"]


def test_restricted_lesson_is_not_served(course: CoursePage, reader: Client) -> None:
    assert reader.get(url_of("lesson-1")).status_code == 200
    lock = PageViewRestriction.objects.create(page=lesson_of(course, "lesson-1"), restriction_type="login")
    assert reader.get(url_of("lesson-1")).status_code != 200
    lock.delete()
    assert reader.get(url_of("lesson-1")).status_code == 200


def test_lesson_of_an_unpublished_course_is_not_served(course: CoursePage, reader: Client) -> None:
    course.unpublish()
    assert LessonPage.objects.live().count() == 3
    for page in (url_of("lesson-1"), "/az/courses/c1/"):
        assert reader.get(page).status_code == 404


def test_each_reader_gets_their_own_token_into_the_cached_body(
    course: CoursePage, reader: Client, officer2: User
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course, reason="Check")
    actions.enrol(person=officer2, course=course, by=officer2)
    second = Client(enforce_csrf_checks=True)
    second.cookies = client_of(officer2).cookies
    theirs, own = (forms_token(one.get(url_of("lesson-1")).text) for one in (reader, second))
    sent = [
        second.post(url_of("lesson-1"), {"csrfmiddlewaretoken": token}).status_code for token in (theirs, own)
    ]
    assert sent == [403, 200]


def forms_token(page: str) -> str:
    """Return the token of the self-check in the text, not that of the page's other forms."""
    text = page[page.index('class="check"') :]
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[0]


def test_following_tells_what_was_read_and_what_comes_next(course: CoursePage, enrolment: Enrolment) -> None:
    outline = reading.outline(reading.generation(), "c1", "az")
    assert outline is not None
    one, two, three = outline.lessons
    state = reading.following(enrolment.person_id, course.pk)
    assert state is not None
    assert (state.next_lesson(outline), state.ahead(outline, one)) == (one, two)
    actions.mark_read(enrolment=enrolment, lesson=lesson_of(course, "lesson-2"), by=None)
    state = reading.following(enrolment.person_id, course.pk)
    assert state is not None
    assert (two.pk in state.read, state.count(outline.lessons)) == (True, 1)
    assert state.ahead(outline, three) == one
    assert state.ahead(outline, one) == three


def test_following_is_none_for_who_is_not_enrolled(course: CoursePage, enrolment: Enrolment) -> None:
    assert reading.following(enrolment.person_id + 1, course.pk) is None
    Enrolment.objects.update(ended_at=enrolment.enrolled_at)
    assert reading.following(enrolment.person_id, course.pk) is None
