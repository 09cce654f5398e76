"""Requirements of an exam: told on its page, refused without it, frozen with the attempt."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions import close_attempt, close_merged
from assessments.actions_admission import release_exam
from assessments.models import Attempt, Blueprint
from assessments.refusals import ReleaseNeeded
from courses import actions
from courses.actions import CourseError
from courses.actions_editions import confirm_edition, propose_edition
from courses.actions_taking_back import leave_out
from courses.models import CoursePage, Edition, Enrolment, LessonProgress
from courses.requirements import ExamRequirements, exam_requirements
from operations import clock
from people.models import User
from tests.assessments.conftest import make_blueprint
from tests.assessments.walking import answer_all, later
from tests.factories import client_of, names

from .factories import (
    assessment_of,
    begin,
    do_what_is_required,
    facts,
    lesson_of,
    make_lesson,
    module_of,
    outline,
    publish,
    publish_by_two,
)

pytestmark = pytest.mark.django_db
EXAM = "/en/courses/c1/two/exam/"


def required(person: User, course: CoursePage, use: str = "exam") -> ExamRequirements:
    found = outline(course)
    return exam_requirements(person, found, next(item for item in found.assessments if item.use == use))


def slugs(found: ExamRequirements) -> list[str]:
    return [item.slug for item in found.missing]


def read(enrolment: Enrolment, *lessons: str) -> None:
    for slug in lessons:
        lesson = lesson_of(enrolment.course, slug)
        actions.mark_read(enrolment=enrolment, lesson=lesson, by=enrolment.person)


def actions_of(page: str) -> bool:
    return f'action="{EXAM}start/"' in page


# --- what is missing ----------------------------------------------------------------------------------


def test_lessons_not_read_and_practice_not_closed_are_missing(enrolment: Enrolment, officer: User) -> None:
    assert slugs(required(officer, enrolment.course)) == ["lesson-1", "lesson-2", "lesson-3", "practice"]
    read(enrolment, "lesson-1", "lesson-3")
    assert slugs(required(officer, enrolment.course)) == ["lesson-2", "practice"]
    attempt = begin(enrolment, "practice")
    assert slugs(required(officer, enrolment.course)) == ["lesson-2", "practice"]
    close_attempt(attempt=attempt, by=officer, confirmed=True)  # unanswered: it shows nothing
    assert slugs(required(officer, enrolment.course)) == ["lesson-2", "practice"]
    again = begin(enrolment, "practice")
    answer_all(again)
    close_attempt(attempt=again, by=officer, confirmed=True)
    assert slugs(required(officer, enrolment.course)) == ["lesson-2"]
    read(enrolment, "lesson-2")
    assert slugs(required(officer, enrolment.course)) == []


def test_what_others_did_does_not_count(ready: User, course: CoursePage, officer2: User) -> None:
    actions.enrol(person=officer2, course=course, by=officer2)
    assert len(required(officer2, course).missing) == 4


def test_practice_that_a_merging_closed_does_not_count(enrolment: Enrolment, officer: User) -> None:
    begin(enrolment, "practice")
    close_merged(gone=officer, by=None)
    assert "practice" in slugs(required(officer, enrolment.course))


def test_new_lesson_of_the_course_is_required_too(ready: User, course: CoursePage) -> None:
    make_lesson(module_of(course, "one"), "lesson-4")
    assert slugs(required(ready, course)) == []
    publish(course)
    assert slugs(required(ready, course)) == ["lesson-4"]


def test_practice_requires_nothing(enrolment: Enrolment, officer: User) -> None:
    assert required(officer, enrolment.course, "practice") == ExamRequirements()


@pytest.mark.parametrize(
    ("requires", "missing"),
    [
        ({"lessons": False, "practice": False}, []),
        ({"lessons": True, "practice": False}, ["lesson-1", "lesson-2", "lesson-3"]),
        ({"lessons": False, "practice": True}, ["practice"]),
    ],
)
def test_rules_say_what_is_required(
    enrolment: Enrolment, officer: User, exam: Blueprint, requires: dict[str, bool], missing: list[str]
) -> None:
    make_blueprint("T-exam", draw=[{"from": ["T1", "T2"], "take": 1}], requires=requires)
    assert slugs(required(officer, enrolment.course)) == missing


def test_queries_are_constant_at_three_and_five_lessons(ready: User, course: CoursePage) -> None:
    def queries() -> int:
        found = outline(course)
        page = next(item for item in found.assessments if item.use == "exam")
        with CaptureQueriesContext(connection) as captured:
            exam_requirements(ready, found, page)
        return len(captured)

    first = queries()
    for number in (4, 5):
        make_lesson(module_of(course, "one"), f"lesson-{number}")
    publish(course)
    assert queries() == first <= 4


# --- its page and its start ---------------------------------------------------------------------------


def test_page_says_what_is_missing_with_links_and_without_start(enrolment: Enrolment, officer: User) -> None:
    client = client_of(officer)
    read(enrolment, "lesson-1")
    page = client.get(EXAM).text
    assert actions_of(page) is False
    links = ("one/lesson-1", "one/lesson-2", "two/lesson-3", "two/practice")
    shown = page.partition('aria-labelledby="state"')[2].partition("</section>")[0]
    assert [f'href="/en/courses/c1/{link}/"' in shown for link in links] == [False, True, True, True]
    assert page.index('aria-labelledby="state"') < page.index('aria-labelledby="rules"')


def test_page_offers_start_once_all_is_done(ready: User) -> None:
    page = client_of(ready).get(EXAM).text
    assert actions_of(page) is True
    assert page.index('aria-labelledby="rules"') < page.index('aria-labelledby="state"')


def test_start_by_post_is_refused_in_words(enrolment: Enrolment, officer: User) -> None:
    answer = client_of(officer).post(f"{EXAM}start/", follow=True)
    assert "4 things that the exam requires are still to be done." in answer.text
    assert not Attempt.objects.exists()
    with pytest.raises(CourseError):
        begin(enrolment, "exam")


def test_exam_that_is_open_is_gone_on_with_though_a_lesson_came(ready: User, course: CoursePage) -> None:
    enrolment = Enrolment.objects.get()
    attempt = begin(enrolment, "exam")
    make_lesson(module_of(course, "one"), "lesson-4")
    publish(course)
    assert begin(enrolment, "exam") == attempt
    assert actions_of(client_of(ready).get(EXAM).text) is True
    with later(1), pytest.raises(CourseError):  # its time is over: the next one requires the new lesson
        begin(enrolment, "exam")


def test_who_does_not_follow_the_course_begins_nothing(ready: User, course: CoursePage) -> None:
    Enrolment.objects.update(ended_at=clock.now())
    assert client_of(ready).post(f"{EXAM}start/").status_code == 404
    with pytest.raises(CourseError):
        begin(Enrolment.objects.get(), "exam")


def test_page_tells_who_has_used_the_attempts_and_who_is_released(ready: User, assessor: User) -> None:
    enrolment, client = Enrolment.objects.get(), client_of(ready)
    for weeks in (-5, -3):
        with later(weeks):
            close_attempt(attempt=begin(enrolment, "exam"), by=ready, confirmed=True)
    page = client.get(EXAM).text
    assert ("An assessor decides about the next one" in page, actions_of(page)) == (True, False)
    with pytest.raises(ReleaseNeeded):
        begin(enrolment, "exam")
    release_exam(
        person=ready,
        blueprint=Blueprint.objects.get(use="exam"),
        reason="prepared",
        allow_repeat=True,
        by=assessor,
    )
    assert actions_of(client.get(EXAM).text) is True
    assert begin(enrolment, "exam").release is not None


def test_page_tells_from_which_day_there_are_new_cases(ready: User, exam: Blueprint) -> None:
    make_blueprint("T-exam", draw=[{"from": ["T1", "T2"], "take": 2}])
    enrolment = Enrolment.objects.get()
    with later(-5):
        attempt = close_attempt(attempt=begin(enrolment, "exam"), by=ready, confirmed=True)
    page = client_of(ready).get(EXAM).text
    opens = clock.add_months(clock.first_day(attempt.started_at), 18)
    assert f"it opens for you on {opens.day} " in page
    assert actions_of(page) is False


# --- frozen with the attempt --------------------------------------------------------------------------


def test_attempt_keeps_course_edition_and_what_was_done(enrolment: Enrolment, officer: User) -> None:
    do_what_is_required(enrolment)
    attempt = begin(enrolment, "exam")
    practice = Attempt.objects.get(blueprint__use="practice")
    assert (attempt.course_code, attempt.edition_number) == ("C1", 1)
    assert attempt.origin == f"enrolment:{enrolment.public_id}"
    rows = LessonProgress.objects.order_by("lesson__path").select_related("edition")
    assert attempt.requirements == {
        "lessons": [
            {"lesson": path, "revision": row.revision_id, "edition": 1, "read_at": row.read_at.isoformat()}
            for path, row in zip(("one/lesson-1", "one/lesson-2", "two/lesson-3"), rows, strict=True)
        ],
        "practice": [
            {
                "attempt": practice.public_id, "blueprint": "T-practice",
                "closed_at": practice.closed_at and practice.closed_at.isoformat(),
            }
        ],
    }  # fmt: skip


def test_later_edition_changes_nothing_of_it(ready: User, course: CoursePage) -> None:
    attempt = begin(Enrolment.objects.get(), "exam")
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"))
    publish(course)
    answer_all(attempt)
    close_attempt(attempt=attempt, by=ready)
    attempt.refresh_from_db()
    assert (attempt.edition_number, Edition.objects.count()) == (1, 2)


def test_practice_keeps_the_course_and_requires_nothing(enrolment: Enrolment) -> None:
    attempt = begin(enrolment, "practice")
    assert (attempt.course_code, attempt.requirements) == ("C1", {})


def test_outsider_who_only_knows_the_address_begins_nothing(ready: User, outsider: User) -> None:
    client = Client()
    client.force_login(outsider)
    assert client.post(f"{EXAM}start/").status_code == 404


def test_what_one_person_took_back_opens_no_exam(
    enrolment: Enrolment, officer: User, trainer: User, reviewer: User, english: None
) -> None:
    """Who leaves out what is required would open the exam alone: it waits for an edition by two."""
    page = assessment_of(enrolment.course, "practice")
    for slug in ("lesson-1", "lesson-2"):
        leave_out(page=lesson_of(enrolment.course, slug), reason="Repealed", by=trainer)
    leave_out(page=page, reason="Repealed", by=trainer)
    read(enrolment, "lesson-3")
    shown = client_of(officer).get(EXAM).text
    assert "its exam opens with the next edition" in shown and not actions_of(shown)
    with pytest.raises(CourseError, match="next edition"):
        begin(enrolment, "exam")
    publish_by_two(enrolment.course, trainer, reviewer)
    assert slugs(required(officer, enrolment.course)) == ["lesson-1", "lesson-2", "practice"]
    assert not required(officer, enrolment.course).waits_for_edition


def test_two_settle_what_one_took_back_without_another_change(
    enrolment: Enrolment, officer: User, trainer: User, reviewer: User, english: None
) -> None:
    course, gone = enrolment.course, lesson_of(enrolment.course, "lesson-2")
    leave_out(page=gone, reason="Repealed", by=trainer)
    as_it_stands = propose_edition(course=course, facts=facts("Without it"), without=[gone], by=trainer)
    assert required(officer, course).waits_for_edition
    confirm_edition(proposal=as_it_stands, by=reviewer)
    assert not required(officer, course).waits_for_edition
    assert slugs(required(officer, course)) == ["lesson-1", "lesson-3", "practice"]
    with pytest.raises(CourseError, match="Nothing has changed"):
        propose_edition(course=course, facts=facts("Again"), without=[gone], by=trainer)
