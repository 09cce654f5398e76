"""One course, one exam: no second way to a certificate through /cms/."""

from typing import Any

import pytest
from django.test import Client

from assessments.models import Blueprint
from courses import actions
from courses.actions import CourseError
from courses.actions_editions import confirm_edition
from courses.models import AssessmentPage, CoursePage, Edition, ModulePage
from courses.ownership import of_other_courses
from people.models import User
from tests.assessments import conftest as tests
from tests.factories import names

from .factories import LAW, assessment_of, make_course, make_lesson, module_of, propose, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(course: CoursePage) -> CoursePage:
    """A trainer's one-sentence course."""
    return make_course("C2", lessons=1)


@pytest.fixture
def free(course: CoursePage) -> Blueprint:
    """An exam that no course uses yet."""
    return tests.make_blueprint("T-free", draw=[{"from": ["T1"], "take": 1}])


def page_of(blueprint: Blueprint, **changed: Any) -> dict[str, Any]:
    texts = {f"{name}_{code}": name for name in ("heading", "intro") for code in ("az", "en", "ru")}
    return {**texts, "blueprint": str(blueprint.pk), **changed}


def add(author: Client, module: ModulePage, blueprint: Blueprint) -> Any:
    return author.post(f"/cms/pages/add/courses/assessmentpage/{module.pk}/", page_of(blueprint))


def offered(page: str) -> set[str]:
    choices = page.partition('<select name="blueprint"')[2].partition("</select>")[0]
    assert choices
    return {blueprint.code for blueprint in Blueprint.objects.all() if f'value="{blueprint.pk}"' in choices}


def test_page_in_cms_offers_only_what_no_other_course_uses(
    course: CoursePage, theirs: CoursePage, free: Blueprint, author: Client
) -> None:
    add_page = "/cms/pages/add/courses/assessmentpage/{}/"
    assert offered(author.get(add_page.format(module_of(theirs, "two").pk)).text) == {"T-free"}
    own = author.get(f"/cms/pages/{assessment_of(course, 'exam').pk}/edit/").text
    assert offered(own) == {"T-exam", "T-practice", "T-free"}


def test_exam_of_another_course_is_not_taken_though_it_is_sent(
    course: CoursePage, theirs: CoursePage, exam: Blueprint, author: Client
) -> None:
    assert add(author, module_of(theirs, "two"), exam).status_code == 200
    assert not AssessmentPage.objects.descendant_of(theirs).exists()
    with pytest.raises(CourseError):
        actions.save_assessment_page(
            module=module_of(theirs, "two"), slug="exam", heading=names("E"), intro=names("I"), blueprint=exam,
            by=None,
        )  # fmt: skip


def test_draft_that_nobody_has_published_holds_its_exam_too(
    course: CoursePage, theirs: CoursePage, free: Blueprint, author: Client
) -> None:
    page = assessment_of(course, "exam")
    assert author.post(f"/cms/pages/{page.pk}/edit/", page_of(free)).status_code == 302
    assert AssessmentPage.objects.get(pk=page.pk).blueprint.code == "T-exam"
    assert set(of_other_courses(theirs).values()) == {"C1"}
    assert free.pk in of_other_courses(theirs)
    assert (
        offered(author.get(f"/cms/pages/add/courses/assessmentpage/{module_of(theirs, 'two').pk}/").text)
        == set()
    )


def test_edition_with_an_exam_of_another_course_is_not_published(
    course: CoursePage, theirs: CoursePage, free: Blueprint, exam: Blueprint, english: None
) -> None:
    page = actions.save_assessment_page(
        module=module_of(theirs, "two"),
        slug="exam",
        heading=names("E"),
        intro=names("I"),
        blueprint=free,
        by=None,
    )
    draft = page.get_latest_revision_as_object()
    draft.blueprint = exam  # past the form
    draft.save_revision()
    with pytest.raises(CourseError, match="“T-exam” is an assessment of the course C1."):
        publish(theirs)
    assert not Edition.objects.filter(course=theirs).exists()


def test_of_two_proposals_with_one_exam_only_one_is_published(
    course: CoursePage, theirs: CoursePage, free: Blueprint, exam: Blueprint, trainer: User, reviewer: User,
    english: None,
) -> None:  # fmt: skip
    page = assessment_of(course, "exam")
    save_with(page, free)
    ours = propose(course, trainer)
    save_with(page, exam)  # the draft lets it go: the other course may take it
    actions.save_assessment_page(
        module=module_of(theirs, "two"), slug="exam", heading=names("E"), intro=names("I"), blueprint=free, by=None
    )  # fmt: skip
    confirm_edition(proposal=propose(theirs, trainer), by=reviewer)
    with pytest.raises(CourseError, match="“T-free” is an assessment of the course C2."):
        confirm_edition(proposal=ours, by=reviewer)
    assert AssessmentPage.objects.get(pk=page.pk).blueprint == exam


def save_with(page: AssessmentPage, blueprint: Blueprint) -> None:
    draft = page.get_latest_revision_as_object()
    draft.blueprint = blueprint
    draft.save_revision()


def test_code_of_a_published_course_is_not_changed_in_cms(course: CoursePage, author: Client) -> None:
    page = f"/cms/pages/{course.pk}/edit/"
    texts = {
        f"{name}_{code}": "x" for name in ("heading", "summary", "audience") for code in ("az", "en", "ru")
    }
    sent = {**texts, "legal_date": LAW.isoformat(), "code": "C9", "field_sheet-count": "0"}
    answer = author.post(page, sent)
    assert "The code C1 stays: editions and certificates name the course by it." in answer.text
    assert author.post(page, {**sent, "code": "C1"}).status_code == 302
    assert CoursePage.objects.get(pk=course.pk).code == "C1"


def test_code_is_not_changed_past_the_form_either(course: CoursePage, english: None) -> None:
    draft = course.get_latest_revision_as_object()
    draft.code = "C9"
    draft.save_revision()
    with pytest.raises(CourseError, match="The code C1 stays"):
        publish(course)
    assert CoursePage.objects.get(pk=course.pk).code == "C1"


def test_code_of_a_course_that_was_never_published_may_change(
    course: CoursePage, theirs: CoursePage, author: Client
) -> None:
    texts = {
        f"{name}_{code}": "x" for name in ("heading", "summary", "audience") for code in ("az", "en", "ru")
    }
    sent = {**texts, "legal_date": LAW.isoformat(), "code": "C9", "field_sheet-count": "0"}
    assert author.post(f"/cms/pages/{theirs.pk}/edit/", sent).status_code == 302
    publish(theirs)
    assert CoursePage.objects.get(pk=theirs.pk).code == "C9"


def test_page_of_publishing_tells_what_can_be_drawn(course: CoursePage, author: Client) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"))
    page = " ".join(author.get(f"/cms/editions/{course.pk}/propose/").text.split())
    assert "What its assessments draw" in page
    assert "<td>2</td> <td>2</td> <td> T1 50 %, T2 50 % </td>" in page


def test_page_of_publishing_tells_what_is_wrong_with_an_exam(course: CoursePage, author: Client) -> None:
    """A case that is published by itself cannot break the rules: this one came with others."""
    tests.publish_among_others("T2-a", "T2", stages=1)
    page = author.get(f"/cms/editions/{course.pk}/propose/").text
    assert "every draw must give the same." in page
