import pytest

from courses.drafts import Translation, content_of, translations_of
from courses.models import CoursePage, LessonPage
from tests.factories import names

from .factories import body_of, lesson_of, make_lesson, module_of, publish

pytestmark = pytest.mark.django_db
FRESH = [Translation("en", False, False), Translation("ru", False, False)]


def test_content_is_of_the_newest_draft_and_of_all_languages(course: CoursePage) -> None:
    lesson = lesson_of(course, "lesson-1")
    before = content_of(lesson)
    assert before["heading_ru"] == "Lesson lesson-1 (ru)"
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"))
    after = content_of(lesson_of(course, "lesson-1"))
    assert {key for key in after if after[key] != before[key]} == {"heading_az", "heading_en", "heading_ru"}


def test_content_is_the_same_after_publishing_and_after_the_editor_saved_it(course: CoursePage) -> None:
    lesson = lesson_of(course, "lesson-1")
    before = content_of(lesson)
    publish(course, legal_date=course.legal_date.replace(year=2027))
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    for stream in (draft.body_az, draft.body_en, draft.body_ru):
        value = stream.raw_data[0]["value"]
        stream.raw_data[0]["value"] = value.replace("<p>", '<p data-block-key="abcde">')
    draft.save_revision()
    assert content_of(lesson_of(course, "lesson-1")) == before


def test_content_names_no_author_and_no_instant(course: CoursePage) -> None:
    assert set(content_of(course)) == {
        f"{field}_{code}" for field in ("heading", "summary", "audience") for code in ("az", "en", "ru")
    } | {"slug", "minutes", "legal_date"}  # fmt: skip


def test_translations_of_a_fresh_page_need_no_work(course: CoursePage) -> None:
    assert translations_of(lesson_of(course, "lesson-1")) == FRESH


def test_translation_older_than_the_azerbaijani_is_stale_until_it_is_changed(course: CoursePage) -> None:
    module, lesson = module_of(course, "one"), lesson_of(course, "lesson-1")
    heading = names("Lesson lesson-1")
    make_lesson(module, "lesson-1", heading={**heading, "az": "Yeni"})
    assert [t.stale for t in translations_of(lesson)] == [True, True]
    make_lesson(module, "lesson-1", heading={**heading, "az": "Yeni", "ru": "Новый"})
    assert [(t.language, t.stale) for t in translations_of(lesson)] == [("en", True), ("ru", False)]
    publish(course)
    assert [t.needs_work for t in translations_of(lesson)] == [True, False]


def test_translations_changed_together_are_not_stale(course: CoursePage) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"), body=body_of("Other"))
    assert translations_of(lesson_of(course, "lesson-1")) == FRESH


def test_missing_translation_is_told(course: CoursePage) -> None:
    body = {"az": body_of("Text")["az"], "en": body_of("Text")["en"]}
    make_lesson(module_of(course, "one"), "lesson-1", body=body)
    lesson = LessonPage.objects.get(slug="lesson-1")
    assert [t.missing for t in translations_of(lesson)] == [False, True]
