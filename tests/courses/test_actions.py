import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Page, Revision, Site

from courses import actions
from courses.bodies import stream
from courses.models import CatalogPage, CheckDone, CoursePage, Enrolment, LessonProgress
from courses.translating import needing_work, pages_of
from operations.models import AuditEntry
from people.models import User
from tests.factories import names

from .factories import LAW, lesson_of, make_course, make_lesson, module_of, publish

pytestmark = pytest.mark.django_db


def test_save_catalog_takes_the_place_of_the_sample_page() -> None:
    catalog = actions.save_catalog(by=None)
    assert actions.save_catalog(by=None) == catalog
    assert list(Page.objects.filter(depth=2)) == [catalog.page_ptr]
    assert Site.objects.get().root_page == catalog.page_ptr


def test_save_lesson_makes_a_draft_that_readers_do_not_see(standards: None) -> None:
    lesson = lesson_of(make_course(), "lesson-1")
    assert (lesson.live, lesson.title, lesson.heading_ru) == (
        False,
        "Lesson lesson-1",
        "Lesson lesson-1 (ru)",
    )


def test_save_lesson_twice_makes_one_revision(course: CoursePage) -> None:
    before = Revision.objects.count()
    make_lesson(module_of(course, "one"), "lesson-1")
    assert Revision.objects.count() == before


def test_save_lesson_with_another_heading_leaves_what_readers_see(course: CoursePage) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"))
    lesson = lesson_of(course, "lesson-1")
    assert (lesson.heading_az, lesson.has_unpublished_changes) == ("Lesson lesson-1", True)
    assert lesson.get_latest_revision_as_object().heading_az == "Other"


def test_saving_is_refused_to_who_is_no_trainer(course: CoursePage, officer: User, outsider: User) -> None:
    for person in (officer, outsider):
        with pytest.raises(PermissionDenied):
            actions.save_module(course=course, slug="x", heading=names("x"), by=person)


