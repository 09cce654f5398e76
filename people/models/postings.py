"""Who serves where, and who is away: both on two clocks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from operations.constraints import NoOverlap
from operations.history import Recorded, history_of

from .agencies import Agency, Role, Unit
from .person import User


class Posting(Recorded):
    """Who serves where, in which role. On two clocks: a transfer is new rows."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # the unit's; for the constraints
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    service_number = models.CharField(max_length=30, null=True, blank=True)
    main = models.BooleanField(null=True, default=True)  # true or null: one main posting at a time

    personal_data: ClassVar[tuple[str, ...]] = ("user", "service_number")

    class Meta:
        constraints: ClassVar = [
            *history_of("user", "agency", erasable=["service_number"]),
            NoOverlap(
                name="posting_one_main",
                fields=("user", "main"),
                violation_error_message=_("This person already has a main posting at that time."),
            ),
            NoOverlap(
                name="posting_service_number",
                fields=("agency", "service_number"),
                violation_error_message=_("Another person of the agency has this service number."),
            ),
            models.CheckConstraint(condition=Q(main=True) | Q(main=None), name="posting_main_true_or_null"),
        ]
        indexes = [
            models.Index(
                fields=["unit", "valid_to", "valid_from", "user"],
                condition=Q(withdrawn_at=None),
                name="posting_roster",
            )
        ]


class Leave(Recorded):
    """Away from duty: nobody is cleared or found for a task then. Why is nobody's business here."""

    user = models.ForeignKey(User, models.PROTECT, related_name="leaves")

    personal_data: ClassVar[tuple[str, ...]] = ("user",)

    class Meta:
        constraints: ClassVar = [*history_of("user")]
