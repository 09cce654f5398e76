"""Courses as visitors, officers and outsiders meet them."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions import close_attempt
from assessments.models import Attempt
from assessments.results import result_url
from courses import actions
from courses.bodies import stream
from courses.models import AssessmentPage, CheckDone, CoursePage, Enrolment, LessonPage, LessonProgress
from courses.reading import following, generation, outline
from locales.dates import instant_text
from operations import clock
from people.models import User
from tests.assessments.conftest import make_blueprint, start
from tests.assessments.conftest import publish as publish_case
from tests.assessments.walking import answer_all
from tests.factories import client_of, names

from .factories import lesson_of, make_course, make_lesson, module_of, publish

CHECK = {
    "check": {
        "question": names("Which?"),
        "options": [
            {"text": names("Wrong one"), "feedback": names("Why it is wrong")},
            {"text": names("Right one"), "right": True, "feedback": names("Why it is right")},
        ],
    }
}

pytestmark = pytest.mark.django_db
COURSE = "/en/courses/c1/"
LESSON = COURSE + "one/lesson-1/"


def queries_of(client: Client, page: str) -> int:
    client.get(page)  # fills the caches
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


@pytest.fixture
def reader(enrolment: Enrolment) -> Client:
    return client_of(enrolment.person)


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_visitor_sees_catalog_and_course_but_no_lesson(
    course: CoursePage, client: Client, language: str
) -> None:
    assert "Course C1" in client.get(f"/{language}/courses/").text
    page = client.get(f"/{language}/courses/c1/")
    assert "Lesson lesson-1" in page.text
    assert f"/{language}/courses/c1/one/lesson-1/" not in page.text
    answer = client.get(f"/{language}/courses/c1/one/lesson-1/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
        302, f"/{language}/account/login/",
    )  # fmt: skip


def test_catalog_leads_to_each_course_by_a_button_that_names_it(course: CoursePage, client: Client) -> None:
    found = re.findall(r'<a class="btn[^"]*" href="([^"]+)">(.*?)</a>', client.get("/en/courses/").text, re.S)
    assert [(href, " ".join(re.sub("<[^>]+>", "", text).split())) for href, text in found] == [
        (COURSE, "To the course : Course C1 (en)")
    ]


def test_what_a_course_teaches_stands_below_it_not_beside(course: CoursePage, client: Client) -> None:
    page = client.get(COURSE).text
    places = [page.index(words) for words in ("Lesson lesson-3", "This edition", "Recognises papers kept")]
    assert places == sorted(places)


def test_catalog_without_courses_says_so(client: Client, db: Any) -> None:
    assert "No course is published yet" in client.get("/en/courses/").text


def test_unpublished_course_is_not_found(draft_course: CoursePage, client: Client) -> None:
    assert client.get(COURSE).status_code == 404
    assert "Course C1" not in client.get("/en/courses/").text


def test_officer_enrols_and_is_led_to_the_first_lesson(course: CoursePage, officer: User) -> None:
    client = client_of(officer)
    assert "Begin the course" in client.get(COURSE).text
    assert client.post(COURSE + "enrol/").headers["Location"] == LESSON
    assert client.get(LESSON).status_code == 200


def test_enrol_by_get_changes_nothing(course: CoursePage, officer: User) -> None:
    assert client_of(officer).get(COURSE + "enrol/").headers["Location"] == COURSE
    assert Enrolment.objects.count() == 0


def test_outsider_is_refused_to_enrol_and_to_read(course: CoursePage, outsider: User) -> None:
    client = client_of(outsider)
    assert "Begin the course" not in client.get(COURSE).text
    assert client.post(COURSE + "enrol/").status_code == 403
    assert client.get(LESSON).status_code == 403
    assert client.post(LESSON + "read/").status_code == 404
    assert client.post(COURSE + "two/exam/start/").status_code == 404


def test_officer_not_enrolled_is_refused_and_shown_the_way(
    course: CoursePage, enrolment: Enrolment, officer2: User
) -> None:
    answer = client_of(officer2).get(LESSON)
    assert answer.status_code == 403
    assert "Text of lesson-1" not in answer.text
    assert "Begin the course" in answer.text


def test_lesson_names_edition_law_and_sources(reader: Client) -> None:
    page = reader.get(LESSON).text
    assert "Edition 1 of " in page
    assert "Sources of this lesson read until 24 November 2026." in page
    assert "Amendment not yet read" in page


def test_reading_on_leads_to_the_next_unread_lesson_then_to_the_practice(
    course: CoursePage, reader: Client
) -> None:
    actions.mark_read(enrolment=Enrolment.objects.get(), lesson=lesson_of(course, "lesson-2"), by=None)
    assert reader.post(LESSON + "read/").headers["Location"] == COURSE + "two/lesson-3/"
    assert reader.post(COURSE + "two/lesson-3/read/").headers["Location"] == COURSE + "two/practice/"
    assert LessonProgress.objects.count() == 3
    assert "3 of 3 lessons done" in reader.get(COURSE).text


def test_contents_tick_what_was_read(course: CoursePage, reader: Client) -> None:
    assert "done" not in re.findall(r'<li class="(\w+)"', reader.get(LESSON).text)
    reader.post(COURSE + "one/lesson-2/read/")
    assert re.findall(r'<li class="(\w+)"', reader.get(LESSON).text) == ["now", "done"] * 2


def test_lesson_that_changed_since_it_was_read_says_so(course: CoursePage, reader: Client) -> None:
    reader.post(LESSON + "read/")
    assert "has changed since" not in reader.get(LESSON).text
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Other"))
    publish(course)
    assert "has changed since" in reader.get(LESSON).text


def test_self_check_tells_why_without_keeping_anything(course: CoursePage, reader: Client) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course)
    page = reader.get(LESSON).text
    (check,) = re.findall(r'name="check" value="([^"]+)"', page)
    (wrong,) = re.findall(r'value="([^"]+)" required *>\s*<span>Wrong one', page)
    assert "Why it is" not in page
    answered = reader.post(LESSON, {"check": check, check: wrong}).text
    for words in ("Why it is wrong (en)", "Why it is right (en)", "That is not right."):
        assert words in answered
    assert LessonProgress.objects.count() == 0
    assert "Why it is" not in reader.get(LESSON).text


def _answer(reader: Client, words: str = "Wrong one") -> str:
    page = reader.get(LESSON).text
    (check,) = re.findall(r'name="check" value="([^"]+)"', page)
    (chosen,) = re.findall(rf'value="([^"]+)" required *>\s*<span>{words}', page)
    return reader.post(LESSON, {"check": check, check: chosen}).text


def test_self_check_that_was_answered_is_kept_done_and_nothing_of_the_answer(
    course: CoursePage, reader: Client
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course)
    before = reader.get(LESSON).text
    assert ('class="now"' in before, "Tasks: 0 of 1." in before) == (True, True)
    for _again in range(2):
        answered = _answer(reader)
        assert ('class="done"' in answered, "Tasks: 1 of 1." in answered) == (True, True)
    (kept,) = CheckDone.objects.values()
    assert set(kept) == {"id", "enrolment_id", "lesson_id", "check_code", "done_at"}


def test_lesson_read_with_a_task_left_says_so_at_its_foot(course: CoursePage, reader: Client) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course)
    left = "You have read it, but 1 of its tasks is not answered yet."
    assert left not in reader.get(LESSON).text
    reader.post(f"{LESSON}read/")
    page = reader.get(LESSON).text
    (check,) = re.findall(r'name="check" value="([^"]+)"', page)
    assert re.search(rf'<a href="#c-{check}">\s*{re.escape(left)}\s*</a>', page)
    assert f'id="c-{check}"' in page
    assert left not in _answer(reader)


def test_lesson_counts_when_it_was_read_and_each_check_answered(
    course: CoursePage, reader: Client, officer: User
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course)

    def counts(lesson: str) -> bool:
        found = outline(generation(), "c1", "en")
        state = following(officer.pk, course.pk)
        assert found is not None
        assert state is not None
        return state.is_done(next(item for item in found.lessons if item.slug == lesson))

    gone_on = reader.post(LESSON + "read/", follow=True)
    [said] = [str(message) for message in gone_on.context["messages"]]
    assert said.endswith("is read. It is done once its open task is answered too.")
    assert not reader.post(COURSE + "one/lesson-2/read/", follow=True).context["messages"]
    assert (counts("lesson-1"), counts("lesson-2")) == (False, True)
    _answer(reader)
    assert counts("lesson-1")
    other = {"check": {**CHECK["check"], "question": names("Another?")}}
    make_lesson(module_of(course, "one"), "lesson-1", CHECK, other)
    publish(course)
    assert not counts("lesson-1")


def test_self_check_of_an_outsider_is_not_kept(course: CoursePage, reader: Client, outsider: User) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course)
    page = reader.get(LESSON).text
    (check,) = re.findall(r'name="check" value="([^"]+)"', page)
    (chosen,) = re.findall(r'value="([^"]+)" required *>\s*<span>Wrong one', page)
    assert client_of(outsider).post(LESSON, {"check": check, check: chosen}).status_code == 403
    assert CheckDone.objects.count() == 0


def test_lesson_taken_back_at_that_very_moment_is_refused_in_words(
    course: CoursePage, reader: Client, enrolment: Enrolment
) -> None:
    """The outline was read before: nothing is kept, and no answer is a fault of the server."""
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course)
    generation_before = generation()
    reader.get(LESSON)
    LessonPage.objects.filter(slug="lesson-1").update(live=False)
    assert generation() == generation_before
    assert "This lesson is not part of the course." in _answer(reader)
    assert reader.post(LESSON + "read/").headers["Location"] == COURSE
    assert (CheckDone.objects.count(), LessonProgress.objects.count()) == (0, 0)


def test_nonsense_sent_to_a_self_check_is_told_nothing(course: CoursePage, reader: Client) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", CHECK)
    publish(course)
    (check,) = re.findall(r'name="check" value="([^"]+)"', reader.get(LESSON).text)
    for sent in ({"check": check}, {"check": check, check: "nonsense"}, {"check": "nonsense", check: "1"}):
        answer = reader.post(LESSON, sent)
        assert answer.status_code == 200
        assert "Why it is" not in answer.text


def test_lesson_without_translation_says_in_which_language_it_is(course: CoursePage, reader: Client) -> None:
    text = stream([{"heading": {"az": "Mətn", "en": "", "ru": ""}}], seed="x")
    make_lesson(module_of(course, "one"), "lesson-1", body=text, heading={"az": "Dərs"})
    publish(course)
    page = reader.get(LESSON).text
    assert "This lesson is not translated yet" in page
    assert '<div class="reader" lang="az">' in page
    assert '<span lang="az">Dərs</span> <small>(Azerbaijani)</small>' in page


def test_module_address_leads_to_its_part_of_the_course(course: CoursePage, client: Client) -> None:
    assert client.get(COURSE + "one/").headers["Location"] == COURSE + "#one"
    assert client.get(COURSE + "nothing/").status_code == 404


def test_exam_page_tells_the_rules_and_starts_by_post(
    course: CoursePage, reader: Client, ready: User
) -> None:
    page = COURSE + "two/exam/"
    shown = reader.get(page).text
    for words in (
        "It has 1 case.",
        "You have 60 minutes",
        "70 per cent",
        "critical error",
        "after 2 attempts",
        "At least 7 days",
    ):
        assert words in shown
    assert reader.get(page + "start/").status_code == 405
    answer = reader.post(page + "start/")
    attempt = Attempt.objects.get(closed_at=None)
    assert answer.headers["Location"] == f"/en/attempts/{attempt.public_id}/"
    assert attempt.origin == f"enrolment:{Enrolment.objects.get().public_id}"
    assert "You have begun" in reader.get(page).text


def test_course_whose_exam_is_passed_says_so_and_offers_no_other(
    course: CoursePage, reader: Client, officer: User
) -> None:
    for slug in ("lesson-1", "lesson-2", "lesson-3"):
        actions.mark_read(enrolment=Enrolment.objects.get(), lesson=lesson_of(course, slug), by=None)
    page = reader.get(COURSE).text
    assert ("Now test what you have learnt" in page, "Passed" in page) == (True, False)
    attempt = start(AssessmentPage.objects.get(slug="exam").blueprint, officer)
    answer_all(attempt)
    close_attempt(attempt=attempt, by=officer)
    page = reader.get(COURSE).text
    assert ("Now test what you have learnt" in page, "You have passed the examination" in page) == (
        False,
        True,
    )
    assert page.count('tag-ok">Passed<') == 1
    assert page.count('class="btn btn-light"') == 1


def test_course_whose_exam_was_failed_says_when_again_and_leads_to_the_result(
    course: CoursePage, reader: Client, officer: User
) -> None:
    for slug in ("lesson-1", "lesson-2", "lesson-3"):
        actions.mark_read(enrolment=Enrolment.objects.get(), lesson=lesson_of(course, slug), by=None)
    publish_case("T2-a", "T2")
    exam = make_blueprint(draw=[{"from": ["T1", "T2"], "take": 1}])
    attempt = close_attempt(attempt=start(exam, officer), by=officer, confirmed=True)
    page = reader.get(COURSE).text
    assert "You have not passed the examination yet" in page and "Now test what you have learnt" not in page
    assert f"You may try again from {instant_text(attempt.again_from())}" in page  # type: ignore[arg-type]
    assert page.count('class="btn btn-light"') == 1 and f'btn-light" href="{result_url(attempt)}"' in page
    assert page.count('tag-warn">Not passed yet<') == 1
    with clock.at(attempt.again_from()):  # type: ignore[arg-type]
        assert "Now test what you have learnt" in reader.get(COURSE).text


def test_practice_says_on_course_and_home_where_one_stands(
    course: CoursePage, reader: Client, officer: User
) -> None:
    practice = AssessmentPage.objects.get(slug="practice").blueprint

    def told() -> list[list[str]]:
        pages = (reader.get(COURSE).text, reader.get("/en/").text)
        found = [
            re.search(r'href="/en/courses/c1/two/practice/">.*?class="tag([^<]*)<', page, re.S)
            for page in pages
        ]
        return [each[1].split('">') for each in found if each]

    assert told() == [[" tag-none", "Not started"]] * 2
    attempt = start(practice, officer)
    assert told() == [["", "In progress"]] * 2
    close_attempt(attempt=attempt, by=officer, confirmed=True)
    assert told() == [[" tag-warn", "Questions left"]] * 2
    assert "Then come the practice case and the exam." in reader.get("/en/").text
    attempt = start(practice, officer)
    answer_all(attempt)
    close_attempt(attempt=attempt, by=officer)
    assert told() == [[" tag-ok", "Done"]] * 2
    assert "Then comes the exam." in reader.get("/en/").text


def test_start_of_a_lesson_and_reading_of_an_exam_are_not_found(course: CoursePage, reader: Client) -> None:
    assert reader.post(LESSON + "start/").status_code == 404
    assert reader.post(COURSE + "two/exam/read/").status_code == 404


def test_address_that_wagtail_would_serve_does_not_go_round_the_enrolment(
    course: CoursePage, officer2: User
) -> None:
    client = client_of(officer2)
    assert client.get("/en/courses/c1/one/lesson-1").status_code == 301
    for page in ("/en/courses/c1/one/lesson-1/extra/", "/en/courses/c1/one/lesson-1/x/y/z/"):
        assert client.get(page).status_code == 404


def test_queries_of_a_lesson_are_few_and_constant(course: CoursePage, reader: Client) -> None:
    first = queries_of(reader, LESSON)
    for number in (4, 5):
        make_lesson(module_of(course, "one"), f"lesson-{number}")
    publish(course)
    reader.post(COURSE + "one/lesson-2/read/")
    assert queries_of(reader, LESSON) == first
    assert first <= 5


def test_queries_of_a_course_are_constant_at_one_and_three_lessons(standards: None, officer: User) -> None:
    client, counts = client_of(officer), []
    for code, lessons in (("C1", 1), ("C3", 3)):
        course = make_course(code, lessons=lessons)
        publish(course)
        actions.enrol(person=officer, course=course, by=officer)
        counts.append(queries_of(client, f"/en/courses/{code.lower()}/"))
    assert counts[0] == counts[1]


def test_queries_of_the_catalog_are_constant_at_one_and_three_courses(
    standards: None, client: Client
) -> None:
    publish(make_course("C1"))
    first = queries_of(client, "/en/courses/")
    for code in ("C2", "C3"):
        publish(make_course(code))
    assert queries_of(client, "/en/courses/") == first


@pytest.mark.parametrize(
    ("language", "not_yet", "confirmed"),
    [
        ("az", "Azərbaycan hüquqşünası hələ təsdiqləməyib", "Azərbaycan hüquqşünası təsdiqləyib: 24.11.2026"),
        ("en", "Not yet confirmed by a national lawyer", "Confirmed on 24 November 2026"),
        ("ru", "Ещё не подтверждено юристом Азербайджана", "Подтверждено юристом Азербайджана: 24.11.2026"),
    ],
)  # fmt: skip
def test_page_of_a_course_says_whether_a_lawyer_has_confirmed_it(
    course: CoursePage, client: Client, language: str, not_yet: str, confirmed: str
) -> None:
    page = client.get(f"/{language}/courses/c1/").text
    assert not_yet in page and confirmed not in page
    publish(course, law_confirmed_on=date(2026, 11, 24))
    page = client.get(f"/{language}/courses/c1/").text.replace("\u00a0", " ")
    assert confirmed in page and not_yet not in page
