"""Trainers at /cms/: what they may do, what is refused in words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import translation
from wagtail.admin.icons import get_icons
from wagtail.users.models import UserProfile

from courses import actions
from courses.models import CoursePage, Edition, Enrolment, LessonPage
from courses.models.blocks import LessonBody
from operations import clock
from people.models import User
from tests.factories import client_of, names

from .factories import lesson_of, make_lesson, module_of

pytestmark = pytest.mark.django_db


EMPTY_BODY = {"body-count": "0"}


def words_of(answer: Any) -> list[str]:
    return [str(message).strip() for message in get_messages(answer.wsgi_request)]


def form_of(page: Any, **changed: Any) -> dict[str, Any]:
    """Return what the editor sends for a page: headings and an empty body."""
    texts = {f"heading_{code}": getattr(page, f"heading_{code}") for code in ("az", "en", "ru")}
    return {**texts, **EMPTY_BODY, "minutes": "10", "legal_date": "2026-11-24", **changed}


def test_only_trainers_and_reviewers_enter(
    course: CoursePage, trainer: User, reviewer: User, officer: User, registrar: User, outsider: User
) -> None:
    answers = [
        client_of(person).get("/cms/").status_code
        for person in (trainer, reviewer, officer, registrar, outsider)
    ]
    assert answers == [200, 200, 302, 302, 302]


def test_menu_and_home_show_what_exists(course: CoursePage, author: Client) -> None:
    page = author.get("/cms/").text
    for name in ("Editions", "Legal sources", "Indicators", "Course C1"):
        assert name in page
    for name in ("/cms/images/", "/cms/documents/", "/cms/reports/", "guide.wagtail.org"):
        assert name not in page


@pytest.mark.parametrize("path", ["images/", "documents/", "users/", "groups/", "sites/", "snippets/"])
def test_other_parts_of_wagtail_are_closed(course: CoursePage, author: Client, path: str) -> None:
    answer = author.get(f"/cms/{path}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cms/")


def test_trainer_saves_a_draft_in_three_languages(course: CoursePage, author: Client) -> None:
    lesson = lesson_of(course, "lesson-1")
    changed = form_of(lesson, heading_az="Yeni", heading_en="New", heading_ru="Новый", sources=["THB-1"])
    assert author.post(f"/cms/pages/{lesson.pk}/edit/", changed).status_code == 302
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    assert (draft.title, draft.heading_en, draft.heading_ru) == ("Yeni", "New", "Новый")
    assert (draft.slug, draft.sources) == ("lesson-1", ["THB-1"])
    assert lesson_of(course, "lesson-1").heading_en == "Lesson lesson-1 (en)"


def test_publish_asked_of_the_editor_only_saves_a_draft(course: CoursePage, author: Client) -> None:
    lesson = lesson_of(course, "lesson-1")
    changed = form_of(lesson, heading_az="Yeni", **{"action-publish": "x"})
    assert author.post(f"/cms/pages/{lesson.pk}/edit/", changed).status_code == 302
    assert lesson_of(course, "lesson-1").heading_az == "Lesson lesson-1"
    assert "Publish" not in author.get(f"/cms/pages/{lesson.pk}/edit/").text


def test_new_lesson_takes_title_and_address_from_its_azerbaijani_heading(
    course: CoursePage, author: Client
) -> None:
    module = module_of(course, "one")
    sent = {f"heading_{c}": "Sənədsiz işçi" for c in ("az", "en", "ru")}
    sent |= {**EMPTY_BODY, "minutes": "5", "legal_date": "2026-11-24"}
    for _twice in range(2):
        assert author.post(f"/cms/pages/add/courses/lessonpage/{module.pk}/", sent).status_code == 302
    made = LessonPage.objects.filter(title="Sənədsiz işçi").order_by("path")
    assert [lesson.slug for lesson in made] == ["senedsiz-isci", "senedsiz-isci-2"]


def test_editor_tells_which_translation_is_older(course: CoursePage, author: Client) -> None:
    lesson = lesson_of(course, "lesson-1")
    page = f"/cms/pages/{lesson.pk}/edit/"
    assert "older than the Azerbaijani" not in author.get(page).text
    author.post(page, form_of(lesson, heading_az="Yeni", heading_ru="Новый"))
    shown = author.get(page).text
    assert "1 text older than the Azerbaijani" in shown
    assert ("<b>English</b>" in shown, "<b>Russian</b>" in shown) == (True, False)


def test_proposing_brings_the_scripts_of_its_fields_and_names_the_course_in_full(
    course: CoursePage, author: Client
) -> None:
    page = author.get(f"/cms/editions/{course.pk}/propose/").text
    assert "initDateChooser" in page
    assert "wagtailadmin/js/date-time-chooser" in page
    assert ">Course C1</h2>" in page


def test_edition_with_nothing_new_or_without_a_reason_is_refused_in_words(
    course: CoursePage, author: Client
) -> None:
    page = f"/cms/editions/{course.pk}/propose/"
    assert "This field is required" in author.post(page, {"legal_date": "2026-11-24"}).text
    sent = {"reason": "Again", "legal_date": "2026-11-24", "languages": ["en", "ru"]}
    answer = author.post(page, sent)
    assert "Nothing has changed since edition 1." in answer.text
    assert Edition.objects.count() == 1


def test_form_offers_the_day_on_which_the_law_was_checked_last(course: CoursePage, author: Client) -> None:
    """Whoever mends a slip of the pen has not read the law again."""
    page = f"/cms/editions/{course.pk}/propose/"
    assert f'value="{Edition.objects.get().legal_date:%Y-%m-%d}"' in author.get(page).text


def test_law_of_a_day_to_come_is_refused_at_its_field(course: CoursePage, author: Client) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"))
    tomorrow = clock.today() + timedelta(days=1)
    sent = {"reason": "Clearer", "legal_date": tomorrow.isoformat()}
    answer = author.post(f"/cms/editions/{course.pk}/propose/", sent)
    assert "This day is still to come" in answer.text
    assert 'value="Clearer"' in answer.text
    assert Edition.objects.count() == 1


def test_delete_of_what_has_records_is_refused_in_words(
    course: CoursePage, enrolment: Enrolment, author: Client
) -> None:
    lesson = lesson_of(course, "lesson-1")
    actions.mark_read(enrolment=enrolment, lesson=lesson, by=None)
    for page in (lesson, module_of(course, "one"), course):
        for method in (author.get, author.post):
            answer = method(f"/cms/pages/{page.pk}/delete/")
            assert answer.status_code == 302
            assert "cannot be deleted: it belongs to edition 1" in words_of(answer)[-1]
    assert LessonPage.objects.filter(pk=lesson.pk).exists()


def test_draft_without_records_is_deleted(course: CoursePage, author: Client) -> None:
    lesson = make_lesson(module_of(course, "one"), "draft")
    title = {"confirm_site_name": "Nişanə"}
    assert author.post(f"/cms/pages/{lesson.pk}/delete/", title).status_code == 302
    assert not LessonPage.objects.filter(pk=lesson.pk).exists()


def test_bulk_delete_and_bulk_publish_change_nothing(course: CoursePage, author: Client) -> None:
    lesson = lesson_of(course, "lesson-1")
    for act in ("delete", "publish", "unpublish"):
        answer = author.post(f"/cms/bulk/wagtailcore/page/{act}/?id={lesson.pk}")
        assert answer.status_code in (302, 200)
    assert lesson_of(course, "lesson-1").live


def test_move_unpublish_and_copy_of_what_readers_see_are_refused(course: CoursePage, author: Client) -> None:
    lesson, module = lesson_of(course, "lesson-1"), module_of(course, "two")
    assert author.post(f"/cms/pages/{lesson.pk}/unpublish/").status_code == 302
    answer = author.post(f"/cms/pages/{lesson.pk}/move/{module.pk}/confirm/")
    assert words_of(answer)[-1] == "Readers see this page: it cannot be moved to another part."
    answer = author.post(f"/cms/pages/{course.pk}/copy/", {})
    assert "cannot be copied" in words_of(answer)[-1]
    lesson.refresh_from_db()
    assert (lesson.live, lesson.get_parent().slug) == (True, "one")


def test_grant_that_ends_closes_the_door_at_the_next_request(course: CoursePage, trainer: User) -> None:
    client = client_of(trainer)
    assert client.get("/cms/").status_code == 200
    grant = trainer.grants.get()
    trainer.grants.filter(pk=grant.pk).update(revoked_at=grant.starts_at, revoked_by=trainer)
    assert client.get("/cms/").status_code == 302


def test_the_editor_speaks_azerbaijani(course: CoursePage, trainer: User) -> None:
    author = client_of(trainer)
    author.cookies["nisane_language"] = "az"
    page = author.get(f"/cms/pages/{course.pk}/edit/").text
    for words, english in [
        ("Qaralamanı yadda saxla", "Save draft"),
        ("Səhifənin görünməsi", "Page visibility"),
    ]:
        assert (words in page, english in page) == (True, False)
    assert '"Blocks": "Bloklar"' in author.get("/cms/jsi18n/").text


def test_every_block_of_a_lesson_has_a_picture_that_exists() -> None:
    pictures = {name: block.meta.icon for name, block in LessonBody().child_blocks.items()}
    known = get_icons()
    assert [name for name, icon in pictures.items() if f'id="icon-{icon}"' not in known] == []


def test_law_of_a_lesson_is_labelled_as_a_law_in_azerbaijani() -> None:
    """Not with the words of the certificates' register."""
    with translation.override("az"):
        labels = [str(block.label) for block in LessonBody().child_blocks["law"].child_blocks.values()]
    assert labels == ["Məzmunu", "Hüquqi mənbə"]


