"""Markings of an attempt, and the marks in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from operations.constraints import AppendOnly
from operations.ids import public_id

from .attempts import Attempt, AttemptCase


class Marking(models.Model):
    """One set of marks of an attempt. Closing makes the first; the newest counts: `Attempt.marking`."""

    class Cause(models.TextChoices):
        CLOSING = "closing", _("the attempt was closed")
        CORRECTION = "correction", _("the marks were made again from the same answers")
        APPEAL = "appeal", _("an appeal changed the marks")
        ANNULMENT = "annulment", _("an appeal annulled the attempt: it does not count")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="markings")
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=Cause)
    formulas = models.PositiveSmallIntegerField()  # marking.FORMULAS of the marks in it
    points = models.DecimalField(max_digits=7, decimal_places=2)
    points_max = models.DecimalField(max_digits=7, decimal_places=2)
    passed = models.BooleanField(null=True)  # null for practice, and where the attempt is annulled
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposal = models.OneToOneField("operations.Proposal", models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("points", "passed", "made_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "number"], name="marking_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, cause="closing") | (Q(number__gt=1) & ~Q(cause="closing")),
                name="marking_first_at_closing",
            ),
            models.CheckConstraint(
                condition=~Q(cause__in=("appeal", "annulment")) | Q(proposal__isnull=False),
                name="marking_appeal_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(cause="annulment") | Q(passed=None), name="marking_annulled_not_passed"
            ),
            AppendOnly(name="marking_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}.{self.number}"


class Mark(models.Model):
    """The worth of an answer in one marking, made on the server."""

    class Part(models.TextChoices):
        SEEING = "seeing", _("Seeing")
        JUDGING = "judging", _("Judging")
        ACTING = "acting", _("Acting")

    marking = models.ForeignKey(Marking, models.PROTECT, related_name="marks")
    case = models.ForeignKey(AttemptCase, models.PROTECT, related_name="marks")
    question_code = models.CharField(max_length=40)
    part = models.CharField(max_length=8, choices=Part)
    language = models.CharField(max_length=2, blank=True)  # in which the answer was given; empty without one
    points = models.DecimalField(max_digits=6, decimal_places=2)
    points_max = models.DecimalField(max_digits=6, decimal_places=2)
    critical_errors = models.JSONField(default=list)  # codes
    competences = models.JSONField(default=dict)  # code -> [points, points_max], decimals as text
    indicators = models.JSONField(default=dict)  # found, missed, wrong: codes

    personal_data: ClassVar[tuple[str, ...]] = ("points", "critical_errors", "competences", "indicators")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["marking", "question_code"], name="mark_once"),
            AppendOnly(name="mark_append_only"),
        ]
