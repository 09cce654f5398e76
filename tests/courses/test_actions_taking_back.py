"""Taking back what is live: a course withdrawn, a lesson left out, by reason."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from courses import actions
from courses.actions import CourseError
from courses.actions_editions import confirm_edition, send_back_edition
from courses.actions_taking_back import leave_out, withdraw_course
from courses.models import CoursePage, Edition, Enrolment, Withdrawal
from operations.models import AuditEntry
from people.models import User
from tests.elearning.pages import flat
from tests.factories import client_of, names

from .factories import assessment_of, lesson_of, make_lesson, module_of, propose, publish, publish_by_two

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
COURSE = "/en/courses/c1/"


def test_withdrawn_course_is_gone_for_readers_until_its_next_edition(
    course: CoursePage, enrolment: Enrolment, reviewer: User, outsider: User, client: Client
) -> None:
    """Who follows it reads that it was taken back; for everybody else it is not there."""
    reader = client_of(enrolment.person)
    assert reader.get(COURSE + "one/lesson-1/").status_code == 200
    withdraw_course(course=course, reason="Article repealed", by=reviewer)
    for address in (COURSE, COURSE + "one/lesson-1/", COURSE + "field-sheet/", COURSE + "field-sheet/pdf/"):
        page = reader.get(address)
        assert (page.status_code, "was taken back" in page.text) == (410, True)
        assert "Article repealed" not in page.text
        assert client_of(outsider).get(address).status_code == 404
    assert "Course C1" not in client.get("/en/courses/").text
    home = flat(reader.get("/en/").text)
    assert ("Course C1" in home, "You follow no course yet" in home) == (True, False)
    publish(course)
    assert reader.get(COURSE + "one/lesson-1/").status_code == 200  # the enrolment was kept


def test_withdrawing_leaves_its_trace_and_is_done_once(course: CoursePage, trainer: User) -> None:
    withdraw_course(course=course, reason="Article repealed", by=trainer)
    entry = AuditEntry.objects.get(act="courses.withdraw")
    assert (entry.by, entry.subject_id, entry.reason) == (trainer, course.public_id, "Article repealed")
    assert Withdrawal.objects.get().edition == Edition.objects.get()
    with pytest.raises(CourseError, match="Readers do not see this course."):
        withdraw_course(course=course, reason="Again", by=trainer)


def test_nobody_enrols_in_a_withdrawn_course(course: CoursePage, trainer: User, officer: User) -> None:
    withdraw_course(course=course, reason="x", by=trainer)
    with pytest.raises(CourseError, match="withdrawn"):
        actions.enrol(person=officer, course=course, by=officer)


def test_left_out_lesson_is_gone_and_the_edition_says_so(
    course: CoursePage, enrolment: Enrolment, reviewer: User
) -> None:
    edition = leave_out(page=lesson_of(course, "lesson-2"), reason="Wrong number", by=reviewer)
    assert (edition.number, edition.takes_back, edition.languages) == (2, True, ["az", "en", "ru"])
    assert [row.lesson.slug for row in edition.lessons.order_by("pk")] == ["lesson-1", "lesson-3"]
    reader = client_of(enrolment.person)
    assert reader.get(COURSE + "one/lesson-2/").status_code == 410
    assert reader.get(COURSE + "one/lesson-1/").status_code == 200
    entry = AuditEntry.objects.get(act="courses.leave_out")
    assert (entry.by, entry.reason, entry.after["left_out"]) == (
        reviewer,
        "Wrong number",
        ["c1/one/lesson-2"],
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("az", "Bu dərs hazırda kursa daxil deyil"),
        ("en", "This lesson is not part of the course now"),
        ("ru", "Этот урок сейчас не входит в курс"),
    ],
)
def test_who_comes_to_a_left_out_lesson_is_told_and_led_to_the_course(
    course: CoursePage, enrolment: Enrolment, trainer: User, language: str, words: str
) -> None:
    leave_out(page=lesson_of(course, "lesson-2"), reason="Wrong number", by=trainer)
    reader = client_of(enrolment.person)
    home = f"/{language}/courses/c1/"
    address = f"{home}one/lesson-2/"
    answers = [reader.get(address), reader.post(address, {"check": "x"}), reader.post(f"{address}read/")]
    assert [answer.status_code for answer in answers] == [410, 410, 410]
    for answer in answers:
        assert words in answer.text and f'href="{home}"' in answer.text
        assert "Wrong number" not in answer.text
        assert "no-store" in answer.headers["Cache-Control"]


def test_left_out_exam_says_that_it_is_one(course: CoursePage, enrolment: Enrolment, trainer: User) -> None:
    leave_out(page=assessment_of(course, "exam"), reason="x", by=trainer)
    reader = client_of(enrolment.person)
    for answer in (reader.get(COURSE + "two/exam/"), reader.post(COURSE + "two/exam/start/")):
        assert answer.status_code == 410
        assert "This assessment is not part of the course now" in answer.text


def test_left_out_lesson_is_no_page_to_others_nor_is_one_that_nobody_has_seen(
    course: CoursePage, enrolment: Enrolment, trainer: User, outsider: User, client: Client
) -> None:
    make_lesson(module_of(course, "one"), "draft")
    leave_out(page=lesson_of(course, "lesson-2"), reason="x", by=trainer)
    assert client_of(outsider).get(COURSE + "one/lesson-2/").status_code == 404
    assert client.get(COURSE + "one/lesson-2/").status_code == 302
    for address in ("one/draft/", "two/lesson-2/", "one/nothing/"):
        assert client_of(enrolment.person).get(COURSE + address).status_code == 404


def test_course_lasts_as_long_as_the_lessons_that_are_in_it(
    course: CoursePage, trainer: User, client: Client
) -> None:
    assert "30 minutes" in client.get(COURSE).text
    leave_out(page=lesson_of(course, "lesson-2"), reason="x", by=trainer)
    for page in (COURSE, "/en/courses/"):
        shown = client.get(page).text
        assert "20 minutes" in shown and "30 minutes" not in shown


def test_exam_is_left_out_too_but_not_the_last_lesson(course: CoursePage, trainer: User) -> None:
    leave_out(page=assessment_of(course, "exam"), reason="x", by=trainer)
    for slug in ("lesson-1", "lesson-2"):
        leave_out(page=lesson_of(course, slug), reason="x", by=trainer)
    with pytest.raises(CourseError, match="withdraw the course"):
        leave_out(page=lesson_of(course, "lesson-3"), reason="x", by=trainer)


def test_taking_back_needs_a_reason_and_something_that_readers_see(course: CoursePage, trainer: User) -> None:
    with pytest.raises(CourseError, match="Say why."):
        withdraw_course(course=course, reason=" ", by=trainer)
    lesson = lesson_of(course, "lesson-2")
    leave_out(page=lesson, reason="x", by=trainer)
    with pytest.raises(CourseError, match="Readers do not see this page."):
        leave_out(page=lesson, reason="x", by=trainer)


def test_taking_back_is_refused_to_others(
    course: CoursePage, officer: User, coordinator: User, outsider: User
) -> None:
    for person in (officer, coordinator, outsider):
        with pytest.raises(PermissionDenied):
            withdraw_course(course=course, reason="x", by=person)
        with pytest.raises(PermissionDenied):
            leave_out(page=lesson_of(course, "lesson-1"), reason="x", by=person)


def test_what_was_taken_back_is_offered_to_be_left_out_again(course: CoursePage, trainer: User) -> None:
    leave_out(page=lesson_of(course, "lesson-2"), reason="x", by=trainer)
    client = client_of(trainer)
    page = client.get(f"/cms/editions/{course.pk}/propose/")
    assert [box.pk for box in page.context["form"].initial["without"]] == [lesson_of(course, "lesson-2").pk]


def test_edition_proposed_before_the_course_was_withdrawn_is_not_confirmed(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    """Who confirmed it did not know: the course would come back, or the edition be read by nobody."""
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"))
    proposal = propose(course, trainer)
    withdraw_course(course=course, reason="Wrong number", by=trainer)
    with pytest.raises(CourseError, match="withdrawn since"):
        confirm_edition(proposal=proposal, by=reviewer)
    assert Edition.objects.count() == 1
    send_back_edition(proposal=proposal, words={lesson_of(course, "lesson-1").pk: "Again"}, by=reviewer)
    assert publish_by_two(course, trainer, reviewer).number == 2
    assert CoursePage.objects.get(pk=course.pk).live
