"""The audit trail: who did what, when, why, on what. Written last in the transaction of the act."""

import hashlib
import json
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched, chain
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from . import canonical, clock
from .ids import public_id
from .models import AuditEntry, AuditValue

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

type PersonalValues = Mapping[str, Mapping[str, tuple[Any, Any]]]


WHY = "reason"  # the field of a value that holds a reason
ROWS = 250  # of values, written at once


class Value(NamedTuple):
    """A personal value before it is a row."""

    person_id: str
    field: str
    salt: str
    before: Any
    after: Any
    sha256: str = ""


class BulkValues:
    """The values of an act on thousands of people, packed as they come: a hundred thousand take 10 MB, not 50."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []

    def add(self, values: Iterable[Value]) -> None:
        self._packed.append(zlib.compress(json.dumps([*values]).encode()))

    def __iter__(self) -> Iterator[Value]:
        for packed in self._packed:
            yield from (Value(*each) for each in json.loads(zlib.decompress(packed)))


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
    values: Iterable[Value] = (),
) -> AuditEntry:
    """Write one entry, one also for a bulk act.

    `before` and `after` hold no personal data: names, addresses and numbers of people stand in
    `personal`, {public id of the person: {field: (before, after)}}, each with a salt of its own, so
    that erasure clears value and salt while the entry's hash still stands. So does `why`, a reason in
    somebody's own words about the person who is the subject: such words may hold names. `reason` is a
    category or a number, and stays. A bulk act gives its many personal values as `values`, which are read twice.
    """
    entry = _entry(by, act, subject_kind, subject_id, reason, before, after)
    own = [*_values(personal or {}), *([value(subject_id, WHY, None, why)] if why else [])]
    entry.sha256 = _hash_of_entry(entry, (each.sha256 for each in chain(values, own)), by)
    with transaction.atomic():
        entry.save(force_insert=True)
        for some in batched(chain(values, own), ROWS):
            AuditValue.objects.bulk_create([AuditValue(entry=entry, **each._asdict()) for each in some])
    return entry


def record_each(
    *,
    by: "AbstractBaseUser | None",
    act: str,
    subject_kind: str,
    after: Mapping[str, Any],
    reason: str = "",
    personal: PersonalValues | None = None,
) -> None:
    """Write an entry about each of many subjects to whom the same was done: everybody reads it about themselves. `after`
    and `personal` by the subject's id; a fixed number of queries for each 250.
    """
    entries, values = [], []
    for subject_id, said in after.items():
        entry = _entry(by, act, subject_kind, subject_id, reason, None, said)
        own = _values({subject_id: personal[subject_id]} if personal and subject_id in personal else {})
        entry.sha256 = _hash_of_entry(entry, (each.sha256 for each in own), by)
        entries.append(entry)
        values += [AuditValue(entry=entry, **each._asdict()) for each in own]
    AuditEntry.objects.bulk_create(entries, batch_size=ROWS)
    AuditValue.objects.bulk_create(values, batch_size=ROWS)


def _entry(
    by: "AbstractBaseUser | None",
    act: str,
    subject_kind: str,
    subject_id: str,
    reason: str,
    before: Any,
    after: Any,
) -> AuditEntry:
    return AuditEntry(
        public_id=public_id(), at=clock.now(), by_id=by.pk if by else None, act=act,
        subject_kind=subject_kind, subject_id=subject_id, reason=reason,
        before=canonical.plain(before), after=canonical.plain(after),
    )  # fmt: skip


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
    made = Value(person_id, field, secrets.token_hex(16), canonical.plain(before), canonical.plain(after))
    return made._replace(sha256=_hash_of_value(made))


def _values(personal: PersonalValues) -> list[Value]:
    return [
        value(person_id, field, before, after)
        for person_id, fields in personal.items()
        for field, (before, after) in fields.items()
    ]


def _hash_of_value(value: AuditValue | Value) -> str:
    return canonical.sha256([value.person_id, value.field, value.salt, value.before, value.after])


def _hash_of_entry(entry: AuditEntry, hashes: Iterable[str], by: "AbstractBaseUser | None") -> str:
    """Return the hash over the entry and, whatever their order, over the hashes of its values."""
    sorted_hashes = sorted(bytes.fromhex(each) for each in hashes)
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
            "values": hashlib.sha256(b"".join(sorted_hashes)).hexdigest(),
        }
    )
