"""Postings and leave, both on two clocks."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from locales.text import fold
from operations.constraints import NoOverlap
from operations.history import Recorded, history_of

from .agencies import Agency, Role, Unit
from .person import User


class FoldedField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Another field of the row as it is searched for. It fills itself whenever a row is written."""

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{**kwargs, "editable": False, "null": True})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        text = getattr(model_instance, self.of)
        folded = fold(text) if text else None
        setattr(model_instance, self.attname, folded)
        return folded


class Posting(Recorded):
    """The service of a person in a unit, in a role. On two clocks: a transfer is new rows."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # the unit's; for the constraints
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    service_number = models.CharField(max_length=30, null=True, blank=True)
    folded_number = FoldedField(of="service_number", max_length=60)
    main = models.BooleanField(null=True, default=True)  # true or null: one main posting at a time

    personal_data: ClassVar[tuple[str, ...]] = ("user", "service_number", "folded_number")

    class Meta:
        constraints: ClassVar = [
            *history_of("user", "agency", erasable=["service_number", "folded_number"]),
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
            ),
            models.Index(
                fields=["agency", "valid_to", "valid_from", "user"],
                condition=Q(withdrawn_at=None),
                name="posting_agency",
            ),
            models.Index(
                fields=["folded_number"], condition=Q(withdrawn_at=None), name="posting_folded_number"
            ),
            # For the overlap triggers of SQLite: without these a bulk insert is quadratic.
            models.Index(fields=["user", "agency"], condition=Q(withdrawn_at=None), name="posting_of_person"),
            models.Index(
                fields=["service_number", "agency"], condition=Q(withdrawn_at=None), name="posting_number"
            ),
        ]


class Leave(Recorded):
    """Away from duty: nobody is cleared or found for a task then. Why is nobody's business here."""

    user = models.ForeignKey(User, models.PROTECT, related_name="leaves")

    personal_data: ClassVar[tuple[str, ...]] = ("user",)

    class Meta:
        constraints: ClassVar = [*history_of("user")]
