"""Editions: by the installation, by two, in which languages; and what stands in their way."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments import actions as assessments
from assessments import authoring
from assessments.models import Scenario
from courses.actions import CourseError
from courses.actions_editions import (
    confirm_edition,
    propose_edition,
    send_back_edition,
    withdraw_proposed_edition,
)
from courses.bodies import stream
from courses.edition_plan import plan_of
from courses.edition_proposals import remarks_of
from courses.models import CoursePage, Edition, Enrolment, LessonPage, LessonProgress
from operations.models import AuditEntry
from operations.proposals import ProposalError
from people.models import User
from standards.models import LegalSource
from tests import tiny
from tests.assessments import cases
from tests.assessments.conftest import retiring
from tests.factories import names
from tests.tiny import Curriculum

from .factories import (
    LAW,
    facts,
    lesson_of,
    make_course,
    make_lesson,
    module_of,
    propose,
    publish,
    publish_by_two,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def change(course: CoursePage, text: str = "Fresh", **more: Any) -> LessonPage:
    return make_lesson(module_of(course, "one"), "lesson-1", heading=names(text), **more)


# --- by the installation ----------------------------------------------------------------------------


def test_edition_of_files_keeps_the_revision_of_each_lesson_and_names_its_languages(
    draft_course: CoursePage,
) -> None:
    edition = publish(draft_course)
    assert (edition.number, edition.published_by, edition.confirmed_by) == (1, None, None)
    assert edition.languages == ["az", "en", "ru"]
    kept = {row.lesson.slug: row.revision_id for row in edition.lessons.select_related("lesson")}
    assert kept == dict(LessonPage.objects.live().values_list("slug", "live_revision_id"))
    assert list(kept) == ["lesson-1", "lesson-2", "lesson-3"]


def test_edition_of_files_does_not_name_a_language_in_which_a_text_is_missing(
    draft_course: CoursePage,
) -> None:
    change(draft_course, body=stream([{"heading": {"az": "Mətn", "en": "Text", "ru": ""}}], seed="x"))
    assert publish(draft_course).languages == ["az", "en"]


def test_edition_with_nothing_new_is_refused(course: CoursePage) -> None:
    with pytest.raises(CourseError, match="Nothing has changed since edition 1."):
        publish(course)
    assert Edition.objects.count() == 1


def test_edition_with_a_later_date_of_the_law_needs_no_changed_page(course: CoursePage) -> None:
    edition = publish(course, legal_date=LAW.replace(year=2027))
    assert (edition.number, edition.legal_date.year) == (2, 2027)


def test_edition_that_a_lawyer_has_confirmed_needs_no_changed_page(course: CoursePage) -> None:
    edition = publish(course, law_confirmed_on=LAW)
    assert (edition.number, edition.law_confirmed_on) == (2, LAW)
    with pytest.raises(CourseError, match="Nothing has changed"):
        publish(course, law_confirmed_on=LAW)


@pytest.mark.parametrize(("material", "confirmed"), [(False, LAW), (True, None)])
def test_edition_of_two_stays_confirmed_where_law_and_what_is_right_are_the_same(
    course: CoursePage, trainer: User, reviewer: User, material: bool, confirmed: date | None
) -> None:
    publish(course, law_confirmed_on=LAW)
    change(course)
    edition = confirm_edition(proposal=propose(course, trainer, material=material), by=reviewer)
    assert edition.law_confirmed_on == confirmed


def test_edition_without_lessons_is_refused_and_publishes_nothing(standards: None) -> None:
    course = make_course(lessons=1)
    with pytest.raises(CourseError):
        publish(course, without=[lesson_of(course, "lesson-1")])
    assert not CoursePage.objects.get().live


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"sources": []}, "What the lesson rests on"),
        ({"minutes": None}, "Minutes to read it"),
        ({"legal_date": None}, "Sources read until"),
        ({"body": []}, "Text"),
        ({"body": [{"law": {"statement": names("x"), "source": ""}}]}, "1. What the law says, Legal source"),
    ],
)
def test_lesson_with_a_gap_is_a_draft_but_in_no_edition(
    course: CoursePage, missing: dict[str, Any], told: str
) -> None:
    if "body" in missing:
        missing = {"body": stream(missing["body"], seed="x")}
    draft = change(course).get_latest_revision_as_object()
    for name, value in missing.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False)  # as the editor saves drafts
    with pytest.raises(CourseError, match=f"“Fresh” is not whole yet: {told}"):
        publish(course)
    assert lesson_of(course, "lesson-1").heading_en == "Lesson lesson-1 (en)"


def test_edition_leaves_out_a_lesson(course: CoursePage, enrolment: Enrolment) -> None:
    lesson = lesson_of(course, "lesson-2")
    LessonProgress.objects.create(
        enrolment=enrolment, lesson=lesson, edition=enrolment.edition, revision_id=lesson.live_revision_id
    )
    edition = publish(course, without=[lesson])
    lesson.refresh_from_db()
    assert not lesson.live
    assert [row.lesson.slug for row in edition.lessons.all()] == ["lesson-1", "lesson-3"]
    assert LessonProgress.objects.count() == 1


def test_published_revision_is_not_the_one_an_open_editor_saves_into(course: CoursePage) -> None:
    draft = change(course).latest_revision
    publish(course)
    assert lesson_of(course, "lesson-1").live_revision != draft


# --- by two -----------------------------------------------------------------------------------------


def test_proposed_edition_is_seen_once_a_reviewer_has_confirmed_it(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    change(course)
    proposal = propose(course, trainer, material=True)
    assert lesson_of(course, "lesson-1").heading_az == "Lesson lesson-1"
    edition = confirm_edition(proposal=proposal, by=reviewer)
    assert (edition.number, edition.reason, edition.material) == (2, "Clearer", True)
    assert (edition.published_by, edition.confirmed_by) == (trainer, reviewer)
    assert lesson_of(course, "lesson-1").heading_az == "Fresh"


def test_exactly_what_was_proposed_is_published_and_what_was_saved_since_waits(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    change(course)
    proposal = propose(course, trainer)
    change(course, "Later", by=trainer)
    confirm_edition(proposal=proposal, by=reviewer)
    lesson = lesson_of(course, "lesson-1")
    assert (lesson.heading_az, lesson.has_unpublished_changes) == ("Fresh", True)
    assert lesson.get_latest_revision_as_object().heading_az == "Later"


def test_what_was_overwritten_since_it_was_proposed_is_refused(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    change(course)
    proposal = propose(course, trainer)
    revision = lesson_of(course, "lesson-1").latest_revision
    revision.content["heading_az"] = "Swapped"
    revision.save()
    with pytest.raises(CourseError, match="no longer there"):
        confirm_edition(proposal=proposal, by=reviewer)
    assert lesson_of(course, "lesson-1").heading_az == "Lesson lesson-1"


def test_part_that_was_moved_to_another_course_since_is_not_published_there(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    moved = make_lesson(module_of(course, "one"), "lesson-9")
    proposal = propose(course, trainer)
    moved.move(module_of(make_course("C2", lessons=1), "one"), pos="last-child")
    with pytest.raises(CourseError, match="moved to another course"):
        confirm_edition(proposal=proposal, by=reviewer)
    moved.refresh_from_db()
    assert (moved.live, Edition.objects.count()) == (False, 1)


def test_part_to_be_left_out_is_not_hidden_in_the_course_it_was_moved_to(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    moved = lesson_of(course, "lesson-1")
    proposal = propose_edition(course=course, facts=facts(), without=[moved], by=trainer)
    moved.move(module_of(make_course("C2", lessons=1), "one"), pos="last-child")
    with pytest.raises(CourseError, match="moved to another course"):
        confirm_edition(proposal=proposal, by=reviewer)
    moved.refresh_from_db()
    assert moved.live


def test_part_that_was_moved_within_the_course_is_published(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    moved = make_lesson(module_of(course, "one"), "lesson-9")
    proposal = propose(course, trainer)
    moved.move(module_of(course, "two"), pos="last-child")
    confirm_edition(proposal=proposal, by=reviewer)
    moved.refresh_from_db()
    assert moved.live


def test_nobody_confirms_alone_or_without_being_a_reviewer(
    course: CoursePage, trainer: User, trainer2: User, officer: User, outsider: User
) -> None:
    change(course)
    proposal = propose(course, trainer)
    for person in (trainer, trainer2, officer, outsider):
        with pytest.raises(PermissionDenied):
            confirm_edition(proposal=proposal, by=person)
    assert Edition.objects.count() == 1


def test_reviewer_who_changed_one_of_its_pages_is_refused(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    change(course, by=reviewer)
    proposal = propose(course, trainer)
    with pytest.raises(PermissionDenied):
        confirm_edition(proposal=proposal, by=reviewer)


def test_only_trainers_propose(course: CoursePage, reviewer: User, officer: User, outsider: User) -> None:
    change(course)
    for person in (reviewer, officer, outsider):
        with pytest.raises(PermissionDenied):
            propose(course, person)


def test_one_edition_of_a_course_waits_at_a_time(course: CoursePage, trainer: User) -> None:
    change(course)
    propose(course, trainer)
    with pytest.raises(CourseError, match="already waiting"):
        propose(course, trainer)


def test_proposal_is_refused_once_another_edition_was_published(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    change(course)
    proposal = propose(course, trainer)
    publish(course, legal_date=LAW.replace(year=2027))
    with pytest.raises(CourseError, match="proposed anew"):
        confirm_edition(proposal=proposal, by=reviewer)


def test_edition_is_sent_back_with_a_word_for_a_page(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    lesson = change(course)
    proposal = propose(course, trainer)
    with pytest.raises(CourseError, match="at least one page"):
        send_back_edition(proposal=proposal, words={lesson.pk: "  "}, by=reviewer)
    send_back_edition(proposal=proposal, words={lesson.pk: "Article 144-1", course.pk: ""}, by=reviewer)
    assert [(found.page_id, found.text) for found in remarks_of(course)] == [(lesson.pk, "Article 144-1")]
    entry = AuditEntry.objects.get(act="courses.send_back")
    assert (entry.by, entry.after["pages"]) == (reviewer, ["c1/one/lesson-1"])
    with pytest.raises(ProposalError):
        confirm_edition(proposal=proposal, by=reviewer)
    propose(course, trainer)  # anew
    assert remarks_of(course) == []


def test_sending_back_is_for_reviewers_and_withdrawing_for_the_proposer(
    course: CoursePage, trainer: User, trainer2: User, reviewer: User, outsider: User
) -> None:
    lesson = change(course)
    proposal = propose(course, trainer)
    for person in (trainer2, outsider):
        with pytest.raises(PermissionDenied):
            send_back_edition(proposal=proposal, words={lesson.pk: "x"}, by=person)
    with pytest.raises(ProposalError):
        withdraw_proposed_edition(proposal=proposal, by=trainer2)
    withdraw_proposed_edition(proposal=proposal, by=trainer)
    with pytest.raises(ProposalError):
        confirm_edition(proposal=proposal, by=reviewer)


def test_database_refuses_an_edition_of_one_person(course: CoursePage, trainer: User) -> None:
    values: dict[str, Any] = {"course": course, "reason": "x", "material": False, "legal_date": LAW}
    for by in ({"published_by": trainer}, {"published_by": trainer, "confirmed_by": trainer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(number=9, **values, **by)


def test_editions_leave_their_trace(course: CoursePage, trainer: User, reviewer: User) -> None:
    change(course)
    edition = publish_by_two(course, trainer, reviewer)
    proposed, published = AuditEntry.objects.filter(act__in=("courses.propose", "courses.publish")).order_by(
        "-pk"
    )[:2][::-1]
    assert (proposed.by, proposed.subject_id, proposed.reason) == (trainer, course.public_id, "Clearer")
    assert (published.by, published.subject_id) == (reviewer, edition.public_id)
    assert published.after["pages"] == ["c1/one/lesson-1"]
    assert published.after["languages"] == ["az", "en", "ru"]


# --- languages --------------------------------------------------------------------------------------


def test_language_with_a_missing_text_cannot_be_named(course: CoursePage, trainer: User) -> None:
    change(course, body=stream([{"heading": {"az": "Mətn", "en": "Text", "ru": ""}}], seed="x"))
    with pytest.raises(CourseError, match="Русский: a text is missing"):
        propose(course, trainer)
    assert propose(course, trainer, languages=["en"]).payload["languages"] == ["az", "en"]


def test_stale_texts_are_ticked_one_by_one(course: CoursePage, trainer: User) -> None:
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    draft.heading_az = "Yeni"
    draft.save_revision()
    keys = [text.key for text in plan_of(course).stale]
    assert len(keys) == 2
    with pytest.raises(CourseError, match="English: 1 text is older than the Azerbaijani and is not ticked."):
        propose_edition(course=course, facts=facts(), accepted=keys[1:], by=trainer)
    propose_edition(course=course, facts=facts(), accepted=keys, by=trainer)


def test_edition_may_change_its_languages_alone(course: CoursePage, trainer: User, reviewer: User) -> None:
    edition = publish_by_two(course, trainer, reviewer, languages=["ru"])
    assert edition.languages == ["az", "ru"]


def test_exam_whose_cases_have_become_unequal_stands_against_an_edition(
    curriculum: Curriculum,
) -> None:
    """Its rules were right when they were saved; however it came about, no edition is published with it."""
    longer = cases.content("LA1-a", "LA1", stages=2)
    scenario = Scenario.objects.get(code="LA1-a")
    authoring.publish_among_others(scenario=scenario, content=longer, by=None)
    with pytest.raises(
        CourseError, match="“exam.*” is not whole yet: The draw .* every draw must give the same"
    ):
        tiny.add_checks(curriculum, "talking-to-workers")
    assert curriculum.course.editions.count() == 1
    whole = retiring(scenario, cases.content("LA1-a", "LA1", stages=1))
    assessments.publish_version(scenario=scenario, content=whole, by=None)
    tiny.add_checks(curriculum, "talking-to-workers")
    assert curriculum.course.editions.count() == 2


def test_edition_does_not_say_that_sources_were_read_later_than_the_oldest_of_them(
    course: CoursePage, trainer: User, english: None
) -> None:
    """Acts of Azerbaijan alone count, and only those that are more than quoted."""
    change(course)
    LegalSource.objects.filter(code="THB-1").update(state_on=date(2023, 10, 13))
    with pytest.raises(CourseError, match="until 13 October 2023 at the latest"):
        propose(course, trainer)
    LegalSource.objects.filter(code="THB-1").update(quoted_only=True)
    assert propose(course, trainer).open