def test_translate_saves_what_was_seen_and_leaves_what_changed_since(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    body = stream([{"heading": {"az": "Mətn", "en": "", "ru": "Текст"}}], seed="x")
    page = make_lesson(module_of(course, "one"), "lesson-1", body=body)
    (work,) = needing_work(pages_of(course))
    translation = actions.TypedTranslation(work.path, "en", "Text", work.key)
    assert actions.translate(page=page, typed=[translation], by=reviewer) == {}
    assert list(needing_work(pages_of(course))) == []
    left = actions.translate(page=page, typed=[translation], by=trainer)
    assert list(left) == [work.key]  # it is not empty any more
    entry = AuditEntry.objects.get(act="courses.translate")
    assert (entry.by, entry.subject_id, entry.after) == (reviewer, "c1/one/lesson-1", {"counts": 1})


def test_translate_with_the_same_text_finds_it_right_still(course: CoursePage, trainer: User) -> None:
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    draft.heading_az = "Yeni"
    draft.save_revision()
    work = {row.language: row for row in needing_work(pages_of(course))}
    translation = actions.TypedTranslation(work["en"].path, "en", work["en"].text, work["en"].key)
    assert actions.translate(page=draft, typed=[translation], by=trainer) == {}
    assert [row.language for row in needing_work(pages_of(course))] == ["ru"]


def test_translating_is_refused_to_who_is_no_trainer(
    course: CoursePage, officer: User, outsider: User
) -> None:
    for person in (officer, outsider):
        with pytest.raises(PermissionDenied):
            actions.translate(page=lesson_of(course, "lesson-1"), typed=[], by=person)


def test_arrange_puts_children_in_the_given_order(course: CoursePage) -> None:
    module = module_of(course, "one")
    assert actions.arrange(parent=module, slugs=["lesson-2", "lesson-1"], by=None)
    slugs = list(Page.objects.child_of(module).order_by("path").values_list("slug", flat=True))
    assert slugs == ["lesson-2", "lesson-1"]
    assert not actions.arrange(parent=module, slugs=["lesson-2", "lesson-1"], by=None)


def test_enrol_begins_in_the_newest_edition_once(course: CoursePage, officer: User) -> None:
    publish(course, legal_date=LAW.replace(year=2027))
    enrolment = actions.enrol(person=officer, course=course, by=officer)
    assert enrolment.edition.number == 2
    assert actions.enrol(person=officer, course=course, by=officer) == enrolment
    assert AuditEntry.objects.filter(act="courses.enrol").count() == 1


def test_enrol_in_an_unpublished_course_is_refused(draft_course: CoursePage, officer: User) -> None:
    with pytest.raises(actions.CourseError):
        actions.enrol(person=officer, course=draft_course, by=officer)


def test_enrol_is_for_officers_in_service_and_for_oneself(
    course: CoursePage, officer: User, officer2: User, outsider: User
) -> None:
    for person, by in ((outsider, outsider), (officer, officer2), (officer, outsider)):
        with pytest.raises(PermissionDenied):
            actions.enrol(person=person, course=course, by=by)


def test_mark_read_keeps_edition_and_revision_and_can_be_repeated(
    course: CoursePage, enrolment: Enrolment
) -> None:
    lesson = lesson_of(course, "lesson-1")
    for _twice in range(2):
        progress = actions.mark_read(enrolment=enrolment, lesson=lesson, by=enrolment.person)
    assert (progress.edition.number, progress.revision_id) == (1, lesson.live_revision_id)
    assert LessonProgress.objects.count() == 1


def test_finish_check_keeps_once_that_it_was_answered(
    course: CoursePage, enrolment: Enrolment, outsider: User
) -> None:
    check = {"check": {"question": names("Which?"), "options": [
        {"text": names("a"), "right": True, "feedback": names("b")}, {"text": names("c"), "feedback": names("d")},
    ]}}  # fmt: skip
    make_lesson(module_of(course, "one"), "lesson-1", check)
    publish(course)
    lesson = lesson_of(course, "lesson-1")
    code = lesson.body.raw_data[1]["id"]
    with pytest.raises(PermissionDenied):
        actions.finish_check(enrolment=enrolment, lesson=lesson, check_code=code, by=outsider)
    with pytest.raises(actions.CourseError):
        actions.finish_check(enrolment=enrolment, lesson=lesson, check_code="other", by=enrolment.person)
    for _twice in range(2):
        actions.finish_check(enrolment=enrolment, lesson=lesson, check_code=code, by=enrolment.person)
    assert [done.check_code for done in CheckDone.objects.all()] == [code]


def test_mark_read_after_a_change_keeps_the_newer_revision(course: CoursePage, enrolment: Enrolment) -> None:
    old = lesson_of(course, "lesson-1")
    actions.mark_read(enrolment=enrolment, lesson=old, by=enrolment.person)
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"))
    publish(course)
    new = lesson_of(course, "lesson-1")
    progress = actions.mark_read(enrolment=enrolment, lesson=new, by=enrolment.person)
    assert (progress.edition.number, progress.revision_id) == (2, new.live_revision_id)


def test_mark_read_is_refused_to_others(course: CoursePage, enrolment: Enrolment, outsider: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.mark_read(enrolment=enrolment, lesson=lesson_of(course, "lesson-1"), by=outsider)


def test_mark_read_of_a_lesson_of_another_course_is_refused(course: CoursePage, enrolment: Enrolment) -> None:
    other = make_course("C2")
    publish(other)
    with pytest.raises(actions.CourseError):
        actions.mark_read(enrolment=enrolment, lesson=lesson_of(other, "lesson-1"), by=enrolment.person)


def test_catalog_is_made_once_under_the_root(db: None) -> None:
    assert actions.save_catalog(by=None).get_parent().is_root()
    assert CatalogPage.objects.count() == 1
