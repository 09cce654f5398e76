"""Errands, proposals, notices, the audit trail, and where this installation lives."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import clock
from .constraints import AppendOnly
from .ids import public_id


class ErrandQuerySet(models.QuerySet["Errand"]):
    def due(self) -> Self:
        return self.filter(state=Errand.State.OPEN, due_at__lte=clock.real_now())


class Errand(models.Model):
    """Work that must not be lost.

    `due_at` is at once "not before", back-off and lease: a claim moves it one lease ahead, so the
    errand of a dead worker falls due by itself. `claimed_by` is a fence: only the last claimer may write.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("errand", "open")
        DONE = "done", pgettext_lazy("errand", "done")
        GIVEN_UP = "given-up", pgettext_lazy("errand", "given up")

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    lane = models.CharField(max_length=10, default="short")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    done = models.JSONField(default=list)  # names of the steps that are committed
    due_at = models.DateTimeField(default=clock.real_now)
    claimed_by = models.CharField(max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)  # since the last step that succeeded
    deaths = models.PositiveSmallIntegerField(default=0)  # leases that ran out: its worker died
    error = models.TextField(blank=True)
    reference = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(default=clock.real_now)
    closed_at = models.DateTimeField(null=True)

    objects = ErrandQuerySet.as_manager()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="errand_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False, claimed_by="")),
                name="errand_closed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "due_at"], condition=models.Q(state="open"), name="errand_due"),
            models.Index(fields=["created_at"], condition=models.Q(state="given-up"), name="errand_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class JobQuerySet(models.QuerySet["Job"]):
    def at_work(self) -> Self:
        return self.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))


class Job(models.Model):
    """Long work that somebody asked for and can watch: see operations/jobs.py."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("job", "waiting")
        RUNNING = "running", pgettext_lazy("job", "under way")
        DONE = "done", pgettext_lazy("job", "done")
        FAILED = "failed", pgettext_lazy("job", "failed")
        CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    kind = models.CharField(max_length=60)  # "rosters.roster_apply"
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs")
    subject_id = models.CharField(max_length=60, blank=True)  # public id of what it works on
    payload = models.JSONField(default=dict)  # public ids, dates and choices; no personal data
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # unknown until it is counted
    cancel_asked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)  # in words, for the owner; no personal data
    result = models.CharField(max_length=120, blank=True)  # name in the storage of results
    result_name = models.CharField(max_length=120, blank=True)  # under which it is downloaded
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # until when the result can be fetched

    objects = JobQuerySet.as_manager()

    personal_data: ClassVar[tuple[str, ...]] = ("by", "result")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total=None) | models.Q(done__lte=models.F("total")),
                name="job_done_within_total",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "running"), closed_at=None)
                | (models.Q(state__in=("done", "failed", "cancelled")) & models.Q(closed_at__isnull=False)),
                name="job_closed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-created_at"], name="job_of_owner"),
            models.Index(fields=["expires_at"], condition=~models.Q(result=""), name="job_with_result"),
        ]


class Timetable(models.Model):
    """The instant at which each scheduled action is next due. One row a name, claimed by one UPDATE."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ()


