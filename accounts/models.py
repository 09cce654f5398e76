"""Invitations: getting in for the first time."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.ids import public_id
from people.models import Agency, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Filter to invitations that can still be used now."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=clock.now())

    def replacing(self) -> Self:
        """Filter to sheets that were printed for accounts in use."""
        return self.filter(replaces_password=True).exclude(sent_at=None)


class Invitation(models.Model):
    """One way in, once: a link by e-mail, or a code on a printed sheet used with the service number.

    Neither link nor code is kept, only a keyed hash of the newest: sending again ends the one before.
    """

    class Way(models.TextChoices):
        MAIL = "mail", pgettext_lazy("invitation", "by e-mail")
        SHEET = "sheet", pgettext_lazy("invitation", "on a printed sheet")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # whose coordinator invited
    way = models.CharField(max_length=10, choices=Way)
    secret_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)  # the newest mail, or the newest sheet
    sent = models.PositiveSmallIntegerField(default=0)  # how often
    refused = models.CharField(max_length=200, blank=True)  # what the mail server said
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # A sheet for an account in use, whose password it replaces; by two: who prepared it does not print it.
    replaces_password = models.BooleanField(default=False)
    by_two = models.BooleanField(default=False)
    printed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the newest sheet

    objects = InvitationQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = (
        "person", "secret_hash", "invited_by", "refused", "revoked_by", "printed_by",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at=None, revoked_at=None),
                name="invitation_one_unused",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None), name="invitation_used_or_revoked"
            ),
            models.CheckConstraint(
                condition=Q(by_two=False) | Q(printed_by=None) | ~Q(printed_by=F("invited_by")),
                name="invitation_by_two",
            ),
        ]
        indexes = [models.Index(fields=["agency", "invited_at"], name="invitation_agency")]


class WhyReset(models.TextChoices):
    """Reasons for which somebody's second step is removed."""

    LOST = "lost", pgettext_lazy("second step", "the device was lost or stolen")
    BROKEN = "broken", pgettext_lazy("second step", "the device is broken or was replaced")
