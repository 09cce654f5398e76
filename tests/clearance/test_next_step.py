"""Home shows one next step in each state of an officer, with one gold button."""

from datetime import timedelta
from typing import Any

import pytest

from assessments import actions as assessments
from assessments.actions_admission import record_key_seen, release_exam
from assessments.models import ScenarioFamily
from assessments.results import result_url
from courses import actions as courses
from courses.actions_editions import publish_edition
from courses.actions_taking_back import leave_out
from courses.bodies import stream
from courses.models import Enrolment, LessonPage
from locales.dates import day_text
from operations import clock
from operations.outbox import work_off
from people.models import User
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import names
from tests.tiny import Curriculum


def step_of(person: User, language: str = "en") -> Any:
    page = factories.client_of(person).get(f"/{language}/")
    assert page.text.count("btn-light") == (1 if page.context["step"] else 0)
    return page.context["step"]


def path_of(step: Any) -> list[tuple[str, str]]:
    return [(part.name, part.state) for part in step.path]


def read_all(curriculum: Curriculum, person: User) -> None:
    enrolment = courses.enrol(person=person, course=curriculum.course, by=person)
    for lesson in LessonPage.objects.descendant_of(curriculum.course):
        courses.mark_read(enrolment=enrolment, lesson=lesson, by=person)


def practise(curriculum: Curriculum, person: User) -> None:
    read_all(curriculum, person)
    attempt = tiny.begin_practice(curriculum, person)
    tiny.answer(attempt, harm=True)
    assessments.close_attempt(attempt=attempt, by=person, confirmed=True)


def add_sheet(curriculum: Curriculum) -> None:
    blocks: list[dict[str, Any]] = [{"call": {"who": names("The duty officer")}}]
    course = curriculum.course
    courses.save_course(
        code="C1-LAB", slug="c1-lab", heading=names("Labour inspectors"), summary=names("What they see"),
        audience=names("Inspectors"), legal_date=clock.today(),
        field_sheet=stream(blocks, seed="x"), by=None,
    )  # fmt: skip
    publish_edition(course=course, reason="Sheet", material=False, legal_date=clock.today(), by=None)


def test_new_officer_is_led_to_the_course_that_a_duty_needs(curriculum: Curriculum, officer: User) -> None:
    step = step_of(officer)
    assert (step.kind, step.due.way.course_url, step.path) == ("begin", "/en/courses/c1-lab/", [])


def test_officer_who_began_is_led_to_the_next_lesson(curriculum: Curriculum, officer: User) -> None:
    enrolment = courses.enrol(person=officer, course=curriculum.course, by=officer)
    step = step_of(officer)
    assert (step.kind, step.item.slug, step.left) == ("lesson", "act-means-purpose", 2)
    lesson = LessonPage.objects.get(slug="act-means-purpose")
    courses.mark_read(enrolment=enrolment, lesson=lesson, by=officer)
    step = step_of(officer)
    assert (step.kind, step.item.slug, step.left) == ("lesson", "talking-to-workers", 1)
    assert path_of(step) == [("lessons", "now"), ("practice", ""), ("exam", ""), ("renewal", "")]


def test_officer_who_read_all_is_led_to_practice_and_then_to_the_exam(
    curriculum: Curriculum, officer: User
) -> None:
    read_all(curriculum, officer)
    step = step_of(officer)
    assert (step.kind, step.item.slug) == ("practice", "practice")
    practise(curriculum, officer)
    step = step_of(officer)
    assert (step.kind, step.item.slug) == ("exam", "exam")
    assert path_of(step) == [("lessons", "done"), ("practice", "done"), ("exam", "now"), ("renewal", "")]


def test_first_lesson_is_begun_and_once_read_with_a_task_left_continued(
    curriculum: Curriculum, officer: User
) -> None:
    enrolment = courses.enrol(person=officer, course=curriculum.course, by=officer)
    slug = step_of(officer).item.slug
    client = factories.client_of(officer)
    assert "Begin," in flat(client.get("/en/").text)
    lesson = tiny.add_checks(curriculum, slug)
    courses.mark_read(enrolment=enrolment, lesson=lesson, by=officer)
    page = flat(client.get("/en/").text)
    assert "Continue," in page and "Begin," not in page


def test_lesson_that_was_read_counts_when_its_checks_are_answered_too(
    curriculum: Curriculum, officer: User
) -> None:
    """As the exam counts it: home, course and exam page say the same."""
    lesson = tiny.add_checks(curriculum, "talking-to-workers")
    read_all(curriculum, officer)
    step = step_of(officer)
    assert (step.kind, step.item.slug, step.left, step.course.tasks_left) == ("lesson", lesson.slug, 1, 1)
    client = factories.client_of(officer)
    page = client.get("/en/")
    assert "You have read it, but 1 of its tasks is not answered yet." in page.text
    assert "1 of 2 lessons done" in page.text
    course = client.get("/en/courses/c1-lab/")
    assert "1 of 2 lessons done" in course.text and course.context["next"].slug == lesson.slug
    exam = client.get("/en/courses/c1-lab/recognise/exam/")
    assert [item.slug for item in exam.context["requirements"].lessons] == [lesson.slug]
    courses.finish_check(
        enrolment=Enrolment.objects.get(), lesson=lesson, check_code=lesson.body.raw_data[-1]["id"],
        by=officer,
    )  # fmt: skip
    assert step_of(officer).kind == "practice"
    assert "2 of 2 lessons done" in client.get("/en/courses/c1-lab/").text
    exam = client.get("/en/courses/c1-lab/recognise/exam/")
    assert exam.context["requirements"].lessons == []


