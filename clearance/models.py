"""Duty functions, their requirements, and decisions with receipts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.constraints import AppendOnly
from operations.history import Recorded, history_of
from operations.ids import public_id


class DutyFunction(models.Model):
    """A task that an agency gives to an officer. One that is not gated is never refused.

    Who performs it, and what it needs, stands in the versions of its requirement: on two clocks.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=20, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=200)
    gated = models.BooleanField(default=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


MOST_GRACE = 365  # days
MOST_WORDS = 240  # who may perform a function
MOST_SOURCE = 600


class Mode(models.TextChoices):
    """Advice tells what the answer would be; what is enforced stops people."""

    ADVISE = "advise", pgettext_lazy("requirement", "advice: nobody is stopped")
    ENFORCE = "enforce", pgettext_lazy("requirement", "enforced")


class Condition(models.TextChoices):
    """Conditions beside the certificates: whoever asks confirms each before there is a decision."""

    SUPERVISOR_NOTE = "supervisor-note", pgettext_lazy("condition", "a supervisor's note in writing")
    LEAD_OFFICER = "lead-officer", pgettext_lazy("condition", "under the lead of a certified police officer")
    INTERPRETER = "interpreter", pgettext_lazy("condition", "an independent interpreter where one is needed")
    SECOND_WORKER = "second-worker", pgettext_lazy("condition", "a second worker is present")
    LEGAL_BASIS = "legal-basis", pgettext_lazy("condition", "the legal basis is noted in writing")
    NOT_THE_PROPOSER = (
        "not-the-proposer",
        pgettext_lazy("condition", "the officer did not propose the measure themselves"),
    )


class WhyRule(models.TextChoices):
    """The reasons for proposing a requirement."""

    LAW = "law", pgettext_lazy("requirement", "the law has changed")
    REVIEW = "review", pgettext_lazy("requirement", "the rules were reviewed")
    CORRECTION = "correction", pgettext_lazy("requirement", "a mistake is corrected")


class Basis(models.TextChoices):
    """On what a requirement rests. A recommendation is no law, and is never said to be one."""

    LAW = "L", pgettext_lazy("requirement", "laid down in law")
    RECOMMENDED = "D", pgettext_lazy("requirement", "recommended (assessment of 2012)")
    DEFAULT = "PD", pgettext_lazy("requirement", "proposed default")


class Requirement(models.Model):
    """Requirement of one function. The contents stand in its versions."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    function = models.OneToOneField(DutyFunction, models.PROTECT, related_name="requirement")

    personal_data: ClassVar[tuple[str, ...]] = ()


class RequirementVersion(models.Model):
    """rules: roles, needs, conditions, grace, mode and basis, as `clearance.rules` describes (format 2)."""

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


# What erasure takes of a decision: name and number, and by what it is found again of which case it was.
CLEARED: Mapping[str, None] = {"personal": None, "case_salt": None, "case_bucket": None}
STANDS = models.Q(*((f"{name}__isnull", False) for name in CLEARED), _connector=models.Q.OR)


OPEN_FOR = timedelta(hours=24)  # so long a yes is looked at again, after the question and after the duty


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_all(self) -> Self:
        return self.select_related(
            "function", "agency", "asking_agency", "asked_by", "person", "override", "recall"
        )

    def open_yeses(self) -> Self:
        """Return the yeses of the last day, and those for a duty of the last day or to come, that nobody has recalled."""
        since = clock.now() - OPEN_FOR
        return self.filter(
            models.Q(asked_at__gt=since) | models.Q(instant__gt=since),
            answer__in=(Decision.Answer.CLEARED, Decision.Answer.CONDITIONAL),
            recall=None,
            person__isnull=False,
        )


class Decision(models.Model):
    """One question for one duty, with its answer, what it rested on, and a signed receipt.

    The answer is the same whether the requirement was advised or enforced: `mode` says which.
    """

    class Answer(models.TextChoices):
        CLEARED = "cleared", _("cleared")
        CONDITIONAL = "conditional", _("cleared on a condition")
        NOT_CLEARED = "not-cleared", _("not cleared")
        NOT_GATED = "not-gated", _("no clearance needed")
        UNDETERMINED = "undetermined", _("cannot be determined")

    public_id = models.CharField(max_length=22, unique=True)
    function = models.ForeignKey(DutyFunction, models.PROTECT, related_name="decisions")
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+")  # the officer's
    asking_agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+")  # of who asked
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="decisions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    question_key = models.CharField(max_length=64, null=True)  # the same question sent twice is one
    instant = models.DateTimeField()  # the moment asked about
    answer = models.CharField(max_length=12, choices=Answer)
    mode = models.CharField(max_length=8, choices=Mode)
    until = models.DateTimeField(null=True)
    evidence = models.JSONField()  # public ids and versions of every row that was read; reasons and mode
    personal = models.JSONField(null=True)  # {service_number, names, unit} as they were; by language
    # Of a case reference, see `case_reference`; its salted hash stands in the evidence.
    case_salt = models.CharField(max_length=32, null=True)
    case_bucket = models.PositiveSmallIntegerField(null=True)
    receipt = models.BinaryField()  # COSE_Sign1
    key = models.CharField(max_length=40)  # name of the signing key

    objects = DecisionQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = (
        "person", "asked_by", "personal", "case_salt", "case_bucket",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="decision_append_only", erasable=tuple(CLEARED)),
            models.UniqueConstraint(fields=["asked_by", "question_key"], name="decision_question_once"),
        ]
        indexes = [
            models.Index(fields=["agency", "asked_at"], name="decision_of_agency"),
            models.Index(fields=["asking_agency", "asked_at"], name="decision_asked_from"),
            models.Index(fields=["asked_by", "asked_at"], name="decision_by"),
            models.Index(fields=["asked_at"], name="decision_newest"),
            models.Index(fields=["person", "asked_at"], name="decision_about"),
            models.Index(
                fields=["instant"],
                condition=models.Q(answer__in=["cleared", "conditional"]),
                name="decision_open_yes",
            ),
            models.Index(
                fields=["case_bucket"], condition=models.Q(case_bucket__isnull=False), name="decision_of_case"
            ),
        ]

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Return [{code, …}] without personal data: a part of the evidence, so of what was signed."""
        found = self.evidence.get("reasons") if isinstance(self.evidence, dict) else None
        return found if isinstance(found, list) else []


class WhyOverride(models.TextChoices):
    """The reasons for which a shift leader lets somebody who is not cleared do it all the same."""

    NOBODY_ELSE = "nobody-else", pgettext_lazy("override", "nobody who is cleared can come in time")
    DANGER = "danger", pgettext_lazy("override", "somebody would be in danger by waiting")
    RECORD_BEHIND = (
        "record-behind",
        pgettext_lazy("override", "the records are late: the officer has already qualified"),
    )
    ORDER = "order", pgettext_lazy("override", "a superior has ordered it in writing")


class OverrideFinding(models.TextChoices):
    """The finding of somebody else about an override."""

    JUSTIFIED = "justified", pgettext_lazy("override", "justified")
    NOT_JUSTIFIED = "not-justified", pgettext_lazy("override", "not justified")


class DecisionOverride(models.Model):
    """A *not cleared* that a shift leader overruled. The answer stays what it was; somebody else reviews it."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="override")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")  # in which the officer serves
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=16, choices=WhyOverride)
    receipt = models.BinaryField()  # COSE_Sign1 of its own, which names the decision's
    key = models.CharField(max_length=40)
    review_until = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=16, choices=OverrideFinding, null=True)

    personal_data: ClassVar[tuple[str, ...]] = ("by", "reviewed_by")

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="override_append_only", once=("reviewed_by", "reviewed_at", "finding")),
        ]
        indexes = [
            models.Index(
                fields=["review_until"], condition=models.Q(reviewed_at=None), name="override_to_review"
            ),
        ]


class DecisionRecall(models.Model):
    """A *cleared* that would not be given any more, found within a day. The decision itself stays as it was."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="recall")
    at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Decision.Answer)  # as it would be then
    reasons = models.JSONField()  # [{code, …}] without personal data

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="recall_append_only")]


class KnownWhen(models.TextChoices):
    """The two ways to look at an earlier time: as it was known then, or as it is known since corrections arrived."""

    THEN = "then", pgettext_lazy("looking back", "as it was known then")
    TODAY = "today", pgettext_lazy("looking back", "as it is known today")


class OnDuty(models.Model):
    """Until when a person is on duty, as somebody entered it. It lapses by itself; without it nothing is assumed."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="on_duty")
    until = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("person", "until", "entered_by")


MOST_NEEDED = 9999


class Staffing(models.Model):
    """A number of people certified for a function that a unit needs itself, as its coordinator entered it. No row: none."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    function = models.ForeignKey(DutyFunction, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "function"], name="staffing_once"),
            models.CheckConstraint(
                condition=models.Q(number__gt=0, number__lte=MOST_NEEDED), name="staffing_number"
            ),
        ]
