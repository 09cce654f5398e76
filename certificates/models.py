"""Qualifications, awards, certificates and their proofs.

A pass makes one Award; an errand makes its Reservation, Certificate, bearer data and document.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from operations import clock
from operations.constraints import AppendOnly
from operations.history import Recorded, history_of
from operations.ids import public_id
from people.models import User

from .credentials.facts import ENTRIES

FULL_AT = ENTRIES // 2  # of a status list: random places stay easy to find, and hide one in many


class Qualification(models.Model):
    """C1-LAB and its like. What earns it and how long it holds stand in its versions."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class QualificationVersion(models.Model):
    """rules: {course, blueprint, valid_months, legal_baseline (ISO date), name: {az, en, ru}, basis}"""

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

    def being_made(self) -> Self:
        """Keep awards whose certificate is not there yet, or not yet proved."""
        return self.filter(certificate__check_record=None)


class Award(models.Model):
    """A qualification earned, with frozen evidence. It commits with the marks that earned it."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="awards")
    qualification_version = models.ForeignKey(QualificationVersion, models.PROTECT, related_name="awards")
    cause = models.CharField(max_length=80, unique=True)  # "attempt:<public id>", "proposal:…", "renewal:…"
    evidence = models.JSONField()  # public ids, versions, dates; no personal data
    awarded_at = models.DateTimeField()

    objects = AwardQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person",)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="award_append_only")]


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
        NO_FAULT = "no-fault", _("the person had no part in the fault, and what is certified was shown")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    award = models.ForeignKey(Award, models.PROTECT, related_name="doubts")
    marking = models.CharField(max_length=22, unique=True)  # public id of the marking that raised it
    why = models.CharField(max_length=10, choices=Why)
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, null=True)
    reason = models.CharField(max_length=12, choices=WhyStays, null=True)  # where it stays
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("decided_by",)

    class Meta:
        constraints: ClassVar = [
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


class StatusList(models.Model):
    """A Bitstring status list of 131,072 places: what it says now, signed.

    `due_at`: when it must be signed anew, because it ages or because something comes into force.
    """

    class Purpose(models.TextChoices):
        REVOCATION = "revocation", _("revocation")
        SUSPENSION = "suspension", _("suspension")

    number = models.PositiveIntegerField(unique=True)  # in its address
    purpose = models.CharField(max_length=12, choices=Purpose)
    opened_at = models.DateTimeField(default=clock.now)
    entries = models.PositiveIntegerField(default=0)  # places reserved so far
    credential = models.JSONField()  # the signed list
    signed_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    due_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("signed_at"), due_at__lte=models.F("valid_until")),
                name="statuslist_due_while_valid",
            ),
            models.CheckConstraint(condition=Q(entries__lte=ENTRIES), name="statuslist_has_places"),
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(entries__lt=FULL_AT), name="statuslist_one_with_room"
            ),
        ]


class Reservation(models.Model):
    """Ids kept for one award before anything is signed: a crash after it repeats nothing."""

    award = models.OneToOneField(Award, models.PROTECT, related_name="reservation")
    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    short_code = models.CharField(max_length=12, unique=True)  # Crockford base32, without hyphens
    revocation_list = models.ForeignKey(StatusList, models.PROTECT, related_name="+")
    revocation_index = models.PositiveIntegerField()
    suspension_list = models.ForeignKey(StatusList, models.PROTECT, related_name="+")
    suspension_index = models.PositiveIntegerField()
    reserved_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["revocation_list", "revocation_index"], name="reservation_revocation_once"
            ),
            models.UniqueConstraint(
                fields=["suspension_list", "suspension_index"], name="reservation_suspension_once"
            ),
            models.CheckConstraint(
                condition=Q(revocation_index__lt=ENTRIES, suspension_index__lt=ENTRIES),
                name="reservation_within_lists",
            ),
            AppendOnly(name="reservation_append_only"),
        ]


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def held_by(self, person: Any) -> Self:
        """Also what was earned under a record that was merged into this person's."""
        return self.filter(award__person__in=User.objects.records_of(getattr(person, "pk", person)))

    def of_qualification(self, code: str) -> Self:
        return self.filter(qualification_version__qualification__code=code)

    def finished(self) -> Self:
        """Without those that are still being made."""
        return self.filter(check_record__isnull=False)

    def with_all(self) -> Self:
        """Fetch what lists show, in three queries: everything but what is signed."""
        return (
            self.select_related(
                "qualification_version__qualification", "bearer", "award__person", "check_record"
            )
            .prefetch_related("events", "documents")
            .defer("statement", "bearer__credential", "award__evidence")
        )

    def to_examine(self) -> Self:
        """Fetch what `checking.examine` verifies, in two queries."""
        return self.select_related(
            "award", "bearer", "check_record", "qualification_version__qualification",
            "reservation__revocation_list", "reservation__suspension_list",
        ).prefetch_related("events")  # fmt: skip