class Beat(models.Model):
    """A worker's sign of life."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ()


class ClockLeap(models.Model):
    """The wall clock was set by more than five minutes while a process ran. Until confirmed it closes no exam."""

    seen_at = models.DateTimeField()
    seconds = models.BigIntegerField()  # ahead; negative: back
    confirmed_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="clockleap_append_only", once=("confirmed_at",))]


class ClockConfirmation(models.Model):
    """An operator says that the clock is right. Facts on record that lie ahead of it came from a wrong clock: entries
    of the trail up to `last_entry`, and instants after `at` up to `newest`. Why stands in the trail.
    """

    at = models.DateTimeField()
    last_entry = models.BigIntegerField()
    newest = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [AppendOnly(name="clockconfirmation_append_only")]


class Installation(models.Model):
    """The base URL that every QR code, credential and list points at: fixed at the first start."""

    ONLY = 1  # the one row's key

    base_url = models.URLField(unique=True)
    started_at = models.DateTimeField(default=clock.now)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="installation_append_only"),
            models.CheckConstraint(condition=models.Q(id=1), name="installation_one"),
        ]


class Notice(models.Model):
    """A message to one person. (kind, subject, threshold) goes out once: at once, or in their bundle."""

    class Urgency(models.TextChoices):
        NOW = "now", pgettext_lazy("notice", "at once")
        BUNDLE = "bundle", pgettext_lazy("notice", "in the next bundle")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)  # public id of what it is about
    threshold = models.CharField(max_length=20, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.NOW)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    perhaps_twice = models.BooleanField(default=False)
    refused = models.CharField(max_length=200, blank=True)  # what the mail server said

    personal_data: ClassVar[tuple[str, ...]] = ("person", "refused")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "subject_id", "threshold"], name="notice_once")
        ]
        indexes = [
            models.Index(
                fields=["person", "created_at"],
                condition=models.Q(sent_at=None),
                name="notice_waiting",
            )
        ]


class Proposal(models.Model):
    """An act by four eyes: one person proposes, another confirms or declines."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("proposal", "confirmed")
        DECLINED = "declined", pgettext_lazy("proposal", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")
        EXPIRED = "expired", pgettext_lazy("proposal", "expired")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    act = models.CharField(max_length=60)  # "certificates.revoke"
    subject_id = models.CharField(max_length=60)  # public id of what it is about
    reason_category = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)  # public ids and dates only, no personal data
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, null=True)

    personal_data: ClassVar[tuple[str, ...]] = ("proposed_by", "decided_by")

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="proposal_append_only", once=("decided_by", "decided_at", "outcome")),
            models.CheckConstraint(
                condition=~models.Q(outcome="confirmed")
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by"))),
                name="proposal_four_eyes",
                violation_error_message=_("Another person must confirm."),
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=None, decided_at=None, decided_by=None)
                | models.Q(outcome="expired", decided_at__isnull=False, decided_by=None)
                | models.Q(
                    outcome__in=("confirmed", "declined", "withdrawn"),
                    decided_at__isnull=False,
                    decided_at__lt=models.F("expires_at"),
                    decided_by__isnull=False,
                ),
                name="proposal_decided_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["act", "subject_id"], name="proposal_subject"),
            models.Index(fields=["expires_at"], condition=models.Q(outcome=None), name="proposal_waiting"),
        ]

    @property
    def open(self) -> bool:
        """Return whether it can still be decided."""
        return self.outcome is None and clock.now() < self.expires_at

    def is_from(self, person: models.Model) -> bool:
        """Return whether this person proposed it, also under a record that was merged into theirs since."""
        return person.pk in {self.proposed_by_id, self.proposed_by.merged_into_id}


class AuditEntry(models.Model):
    """An entry of the audit trail: by whom, what, when, why, on what. Personal values stand beside it, each
    with a salt.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)  # "people.grant"
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)  # a category or the text of a public rule
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64)  # over all of the above and the hashes of personal values

    personal_data: ClassVar[tuple[str, ...]] = ("by",)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="auditentry_append_only")]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="auditentry_subject"),
            models.Index(fields=["at"], name="auditentry_at"),
        ]


class AuditValue(models.Model):
    """A personal value in an entry. Erasure clears value and salt; the hash in the entry still stands."""

    entry = models.ForeignKey(AuditEntry, models.PROTECT, related_name="values")
    person_id = models.CharField(max_length=22, db_index=True)  # public id of whose value it is
    field = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    salt = models.CharField(max_length=32, null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ("person_id", "before", "after", "salt")

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="auditvalue_append_only", erasable=("salt", "before", "after")),
            models.UniqueConstraint(fields=["entry", "person_id", "field"], name="auditvalue_once"),
        ]
