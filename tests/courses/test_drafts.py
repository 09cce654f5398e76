import pytest

from courses.bodies import stream
from courses.drafts import Translation, content_of, translations_of
from courses.models import CoursePage
from tests.factories import names

from .factories import body_of, lesson_of, make_lesson, module_of, publish

pytestmark = pytest.mark.django_db
FRESH = [Translation("en", 0, 0), Translation("ru", 0, 0)]


def test_content_is_of_the_newest_draft_and_of_all_languages(course: CoursePage) -> None:
    lesson = lesson_of(course, "lesson-1")
    before = content_of(lesson)
    assert before["heading_ru"] == "Lesson lesson-1 (ru)"
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"))
    after = content_of(lesson_of(course, "lesson-1"))
    assert {key for key in after if after[key] != before[key]} == {
        "heading_az", "heading_en", "heading_ru", "judged",
    }  # fmt: skip


def test_content_is_the_same_after_publishing_and_after_the_editor_saved_it(course: CoursePage) -> None:
    lesson = lesson_of(course, "lesson-1")
    before = content_of(lesson)
    publish(course, legal_date=course.legal_date.replace(year=2027))
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    draft.body = draft._meta.get_field("body").stream_block.clean(draft.body)  # as a form gives it
    draft.save_revision()
    assert content_of(lesson_of(course, "lesson-1")) == before


def test_content_names_no_author_and_no_instant(course: CoursePage) -> None:
    assert set(content_of(course)) == {
        f"{field}_{code}" for field in ("heading", "summary", "audience") for code in ("az", "en", "ru")
    } | {"slug", "legal_date", "judged", "field_sheet"}  # fmt: skip


def test_translations_of_a_fresh_page_need_no_work(course: CoursePage) -> None:
    for page in (course, module_of(course, "one"), lesson_of(course, "lesson-1")):
        assert translations_of(page) == FRESH


def test_translation_older_than_the_azerbaijani_is_stale_until_it_is_changed(course: CoursePage) -> None:
    module, lesson = module_of(course, "one"), lesson_of(course, "lesson-1")
    heading = {**names("Lesson lesson-1"), "az": "Yeni"}
    save = {"az": "Yeni", "ru": "Новый"}
    _type(lesson, heading_az="Yeni")
    assert [t.stale for t in translations_of(lesson_of(course, "lesson-1"))] == [1, 1]
    _type(lesson_of(course, "lesson-1"), heading_ru=save["ru"])
    found = translations_of(lesson_of(course, "lesson-1"))
    assert [(t.language, t.stale) for t in found] == [("en", 1), ("ru", 0)]
    publish(course)
    assert [t.needs_work for t in translations_of(lesson_of(course, "lesson-1"))] == [True, False]
    make_lesson(module, "lesson-1", heading=heading)  # a file says that they belong together
    assert translations_of(lesson_of(course, "lesson-1")) == FRESH


def _type(lesson: object, **texts: str) -> None:
    """As the editor saves what was typed."""
    draft = lesson.get_latest_revision_as_object()  # type: ignore[attr-defined]
    for name, text in texts.items():
        setattr(draft, name, text)
    draft.save_revision()


def test_text_of_the_body_changed_alone_makes_its_own_translations_stale(course: CoursePage) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", {"heading": names("A")}, {"heading": names("B")})
    lesson = lesson_of(course, "lesson-1")
    draft = lesson.get_latest_revision_as_object()
    draft.body[1].value["az"] = "Başqa"
    draft.save_revision()
    assert translations_of(lesson_of(course, "lesson-1")) == [
        Translation("en", 0, 1),
        Translation("ru", 0, 1),
    ]


def test_translations_changed_together_are_not_stale(course: CoursePage) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"), body=body_of("Other"))
    assert translations_of(lesson_of(course, "lesson-1")) == FRESH


def test_missing_translations_are_counted(course: CoursePage) -> None:
    text = {"az": "Mətn", "en": "Text", "ru": ""}
    body = stream([{"paragraph": text}, {"heading": text}], seed="x")
    make_lesson(module_of(course, "one"), "lesson-1", body=body)
    assert [t.missing for t in translations_of(lesson_of(course, "lesson-1"))] == [0, 2]
