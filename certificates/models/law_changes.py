"""Certificates issued under older rules that end on a day unless they are renewed: decided by two, withdrawn by two."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from operations.constraints import AppendOnly
from operations.constraints_by_proposal import ConfirmedRow
from operations.ids import public_id

from . import decided
from .qualifications import Qualification, QualificationVersion


class WhyKept(models.TextChoices):
    """Reasons for withdrawing that older certificates end."""

    POSTPONED = "postponed", _("they are to end on another day")
    NOT_NEEDED = "not-needed", _("the new rules do not need it")
    MISTAKE = "mistake", _("it was proposed by mistake")


class LawChangeQuerySet(models.QuerySet["LawChange"]):
    def standing(self) -> Self:
        """Leave out those that were withdrawn."""
        return self.filter(withdrawal=None)

    def to_apply(self, *, known_at: datetime | None = None) -> Self:
        """Keep those of which the certificates have not ended yet, as known at the instant (now): the day lies ahead, or has
        just come.
        """
        if known_at is None:
            return self.standing().filter(applied_at=None)
        taken_back = LawChangeWithdrawal.objects.filter(change=OuterRef("pk"), recorded_at__lte=known_at)
        known = self.filter(recorded_at__lte=known_at).exclude(Exists(taken_back))
        return known.filter(Q(applied_at=None) | Q(applied_at__gt=known_at))

    def of_certificate(self, *, known_at: datetime | None = None) -> QuerySet["LawChange"]:
        """Keep, inside a query of certificates, the one by which each is to end. At most one of a qualification is to come."""
        return self.to_apply(known_at=known_at).filter(
            qualification=OuterRef("qualification_version__qualification"),
            version__number__gt=OuterRef("qualification_version__number"),
        )


class LawChange(models.Model):
    """At `ends_at` certificates end that were issued under versions older than `version`, unless renewed before.

    `applied_at`: when all of them had ended.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="law_changes")
    version = models.ForeignKey(QualificationVersion, models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    proposal = models.OneToOneField("operations.Proposal", models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)

    objects = LawChangeQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("recorded_at")), name="lawchange_ahead"),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(applied_at__gte=F("ends_at")),
                name="lawchange_applied_when_due",
            ),
            ConfirmedRow(
                name="lawchange_confirmed",
                proposal="proposal",
                act="certificates.end_older",
                about=decided.END,
            ),
            AppendOnly(name="lawchange_append_only", once=("applied_at",)),
        ]


class LawChangeWithdrawal(models.Model):
    """It was taken back before its day: the certificates stay."""

    change = models.OneToOneField(LawChange, models.PROTECT, related_name="withdrawal")
    recorded_at = models.DateTimeField()
    proposal = models.OneToOneField("operations.Proposal", models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            ConfirmedRow(
                name="lawchangewithdrawal_confirmed",
                proposal="proposal",
                act="certificates.keep_older",
                about=decided.KEEPING,
            ),
            AppendOnly(name="lawchangewithdrawal_append_only"),
        ]
