import pytest
from django.test import Client

from courses.models import CoursePage, Enrolment, LessonPage
from people.models import User
from tests.factories import client_of, names

from .factories import assessment_of, lesson_of, make_lesson, module_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(course: CoursePage) -> LessonPage:
    return make_lesson(module_of(course, "one"), "lesson-1", heading=names("Draft heading"))


def view_draft(client: Client, page: LessonPage, language: str = "az") -> str:
    return client.get(f"/cms/pages/{page.pk}/view_draft/?mode={language}").text


@pytest.mark.parametrize(("language", "heading"), [
    ("az", "Draft heading"), ("en", "Draft heading (en)"), ("ru", "Draft heading (ru)"),
])  # fmt: skip
def test_trainer_previews_a_draft_in_each_language(
    draft: LessonPage, trainer: User, language: str, heading: str
) -> None:
    shown = view_draft(client_of(trainer), draft, language)
    assert f"<h1>{heading}</h1>" in shown
    assert f'<html lang="{language}">' in shown
    assert "Text of lesson-1" in shown


def test_preview_does_not_reach_readers(draft: LessonPage, trainer: User, enrolment: Enrolment) -> None:
    reader, page = client_of(enrolment.person), "/az/courses/c1/one/lesson-1/"
    for _twice in range(2):
        assert "Draft heading" in view_draft(client_of(trainer), draft)
        assert "Draft heading" not in reader.get(page).text


def test_course_and_assessment_are_previewed_too(course: CoursePage, trainer: User) -> None:
    client = client_of(trainer)
    assert "Course C1 (en)" in client.get(f"/cms/pages/{course.pk}/view_draft/?mode=en").text
    exam = assessment_of(course, "exam")
    assert "You have 60 minutes" in client.get(f"/cms/pages/{exam.pk}/view_draft/?mode=en").text


def test_preview_may_be_framed_by_the_editor_alone(draft: LessonPage, trainer: User) -> None:
    answer = client_of(trainer).get(f"/cms/pages/{draft.pk}/view_draft/")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src 'self';" in policy


def test_stranger_officer_and_outsider_preview_nothing(
    draft: LessonPage, officer: User, outsider: User, client: Client
) -> None:
    for browser in (client, client_of(officer), client_of(outsider)):
        answer = browser.get(f"/cms/pages/{draft.pk}/view_draft/")
        assert answer.status_code == 302
        assert "Draft heading" not in answer.text


def test_lesson_is_not_served_by_wagtail_itself(course: CoursePage, trainer: User) -> None:
    page = lesson_of(course, "lesson-1")
    assert page.url == "/az/courses/c1/one/lesson-1/"
    assert client_of(trainer).get(page.url).status_code == 403  # not enrolled
