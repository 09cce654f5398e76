"""Retention of answers after an attempt was closed, and of what was written in appeals. Marks and outcomes stay:
certificates rest on them.
"""

from django.utils.translation import gettext_lazy as _

from operations.retention import Period, register_period

from .models import Answer, Appeal, AppealDecision

register_period(
    Period(
        name="answers",
        text=_("Your answers in examinations and practice"),
        rows=lambda before: Answer.objects.filter(attempt__closed_at__lt=before),
    )
)
register_period(
    Period(
        name="appeals",
        text=_("What you wrote in an appeal"),
        rows=lambda before: Appeal.objects.filter(decision__decided_at__lt=before, text__isnull=False),
        clear={"text": None},
    )
)
register_period(
    Period(
        name="appeal_decisions",
        text=_("What you were answered to an appeal"),
        rows=lambda before: AppealDecision.objects.filter(decided_at__lt=before, words__isnull=False),
        clear={"words": None},
    )
)