def test_attempt_that_was_begun_comes_first(curriculum: Curriculum, officer: User) -> None:
    attempt = tiny.begin_practice(curriculum, officer)
    assert (step_of(officer).kind, step_of(officer).attempt) == ("attempt", attempt)


def test_officer_who_failed_reads_what_treats_the_error_until_the_next_attempt(
    curriculum: Curriculum, officer: User
) -> None:
    practise(curriculum, officer)
    attempt = tiny.sit_exam(curriculum, officer, well=False)
    step = step_of(officer)
    assert (step.kind, step.retry_at) == ("reread", attempt.again_from())
    assert [lesson.slug for lesson in step.lessons] == ["talking-to-workers"]
    assert step.days_to_wait == (attempt.again_from() - clock.now()).days + 1
    assert path_of(step)[2] == ("exam", "now")
    with clock.at(attempt.again_from() + timedelta(minutes=1)):
        step = step_of(officer)
    assert (step.kind, step.again) == ("exam", True)


def test_officer_who_failed_reads_again_whatever_practice_is_open(
    curriculum: Curriculum, officer: User
) -> None:
    practise(curriculum, officer)
    attempt = tiny.sit_exam(curriculum, officer, well=False)
    practice = tiny.begin_practice(curriculum, officer)
    assert (step_of(officer).kind, step_of(officer).retry_at) == ("reread", attempt.again_from())
    with clock.at(attempt.again_from() + timedelta(minutes=1)):
        assert (step_of(officer).kind, step_of(officer).attempt) == ("attempt", practice)


def test_exam_that_runs_comes_before_practice_begun_earlier(curriculum: Curriculum, officer: User) -> None:
    practise(curriculum, officer)
    tiny.begin_practice(curriculum, officer)
    exam = tiny.begin_exam(curriculum, officer)
    assert (step_of(officer).kind, step_of(officer).attempt) == ("attempt", exam)


def test_officer_whose_attempts_are_used_up_waits_for_an_assessor(
    curriculum: Curriculum, officer: User
) -> None:
    first = tiny.sit_exam(curriculum, officer, well=False)
    with clock.at(first.again_from() + timedelta(days=1)):
        tiny.sit_exam(curriculum, officer, well=False)
        page = factories.client_of(officer).get("/en/")
    assert page.context["step"].kind == "reread"
    assert "an assessor decides about the next one" in page.text


def test_officer_who_has_met_every_case_is_not_led_to_an_exam_that_cannot_begin(
    curriculum: Curriculum, officer: User
) -> None:
    practise(curriculum, officer)
    for family in ScenarioFamily.objects.filter(use="exam"):
        record_key_seen(person=officer, family=family, by=officer)
    client = factories.client_of(officer)
    page = client.get("/en/")
    step = page.context["step"]
    assert (step.kind, path_of(step)[2]) == ("wait", ("exam", "now"))
    assert "it opens for you on" in page.text
    assert f'btn-light" href="{step.item.url}"' not in page.text
    with clock.at(step.retry_at):
        assert client.get("/en/").context["step"].kind == "exam"


def test_every_page_names_the_same_day_where_days_pass_sooner_than_there_are_new_cases(
    curriculum: Curriculum, officer: User, assessor: User
) -> None:
    practise(curriculum, officer)
    drawn = tiny.sit_exam(curriculum, officer, well=False)
    met = drawn.cases.values("version__scenario__family")
    left = ScenarioFamily.objects.filter(use="exam").exclude(pk__in=met)
    with clock.at(clock.now() - timedelta(days=100)):
        for family in left:
            record_key_seen(person=officer, family=family, by=officer)
    opens = clock.add_months(clock.first_day(clock.now() - timedelta(days=100)), 12)
    client = factories.client_of(officer)
    home = client.get("/en/")
    step = home.context["step"]
    assert (step.kind, step.retry_at) == ("reread", clock.start_of(opens))
    assert len(step.lessons) == 1
    words = flat(home.text.split('class="why"')[1].split("</p>")[0])
    assert f"it opens for you on {day_text(opens)}" in words
    assert f"Again from {day_text(opens)}" in flat(home.text)
    result = client.get(result_url(drawn))
    assert (result.context["again"].at, result.context["again"].month) == (step.retry_at, f"{opens:%b %Y}")
    for path in ("/en/", "/en/courses/c1-lab/", "/en/courses/c1-lab/recognise/exam/", result_url(drawn)):
        page = flat(client.get(path).text)
        assert f"it opens for you on {day_text(opens)}. An assessor may open it earlier" in page, path
    exam = drawn.blueprint
    release_exam(person=officer, blueprint=exam, reason="no-cases", allow_repeat=True, by=assessor)
    assert step_of(officer).retry_at == drawn.again_from()


