"""Admission to exams and to their cases: releases, extra time, keys that were seen."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from operations.constraints import AppendOnly
from operations.ids import public_id

from .cases import Blueprint, ScenarioFamily


def keeps_release(prefix: str = "") -> Q:
    """Return the condition under which an attempt keeps the release it began by: it is open, or closed by the person
    or by time and not annulled. One that a merging closed gives it back; `prefix`: how a query reaches attempts.
    """
    return Q(**{f"{prefix}closing": None}) | Q(
        **{f"{prefix}closing__in": ["submitted", "time"], f"{prefix}passed__isnull": False}
    )


class ExamReleaseQuerySet(models.QuerySet["ExamRelease"]):
    def live(self) -> Self:
        """Filter to what was neither withdrawn nor used: no attempt keeps it, and none that began by it is passed."""
        used = Q(attempts__isnull=False) & keeps_release("attempts__") | Q(attempts__passed=True)
        return self.filter(withdrawn_at=None).exclude(pk__in=ExamRelease.objects.filter(used).values("pk"))


class ExamRelease(models.Model):
    """An assessor lets one person begin one more attempt of an exam. The attempt names it: so it is used once.

    `allow_repeat`: where too few families are left, the one drawn longest ago may come again.
    """

    class Reason(models.TextChoices):
        PREPARED = "prepared", _("the officer has prepared again")
        DISTURBED = "disturbed", _("an examination was disturbed")
        NO_CASES = "no-cases", _("no new cases are left for the officer")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exam_releases")
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason)
    allow_repeat = models.BooleanField(default=False)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ExamReleaseQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person", "released_by", "withdrawn_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="examrelease_withdrawn_by_somebody",
            ),
            AppendOnly(name="examrelease_append_only", once=("withdrawn_at", "withdrawn_by")),
        ]
        indexes = [models.Index(fields=["person", "blueprint"], name="examrelease_of_person")]

    def __str__(self) -> str:
        return self.public_id


class ExtraTime(models.Model):
    """More time in every exam, in per cent of its minutes. Why, is nobody's business here."""

    LEAST, MOST = 5, 100  # per cent

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="extra_times")
    percent = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("person", "percent", "given_by", "ended_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="extratime_one_open"),
            models.CheckConstraint(condition=Q(percent__gte=5, percent__lte=100), name="extratime_percent"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="extratime_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class KeySeen(models.Model):
    """The newest day on which somebody opened the answer key of a family of exam cases: it is not drawn for them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="keys_seen")
    family = models.ForeignKey(ScenarioFamily, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("person",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "family"], name="keyseen_once"),
        ]
