"""Taking back from readers: a course is withdrawn, a lesson left out. One person does it, at once, and says why."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from operations.audit import record
from people.models import User

from . import reading
from .actions import CourseError, check
from .actions_editions import hide, keep_edition, locked, record_edition
from .edition_plan import EditionFacts
from .models import AssessmentPage, CoursePage, Edition, LessonPage, Withdrawal
from .permissions import can_take_back


@transaction.atomic
def withdraw_course(*, course: CoursePage, reason: str, by: User) -> Withdrawal:
    """Readers do not see the course any more; enrolments and what was read stay for its next edition.

    Refuses (CourseError) a course that readers do not see, and no reason.
    """
    check(can_take_back(by))
    course = locked(course)
    _refuse_without(reason)
    edition = Edition.objects.newest_of(course)
    if edition is None or not course.live:
        raise CourseError(_("Readers do not see this course."))
    hide(course, by=by)
    withdrawal = Withdrawal.objects.create(course=course, edition=edition, reason=reason, withdrawn_by=by)
    reading.raise_generation()
    record(
        by=by,
        act="courses.withdraw",
        subject_kind="course",
        subject_id=course.public_id,
        reason=reason,
        after={"course": course.code, "edition": edition.number},
    )
    return withdrawal


@transaction.atomic
def leave_out(*, page: LessonPage | AssessmentPage, reason: str, by: User) -> Edition:
    """Make an edition that differs from the one before by this page alone: readers do not see it any more.

    Refuses (CourseError) what readers do not see, the last lesson of a course, and no reason.
    """
    check(can_take_back(by))
    course = locked(CoursePage.objects.ancestor_of(page).get())
    _refuse_without(reason)
    newest = Edition.objects.newest_of(course)
    page = Page.objects.get(pk=page.pk).specific
    if newest is None or not (course.live and page.live):
        raise CourseError(_("Readers do not see this page."))
    others = LessonPage.objects.live().descendant_of(course).exclude(pk=page.pk)
    if not others.exists():
        raise CourseError(_("This is the last lesson: withdraw the course."))
    hide(page, by=by)
    facts = EditionFacts(
        reason=reason,
        material=False,
        legal_date=newest.legal_date,
        languages=newest.languages,
        law_confirmed_on=newest.law_confirmed_on,
    )
    edition = keep_edition(course, facts, published_by=by, confirmed_by=None, takes_back=True)
    reading.raise_generation()
    record_edition("courses.leave_out", edition, by=by, pages=[], left_out=[page])
    return edition


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise CourseError(_("Say why."))
