"""Letters about exams. Subjects name no person, exam or reason."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice

from .actions_admission import RELEASED, WITHDRAWN
from .models import ExamRelease


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
