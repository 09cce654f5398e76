"""Letters about exams and appeals. Subjects tell no result; nothing says what was asked."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice
from people.mail import link_to, to_subject

from .actions_admission import RELEASED, WITHDRAWN
from .models import Attempt, ExamRelease
from .readiness import readiness_of
from .results import result_of


def _of_release(notice: Notice) -> dict[str, Any]:
    release = ExamRelease.objects.select_related("blueprint", "person__merged_into").get(
        public_id=notice.subject_id
    )
    newest = release.blueprint.versions.select_related("blueprint").order_by("-number").first()
    begins_at = readiness_of(newest, release.person.surviving.pk).begins_at if newest else None
    return {"exam": release.blueprint.title, "begins_at": begins_at, "link": link_to("home")}


for _kind in (RELEASED, WITHDRAWN):
    register_notice(_kind, subject=_("A notice about an exam of yours"), context=_of_release)
_result = to_subject(settings.EXAM_RESULT_URL)


def _failed(notice: Notice) -> dict[str, Any]:
    attempts = Attempt.objects.select_related("blueprint", "blueprint_version", "marking")
    result = result_of(attempts.get(public_id=notice.subject_id), get_language() or "az")
    return {**_result(notice), "result": result}


for _kind, _subject, _context in (
    ("passed", _("The result of your exam"), _result),
    ("failed", _("The result of your exam"), _failed),
    ("appeal_received", _("Your appeal has arrived"), _result),
    ("appeal_decided", _("Your appeal is decided"), _result),
    ("appeal_waits", _("An appeal waits for an assessor"), to_subject("assessor:appeal")),
):
    register_notice(f"assessments.{_kind}", subject=_subject, context=_context)
