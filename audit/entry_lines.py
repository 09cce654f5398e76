"""Entries of the audit trail as lines of a page."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from locales.text import written_name
from operations.audit import WHY
from operations.models import AuditEntry, AuditValue
from operations.trail import Subject, act_text, reason_text, subjects_of
from people.models import User

from .values import Names, label_of, names_in, text_of

PART = 100  # values of one entry that are read, and written into one cell, at once


@dataclass(frozen=True)
class ValueChange:
    """One value before and after. `erased`: it was taken out; its hash still vouches for it."""

    field: str
    before: str
    after: str
    erased: bool = False


@dataclass(frozen=True)
class EntryLine:
    """An entry as a list shows it. `who` is empty for the installation itself."""

    entry: AuditEntry
    at: datetime
    act: str
    who: str
    subject: Subject
    why: str = ""
    changes: Sequence[ValueChange] = ()


def name_of(person: User | None) -> str:
    if person is None:
        return ""
    return written_name(person, get_language() or "az") or _("erased")


def lines_of(
    entries: Sequence[AuditEntry], *, only: Iterable[str] | None = None, most: int | None = None
) -> list[EntryLine]:
    """Return the entries with the personal values of everybody, or `only` of these people (public ids).

    `most`: so many values in all, where one entry may hold those of a hundred thousand.
    """
    subjects = subjects_of(entries)
    reasons: dict[int, AuditValue] = {}
    values: dict[int, list[AuditValue]] = {}
    queryset = AuditValue.objects.filter(entry__in=[entry.pk for entry in entries]).order_by("pk")
    if only is not None:
        queryset = queryset.filter(person_id__in=list(only))
    for value in queryset.filter(field=WHY):
        if value.salt is not None or value.entry_id not in reasons:  # a bulk act has it for each person
            reasons[value.entry_id] = value
    for value in queryset.exclude(field=WHY)[:most] if most != 0 else ():
        values.setdefault(value.entry_id, []).append(value)
    listed = [value for entry_id in values for value in values[entry_id]]
    several = {} if only is not None else {pk: _several(queryset) for pk, queryset in values.items()}
    whose = [("whose", each) for people in several.values() for each in people]
    names = names_in(
        [*whose, *((value.field, said) for value in listed for said in (value.before, value.after))]
    )
    return [
        EntryLine(
            entry=entry,
            at=entry.at,
            act=act_text(entry.act),
            who=name_of(entry.by) if isinstance(entry.by, User) else "",
            subject=subjects[entry.subject_kind, entry.subject_id],
            why=_why(entry, reasons.get(entry.pk)),
            changes=[
                change_of(value, names, whose=value.person_id in several.get(entry.pk, ()))
                for value in values.get(entry.pk, ())
            ],
        )
        for entry in entries
    ]


def _why(entry: AuditEntry, value: AuditValue | None) -> str:
    """Return a reason as a category in words, a number, or what somebody wrote; what was erased says so."""
    if value is None:
        return reason_text(entry.act, entry.reason)
    return _("erased") if value.salt is None else reason_text(entry.act, str(value.after))


def in_parts(entry: AuditEntry) -> Iterator[list[ValueChange]]:
    """Yield all personal values of an entry on many people, PART at once; each says whose it is."""
    values = AuditValue.objects.filter(entry=entry).exclude(field=WHY).order_by("pk")
    for part in batched(values.iterator(chunk_size=1000), PART):
        pairs = [(value.field, each) for value in part for each in (value.before, value.after)]
        names = names_in([*(("whose", value.person_id) for value in part), *pairs])
        yield [change_of(value, names, whose=True) for value in part]


def _several(values: Sequence[AuditValue]) -> set[str]:
    """Return the ids of the people whose values these are, where they are more than one; else none."""
    people = {value.person_id for value in values}
    return people if len(people) > 1 else set()


def change_of(value: AuditValue, names: Names, *, whose: bool = False) -> ValueChange:
    """Return a value before and after in words. `whose`: the field says whose value it is."""
    before, after = (text_of(each, names, value.field) for each in (value.before, value.after))
    change = ValueChange(label_of(value.field), before, after, value.salt is None)
    person = text_of(value.person_id, names, "whose")
    return replace(change, field=f"{person}: {change.field}") if whose else change


def facts_of(entry: AuditEntry, *, only: Container[str] | None = None) -> list[ValueChange]:
    """Return what stands in `before` and `after`, key by key; `only`: of these keys."""
    before, after = _keys(entry.before), _keys(entry.after)
    fields = [field for field in {**before, **after} if only is None or field in only]
    names = names_in((field, each[field]) for each in (before, after) for field in fields if field in each)
    return [
        ValueChange(label_of(field), _said(before, names, field), _said(after, names, field))
        for field in fields
    ]


def _said(keys: dict[str, Any], names: Names, field: str) -> str:
    return text_of(keys[field], names, field) if field in keys else ""


def _keys(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"": value}
