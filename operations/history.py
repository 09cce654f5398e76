"""History on two clocks: what was true, and what was known.

A row says: *this was so from `valid_from` until before `valid_to`*, and *it was known from
`recorded_at` until before `withdrawn_at`*. A row never changes, it is only withdrawn.
Every change is one `revise`: withdraw some rows and insert others, at one instant.
Only evidence (a Decision) may point at such a row; all else points at its subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, OperationalError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from . import clock
from .constraints import AppendOnly, NoOverlap

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

BATCH = 5000
# deadlock, serialization failure, lock timeout; SQLite's busy
BUSY = {"40P01", "40001", "55P03", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"}


class HistoryError(Exception):
    """A change that cannot be; the text is for the person who asked for it. `constraint`: which one refused."""

    def __init__(self, text: object = "", *, constraint: str = "") -> None:
        super().__init__(text)
        self.constraint = constraint


class Stale(HistoryError):
    """Somebody else changed the same history first."""


@dataclass(frozen=True, kw_only=True)
class Edit[R: Recorded]:
    at: datetime
    by_id: int | None
    withdrawn: list[R]
    recorded: list[R]


class RecordedQuerySet[R: Recorded](models.QuerySet[R]):
    def known(self, at: datetime | None = None) -> Self:
        """Filter to what was known at an instant; without one, to what is known."""
        if at is None:
            return self.filter(withdrawn_at=None)
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), recorded_at__lte=at)

    def at(self, instant: datetime, *, known_at: datetime | None = None) -> Self:
        return self.known(known_at).filter(
            Q(valid_to=None) | Q(valid_to__gt=instant), valid_from__lte=instant
        )

    def current(self) -> Self:
        return self.at(clock.now())

    def open_or_coming(self, instant: datetime | None = None) -> Self:
        """Filter to what is known to be true at the instant (now) or later."""
        return self.known().filter(Q(valid_to=None) | Q(valid_to__gt=instant or clock.now()))

    def timeline(self, *, known_at: datetime | None = None) -> Self:
        return self.known(known_at).order_by("valid_from")

    def edits(self) -> list[Edit[R]]:
        """Return the changes of the history: for each instant what it took back and what it said instead."""
        rows = list(self.order_by("valid_from"))
        recorders = {row.recorded_at: row.recorded_by_id for row in rows}
        taken = {row.withdrawn_at: row.withdrawn_by_id for row in rows if row.withdrawn_at}
        return [
            Edit(
                at=at,
                by_id=by_id,
                withdrawn=[row for row in rows if row.withdrawn_at == at],
                recorded=[row for row in rows if row.recorded_at == at],
            )
            for at, by_id in sorted((taken | recorders).items(), key=lambda edit: edit[0])
        ]


class Recorded(models.Model):
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects: ClassVar[models.Manager[Self]] = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True

    def revised(self, **changes: Any) -> Self:
        """Return an unsaved row that says the same but for the changes."""
        values = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.editable and not field.primary_key
        }
        options: Any = self._meta
        for name in changes:
            values.pop(options.get_field(name).attname)
        return type(self)(**values, **changes)


def history_of(*key: str, erasable: Sequence[str] = ()) -> list[models.BaseConstraint]:
    """Return the constraints of a Recorded model: `constraints = history_of("user", "agency")`.

    The first field of the key is the subject: a foreign key to whose history it is.
    """
    return [
        models.CheckConstraint(
            condition=Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            name="%(class)s_ends_after_start",
            violation_error_message=_("The end must come after the beginning."),
        ),
        models.CheckConstraint(
            condition=Q(withdrawn_at=None, withdrawn_by=None)
            | Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("recorded_at")),
            name="%(class)s_withdrawn_after_recorded",
        ),
        AppendOnly(
            name="%(class)s_append_only",
            once=("withdrawn_at", "withdrawn_by"),
            erasable=erasable,
            violation_error_message=_("History is not rewritten."),
        ),
        NoOverlap(
            name="%(class)s_no_overlap",
            fields=key,
            violation_error_message=_("Something else is already recorded for that time."),
        ),
    ]


def revise[R: Recorded](
    *, withdraw: Iterable[R] = (), insert: Iterable[R] = (), by: AbstractBaseUser | None
) -> list[R]:
    """Withdraw rows and insert others at one instant: all of it or nothing.

    Raise HistoryError in words where a constraint refuses, Stale where somebody was quicker.
    """
    old, new = list(withdraw), list(insert)
    if not (old or new):
        return []
    model: Any = type((old or new)[0])
    with words_for_refusals(model), transaction.atomic():
        queue_up([*old, *new])
        now = clock.now()
        _withdraw(model, [row.pk for row in old], now, by)
        for row in new:
            row.recorded_at, row.recorded_by_id = now, by.pk if by else None
        created: list[R] = model._base_manager.bulk_create(new, batch_size=BATCH)
        return created


def _withdraw(model: Any, old: Iterable[int], now: datetime, by: AbstractBaseUser | None) -> None:
    for batch in batched(old, BATCH):
        known = model._base_manager.filter(pk__in=batch, withdrawn_at=None)
        if known.update(withdrawn_at=now, withdrawn_by=by) != len(batch):
            raise Stale(_("Somebody else has just changed this. Look at it again."))


def queue_up[R: Recorded](rows: list[R]) -> None:
    """Lock the subjects of these rows: changes to one wait for each other, so their instants are in order of
    commit.

    Without it PostgreSQL resolves simultaneous inserts of one key by deadlock (a second or more).
    """
    options: Any = rows[0]._meta
    key = next(c.fields for c in options.constraints if isinstance(c, NoOverlap))
    subject = options.get_field(key[0])
    for batch in batched(sorted({getattr(row, subject.attname) for row in rows}), BATCH):
        locked = subject.related_model._base_manager.select_for_update(no_key=True)
        list(locked.filter(pk__in=batch).order_by("pk").values_list("pk"))


@contextmanager
def words_for_refusals(model: type[Recorded]) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        for constraint in model._meta.constraints:
            if constraint.name in str(error):
                words = constraint.get_violation_error_message()
                raise HistoryError(words, constraint=constraint.name) from error
        raise
    except OperationalError as error:
        code = getattr(error.__cause__, "sqlstate", None)
        if (code or getattr(error.__cause__, "sqlite_errorname", None)) not in BUSY:
            raise
        raise Stale(_("Somebody else is changing this just now. Try again.")) from error
