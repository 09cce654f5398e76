"""Retention of personal data. Each app says in its `retention.py` what ends, and after how long.

Days stand in settings.RETENTION_DAYS, by name; 0 keeps for ever. A report counts and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django_stubs_ext import StrOrPromise

from . import audit

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

BATCH = 2000  # rows of one transaction


@dataclass(frozen=True, kw_only=True)
class Period:
    """`rows(before)`: what ended before that instant. `clear`: values in place of the personal ones;
    without it the rows are deleted. `only_report`: people decide about each.
    """

    name: str
    text: StrOrPromise
    rows: Callable[[datetime], QuerySet[Any, Any]]
    clear: Mapping[str, Any] | None = None
    only_report: bool = False

    @property
    def days(self) -> int:
        return int(settings.RETENTION_DAYS[self.name])


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The number of rows of a period that have ended."""

    period: Period
    count: int


registered: dict[str, Period] = {}


def register_period(period: Period) -> None:
    if period.name in registered:
        raise ValueError(f"{period.name} is registered twice.")
    registered[period.name] = period


def periods() -> list[Period]:
    """Return the periods that have an end, as people are told them."""
    return [period for period in registered.values() if period.days]


def report(now: datetime) -> list[Ended]:
    """Return what `apply` would do now; change nothing."""
    return [
        Ended(period=period, count=period.rows(now - timedelta(days=period.days)).count())
        for period in periods()
    ]


def apply(now: datetime, *, by: "AbstractBaseUser | None") -> list[Ended]:
    """Delete or clear what has ended, in short transactions; one entry in the audit trail says how much."""
    done = [Ended(period=period, count=_apply(period, now)) for period in periods() if not period.only_report]
    counts = {ended.period.name: ended.count for ended in done if ended.count}
    if counts:
        audit.record(
            by=by, act="operations.retention", subject_kind="installation", subject_id="retention",
            after=counts,
        )  # fmt: skip
    return done


def _apply(period: Period, now: datetime) -> int:
    rows = period.rows(now - timedelta(days=period.days))
    model = rows.model
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for batch in batched(keys, BATCH):
        with transaction.atomic():
            chosen = model._base_manager.filter(pk__in=batch)
            if period.clear is None:
                chosen.delete()
            else:
                chosen.update(**period.clear)
    return len(keys)
