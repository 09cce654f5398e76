"""Names, in the audit trail, of what courses does."""

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from operations.trail import Subject, name_acts, name_subject

from .models import Edition, Enrolment

name_acts(
    {
        "courses.catalog": _("Catalogue of courses made"),
        "courses.save": _("Draft of a page saved"),
        "courses.arrange": _("Pages put in order"),
        "courses.publish": _("Edition published"),
        "courses.enrol": _("Course begun"),
        "courses.carry_over": _("Course carried over to the record that stays"),
    }
)
name_subject("page", _("page"))


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


name_subject("edition", _("edition"), _editions)
name_subject("enrolment", _("enrolment"), _enrolments)
