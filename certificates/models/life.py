"""Decisions of registrars besides events: who may earn a qualification again, complaints, appeals of holders."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from operations.constraints import AppendOnly
from operations.constraints_by_proposal import ConfirmedRow
from operations.ids import public_id

from . import decided
from .certificates import Certificate, CertificateEvent
from .qualifications import Qualification

REFERENCE = RegexValidator(r"^[^\W_](?:[^\W_]|[/-])*\Z", _("Letters, digits, hyphens and slashes alone."))


class Readmission(models.Model):
    """From a day on somebody may earn a qualification again that two registrars had taken away as a whole."""

    class Reason(models.TextChoices):
        TIME_PASSED = "time-passed", _("enough time has passed")
        TRAINED_AGAIN = "trained-again", _("the person was trained again")
        CIRCUMSTANCES = "circumstances", _("the circumstances have changed")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="readmissions")
    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="readmissions")
    reason = models.CharField(max_length=20, choices=Reason)
    opens_at = models.DateTimeField()  # no exam opens before
    recorded_at = models.DateTimeField()
    proposal = models.OneToOneField("operations.Proposal", models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("person",)

    class Meta:
        constraints: ClassVar = [
            ConfirmedRow(
                name="readmission_confirmed",
                proposal="proposal",
                act="certificates.readmit",
                about=decided.READMISSION,
            ),
            AppendOnly(name="readmission_append_only"),
        ]
        indexes = [models.Index(fields=["person", "qualification"], name="readmission_of")]


class NameCorrection(models.Model):
    """Parts of a holder's name as they are, and as they are proposed to be: beside the proposal, where erasure reaches them.

    The payload of the proposal fixes them by a salted hash (`corrections.sha256_of`).
    """

    proposal = models.OneToOneField("operations.Proposal", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    names = models.JSONField(null=True)  # {field: [before, after]}
    salt = models.CharField(max_length=32, null=True)

    personal_data: ClassVar[tuple[str, ...]] = ("person", "names", "salt")

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="namecorrection_append_only", erasable=("names", "salt")),
        ]


class JudgedQuerySet[A: Judged](models.QuerySet[A]):
    def waiting(self) -> Self:
        """Return those that nobody has decided, oldest first."""
        return self.filter(outcome=None).order_by("pk")


class Judged(models.Model):
    """A matter that one person brings forward and another registrar upholds or dismisses, once."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    DECISION: ClassVar = ("outcome", "decided_at", "decided_by")

    outcome = models.CharField(max_length=9, choices=Outcome, null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = JudgedQuerySet.as_manager()

    class Meta:
        abstract = True


def decided_by_another(name: str, than: str) -> models.CheckConstraint:
    """Undecided, or decided whole and by another person than this field says."""
    whole = Q(outcome__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
    return models.CheckConstraint(
        condition=Q(outcome=None, decided_at=None, decided_by=None) | (whole & ~Q(decided_by=models.F(than))),
        name=name,
    )


class Complaint(Judged):
    """A complaint about the work of a certificate's holder: category and number of the file that is kept elsewhere."""

    class Category(models.TextChoices):
        CONDUCT = "conduct", _("conduct towards a victim")
        PROCEDURE = "procedure", _("the procedure was not followed")
        CONFIDENTIALITY = "confidentiality", _("confidentiality was broken")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="complaints")
    category = models.CharField(max_length=20, choices=Category)
    reference = models.CharField(max_length=40, validators=[REFERENCE])
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("recorded_by", "decided_by")

    class Meta:
        constraints: ClassVar = [
            decided_by_another("complaint_decided_by_another", than="recorded_by"),
            AppendOnly(name="complaint_append_only", once=Judged.DECISION),
        ]


class EventAppeal(Judged):
    """A holder says that an event of their certificate was wrong: once an event."""

    class Category(models.TextChoices):
        FACTS = "facts", _("what happened was different")
        PROCEDURE = "procedure", _("I was not heard, or a rule was not kept")
        MISTAKEN = "mistaken", _("it concerns another person or certificate")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    event = models.OneToOneField(CertificateEvent, models.PROTECT, related_name="appeal")
    category = models.CharField(max_length=20, choices=Category)
    text = models.CharField(max_length=500, null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("text", "made_by", "decided_by")

    class Meta:
        constraints: ClassVar = [
            decided_by_another("eventappeal_decided_by_another", than="made_by"),
            AppendOnly(
                name="eventappeal_append_only",
                once=Judged.DECISION,
                erasable=("text",),
            ),
        ]
