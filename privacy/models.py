"""Requests of a person about the own data."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.ids import public_id
from people.models import Agency, User

ABOUT = {  # what a correction is asked for
    "name": pgettext_lazy("correction", "my name"),
    "address": pgettext_lazy("correction", "my e-mail address or telephone"),
    "posting": pgettext_lazy("correction", "where I serve, or my service number"),
    "role": pgettext_lazy("correction", "my role"),
    "leave": pgettext_lazy("correction", "my leave"),
    "certificate": pgettext_lazy("correction", "a certificate"),
    "result": pgettext_lazy("correction", "a result"),
    "other": pgettext_lazy("correction", "something else"),
}
LONGEST = 2000  # characters of a request or an answer


class CorrectionRequest(models.Model):
    """ "This is wrong about me": a person to the own agency's coordinator, who answers in words."""

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", pgettext_lazy("correction", "corrected")
        DECLINED = "declined", pgettext_lazy("correction", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("correction", "withdrawn")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(User, models.PROTECT, related_name="correction_requests")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")  # null: administrators
    about = models.CharField(max_length=40)  # name, posting, role, address …: one of a list
    text = models.TextField()
    asked_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, null=True, blank=True)
    answer = models.TextField(blank=True)

    personal_data: ClassVar[tuple[str, ...]] = ("person", "text", "answered_by", "answer")

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "asked_at"], condition=Q(outcome=None), name="correctionrequest_open"
            )
        ]