class Certificate(models.Model):
    """One insert, never changed, without personal data. `statement` is these facts, signed."""

    public_id = models.CharField(max_length=22, unique=True)
    short_code = models.CharField(max_length=12, unique=True)
    award = models.OneToOneField(Award, models.PROTECT, related_name="certificate")
    reservation = models.OneToOneField(Reservation, models.PROTECT, related_name="certificate")
    qualification_version = models.ForeignKey(
        QualificationVersion, models.PROTECT, related_name="certificates"
    )
    bearer_key = models.CharField(max_length=22)  # pseudonym: the same for all certificates of a person
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    edition = models.CharField(max_length=32)  # its number, as printed
    legal_baseline = models.DateField()
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewed_by")
    statement = models.JSONField()
    issued_at = models.DateTimeField()

    objects = CertificateQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("bearer_key",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")), name="certificate_ends_after_start"
            ),
            AppendOnly(name="certificate_append_only"),
        ]
        indexes = [
            models.Index(fields=["bearer_key"], name="certificate_bearer"),
            models.Index(fields=["-issued_at", "-id"], name="certificate_newest"),
        ]


class CertificateBearer(models.Model):
    """The bearer, as printed. Erasure clears these columns; hashes in the statement still stand."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="bearer")
    names = models.JSONField(null=True)  # by script: {"Latn": …, "Cyrl": …}
    agency = models.JSONField(null=True)  # {"az": …, "en": …, "ru": …}
    salt = models.CharField(max_length=64, null=True)
    credential = models.JSONField(null=True)  # Open Badges 3.0, signed
    credential_sha256 = models.CharField(max_length=64, null=True)
    qr_text = models.TextField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = (
        "names", "agency", "salt", "credential", "credential_sha256", "qr_text",
    )  # fmt: skip

    @property
    def erased(self) -> bool:
        """All of it; what lacks a part was tampered with."""
        return all(getattr(self, name) is None for name in self.personal_data)

    class Meta:
        constraints: ClassVar = [
            AppendOnly(
                name="certificatebearer_append_only",
                erasable=("names", "agency", "salt", "credential", "credential_sha256", "qr_text"),
            )
        ]


class CertificateDocument(models.Model):
    """A signed PDF, in storage under its hash."""

    class Layout(models.TextChoices):
        AZ = "az", _("Azerbaijani")
        AZ_EN = "az-en", _("Azerbaijani and English")
        RU = "ru", _("Russian")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="documents")
    layout = models.CharField(max_length=5, choices=Layout)
    sha256 = models.CharField(max_length=64, null=True)
    size = models.PositiveIntegerField()  # bytes
    made_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("sha256",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "layout"], name="certificatedocument_layout_once"),
            AppendOnly(name="certificatedocument_append_only", erasable=("sha256",)),
        ]


class CertificateEvent(models.Model):
    """An event of a certificate. A mistake is undone by a counter-event, never by a change."""

    class Kind(models.TextChoices):
        REVOKED = "revoked", _("revoked")
        SUSPENDED = "suspended", _("suspended")
        REINSTATED = "reinstated", _("reinstated")
        SUPERSEDED = "superseded", _("superseded")
        VOIDED = "voided", _("void from the start")
        ERASED = "erased", _("erased at the person's request")

    class Reason(models.TextChoices):
        CRITICAL_ERROR = "critical-error", _("a critical error in a case")
        COMPLAINT = "complaint", _("a complaint was upheld")
        LEFT_SERVICE = "left-service", _("the officer left the service")
        EXAM_IRREGULARITY = "exam-irregularity", _("an irregularity in the examination")
        ISSUED_IN_ERROR = "issued-in-error", _("issued in error")
        LAW_CHANGED = "law-changed", _("the law has changed")
        RENEWED = "renewed", _("a newer certificate took its place")
        PERSON_ASKED = "person-asked", _("the person asked for it")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=20, choices=Reason)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposal = models.OneToOneField("operations.Proposal", models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("by",)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="certificateevent_append_only")]
        indexes = [models.Index(fields=["certificate", "effective_at"], name="certificateevent_of")]


class CertificateCheckQuerySet(models.QuerySet["CertificateCheck"]):
    def failed(self) -> Self:
        failed = CertificateCheck.Outcome.FAILED
        return self.filter(Q(credential=failed) | Q(document=failed))


class CertificateCheck(models.Model):
    """The newest verification of the slow proofs: both suites of the credential, the signature of the PDF."""

    class Outcome(models.TextChoices):
        GENUINE = "genuine", _("genuine")
        FAILED = "failed", _("failed")
        ERASED = "erased", _("erased")

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="check_record")
    checked_at = models.DateTimeField()
    credential = models.CharField(max_length=8, choices=Outcome)
    document = models.CharField(max_length=8, choices=Outcome)

    objects = CertificateCheckQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    @property
    def failed(self) -> bool:
        return self.Outcome.FAILED in (self.credential, self.document)
