"""What both databases refuse, whichever way a change comes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from operations.clock import start_of
from operations.constraints import AppendOnly, NoOverlap, VendorConstraint
from operations.history import revise
from operations.models import AuditEntry
from people.models import Grant, Posting
from tests.databases import on_sqlite

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 6, 1, tzinfo=UTC)


@pytest.fixture
def posting(new_posting: Any, clerk: Any) -> Posting:
    return revise(insert=[new_posting()], by=clerk)[0]


def refused(act: Any, name: str = "posting_append_only") -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


FIXED = [
    field
    for field in Posting._meta.concrete_fields
    if field.name not in ("withdrawn_at", "withdrawn_by", "id")
]


@pytest.mark.parametrize("field", FIXED, ids=lambda field: field.name)
def test_no_column_of_a_recorded_row_changes(field: Any, posting: Posting, clerk: Any) -> None:
    match field.get_internal_type():
        case "DateTimeField":
            value: Any = LATER
        case "CharField":
            value = "other"
        case "BooleanField":
            value = None
        case "ForeignKey":
            value = getattr(posting, field.attname) + 1
    change = {field.attname: value}
    refused(lambda: Posting.objects.update(**change))
    refused(lambda: Posting.objects.update(**change, withdrawn_at=LATER, withdrawn_by=clerk))
    revise(withdraw=[posting], by=clerk)
    refused(lambda: Posting.objects.update(**change))


def test_once_columns_are_filled_together_once(posting: Posting, clerk: Any, inspector: Any) -> None:
    def refused_now(**change: Any) -> None:
        refused(lambda: Posting.objects.update(**change), "posting_")

    refused_now(withdrawn_by=clerk)  # by whom, but not when
    refused_now(withdrawn_at=posting.recorded_at - timedelta(seconds=1))  # before it was recorded
    revise(withdraw=[posting], by=None)
    refused_now(withdrawn_at=None)
    refused_now(withdrawn_at=LATER)
    refused_now(withdrawn_by=inspector)


def test_delete_is_refused_every_way(posting: Posting) -> None:
    refused(posting.delete)
    refused(Posting.objects.all().delete)
    refused(lambda: Posting.objects.all()._raw_delete("default"))


def test_erasable_column_becomes_null_and_nothing_else(posting: Posting) -> None:
    Posting.objects.update(service_number=None)
    refused(lambda: Posting.objects.update(service_number="AZ-17"))


def test_save_of_a_changed_row_is_refused(posting: Posting, units: Any) -> None:
    posting.save()  # says the same
    posting.unit = units[1]
    refused(posting.save)


def test_raw_sql_is_refused(posting: Posting) -> None:
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute("UPDATE people_posting SET valid_to = valid_from"), "posting_")
        refused(lambda: cursor.execute("DELETE FROM people_posting"))


@pytest.mark.parametrize("ignore_conflicts", [False, True])
def test_overlap_in_bulk_is_refused(posting: Posting, ignore_conflicts: bool) -> None:
    again = posting.revised(service_number=None, main=None)
    again.recorded_at = posting.recorded_at
    try:
        with transaction.atomic():
            Posting.objects.bulk_create([again], ignore_conflicts=ignore_conflicts)
    except IntegrityError as error:
        assert "posting_no_overlap" in str(error)
    assert Posting.objects.count() == 1


def test_rows_that_touch_do_not_overlap(posting: Posting, clerk: Any) -> None:
    end = start_of(date(2026, 1, 1))
    ended, begun = posting.revised(valid_to=end), posting.revised(valid_from=end)
    assert len(revise(withdraw=[posting], insert=[ended, begun], by=clerk)) == 2


@pytest.mark.parametrize("seconds", [0, 1])
def test_overlap_begins_at_the_first_shared_instant(posting: Posting, clerk: Any, seconds: int) -> None:
    end = start_of(date(2026, 1, 1))
    ended = posting.revised(valid_to=end)
    begun = posting.revised(valid_from=end - timedelta(seconds=seconds), service_number=None, main=None)
    for row in (ended, begun):
        row.recorded_at = posting.recorded_at
    revise(withdraw=[posting], by=clerk)
    ended.save()
    if seconds:
        refused(begun.save, "posting_no_overlap")
    else:
        begun.save()


def test_null_in_a_key_never_conflicts(new_posting: Any, clerk: Any, other_agency: Any) -> None:
    """A second agency: allowed beside the main one, but not as a second main one."""
    elsewhere = {"agency": other_agency, "service_number": None}
    revise(insert=[new_posting()], by=clerk)
    revise(insert=[new_posting(**elsewhere, main=None)], by=clerk)
    assert Posting.objects.count() == 2


def test_form_hears_of_an_overlap_in_words(posting: Posting) -> None:
    with pytest.raises(ValidationError) as refusal:
        posting.revised(valid_from=LATER).validate_constraints()
    assert "Something else is already recorded for that time." in refusal.value.messages


def test_form_allows_what_does_not_overlap(posting: Posting, clerk: Any) -> None:
    revise(withdraw=[posting], by=clerk)
    posting.revised(valid_from=LATER).validate_constraints()


def test_grant_is_revoked_once(inspector: Any, clerk: Any) -> None:
    grant = Grant.objects.create(person=inspector, position="trainer", starts_at=LATER, granted_by=clerk)
    Grant.objects.update(revoked_at=LATER, revoked_by=clerk)
    refused(lambda: Grant.objects.update(revoked_at=LATER + timedelta(days=1)), "grant_append_only")
    refused(lambda: Grant.objects.filter(pk=grant.pk).update(position="auditor"), "grant_append_only")


def test_json_column_of_an_append_only_row_is_fixed() -> None:
    entry = AuditEntry.objects.create(at=LATER, act="x", subject_kind="y", subject_id="z", after={"a": 1})
    entries = AuditEntry.objects.filter(pk=entry.pk)
    entries.update(after={"a": 1})  # says the same
    refused(lambda: entries.update(after={"a": 2}), "auditentry_append_only")


def declared() -> list[tuple[Any, VendorConstraint]]:
    return [
        (model, constraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, VendorConstraint)
    ]


@on_sqlite
def test_every_declared_trigger_is_in_the_database_as_declared_today() -> None:
    """Triggers of SQLite name columns: a migration that forgot to make them again is found here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        present = {sql for (sql,) in cursor.fetchall() if "RAISE(ABORT" in sql}
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    today = {
        str(statement)
        for model, constraint in declared()
        for statement in constraint.statements(model, editor)
    }
    assert present == today


def test_every_declared_constraint_is_in_the_database() -> None:
    names = {constraint.name for _, constraint in declared()}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            found = {name.rsplit("_", 1)[0] for (name,) in cursor.fetchall()}
        else:
            cursor.execute("SELECT tgname FROM pg_trigger UNION SELECT conname FROM pg_constraint")
            found = {name for (name,) in cursor.fetchall()}
    assert names - found == set()


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_names_of_constraints_do_not_contain_each_other(model: Any) -> None:
    """A refusal is put into words by the name that stands in it."""
    names = [constraint.name for constraint in model._meta.constraints]
    assert [(a, b) for a in names for b in names if a != b and a in b] == []


def test_constraints_are_equal_only_with_the_same_parts() -> None:
    once = AppendOnly(name="a", once=("x",))
    assert once == AppendOnly(name="a", once=("x",)) and hash(once) == hash(AppendOnly(name="a"))
    assert once != AppendOnly(name="a")
    assert NoOverlap(name="a", fields=["x"]) != AppendOnly(name="a")
