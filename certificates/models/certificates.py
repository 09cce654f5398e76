"""Certificates and their proofs. An errand makes Reservation, Certificate, bearer data and document of an Award."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from certificates.credentials.facts import ENTRIES
from operations.constraints import AppendOnly, ChangesWith
from operations.constraints_by_proposal import ConfirmedRow
from operations.ids import public_id
from people.models import User

from . import decided
from .law_changes import LawChange
from .qualifications import Award, QualificationVersion
from .recognition import RECOGNISED

FULL_AT = ENTRIES // 2  # of a status list: random places stay easy to find, and hide one in many


class StatusList(models.Model):
    """A Bitstring status list of 131,072 places: what it says now, signed.

    `due_at`: when it must be signed anew, because it ages or because something comes into force or ends.
    `unexplained`: places that differ from what the signed events say; they stay as they were.
    """

    class Purpose(models.TextChoices):
        REVOCATION = "revocation", _("revocation")
        SUSPENSION = "suspension", _("suspension")

    number = models.PositiveIntegerField(unique=True)  # in its address
    purpose = models.CharField(max_length=12, choices=Purpose)
    entries = models.PositiveIntegerField(default=0)  # places reserved so far
    credential = models.JSONField()  # the signed list
    signed_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    due_at = models.DateTimeField()
    unexplained = models.PositiveIntegerField(default=0)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            ChangesWith(
                name="statuslist_signed_whole",
                key="credential",
                follow=("signed_at", "valid_until", "due_at", "unexplained"),
                fixed=("number", "purpose"),
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("signed_at"), due_at__lte=F("valid_until")),
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

    def with_way(self) -> Self:
        """Annotate `earned_way` without fetching the evidence."""
        return self.annotate(earned_way=KeyTextTransform("way", "award__evidence"))

    def with_rules_end(self, *, known_at: datetime | None = None) -> Self:
        """Annotate `rules_end_at`, when it is to end because its rules have changed, and since when that is announced, as
        known at the instant (now).
        """
        change = LawChange.objects.of_certificate(known_at=known_at)
        return self.annotate(
            rules_end_at=Subquery(change.values("ends_at")[:1]),
            rules_end_announced_at=Subquery(change.values("recorded_at")[:1]),
        )

    def with_all(self) -> Self:
        """Fetch what lists show, in three queries: everything but what is signed."""
        events = CertificateEvent.objects.defer("statement").select_related("appeal", "proposal")
        return (
            self.with_way()
            .with_rules_end()
            .select_related("qualification_version__qualification", "bearer", "award__person", "check_record")
            .prefetch_related(Prefetch("events", events), newest_documents())
            .defer("statement", "bearer__credential", "award__evidence")
        )

    def to_examine(self) -> Self:
        """Fetch what `checking.examine` verifies, in two queries."""
        return self.with_rules_end().select_related(
            "award__person", "renews", "bearer", "check_record", "qualification_version__qualification",
            "reservation__revocation_list", "reservation__suspension_list",
        ).prefetch_related(models.Prefetch("events", CertificateEvent.objects.with_signed()))  # fmt: skip


def newest_documents() -> "Prefetch[str, models.QuerySet[CertificateDocument], str]":
    return Prefetch("documents", CertificateDocument.objects.newest())


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
    edition = models.CharField(max_length=100)  # its number, as printed
    legal_baseline = models.DateField()
    law_confirmed_on = models.DateField(null=True)  # by a national lawyer; None: not yet when it was issued
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewed_by")
    statement = models.JSONField()
    issued_at = models.DateTimeField()

    objects = CertificateQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("bearer_key",)
    earned_way: str | None = None  # of its award, where `with_way` has fetched it
    rules_end_at: datetime | None = None  # where `with_rules_end` has fetched it; so is the next
    rules_end_announced_at: datetime | None = None

    @property
    def is_recognised(self) -> bool:
        """Return whether it rests on other training, and no exam was passed for it."""
        return self.earned_way == RECOGNISED if self.earned_way else self.award.is_recognised

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="certificate_ends_after_start"
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


class CertificateDocumentQuerySet(models.QuerySet["CertificateDocument"]):
    def newest(self) -> Self:
        """Keep the newest generation of each layout of each certificate."""
        newer = CertificateDocument.objects.filter(
            certificate=OuterRef("certificate"),
            layout=OuterRef("layout"),
            generation__gt=OuterRef("generation"),
        )
        return self.exclude(Exists(newer))


class CertificateDocument(models.Model):
    """A signed PDF, in storage under its hash. Made anew, by another form or key, it is the next generation."""

    class Layout(models.TextChoices):
        AZ = "az", _("Azerbaijani")
        AZ_EN = "az-en", _("Azerbaijani and English")
        RU = "ru", _("Russian")

    AT_ISSUE: ClassVar[Layout] = (
        Layout.AZ_EN
    )  # every certificate has it; the others are made when somebody asks

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="documents")
    layout = models.CharField(max_length=5, choices=Layout)
    generation = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64, null=True)
    size = models.PositiveIntegerField()  # bytes
    made_at = models.DateTimeField()

    objects = CertificateDocumentQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("sha256",)

    @property
    def at_issue(self) -> bool:
        return self.layout == self.AT_ISSUE

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["certificate", "layout", "generation"], name="certificatedocument_generation_once"
            ),
            models.CheckConstraint(condition=Q(generation__gte=1), name="certificatedocument_from_one"),
            AppendOnly(name="certificatedocument_append_only", erasable=("sha256",)),
        ]
        indexes = [models.Index(fields=["sha256"], name="certificatedocument_hash")]


class CertificateEventQuerySet(models.QuerySet["CertificateEvent"]):
    def with_signed(self) -> Self:
        """Fetch what an event's signature is compared with, in one query."""
        return self.select_related("by", "proposal", "undoes", "successor").order_by("number")


