"""Assessments of courses: begun from a page of the course, by who follows it."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.actions import start_attempt
from assessments.models import Attempt, Blueprint
from operations import clock
from people.models import User

from .actions import CourseError
from .assessment_state import AssessmentState, assessment_states
from .models import CoursePage, Edition, Enrolment
from .reading import Course, Item
from .requirements import exam_requirements


def start_assessment(*, course: Course, page: Item, by: User) -> Attempt:
    """The person's open attempt of an assessment of a course, or a new one.

    Refuses (CourseError) who does not follow the course, an exam that was passed and still counts, one that would earn
    nothing now or is closed to them, one for which something required is missing; and with `AttemptError` what
    `start_attempt` refuses. Of the course the attempt keeps its code, the edition in force, and what was required and
    done.
    """
    if page.blueprint_id is None or page not in course.items:
        raise PermissionDenied(_("You may not do this."))
    enrolment = Enrolment.objects.open().filter(person=by, course=course.pk).first()
    edition = Edition.objects.newest_of(CoursePage.objects.get(pk=course.pk))
    if enrolment is None or edition is None:
        raise CourseError(_("You do not follow this course any more."))
    state = assessment_states(by.pk, [page.blueprint_id]).get(page.blueprint_id)
    running = state.open if state is not None else None
    if running is not None and running.person_id == by.pk and not running.has_ended(clock.now()):
        return running
    _refuse_what_earns_nothing(state)
    requirements = exam_requirements(by, course, page)
    if requirements.waits_for_edition:
        raise CourseError(_("A part of this course was withdrawn: its exam opens with the next edition."))
    if missing := len(requirements.missing):
        text = ngettext(
            "%(number)s thing that the exam requires is still to be done.",
            "%(number)s things that the exam requires are still to be done.",
            missing,
        )
        raise CourseError(text % {"number": missing})
    return start_attempt(
        blueprint=Blueprint.objects.get(pk=page.blueprint_id),
        origin=f"enrolment:{enrolment.public_id}",
        course_code=course.code,
        edition_number=edition.number,
        requirements=requirements.done,
        by=by,
    )


def _refuse_what_earns_nothing(state: AssessmentState | None) -> None:
    if state is not None and state.closed_because:
        raise CourseError(str(state.closed_because))
    if state is not None and state.is_exam and state.passed:
        raise CourseError(_("You have passed this exam already: what you earned still holds."))
    if state is not None and state.shut:
        raise CourseError(_("You do not need this exam now: it renews a certificate when its end is near."))
