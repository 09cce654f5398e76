"""A roster as it was handed in, checked line by line before anything changes."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.ids import public_id
from people.models import Agency, User


class RosterImport(models.Model):
    """One file of one agency. `mapping`: {column number: field}; `counts`: {kind of line: number}."""

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("roster", "being read")
        MAPPING = "mapping", pgettext_lazy("roster", "columns to be named")
        CHECKED = "checked", pgettext_lazy("roster", "checked, nothing changed yet")
        APPLYING = "applying", pgettext_lazy("roster", "being applied")
        APPLIED = "applied", pgettext_lazy("roster", "applied")
        REFUSED = "refused", pgettext_lazy("roster", "refused")
        CANCELLED = "cancelled", pgettext_lazy("roster", "cancelled")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    stored = models.CharField(max_length=120, blank=True)  # what is kept of the file; empty once deleted
    encoding = models.CharField(max_length=20, blank=True)
    headings = models.JSONField(default=list)  # [[heading, first cell below it, second, third], …]
    mapping = models.JSONField(default=dict)
    whole = models.BooleanField(default=False)  # this is the whole roster: who is missing has left
    valid_from = models.DateTimeField()  # from when its changes are true
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    counts = models.JSONField(default=dict)
    refusal = models.CharField(max_length=400, blank=True)  # see rosters.refusals: a code and figures
    job_id = models.CharField(max_length=22, blank=True)  # public id of the job at work, or the last
    uploaded_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    personal_data: ClassVar[tuple[str, ...]] = ("by", "file_name", "stored", "headings")

    class Meta:
        indexes = [models.Index(fields=["agency", "-uploaded_at"], name="rosterimport_agency")]

    def number_of_lines(self) -> dict[str, int]:
        """Return how many there are of each kind, of people missing from the file, of names that become proposals, and of
        lines in which something looks wrong.
        """
        lines = RosterLine.objects.filter(roster=self)
        kinds: Any = lines.values_list("kind")
        return {
            "missing": lines.filter(number=0, kind=RosterLine.Kind.LEFT).count(),
            "names": lines.exclude(proposed=[]).count(),
            "doubtful": lines.doubtful().count(),
            **dict(kinds.annotate(number=models.Count("pk"))),
        }


class RosterLineQuerySet(models.QuerySet["RosterLine"]):
    def doubtful(self) -> Self:
        """Filter to lines that are applied although something in them looks wrong."""
        return self.exclude(warnings=[]).exclude(kind=RosterLine.Kind.ERROR)


class RosterLine(models.Model):
    """One line: what it says and what would happen. Kept until some days after the import ends."""

    class Kind(models.TextChoices):
        NEW = "new", pgettext_lazy("roster line", "new")
        CHANGED = "changed", pgettext_lazy("roster line", "changed")
        TRANSFERRED = "transferred", pgettext_lazy("roster line", "transferred")
        LEFT = "left", pgettext_lazy("roster line", "left")
        UNCHANGED = "unchanged", pgettext_lazy("roster line", "unchanged")
        ERROR = "error", pgettext_lazy("roster line", "error")

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # line of the file, from 1; 0 for who is missing from it
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    cells = models.JSONField(default=dict)  # {field: text}, as read
    before = models.JSONField(null=True)  # {field: value} of what would change
    after = models.JSONField(null=True)
    proposed = models.JSONField(default=list)  # fields of a name in `after` that become a proposal
    errors = models.JSONField(default=list)  # [{"column": …, "code": …, "value": …}]
    warnings = models.JSONField(default=list)  # codes of what looks wrong and is applied all the same
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    service_number = models.CharField(max_length=30, blank=True)

    objects: ClassVar[Any] = RosterLineQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = (
        "cells", "before", "after", "errors", "person", "service_number",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["roster", "kind", "number"], name="rosterline_kind")]
