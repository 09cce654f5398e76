"""Qualifications, what earns them, and what was earned. A pass makes one Award."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.constraints import AppendOnly
from operations.constraints_by_proposal import ConfirmedCause
from operations.history import Recorded, history_of
from operations.ids import public_id
from people.models import User

from . import decided
from .recognition import RECOGNISED


class Qualification(models.Model):
    """C1-LAB and its like. What earns it and how long it holds stand in its versions."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class WhyRulesChange(models.TextChoices):
    """The reasons for proposing other rules."""

    LAW = "law", pgettext_lazy("requirement", "the law has changed")
    REVIEW = "review", pgettext_lazy("requirement", "the rules were reviewed")
    CORRECTION = "correction", pgettext_lazy("requirement", "a mistake is corrected")


class QualificationBasis(models.TextChoices):
    """On what the rules rest."""

    DERIVED = "D", pgettext_lazy("qualification", "derived from a cited source")
    DEFAULT = "PD", pgettext_lazy("qualification", "proposed default")


class QualificationVersion(models.Model):
    """rules: {format: 2, first: [{exam: {course, blueprint}} | {qualification: code}], renewal: [the same], valid_months,
    renewal_opens_days, renewal_closes_days, recognition, legal_baseline (ISO date), basis, name: {az, en, ru}}.

    All of `first`, or of `renewal`, are needed; see `rules`.
    """

    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    rules = models.JSONField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("recorded_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["qualification", "number"], name="qualificationversion_number_once"
            ),
            AppendOnly(name="qualificationversion_append_only"),
        ]


class QualificationInForce(Recorded):
    """The version of a qualification that is in force, on two clocks."""

    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="in_force")
    version = models.ForeignKey(QualificationVersion, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("recorded_by", "withdrawn_by")

    class Meta:
        constraints: ClassVar = history_of("qualification")


class AwardQuerySet(models.QuerySet["Award"]):
    def held_by(self, person: Any) -> Self:
        """Also what was earned under a record that was merged into this person's."""
        return self.filter(person__in=User.objects.records_of(getattr(person, "pk", person)))

    def with_qualification(self) -> Self:
        return self.select_related("qualification_version__qualification")

    def being_made(self) -> Self:
        """Keep awards whose certificate is not there yet, or not yet proved."""
        return self.filter(certificate__check_record=None)


class Award(models.Model):
    """A qualification earned, with frozen evidence. It commits with the marks that earned it.

    evidence: {way: first | renewal | recognition, days: {first, last}, shown: [{name of a source: what shows it}]};
    public ids, versions, days, no personal data. Of one that is issued anew because of a correction also `corrects`, the
    public id of the certificate whose place it takes, and `earned_by` and `earned_at`: cause and instant of what was earned.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="awards")
    qualification_version = models.ForeignKey(QualificationVersion, models.PROTECT, related_name="awards")
    # "attempt:<public id>:<qualification>"; "proposal:<public id>", of several people with their place in it, of a
    # correction with the certificate that is corrected
    cause = models.CharField(max_length=80, unique=True)
    evidence = models.JSONField()
    awarded_at = models.DateTimeField()

    objects = AwardQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person",)

    class Meta:
        constraints: ClassVar = [
            ConfirmedCause(
                name="award_confirmed",
                cause="cause",
                acts=("certificates.recognise", "certificates.correct"),
                about=decided.AWARD,
            ),
            AppendOnly(name="award_append_only"),
        ]

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, both printed."""
        days = self.evidence["days"]
        return date.fromisoformat(days["first"]), date.fromisoformat(days["last"])

    @property
    def is_recognised(self) -> bool:
        """Return whether it rests on other training, and no exam was passed."""
        return bool(self.evidence["way"] == RECOGNISED)

    @property
    def earned_at(self) -> datetime:
        """Return when it was shown what is certified: a correction earns nothing anew."""
        earned_at = self.evidence.get("earned_at")
        return datetime.fromisoformat(earned_at) if earned_at else self.awarded_at

    def rests_on(self, attempt: str) -> bool:
        """Return whether the exam with this public id earned it, alone or among others."""
        by_it = self.evidence.get("earned_by", self.cause).startswith(f"attempt:{attempt}:")
        return by_it or any(part.get("attempt") == attempt for part in self._shown())

    @property
    def editions(self) -> list[dict[str, Any]]:
        """Editions of the courses of its exams; where there is none, of those behind what else it rests on. Once each."""
        shown = self._shown()
        own = [part["edition"] for part in shown if "edition" in part]
        behind = [edition for part in shown for edition in part.get("editions", ())]
        found = own or behind
        return [edition for place, edition in enumerate(found) if edition not in found[:place]]

    def _shown(self) -> list[dict[str, Any]]:
        return [part for entry in self.evidence["shown"] for part in entry.values()]


class AwardInDoubt(models.Model):
    """The exam behind an award counts no longer as passed: registrars decide whether its certificate stays."""

    class Why(models.TextChoices):
        NOT_PASSED = "not-passed", _("marked again, the exam is not passed")
        ANNULLED = "annulled", _("the exam was annulled after an appeal")

    class Outcome(models.TextChoices):
        STAYS = "stays", _("the certificate stays")
        REVOKED = "revoked", _("the certificate was revoked")
        PASSED = "passed", _("marked again, the exam is passed")

    class WhyStays(models.TextChoices):
        NOT_IN_FORCE = "not-in-force", _("it is not in force any more")
        ANOTHER_PASS = "another-pass", _("the person has passed the exam again since")
        NO_FAULT = "no-fault", _("the fault was not the person's, and they have shown the competences")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    award = models.ForeignKey(Award, models.PROTECT, related_name="doubts")
    marking = models.CharField(max_length=22)  # public id of the marking that raised it
    why = models.CharField(max_length=10, choices=Why)
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, null=True)
    reason = models.CharField(max_length=12, choices=WhyStays, null=True)  # where it stays
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("decided_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "marking"], name="awardindoubt_once"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(outcome=None), name="awardindoubt_one_open"
            ),
            models.CheckConstraint(
                condition=Q(outcome=None, reason=None, decided_at=None, decided_by=None)
                | Q(outcome="stays", reason__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                | Q(outcome__in=("revoked", "passed"), reason=None, decided_at__isnull=False),
                name="awardindoubt_decided_whole",
            ),
            AppendOnly(
                name="awardindoubt_append_only", once=("outcome", "reason", "decided_at", "decided_by")
            ),
        ]
