"""Trainers at /cms/: what they may do, what is refused in words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from wagtail.admin.icons import get_icons
from wagtail.models import Page
from wagtail.users.models import UserProfile

from courses import actions
from courses.models import CoursePage, Edition, Enrolment, LessonPage
from courses.models.blocks import LessonBody
from elearning.urls import NOT_AT_CMS
from operations import clock
from people.models import User
from tests.factories import client_of, names

from .factories import LAW, lesson_of, make_lesson, module_of
from .test_pictures import png

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
    assert "To write a new lesson" in page
    for name in ("/cms/images/", "/cms/documents/", "/cms/reports/", "guide.wagtail.org"):
        assert name not in page


def test_acts_on_several_pages_speak_azerbaijani(course: CoursePage, trainer: User) -> None:
    client = client_of(trainer)
    client.cookies["nisane_language"] = "az"
    pages = "&".join(f"id={lesson_of(course, slug).pk}" for slug in ("lesson-1", "lesson-2"))
    shown = {
        act: client.get(f"/cms/bulk/wagtailcore/page/{act}/?{pages}").text for act in ("delete", "publish")
    }
    assert "Bu səhifələr silinsin?" in shown["delete"] and "Bəli, silin" in shown["delete"]
    assert "Bu səhifələri dərc etməyə icazəniz yoxdur" in shown["publish"]
    assert "Geri qayıdın" in shown["publish"]


@pytest.mark.parametrize("path", [*NOT_AT_CMS, "images/chooser", "reports/workflow"])
def test_other_parts_of_wagtail_are_closed(course: CoursePage, author: Client, path: str) -> None:
    assert author.get(f"/cms/{path}/").status_code == 404


@pytest.mark.parametrize("action", ["delete", "move", "unpublish", "revert_to_page_revision"])
@pytest.mark.parametrize("who", ["trainer", "reviewer"])
def test_no_act_on_a_page_goes_past_the_editor(
    course: CoursePage, who: str, action: str, request: pytest.FixtureRequest
) -> None:
    """What has records is kept by the editor's own refusals."""
    lesson, there = LessonPage.objects.latest("pk"), Page.objects.count()
    client = client_of(request.getfixturevalue(who))
    answer = client.post(
        f"/cms/api/main/pages/{lesson.pk}/action/{action}/", {"destination_page_id": course.pk}
    )
    assert (answer.status_code, Page.objects.count()) == (404, there)


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


@pytest.mark.parametrize(
    ("heading", "slug"), [("Zəngi ağır İş: Qızıl", "zengi-agir-is-qizil"), ("Звонок", "zvonok")]
)
def test_address_of_a_lesson_is_written_as_people_write_without_their_letters(
    heading: str, slug: str, course: CoursePage, author: Client
) -> None:
    sent = {f"heading_{c}": heading for c in ("az", "en", "ru")} | {**EMPTY_BODY, "minutes": "5"}
    sent |= {"legal_date": "2026-11-24"}
    author.post(f"/cms/pages/add/courses/lessonpage/{module_of(course, 'one').pk}/", sent)
    assert LessonPage.objects.get(title=heading).slug == slug


def test_editor_tells_which_translation_is_older(course: CoursePage, author: Client) -> None:
    lesson = lesson_of(course, "lesson-1")
    page = f"/cms/pages/{lesson.pk}/edit/"
    assert "older than the Azerbaijani" not in author.get(page).text
    author.post(page, form_of(lesson, heading_az="Yeni", heading_ru="Новый"))
    shown = author.get(page).text
    assert "1 text older than the Azerbaijani" in shown
    assert ("<b>English</b>" in shown, "<b>Russian</b>" in shown) == (True, False)


def test_proposing_asks_for_the_day_as_every_page_does_and_names_the_course_in_full(
    course: CoursePage, author: Client
) -> None:
    page = author.get(f"/cms/editions/{course.pk}/propose/").text
    assert f'<input type="text" name="legal_date" value="{LAW:%d.%m.%Y}"' in page
    assert ">Course C1</h2>" in page


def test_day_that_cannot_be_read_is_refused_and_stays_as_it_was_typed(
    course: CoursePage, author: Client
) -> None:
    for typed, said in {
        "soon": "Enter a day, for example 24.11.2026.",
        "30.02.2024": "This day does not exist: 30.02.2024.",
    }.items():
        sent = {"reason": "Again", "legal_date": typed, "languages": ["en", "ru"]}
        answer = author.post(f"/cms/editions/{course.pk}/propose/", sent)
        assert said in answer.text
        assert f'value="{typed}"' in answer.text


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
    assert f'value="{Edition.objects.get().legal_date:%d.%m.%Y}"' in author.get(page).text


def test_law_of_a_day_to_come_is_refused_at_its_field(course: CoursePage, author: Client) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"))
    tomorrow = clock.today() + timedelta(days=1)
    sent = {"reason": "Clearer", "legal_date": tomorrow.isoformat()}
    answer = author.post(f"/cms/editions/{course.pk}/propose/", sent)
    assert "This day has not come yet" in answer.text
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


@pytest.mark.parametrize(
    "path",
    [
        "bulk/wagtailcore/page/delete/?id=x", "bulk/wagtailcore/page/move/?id=99999999999999999999",
        "bulk/wagtailcore/page/publish/?id=1&id=-1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["get", "post"])
def test_page_that_no_database_can_be_asked_for_is_not_found(
    course: CoursePage, author: Client, path: str, how: str
) -> None:
    assert getattr(author, how)(f"/cms/{path}").status_code == 404


@pytest.mark.parametrize("below", [None, "", "x", "9" * 30, "99999999"])
def test_copy_below_no_page_is_refused(course: CoursePage, author: Client, below: str | None) -> None:
    there = Page.objects.count()
    sent = {"new_title": "x", "new_slug": "x", **({} if below is None else {"new_parent_page": below})}
    answer = author.post(f"/cms/pages/{lesson_of(course, 'lesson-1').pk}/copy/", sent)
    assert (answer.status_code, Page.objects.count()) == (400, there)


def test_acts_on_several_pages_are_for_authors(course: CoursePage, officer: User, outsider: User) -> None:
    page = f"/cms/bulk/wagtailcore/page/delete/?id={lesson_of(course, 'lesson-1').pk}"
    for person in (officer, outsider):
        assert client_of(person).get(page).status_code == 302


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
    assert set(fields) == set(sent)
    picture = SimpleUploadedFile("me.png", png(40, 40), "image/png")
    assert (
        author.post("/cms/account/", {**sent, "avatar-avatar": picture}).headers["Location"]
        == "/cms/account/"
    )
    profile = UserProfile.objects.get(user=trainer)
    assert (profile.preferred_language, profile.theme, profile.density) == ("ru", "dark", "snug")
    assert (profile.keyboard_shortcuts, profile.avatar.name) == (False, "")


def test_account_page_is_for_authors(course: CoursePage, officer: User, outsider: User) -> None:
    for person in (officer, outsider):
        assert client_of(person).get("/cms/account/").status_code == 302


def test_order_of_lessons_is_not_changed_by_one_person(course: CoursePage, author: Client) -> None:
    """Readers would meet them in it at once. Wagtail draws handles all the same: cms.css hides them."""
    lesson = lesson_of(course, "lesson-2")
    author.post(f"/cms/pages/{lesson.pk}/set_position/", {"position": "0"})
    assert LessonPage.objects.get(pk=lesson.pk).path == lesson.path
