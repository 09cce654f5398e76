"""Rules in versions, of which one is in force at a time, on two clocks.

A version has `number`, `rules`, `sha256`, `recorded_by` and never changes; a row of the history of its thing
(`history.Recorded`) says by its field `version` from when to when it is in force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from . import audit, canonical, clock
from .history import Recorded, RecordedQuerySet, revise

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


WHEN = {"now": _("In force now"), "later": _("In force later"), "before": _("In force before")}


def begin(
    versions: Any, rules: dict[str, Any], history: RecordedQuerySet[Any], row: Callable[[Any], Recorded], *,
    act: str, kind: str, public_id: str, by: "AbstractBaseUser | None",
) -> Any:  # fmt: skip
    """Make the next of the versions of a thing and put it in force from then on whatever was to come later, in the
    caller's transaction. `row` makes its row in the history; kind and public id name the thing in the entry of the act.
    """
    before = versions.order_by("-number").first()
    version = versions.create(
        number=before.number + 1 if before else 1, sha256=canonical.sha256(rules), rules=rules, recorded_by=by
    )
    new = row(version)
    old = list(history.open_or_coming(new.valid_from))
    kept = [each.revised(valid_to=new.valid_from) for each in old if each.valid_from < new.valid_from]
    revise(withdraw=old, insert=[*kept, new], by=by)
    audit.record(
        by=by, act=act, subject_kind=kind, subject_id=public_id,
        before={"version": before.number, "rules": before.rules} if before else None,
        after={"version": version.number, "rules": rules, "valid_from": new.valid_from.isoformat()},
    )  # fmt: skip
    return version


def hold_anyway(rules: dict[str, Any], history: RecordedQuerySet[Any], instant: datetime) -> bool:
    """Return whether these rules, and no others, are known to be in force from then on."""
    since = [row.version.rules for row in history.open_or_coming(instant).select_related("version")]
    return bool(since) and all(known == rules for known in since)


@dataclass(frozen=True)
class VersionInForce[R]:
    """A version for reading. `rules`: in words; `plain`: as they are kept; `when`: "now", "later" or "before"."""

    number: int
    rules: R
    plain: dict[str, Any]
    first_day: date
    last_day: date | None
    when: str

    @property
    def title(self) -> StrOrPromise:
        return WHEN[self.when]

    @classmethod
    def of(cls, row: Any, rules: R) -> Self:
        now = clock.now()
        over = row.valid_to is not None and row.valid_to <= now
        when = "later" if row.valid_from > now else "before" if over else "now"
        last_day = clock.last_day(row.valid_to) if row.valid_to else None
        return cls(
            row.version.number, rules, row.version.rules, clock.first_day(row.valid_from), last_day, when
        )


@dataclass(frozen=True)
class VersionsInForce[R]:
    """The versions of one thing, newest first, as known today."""

    rows: Sequence[VersionInForce[R]]

    @property
    def now(self) -> VersionInForce[R] | None:
        return next((row for row in self.rows if row.when == "now"), None)

    @property
    def later(self) -> Sequence[VersionInForce[R]]:
        return [row for row in self.rows if row.when == "later"]
