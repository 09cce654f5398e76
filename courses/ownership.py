"""The one course that an assessment belongs to: by another it would be a second way to the same certificate."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from wagtail.models import Page

from assessments.models import Blueprint

from .models import AssessmentPage, CoursePage


def course_above(page: Page) -> CoursePage | None:
    """Return the course that a page is part of, or the page itself where it is one."""
    course: CoursePage | None = CoursePage.objects.ancestor_of(page, inclusive=True).first()
    return course


def of_other_courses(course: CoursePage | None) -> dict[int, str]:
    """Return blueprints (primary keys) that pages of other courses use, live or as drafts, with the course's code."""
    pages = AssessmentPage.objects.select_related("latest_revision")
    if course is not None:
        pages = pages.not_descendant_of(course)
    codes = dict(CoursePage.objects.values_list("path", "code"))
    found: dict[int, str] = {}
    for page in pages:
        code = next((code for path, code in codes.items() if page.path.startswith(path)), "")
        draft = page.latest_revision.content.get("blueprint") if page.latest_revision else None
        found |= {blueprint: code for blueprint in (page.blueprint_id, draft) if blueprint is not None}
    return found


def why_not_used(course: CoursePage | None, blueprints: Iterable[Blueprint]) -> str:
    """Return in words which of these belong to another course; empty where none does."""
    others = of_other_courses(course)
    words = [
        _("“%(assessment)s” is an assessment of the course %(course)s.")
        % {"assessment": blueprint.title, "course": others[blueprint.pk]}
        for blueprint in blueprints
        if blueprint.pk in others
    ]
    return " ".join(words)


def code_stays(course: CoursePage) -> str:
    """Return why the code of a course that has an edition is not changed."""
    return _("The code %(code)s stays: editions and certificates name the course by it.") % {
        "code": course.code
    }


def another_door(course: CoursePage, drafts: Sequence[Page]) -> str:
    """Return in words why these drafts cannot be published in the course; empty where they can.

    Certificates name a course by its code and are earned by its own exams alone.
    """
    renamed = any(isinstance(draft, CoursePage) and draft.code != course.code for draft in drafts)
    if renamed and course.editions.exists():
        return code_stays(course)
    chosen = [draft.blueprint for draft in drafts if isinstance(draft, AssessmentPage) and draft.blueprint]
    return why_not_used(course, chosen)
