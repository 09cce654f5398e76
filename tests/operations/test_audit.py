from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from operations import audit
from operations.models import AuditEntry, AuditValue
from people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(clock: Any, clerk: User, inspector: User) -> AuditEntry:
    return audit.record(
        by=clerk,
        act="people.rename",
        subject_kind="person",
        subject_id=inspector.public_id,
        reason="marriage",
        before={"since": date(2025, 1, 1)},
        after={"since": date(2026, 1, 1), "roles": ("LAB",)},
        personal={inspector.public_id: {"family_name": ("Məmmədova", "Əliyeva"), "email": (None, "a@b.az")}},
    )


def stored(entry: AuditEntry) -> AuditEntry:
    return AuditEntry.objects.get(pk=entry.pk)


def test_entry_says_who_did_what_when_why_on_what(
    entry: AuditEntry, clock: Any, clerk: User, inspector: User
) -> None:
    found = stored(entry)
    assert (found.by, found.at, found.act, found.reason) == (clerk, clock.now, "people.rename", "marriage")
    assert (found.subject_kind, found.subject_id) == ("person", inspector.public_id)
    assert (found.before, found.after) == (
        {"since": "2025-01-01"},
        {"since": "2026-01-01", "roles": ["LAB"]},
    )
    values = found.values.order_by("field").values_list("person_id", "field", "before", "after")
    assert list(values) == [
        (inspector.public_id, "email", None, "a@b.az"),
        (inspector.public_id, "family_name", "Məmmədova", "Əliyeva"),
    ]


def test_hash_stands(entry: AuditEntry) -> None:
    assert audit.stands(stored(entry))


def test_hash_stands_after_erasure_and_the_values_are_gone(entry: AuditEntry, inspector: User) -> None:
    audit.erase(inspector.public_id)
    assert audit.stands(stored(entry))
    left = AuditValue.objects.filter(entry=entry).values_list("salt", "before", "after")
    assert list(left) == [(None, None, None)] * 2


def test_erasure_of_one_person_leaves_the_others(clerk: User, inspector: User) -> None:
    personal = {person.public_id: {"email": (None, "x@y.az")} for person in (clerk, inspector)}
    entry = audit.record(by=None, act="x", subject_kind="y", subject_id="z", personal=personal)
    audit.erase(inspector.public_id)
    kept = entry.values.get(person_id=clerk.public_id)
    assert (kept.after, audit.stands(stored(entry))) == ("x@y.az", True)


@pytest.mark.parametrize(
    "change",
    [
        {"act": "people.other"},
        {"reason": ""},
        {"after": {"since": "2026-01-02"}},
        {"subject_id": "other"},
        {"by": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_changed_entry_does_not_stand(entry: AuditEntry, change: dict[str, Any]) -> None:
    found = stored(entry)
    for name, value in change.items():
        setattr(found, name, value)
    assert not audit.stands(found)


def test_value_changed_or_added_or_exchanged_does_not_stand(entry: AuditEntry) -> None:
    other = audit.record(
        by=None, act="x", subject_kind="y", subject_id="z", personal={"p": {"email": ("a", "b")}}
    )
    AuditValue.objects.bulk_create(
        [AuditValue(entry=entry, person_id="p", field="forged", sha256="0" * 64, salt="s", after="x")]
    )
    assert (audit.stands(stored(entry)), audit.stands(stored(other))) == (False, True)


def test_entry_by_the_system_stands() -> None:
    entry = audit.record(by=None, act="x", subject_kind="y", subject_id="z")
    assert (entry.by, audit.stands(stored(entry))) == (None, True)


def test_equal_values_have_unequal_hashes(entry: AuditEntry, inspector: User) -> None:
    """The salt keeps a value from being guessed from its hash."""
    again = audit.record(
        by=None,
        act="x",
        subject_kind="y",
        subject_id="z",
        personal={inspector.public_id: {"email": (None, "a@b.az")}},
    )
    assert again.values.get().sha256 != entry.values.get(field="email").sha256


@pytest.mark.parametrize("people", [1, 3])
def test_bulk_act_is_one_entry_in_constant_queries(people: int, django_assert_num_queries: Any) -> None:
    personal = {f"person-{n}": {"email": (None, f"{n}@b.az")} for n in range(people)}
    with django_assert_num_queries(4):  # savepoint, entry, values, release
        entry = audit.record(by=None, act="x", subject_kind="roster", subject_id="z", personal=personal)
    assert entry.values.count() == people


def test_entry_is_neither_changed_nor_deleted(entry: AuditEntry) -> None:
    for act in (
        lambda: AuditEntry.objects.filter(pk=entry.pk).update(reason="other"),
        lambda: AuditValue.objects.filter(entry=entry).update(after="other"),
        lambda: AuditValue.objects.filter(entry=entry).delete(),
        lambda: AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
            act()
