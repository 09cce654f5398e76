"""How the audit trail calls what courses does."""

from django.utils.translation import gettext_lazy as _

from operations.trail import name_acts, name_subject

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
name_subject("edition", _("edition"))
name_subject("enrolment", _("enrolment"))
