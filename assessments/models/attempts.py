"""Attempts: one person's way through drawn cases, with answers."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from operations.constraints import AppendOnly
from operations.ids import public_id
from people.models import User

from .admission import ExamRelease, keeps_release
from .cases import Blueprint, BlueprintVersion, ScenarioVersion, Use

GRACE = timedelta(seconds=30)  # after the end: for answers that were on their way


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def counting(self) -> Self:
        """Filter to what counts, as `Attempt.counts` says it of one."""
        not_annulled = Q(passed__isnull=False) | Q(blueprint__use=Use.PRACTICE)
        not_merged = ~Q(closing=Attempt.Closing.MERGED) | Q(passed=True)
        return self.filter(not_annulled, not_merged, closed_at__isnull=False)

    def answered(self) -> Self:
        """Filter to those in which every question of the way was answered, as their newest marking saw them."""
        return self.exclude(marking__marks__language="")

    def taken_by(self, person_pk: int) -> Self:
        """Also under a record that was merged into this person's."""
        return self.filter(person__in=User.objects.records_of(person_pk))

    def overdue(self, now: datetime) -> Self:
        """Open although their time and the grace for answers under way have passed."""
        return self.open().filter(due_at__lte=now - GRACE)


class Attempt(models.Model):
    """One person's way through drawn cases. Closed once; closing makes the first marking.

    `passed`, `points`, `points_max` are those of `marking`, the newest of its markings: only a newer one changes
    them, and the database refuses anything else.
    """

    class Closing(models.TextChoices):
        SUBMITTED = "submitted", _("closed by the person")
        TIME = "time", _("the time was over")
        MERGED = "merged", _("closed when two records of the person became one")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    blueprint_version = models.ForeignKey(BlueprintVersion, models.PROTECT, related_name="attempts")
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="attempts")
    origin = models.CharField(max_length=80)  # "enrolment:<public id>": what it was begun from
    # Of the course it was begun from, as of then: by what else it names, an exam earns nothing.
    course_code = models.CharField(max_length=20, blank=True, default="")
    edition_number = models.PositiveIntegerField(null=True)
    requirements = models.JSONField(default=dict)  # what was required, and how it was met: courses writes it
    release = models.ForeignKey(ExamRelease, models.PROTECT, null=True, related_name="attempts")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=10, choices=Closing, null=True)  # once, from null
    passed = models.BooleanField(null=True)  # null for practice, until closed, and where it is annulled
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    points_max = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    marking = models.OneToOneField("Marking", models.PROTECT, null=True, related_name="counts_for")

    objects = AttemptQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person", "passed", "points", "requirements")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "blueprint"], condition=Q(closed_at=None), name="attempt_one_open"
            ),
            models.UniqueConstraint(
                fields=["release"],
                condition=keeps_release(),
                name="attempt_release_once",
            ),
            models.CheckConstraint(
                condition=Q(course_code="", edition_number=None)
                | ~Q(course_code="") & Q(edition_number__isnull=False),
                name="attempt_course_with_edition",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing=None, points=None, points_max=None, marking=None)
                | Q(
                    closed_at__isnull=False,
                    closing__isnull=False,
                    points__isnull=False,
                    points_max__isnull=False,
                    marking__isnull=False,
                ),
                name="attempt_closed_with_marking",
            ),
            AppendOnly(
                name="attempt_append_only",
                once=("closed_at", "closing"),
                later=("due_at",),
                newer="marking",
                follow=("passed", "points", "points_max"),
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
    def is_annulled(self) -> bool:
        """Return whether an appeal annulled it: an exam that is closed, and neither passed nor failed."""
        return self.closed_at is not None and self.passed is None and not self.is_practice

    @property
    def counts(self) -> bool:
        """Closed by the person or by time, and not annulled; one that a merging closed counts only as a pass."""
        if self.closed_at is None or self.is_annulled:
            return False
        return self.closing != self.Closing.MERGED or bool(self.passed)

    @property
    def passed_at(self) -> datetime | None:
        """Return since when it is passed: its closing, or the first of its markings that passed it. One query."""
        if not self.passed:
            return None
        first = self.markings.filter(passed=True).earliest("number")
        return self.closed_at if first.number == 1 else first.made_at

    def again_from(self) -> datetime | None:
        """Return when the person may begin again after this attempt; None where it makes nobody wait: whoever has passed
        needs no days to learn.
        """
        if self.closed_at is None or not self.counts or self.passed:
            return None
        return self.closed_at + timedelta(days=self.blueprint_version.rules["days_between"])

    def is_over(self, now: datetime) -> bool:
        """Its time has passed; for `GRACE` longer the server still takes answers typed before."""
        return self.due_at is not None and self.due_at <= now

    def ends_at(self) -> datetime | None:
        """From then on no answer is taken. None: there is no limit."""
        return self.due_at and self.due_at + GRACE

    def has_ended(self, now: datetime) -> bool:
        """Return whether its time and the grace after it have passed."""
        return (ends_at := self.ends_at()) is not None and ends_at <= now


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
    language = models.CharField(max_length=2)  # in which the question was read
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