def test_account_page_saves_what_it_shows(course: CoursePage, author: Client, trainer: User) -> None:
    page = author.get("/cms/account/")
    assert 'name="name_email-first_name"' not in page.text  # agencies enter names
    sent = {"locale-preferred_language": "ru", "theme-theme": "dark", "theme-contrast": "more_contrast"}
    sent |= {"theme-density": "snug", "theme-keyboard_shortcuts": ""}
    fields = re.findall(r'name="((?:avatar|locale|theme|notifications|name_email)-[^"]+)"', page.text)
    assert set(fields) - {"avatar-avatar", "avatar-clear"} == set(sent)
    assert author.post("/cms/account/", sent).headers["Location"] == "/cms/account/"
    profile = UserProfile.objects.get(user=trainer)
    assert (profile.preferred_language, profile.theme, profile.density) == ("ru", "dark", "snug")
    assert profile.keyboard_shortcuts is False


def test_account_page_is_for_authors(course: CoursePage, officer: User, outsider: User) -> None:
    for person in (officer, outsider):
        assert client_of(person).get("/cms/account/").status_code == 302


def test_order_of_lessons_is_not_changed_by_one_person(course: CoursePage, author: Client) -> None:
    """Readers would meet them in it at once. Wagtail draws handles all the same: cms.css hides them."""
    lesson = lesson_of(course, "lesson-2")
    author.post(f"/cms/pages/{lesson.pk}/set_position/", {"position": "0"})
    assert LessonPage.objects.get(pk=lesson.pk).path == lesson.path
