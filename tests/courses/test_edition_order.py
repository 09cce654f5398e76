"""The order of lessons changes with an edition: proposed by one, seen and confirmed by another."""

from typing import Any

import pytest
from django.test import Client

from courses import actions
from courses.actions import CourseError
from courses.actions_editions import confirm_edition, propose_edition, send_back_edition
from courses.edition_order import order_of
from courses.models import CoursePage, Edition, EditionRemark, Enrolment
from operations.models import AuditEntry, Proposal
from people.models import User
from tests.factories import client_of, names

from .factories import assessment_of, facts, in_cms, lesson_of, make_lesson, module_of, outline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def lessons_of(course: CoursePage) -> list[str]:
    return [item.slug for item in outline(course).items]


def turned(course: CoursePage) -> dict[int, list[int]]:
    """The two lessons of module one the other way round."""
    parts = [lesson_of(course, slug).pk for slug in ("lesson-2", "lesson-1")]
    return {module_of(course, "one").pk: parts}


def propose(course: CoursePage, by: User, order: dict[int, list[int]]) -> Proposal:
    return propose_edition(course=course, facts=facts("Easier first"), order=order, by=by)


def test_readers_meet_lessons_in_the_new_order_once_it_is_confirmed(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    proposal = propose(course, trainer, turned(course))
    assert lessons_of(course)[:2] == ["lesson-1", "lesson-2"]
    edition = confirm_edition(proposal=proposal, by=reviewer)
    assert lessons_of(course) == ["lesson-2", "lesson-1", "lesson-3", "practice", "exam"]
    assert [row.lesson.slug for row in edition.lessons.order_by("pk")] == ["lesson-2", "lesson-1", "lesson-3"]
    proposed, arranged = (AuditEntry.objects.get(act=act) for act in ("courses.propose", "courses.arrange"))
    assert (proposed.by, proposed.after["order"]) == (trainer, {"c1/one": ["lesson-2", "lesson-1"]})
    assert (arranged.by, arranged.subject_id, arranged.after) == (
        reviewer,
        "c1/one",
        ["lesson-2", "lesson-1"],
    )


def test_modules_change_places_too_and_texts_change_with_them(
    course: CoursePage, trainer: User, reviewer: User, enrolment: Enrolment
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"))
    modules = {course.pk: [module_of(course, slug).pk for slug in ("two", "one")]}
    confirm_edition(proposal=propose(course, trainer, modules | turned(course)), by=reviewer)
    assert lessons_of(course) == ["lesson-3", "practice", "exam", "lesson-2", "lesson-1"]
    shown = client_of(enrolment.person).get("/en/courses/c1/one/lesson-1/")
    assert "Fresh" in shown.text and "Module 2, lesson 2" in shown.text


def test_order_of_now_is_no_change(course: CoursePage, trainer: User) -> None:
    with pytest.raises(CourseError, match="Nothing has changed"):
        propose(course, trainer, order_of(course))


def test_order_that_is_sent_back_changes_nothing(course: CoursePage, trainer: User, reviewer: User) -> None:
    proposal = propose(course, trainer, turned(course))
    module = module_of(course, "one")
    send_back_edition(proposal=proposal, words={module.pk: "Rather as it was"}, by=reviewer)
    assert EditionRemark.objects.get().page_id == module.pk
    assert lessons_of(course)[:2] == ["lesson-1", "lesson-2"]


@pytest.mark.parametrize("wrong", ["one missing", "one of another module", "another course"])
def test_order_of_other_parts_is_refused(course: CoursePage, trainer: User, wrong: str) -> None:
    module, parts = module_of(course, "one").pk, [lesson_of(course, "lesson-2").pk]
    order = {
        "one missing": {module: parts},
        "one of another module": {module: [*parts, lesson_of(course, "lesson-3").pk]},
        "another course": {course.get_parent().pk: [course.pk, module]},
    }[wrong]
    with pytest.raises(CourseError, match="look at their order again"):
        propose(course, trainer, order)


def test_lesson_that_came_or_went_meanwhile_keeps_out_of_the_way(
    course: CoursePage, trainer: User, reviewer: User
) -> None:
    proposal = propose(course, trainer, turned(course))
    make_lesson(module_of(course, "one"), "lesson-4")
    confirm_edition(proposal=proposal, by=reviewer)
    slugs = [page.slug for page in module_of(course, "one").get_children()]
    assert slugs == ["lesson-2", "lesson-1", "lesson-4"]
    assert Edition.objects.newest_of(course).lessons.count() == 3  # type: ignore[union-attr]


# --- at /cms/ -------------------------------------------------------------------------------------


def sent(course: CoursePage, **places: int) -> dict[str, Any]:
    found = {f"place-{lesson_of(course, slug.replace('_', '-')).pk}": place for slug, place in places.items()}
    return {"reason": "Easier first", "legal_date": "2026-11-24", "languages": ["en", "ru"], **found}


def test_trainer_writes_a_place_and_the_reviewer_sees_both_orders(
    course: CoursePage, author: Client, reviewer: User
) -> None:
    page = f"/cms/editions/{course.pk}/propose/"
    shown = author.get(page).text
    assert "write the number of its new place" in shown and "Lesson lesson-2" in shown
    assert author.post(page, sent(course, lesson_2=1)).status_code == 302
    proposal = Proposal.objects.get()
    assert proposal.payload["order"] == {str(parent): parts for parent, parts in turned(course).items()}
    seen = " ".join(in_cms(reviewer).get(f"/cms/editions/proposals/{proposal.public_id}/").text.split())
    then, now = seen.partition("Readers meet them now in this order:")[::2]
    assert "Module one: its parts stand in another order" in then
    assert then.rindex("Lesson lesson-2") < then.rindex("Lesson lesson-1")
    assert now.index("Lesson lesson-1") < now.index("Lesson lesson-2")
    assert author.post(page, sent(course)).status_code == 200  # one waits already


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ({"lesson_1": 3}, ["lesson-2", "lesson-3", "lesson-1", "lesson-4"]),
        ({"lesson_4": 2}, ["lesson-1", "lesson-4", "lesson-2", "lesson-3"]),
        ({"lesson_1": 4, "lesson_4": 1}, ["lesson-4", "lesson-2", "lesson-3", "lesson-1"]),
    ],
)
def test_who_moves_to_a_place_gets_it(
    course: CoursePage, author: Client, places: dict[str, int], wanted: list[str]
) -> None:
    for slug in ("lesson-3", "lesson-4"):
        make_lesson(module_of(course, "one"), slug)
    in_one = {page.slug: page.pk for page in module_of(course, "one").get_children()}
    given = {f"place-{in_one[slug.replace('_', '-')]}": place for slug, place in places.items()}
    author.post(f"/cms/editions/{course.pk}/propose/", {**sent(course), **given})
    assert Proposal.objects.get().payload["order"] == {
        str(module_of(course, "one").pk): [in_one[slug] for slug in wanted]
    }


@pytest.mark.parametrize("place", [0, 4, "x"])
def test_place_that_there_is_not_is_told_and_nothing_is_proposed(
    course: CoursePage, author: Client, place: Any
) -> None:
    given = {f"place-{assessment_of(course, 'exam').pk}": place}
    answer = author.post(f"/cms/editions/{course.pk}/propose/", {**sent(course), **given})
    assert (answer.status_code, Proposal.objects.exists()) == (200, False)
    assert 'aria-invalid="true"' in answer.text and "errorlist" in answer.text


def test_nobody_else_puts_lessons_in_order(
    course: CoursePage, officer: User, reviewer: User, outsider: User
) -> None:
    for person in (officer, outsider):
        answer = in_cms(person).post(f"/cms/editions/{course.pk}/propose/", sent(course, lesson_2=1))
        assert answer.status_code in (302, 403)
    assert not Proposal.objects.exists()
    assert actions.path_of(lesson_of(course, "lesson-1")) == "c1/one/lesson-1"