def test_nobody_is_promised_an_assessor_who_could_not_help(curriculum: Curriculum, officer: User) -> None:
    """A case whose key the person has opened comes again by no release."""
    practise(curriculum, officer)
    tiny.sit_exam(curriculum, officer, well=False)
    for family in ScenarioFamily.objects.filter(use="exam"):
        record_key_seen(person=officer, family=family, by=officer)
    client = factories.client_of(officer)
    for path in ("/en/", "/en/courses/c1-lab/", "/en/courses/c1-lab/recognise/exam/"):
        page = flat(client.get(path).text)
        assert ("it opens for you on" in page, "An assessor may open" in page) == (True, False), path


def test_officer_is_not_led_to_an_exam_that_waits_for_the_next_edition(
    curriculum: Curriculum, officer: User, trainer: User
) -> None:
    practise(curriculum, officer)
    assert step_of(officer).kind == "exam"
    leave_out(page=LessonPage.objects.get(slug="talking-to-workers"), reason="Repealed", by=trainer)
    client = factories.client_of(officer)
    home = client.get("/en/")
    step = home.context["step"]
    assert (step.kind, path_of(step)[2]) == ("edition", ("exam", "now"))
    assert f'btn-light" href="{step.item.url}"' not in home.text
    for path in ("/en/", "/en/courses/c1-lab/", "/en/courses/c1-lab/recognise/exam/"):
        assert "its exam opens with the next edition" in flat(client.get(path).text), path


def test_officer_who_passed_is_told_what_it_opens_and_takes_the_sheet_along(
    curriculum: Curriculum, officer: User, keys: Any
) -> None:
    practise(curriculum, officer)
    tiny.sit_exam(curriculum, officer)
    assert step_of(officer).kind == "made"
    work_off(["certificates.issue"])
    step = step_of(officer)
    assert (step.kind, step.held.days_left > 700) == ("done", True)
    add_sheet(curriculum)
    page = factories.client_of(officer).get("/en/")
    assert page.context["step"].kind == "sheet"
    assert path_of(page.context["step"])[-2:] == [("sheet", "now"), ("renewal", "")]
    opened = page.text.split("You may now:")[1].split("</p>")[0]
    assert "Desk review" in opened
    assert page.text.count('href="/en/courses/c1-lab/field-sheet/"') >= 1


def test_result_of_a_passed_exam_leads_to_the_sheet(curriculum: Curriculum, officer: User, keys: Any) -> None:
    add_sheet(curriculum)
    attempt = tiny.sit_exam(curriculum, officer)
    page = factories.client_of(officer).get(result_url(attempt))
    assert "/courses/c1-lab/field-sheet/" in page.text


@pytest.mark.parametrize(("days_before", "kind"), [(91, "done"), (89, "renew"), (6, "renew")])
def test_certificate_is_to_be_renewed_from_90_days_before_its_end(
    curriculum: Curriculum, officer: User, keys: Any, days_before: int, kind: str
) -> None:
    practise(curriculum, officer)
    certificate = tiny.certify(curriculum, officer)
    with clock.at(certificate.valid_to - timedelta(days=days_before)):
        step = step_of(officer)
        assert step.kind == kind
        assert step.held.days_left == days_before
    assert path_of(step)[-1] == ("renewal", "now")


def test_strengths_are_words_and_only_what_is_weak_has_a_bar(curriculum: Curriculum, officer: User) -> None:
    courses.enrol(person=officer, course=curriculum.course, by=officer)
    page = factories.client_of(officer).get("/en/")
    assert page.context["strengths"] is None
    assert "Not known yet" in page.text
    practise(curriculum, officer)
    page = factories.client_of(officer).get("/en/")
    strengths = page.context["strengths"]
    assert len(strengths.firm) + len(strengths.weak) > 0
    assert page.text.count('class="bar"') - page.text.count('class="v"') == len(strengths.weak)


def test_who_goes_on_to_another_course_still_reads_what_they_do_well(
    curriculum: Curriculum, officer: User, keys: Any
) -> None:
    tiny.certify(curriculum, officer)
    tiny.more(officer, 2)
    page = factories.client_of(officer).get("/en/")
    assert (page.context["step"].course.course.code, page.context["step"].result) == ("C2", None)
    assert page.context["strengths"].firm
    assert "Not known yet" not in page.text


def test_step_is_of_the_course_that_is_due_first(curriculum: Curriculum, officer: User, keys: Any) -> None:
    tiny.certify(curriculum, officer)
    tiny.more(officer, 2)
    tiny.more(officer, 3)
    step = step_of(officer)
    assert (step.kind, step.course.course.code) == ("lesson", "C2")


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_step_is_told_in_every_language(curriculum: Curriculum, officer: User, language: str) -> None:
    practise(curriculum, officer)
    tiny.sit_exam(curriculum, officer, well=False)
    assert step_of(officer, language).kind == "reread"


def test_outsider_has_no_step(curriculum: Curriculum, outsider: User) -> None:
    assert step_of(outsider) is None
