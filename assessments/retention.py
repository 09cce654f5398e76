"""Retention of answers after an attempt was closed. Its marks stay: certificates rest on them."""

from django.utils.translation import gettext_lazy as _

from operations.retention import Period, register_period

from .models import Answer

register_period(
    Period(
        name="answers",
        text=_("Your answers in examinations and practice"),
        rows=lambda before: Answer.objects.filter(attempt__closed_at__lt=before),
    )
)
