"""Scenarios, their frozen versions, blueprints, attempts, answers and marks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from operations import clock
from operations.constraints import AppendOnly
from operations.ids import public_id
from people.models import User

GRACE = timedelta(seconds=30)  # after the end: for answers that were on their way


class Use(models.TextChoices):
    PRACTICE = "practice", _("practice")
    EXAM = "exam", _("exam")


class ScenarioFamily(models.Model):
    """Variants of one case. A family is for practice or for exams, never for both.

    Outcome, form and child are for drawing, statistics and tests; officers are not told.
    """

    class Outcome(models.TextChoices):
        POSITIVE = "positive", _("trafficking")
        OPEN = "open", _("open: not yet, or not all of it")
        NEGATIVE = "negative", _("no trafficking")

    class Form(models.TextChoices):
        LABOUR = "labour", _("forced labour")
        SEXUAL = "sexual", _("sexual exploitation")
        CHILD = "child", _("children")
        DOMESTIC = "domestic", _("domestic work")
        BEGGING = "begging", _("begging")
        CRIMINALITY = "criminality", _("forced criminality")
        OTHER = "other", _("another form")

    code = models.CharField(max_length=20, unique=True)
    use = models.CharField(max_length=10, choices=Use)
    title = models.CharField(max_length=200)
    role = models.CharField(max_length=8)  # people.Role.code
    outcome = models.CharField(max_length=10, choices=Outcome)
    form = models.CharField(max_length=12, choices=Form)
    child = models.BooleanField()  # a child is concerned

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Scenario(models.Model):
    """A variant of a family. What is asked stands in its versions."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=20, unique=True)
    family = models.ForeignKey(ScenarioFamily, models.PROTECT, related_name="scenarios")
    title = models.CharField(max_length=200)
    retired_at = models.DateTimeField(null=True, blank=True)  # not drawn any more

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ScenarioVersionQuerySet(models.QuerySet["ScenarioVersion"]):
    def newest(self) -> Self:
        """Return the newest version of each scenario that is still drawn, without its content."""
        last = ScenarioVersion.objects.filter(scenario=models.OuterRef("scenario")).order_by("-number")
        return (
            self.filter(scenario__retired_at=None, pk=models.Subquery(last.values("pk")[:1]))
            .select_related("scenario__family")
            .defer("content")
        )

    def of_families(self, codes: Iterable[str]) -> Self:
        return self.filter(scenario__family__code__in=codes)


class ScenarioVersion(models.Model):
    """A frozen case: structure, answer key, three languages, wording of indicators. Never changes."""

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    format = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)  # of the canonical JSON
    content = models.JSONField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScenarioVersionQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("recorded_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenarioversion_number_once"),
            AppendOnly(name="scenarioversion_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}.{self.number}"


class Blueprint(models.Model):
    """An assessment as it is drawn and marked. The rules stand in its versions."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=40, unique=True)
    use = models.CharField(max_length=10, choices=Use)
    title = models.CharField(max_length=200)

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class BlueprintVersion(models.Model):
    """rules: {draw: [{family, take}], minutes, pass_percent, critical_error_fails, retake_after_hours}.

    `minutes` null: no limit. `pass_percent` is of all marks together.
    """

    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    rules = models.JSONField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("recorded_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blueprint", "number"], name="blueprintversion_number_once"),
            AppendOnly(name="blueprintversion_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.blueprint_id}.{self.number}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def taken_by(self, person_pk: int) -> Self:
        """Also under a record that was merged into this person's."""
        return self.filter(person__in=User.objects.records_of(person_pk))

    def overdue(self, now: datetime) -> Self:
        """Open although their time and the grace for answers under way have passed."""
        return self.open().filter(due_at__lte=now - GRACE)


class Attempt(models.Model):
    """One person's way through drawn cases. Closed once; closing writes the marks."""

    class Closing(models.TextChoices):
        SUBMITTED = "submitted", _("closed by the person")
        TIME = "time", _("the time was over")
        MERGED = "merged", _("closed when two records of the person became one")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    blueprint_version = models.ForeignKey(BlueprintVersion, models.PROTECT, related_name="attempts")
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="attempts")
    origin = models.CharField(max_length=80)  # "enrolment:<public id>": what it was begun from
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=10, choices=Closing, null=True)  # once, from null
    passed = models.BooleanField(null=True)  # null for practice and until closed
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    points_max = models.DecimalField(max_digits=7, decimal_places=2, null=True)

    objects = AttemptQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person", "passed", "points")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "blueprint"], condition=Q(closed_at=None), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing=None, points=None, points_max=None)
                | Q(
                    closed_at__isnull=False,
                    closing__isnull=False,
                    points__isnull=False,
                    points_max__isnull=False,
                ),
                name="attempt_closed_with_points",
            ),
            AppendOnly(
                name="attempt_append_only",
                once=("closed_at", "closing", "passed", "points", "points_max"),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "blueprint", "closed_at"], name="attempt_of_person"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="attempt_running"),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("assessments:attempt", args=[self.public_id])

    @property
    def is_practice(self) -> bool:
        return self.blueprint.use == Use.PRACTICE

    @property
    def counts(self) -> bool:
        """Closed by the person or by time; one that a merging closed counts only as a pass."""
        return self.closed_at is not None and (self.closing != self.Closing.MERGED or bool(self.passed))

    def again_from(self) -> datetime | None:
        """Return when the person may begin again after this attempt; None where it makes nobody wait."""
        if self.closed_at is None or not self.counts:
            return None
        return self.closed_at + timedelta(hours=self.blueprint_version.rules["retake_after_hours"])

    def is_over(self, now: datetime) -> bool:
        """Its time has passed; for `GRACE` longer the server still takes answers typed before."""
        return self.due_at is not None and self.due_at <= now

    def ends_at(self) -> datetime | None:
        """From then on no answer is taken. None: there is no limit."""
        return self.due_at and self.due_at + GRACE


class AttemptCase(models.Model):
    """A case drawn for an attempt."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="cases")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(ScenarioVersion, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        ordering = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "position"], name="attemptcase_position_once"),
            AppendOnly(name="attemptcase_append_only"),
        ]


class StageProgress(models.Model):
    """A stage of a case: opened once, closed once; its facts are shown from opening on."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="stages")
    case = models.ForeignKey(AttemptCase, models.PROTECT, related_name="stages")
    stage_code = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "stage_code"], name="stageprogress_once"),
            AppendOnly(name="stageprogress_append_only", once=("closed_at",)),
        ]


class Answer(models.Model):
    """The latest answer to one question. Order is (session, sequence), never a client's clock.

    `session` is the AttemptSession it was given in. `value` holds codes (assessments.answers has the
    shapes by kind of question); null: the person took the answer back.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="answers")
    question_code = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    session = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("value",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "question_code"], name="answer_once")]


class AttemptSession(models.Model):
    """A page of this attempt opened on a device: numbers order answers between devices and windows."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    opened_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="attemptsession_once")]


class Mark(models.Model):
    """The worth of an answer, made once, on the server, at closing."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="marks")
    case = models.ForeignKey(AttemptCase, models.PROTECT, related_name="marks")
    question_code = models.CharField(max_length=40)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    points_max = models.DecimalField(max_digits=6, decimal_places=2)
    critical_errors = models.JSONField(default=list)  # codes
    competences = models.JSONField(default=dict)  # code -> [points, points_max], decimals as text

    personal_data: ClassVar[tuple[str, ...]] = ("points", "critical_errors", "competences")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "question_code"], name="mark_once"),
            AppendOnly(name="mark_append_only"),
        ]
