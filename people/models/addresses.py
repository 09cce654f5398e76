"""New e-mail addresses that a person is asked about."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.ids import public_id

from .person import User


class AddressRequest(models.Model):
    """A new e-mail address for somebody who has signed in: it holds once confirmed from the old one."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("address", "confirmed")
        DECLINED = "declined", pgettext_lazy("address", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("address", "withdrawn")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(User, models.PROTECT, related_name="address_requests")
    email = models.EmailField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, null=True, blank=True)

    personal_data: ClassVar[tuple[str, ...]] = ("person", "email", "asked_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(outcome=None), name="addressrequest_one_open"
            )
        ]

    @classmethod
    def open_for(cls, person: User) -> "AddressRequest | None":
        return cls.objects.filter(person=person, outcome=None, expires_at__gt=clock.now()).first()
