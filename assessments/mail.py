"""Letters about exams and appeals. Subjects tell no result; nothing says what was asked."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice

from .actions_admission import RELEASED, WITHDRAWN
from .models import Attempt, ExamRelease
from .results import result_of


def _of_release(notice: Notice) -> dict[str, Any]:
    release = ExamRelease.objects.select_related("blueprint").get(public_id=notice.subject_id)
    return {"exam": release.blueprint.title, "link": f"{settings.BASE_URL}/{get_language() or 'az'}/"}


for _kind, _template in ((RELEASED, "released"), (WITHDRAWN, "release_withdrawn")):
    register_notice(
        _kind,
        subject=_("A notice about an exam of yours"),
        template=f"assessments/mail/{_template}.html",
        context=_of_release,
    )


def _result(notice: Notice) -> dict[str, Any]:
    """Its subject is the attempt."""
    return {"link": settings.BASE_URL + reverse(settings.EXAM_RESULT_URL, args=[notice.subject_id])}


def _failed(notice: Notice) -> dict[str, Any]:
    attempts = Attempt.objects.select_related("blueprint", "blueprint_version", "marking")
    result = result_of(attempts.get(public_id=notice.subject_id), get_language() or "az")
    return {**_result(notice), "result": result}


def _appeal(notice: Notice) -> dict[str, Any]:
    return {"link": settings.BASE_URL + reverse("assessor:appeal", args=[notice.subject_id])}


for _kind, _subject, _context in (
    ("passed", _("The result of your exam"), _result),
    ("failed", _("The result of your exam"), _failed),
    ("appeal_received", _("Your appeal has arrived"), _result),
    ("appeal_decided", _("Your appeal is decided"), _result),
):
    register_notice(
        f"assessments.{_kind}", subject=_subject, template=f"assessments/mail/{_kind}.html", context=_context
    )
register_notice(
    "assessments.appeal_waits",
    subject=_("An appeal waits for an assessor"),
    template="assessments/mail/appeal_waits.html",
    context=_appeal,
)
