"""Families, scenarios and their frozen versions; blueprints, by which an assessment draws from them."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from operations import clock
from operations.constraints import AppendOnly
from operations.ids import public_id


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
    role = models.CharField(max_length=8, blank=True)  # people.Role.code; "": everybody's
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
    """rules: {draw: [{from: [families], take}], outcomes, minutes, pass_percent, minimum_percent: {part: percent},
    minimum_percent_in_each_case: {part: percent}, critical_error_fails, attempts, days_between,
    requires: {lessons, practice}}. docs/content.md says what each means.

    `minutes` null: no limit. `attempts` null: as many as somebody likes.
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