class CertificateEvent(models.Model):
    """An event of a certificate, signed and chained to the one before (`certificates/recording.py` makes it).

    A mistake is undone by a counter-event, never by a change: a *reinstated* undoes exactly the event it names.
    """

    class Kind(models.TextChoices):
        REVOKED = "revoked", _("revoked")
        SUSPENDED = "suspended", _("suspended")
        REINSTATED = "reinstated", _("reinstated")
        SUPERSEDED = "superseded", _("superseded")
        ENDED = "ended", _("ended early")
        VOIDED = "voided", _("void from the start")
        ERASED = "erased", _("erased at the person's request")

    class Reason(models.TextChoices):
        CRITICAL_ERROR = "critical-error", _("a critical error in a case")
        COMPLAINT = "complaint", _("a complaint was upheld")
        LEFT_SERVICE = "left-service", _("the officer left the service")
        EXAM_IRREGULARITY = "exam-irregularity", _("an irregularity in the examination")
        ISSUED_IN_ERROR = "issued-in-error", _("issued in error")
        INQUIRY = "inquiry", _("an inquiry is under way")
        COMPLAINT_OPEN = "complaint-open", _("a complaint is being looked into")
        NAME_CHECK = "name-check", _("the name is being checked")
        APPEAL_UPHELD = "appeal-upheld", _("an appeal was upheld")
        NOT_BORNE_OUT = "not-borne-out", _("the suspicion was not confirmed")
        DECIDED_IN_ERROR = "decided-in-error", _("it was decided in error")
        LAW_CHANGED = "law-changed", _("the law has changed")
        RENEWED = "renewed", _("a newer certificate took its place")
        PERSON_ASKED = "person-asked", _("the person asked for it")
        NAME = "name", _("the name was corrected")
        AGENCY = "agency", _("the agency was corrected")

    class Reach(models.TextChoices):
        """Extent of a revocation."""

        CERTIFICATE = "certificate", _("this certificate")
        QUALIFICATION = "qualification", _("all of this qualification")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()  # 1, 2, … of its certificate
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=20, choices=Reason)
    reach = models.CharField(max_length=13, choices=Reach, null=True)  # of *revoked*
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # of *suspended*: then it ends by itself
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # of *reinstated*
    successor = models.ForeignKey(
        Certificate, models.PROTECT, null=True, related_name="supersedes"
    )  # of *superseded*
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposal = models.ForeignKey("operations.Proposal", models.PROTECT, null=True, related_name="+")
    previous_sha256 = models.CharField(max_length=64, blank=True)  # of the statement before; "" for the first
    statement = models.JSONField()

    objects = CertificateEventQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("by",)

    @property
    def is_carried(self) -> bool:
        """Return whether it happened to a certificate whose place this one took: recorded at the instant of its issue."""
        return self.recorded_at == self.certificate.issued_at

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "number"], name="certificateevent_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, previous_sha256="") | (Q(number__gt=1) & ~Q(previous_sha256="")),
                name="certificateevent_follows",
            ),
            models.CheckConstraint(
                condition=Q(kind="revoked", reach__isnull=False) | (~Q(kind="revoked") & Q(reach=None)),
                name="certificateevent_reach",
            ),
            models.CheckConstraint(
                condition=Q(kind="suspended", until__isnull=False, until__gt=F("effective_at"))
                | (~Q(kind="suspended") & Q(until=None)),
                name="certificateevent_until",
            ),
            models.CheckConstraint(
                condition=Q(kind="reinstated", undoes__isnull=False, proposal__isnull=False)
                | (~Q(kind="reinstated") & Q(undoes=None)),
                name="certificateevent_undoes",
            ),
            models.CheckConstraint(
                condition=(Q(kind="superseded", successor__isnull=False) & ~Q(successor=F("certificate")))
                | (~Q(kind="superseded") & Q(successor=None)),
                name="certificateevent_successor",
            ),
            ConfirmedRow(
                name="certificateevent_confirmed",
                where=("kind", "reinstated"),
                proposal="proposal",
                act="certificates.reinstate",
                about=decided.REINSTATEMENT,
            ),
            AppendOnly(name="certificateevent_append_only"),
        ]
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
