"""Grants of positions."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.constraints import AppendOnly
from operations.ids import public_id

from .agencies import Agency, Unit
from .person import User
from .postings import Posting


class WhyRegistrar(models.TextChoices):
    """The reasons for proposing somebody as registrar or rule owner."""

    ADDITION = "addition", pgettext_lazy("registrar", "one more is needed")
    REPLACEMENT = "replacement", pgettext_lazy("registrar", "in place of one who leaves")
    ABSENCE = "absence", pgettext_lazy("registrar", "for the time of an absence")


class GrantQuerySet(models.QuerySet["Grant"]):
    def live(self) -> Self:
        now = clock.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now, revoked_at=None)

    def live_or_coming(self) -> Self:
        """Filter to grants that are live now or will be."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()), revoked_at=None)

    def outlasting(self) -> Self:
        """Filter to live or coming grants whose holder serves no more: in the agency to which it is limited,
        or anywhere.

        A posting that ends takes no position along: somebody must look at each.
        """
        ever = Posting.objects.known().filter(user=OuterRef("person"))
        still = Posting.objects.open_or_coming().filter(user=OuterRef("person"))
        here = {"agency": Coalesce(OuterRef("agency"), OuterRef("unit__agency"))}
        gone = Exists(ever) & ~Exists(still)
        gone_here = Exists(ever.filter(**here)) & ~Exists(still.filter(**here))
        return self.live_or_coming().filter(gone | gone_here, person__is_active=True)


class Grant(models.Model):
    """Someone may act in a position: everywhere, in one agency, or in one unit and its children."""

    class Position(models.TextChoices):
        TRAINER = "trainer", _("trainer")
        REVIEWER = "reviewer", _("reviewer")
        ASSESSOR = "assessor", _("assessor")
        TUTOR = "tutor", _("tutor")
        COORDINATOR = "coordinator", _("coordinator")
        DUTY_OFFICER = "duty-officer", _("duty officer")
        SHIFT_LEADER = "shift-leader", _("shift leader")
        REGISTRAR = "registrar", _("registrar")
        RULE_OWNER = "rule-owner", _("rule owner")
        NATIONAL_COORDINATOR = "national-coordinator", _("national coordinator")
        AUDITOR = "auditor", _("auditor")
        ADMINISTRATOR = "administrator", _("administrator")
        BREAK_GLASS = "break-glass", _("emergency access")  # every position at once, for an hour

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(User, models.PROTECT, related_name="grants")
    position = models.CharField(max_length=24, choices=Position)
    # agency and unit both null: everywhere
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, null=True, blank=True)  # in words: erasable
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GrantQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = (
        "person",
        "reason",
        "granted_by",
        "confirmed_by",
        "revoked_by",
    )

    @property
    def state(self) -> str:
        """Return revoked, ended, coming or live: now."""
        now = clock.now()
        if self.revoked_at is not None:
            return "revoked"
        if self.ends_at is not None and self.ends_at <= now:
            return "ended"
        return "coming" if self.starts_at > now else "live"

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="grant_append_only", once=("revoked_at", "revoked_by"), erasable=("reason",)),
            models.CheckConstraint(condition=Q(agency=None) | Q(unit=None), name="grant_one_scope"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="grant_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(position="break-glass") | Q(ends_at__isnull=False, agency=None, unit=None),
                name="grant_emergency_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "position"], condition=Q(revoked_at=None), name="grant_live")
        ]
