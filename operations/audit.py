"""The audit trail: who did what, when, why, on what. Written last in the transaction of the act."""

import secrets
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from . import canonical, clock
from .ids import public_id
from .models import AuditEntry, AuditValue

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

type PersonalValues = Mapping[str, Mapping[str, tuple[Any, Any]]]


WHY = "reason"  # the field of a value that holds a reason


class Value(NamedTuple):
    """A personal value before it is a row."""

    person_id: str
    field: str
    salt: str
    before: Any
    after: Any
    sha256: str = ""


def record(
    *,
    by: "AbstractBaseUser | None",
    act: str,
    subject_kind: str,
    subject_id: str,
    reason: str = "",
    why: str = "",
    before: Any = None,
    after: Any = None,
    personal: PersonalValues | None = None,
    values: Sequence[Value] = (),
) -> AuditEntry:
    """Write one entry, one also for a bulk act.

    `before` and `after` hold no personal data: names, addresses and numbers of people stand in
    `personal`, {public id of the person: {field: (before, after)}}, each with a salt of its own, so
    that erasure clears value and salt while the entry's hash still stands. So does `why`, a reason in
    somebody's own words about the person who is the subject: such words may hold names. `reason` is a
    category or a number, and stays. A bulk act gives its many personal values as `values`.
    """
    entry = AuditEntry(
        public_id=public_id(), at=clock.now(), by_id=by.pk if by else None, act=act,
        subject_kind=subject_kind, subject_id=subject_id, reason=reason,
        before=canonical.plain(before), after=canonical.plain(after),
    )  # fmt: skip
    told = [*values, *_values(personal or {}), *([value(subject_id, WHY, None, why)] if why else [])]
    entry.sha256 = _hash_of_entry(entry, (each.sha256 for each in told), by)
    with transaction.atomic():
        entry.save(force_insert=True)
        for some in batched(told, 1000):  # a roster's has a hundred thousand
            AuditValue.objects.bulk_create([AuditValue(entry=entry, **each._asdict()) for each in some])
    return entry


def erase(person_id: str) -> int:
    """Clear every personal value of one person; the entries and their hashes stay."""
    return AuditValue.objects.filter(person_id=person_id).update(salt=None, before=None, after=None)


def stands(entry: AuditEntry) -> bool:
    """Return whether the entry is what was written; for erased values their hashes vouch."""
    hashes = []
    for value in entry.values.iterator(chunk_size=1000):  # a roster's has a hundred thousand
        if value.salt is not None and value.sha256 != _hash_of_value(value):
            return False
        hashes.append(value.sha256)
    return entry.sha256 == _hash_of_entry(entry, hashes, entry.by)


def value(person_id: str, field: str, before: Any, after: Any) -> Value:
    """Return a personal value for `record`, with a salt of its own."""
    made = Value(person_id, field, secrets.token_hex(16), _shared(before), _shared(after))
    return made._replace(sha256=_hash_of_value(made))


def _shared(said: Any) -> Any:
    """Of a bulk act thousands of values are in memory at once, and many say the same."""
    plain = canonical.plain(said)
    return sys.intern(plain) if isinstance(plain, str) else plain


def _values(personal: PersonalValues) -> list[Value]:
    return [
        value(person_id, field, before, after)
        for person_id, fields in personal.items()
        for field, (before, after) in fields.items()
    ]


def _hash_of_value(value: AuditValue | Value) -> str:
    return canonical.sha256([value.person_id, value.field, value.salt, value.before, value.after])


def _hash_of_entry(entry: AuditEntry, hashes: Iterable[str], by: "AbstractBaseUser | None") -> str:
    return canonical.sha256(
        {
            "id": entry.public_id,
            "at": canonical.plain(entry.at),
            "by": by.get_username() if by else None,
            "act": entry.act,
            "subject": [entry.subject_kind, entry.subject_id],
            "reason": entry.reason,
            "before": entry.before,
            "after": entry.after,
            "values": sorted(hashes),
        }
    )
