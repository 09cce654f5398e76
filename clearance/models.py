"""Duty functions, their requirements, and decisions with receipts."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.constraints import AppendOnly
from operations.history import Recorded, history_of
from operations.ids import public_id


class DutyFunction(models.Model):
    """A task that an agency gives to an officer. One that is not gated is never refused."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=20, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=200)
    who = models.CharField(max_length=240)  # in words: who may perform it
    gated = models.BooleanField(default=True)
    roles = models.JSONField(default=list, blank=True)  # codes of roles that perform it

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


MOST_GRACE = 365  # days


class WhyRule(models.TextChoices):
    """The reasons for proposing a requirement."""

    LAW = "law", pgettext_lazy("requirement", "the law has changed")
    REVIEW = "review", pgettext_lazy("requirement", "the rules were reviewed")
    CORRECTION = "correction", pgettext_lazy("requirement", "a mistake is corrected")


class Basis(models.TextChoices):
    """On what a requirement rests, as the field's documents mark it."""

    LAW = "D", pgettext_lazy("requirement", "derived from a law or a recommendation of 2012")
    DEFAULT = "PD", pgettext_lazy("requirement", "proposed default")


class Requirement(models.Model):
    """Requirement of one function. The contents stand in its versions."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    function = models.OneToOneField(DutyFunction, models.PROTECT, related_name="requirement")

    personal_data: ClassVar[tuple[str, ...]] = ()


class RequirementVersion(models.Model):
    """rules: {certificates: [qualification code], grace_days, basis}. Grace lives here alone."""

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    rules = models.JSONField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("recorded_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["requirement", "number"], name="requirementversion_number_once"),
            AppendOnly(name="requirementversion_append_only"),
        ]


class RequirementInForce(Recorded):
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="in_force")
    version = models.ForeignKey(RequirementVersion, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("recorded_by", "withdrawn_by")

    class Meta:
        constraints: ClassVar = history_of("requirement")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_all(self) -> Self:
        return self.select_related("function", "agency", "asked_by", "person")


class Decision(models.Model):
    """One question for one duty, with its answer, what it rested on, and a signed receipt."""

    class Answer(models.TextChoices):
        CLEARED = "cleared", _("cleared")
        CONDITIONAL = "conditional", _("cleared on a condition")
        NOT_CLEARED = "not-cleared", _("not cleared")
        NOT_GATED = "not-gated", _("no clearance needed")
        UNDETERMINED = "undetermined", _("cannot be determined")

    public_id = models.CharField(max_length=22, unique=True)
    function = models.ForeignKey(DutyFunction, models.PROTECT, related_name="decisions")
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="decisions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    question_key = models.CharField(max_length=64, null=True)  # the same question sent twice is one
    instant = models.DateTimeField()  # the moment asked about
    answer = models.CharField(max_length=12, choices=Answer)
    reasons = models.JSONField(default=list)  # [{code, …}] without personal data
    until = models.DateTimeField(null=True)
    evidence = models.JSONField()  # public ids and version numbers of every row that was read
    personal = models.JSONField(null=True)  # {service_number, names, unit} as they were; by language
    receipt = models.BinaryField()  # COSE_Sign1
    key = models.CharField(max_length=40)  # name of the signing key

    objects = DecisionQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person", "asked_by", "personal")

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="decision_append_only", erasable=("personal",)),
            models.UniqueConstraint(fields=["asked_by", "question_key"], name="decision_question_once"),
        ]
        indexes = [
            models.Index(fields=["agency", "asked_at"], name="decision_of_agency"),
            models.Index(fields=["asked_by", "asked_at"], name="decision_by"),
            models.Index(fields=["person", "asked_at"], name="decision_about"),
        ]
