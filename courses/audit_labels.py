"""Names, in the audit trail, of what courses does."""

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from operations.trail import Subject, name_acts, name_reasons, name_subject

from .edition_proposals import PUBLISH
from .models import CoursePage, Edition, Enrolment

name_acts(
    {
        "courses.catalog": _("Catalogue of courses made"),
        "courses.save": _("Draft of a page saved"),
        "courses.arrange": _("Pages put in order"),
        "courses.add_picture": _("Picture added"),
        "courses.remove_picture": _("Picture removed"),
        "courses.translate": _("Translations saved"),
        "courses.propose": _("Edition proposed"),
        "courses.withdraw_proposal": _("Proposed edition withdrawn"),
        "courses.send_back": _("Edition sent back"),
        "courses.publish": _("Edition published"),
        "courses.leave_out": _("Lesson left out"),
        "courses.withdraw": _("Course withdrawn"),
        "courses.enrol": _("Course begun"),
        "courses.carry_over": _("Course carried over to the record that stays"),
    }
)
name_reasons(
    [PUBLISH],
    {
        "material": _("the law, or what is right to do, has changed"),
        "wording": _("only the wording has changed"),
    },
)
name_subject("page", _("page"))
name_subject("picture", _("picture"))


def _editions(ids: Collection[str]) -> dict[str, Subject]:
    return {
        edition.public_id: Subject(
            gettext("%(course)s, edition %(number)s")
            % {"course": edition.course.code, "number": edition.number}
        )
        for edition in Edition.objects.select_related("course").filter(public_id__in=ids)
    }


def _enrolments(ids: Collection[str]) -> dict[str, Subject]:
    queryset = Enrolment.objects.select_related("course").filter(public_id__in=ids)
    return {
        enrolment.public_id: Subject(gettext("course %(course)s") % {"course": enrolment.course.code})
        for enrolment in queryset
    }


def _courses(ids: Collection[str]) -> dict[str, Subject]:
    courses = CoursePage.objects.filter(public_id__in=ids)
    return {
        course.public_id: Subject(gettext("course %(course)s") % {"course": course.code})
        for course in courses
    }


name_subject("course", _("course"), _courses)
name_subject("edition", _("edition"), _editions)
name_subject("enrolment", _("enrolment"), _enrolments)
