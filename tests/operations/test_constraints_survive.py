"""The guarantees survive what migrations, dumps and backups do to a table."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Page

from operations.history import revise
from people.models import Posting
from tests.databases import empty_the_tables, on_sqlite, really_committed

pytestmark = really_committed
OVERLAP = next(c for c in Posting._meta.constraints if c.name == "posting_no_overlap")
APPEND_ONLY = next(c for c in Posting._meta.constraints if c.name == "posting_append_only")
LONGER = migrations.AlterField("posting", "service_number", models.CharField(max_length=99, null=True))
NOTE = migrations.AddField("posting", "note", models.CharField(max_length=9, null=True))


def around(operation: Any, *constraints: Any) -> list[Any]:
    """Show how a column of a guarded table comes or goes: SQLite's triggers name the columns."""
    return [
        *(migrations.RemoveConstraint("posting", constraint.name) for constraint in constraints),
        operation,
        *(migrations.AddConstraint("posting", constraint) for constraint in constraints),
    ]


CHANGES = {
    "a column altered": [LONGER],
    "an index added": [migrations.AddIndex("posting", models.Index("role", name="posting_role"))],
    "a check added": [
        migrations.AddConstraint(
            "posting", models.CheckConstraint(condition=~models.Q(service_number="z"), name="not_z")
        )
    ],
    "a parent remade": [migrations.AlterField("unit", "code", models.CharField(max_length=90))],
    "the table renamed": [
        migrations.RenameModel("Posting", "Service"),
        migrations.RenameModel("Service", "Posting"),
    ],
    "constraints made again": around(LONGER, OVERLAP, APPEND_ONLY),
    "a column added": around(NOTE, APPEND_ONLY),
}


@pytest.fixture
def posting(new_posting: Any) -> Posting:
    return revise(insert=[new_posting()], by=None)[0]


def unguarded(posting: Posting) -> list[str]:
    """Return the guarantee that is missing."""
    again = posting.revised(service_number=None, main=None)
    again.recorded_at = posting.recorded_at
    acts = {
        "overlap": lambda: Posting.objects.bulk_create([again]),
        "update": lambda: Posting.objects.update(service_number="other"),
        "delete": lambda: Posting.objects.all().delete(),
    }
    return [name for name, act in acts.items() if not _refused(act)]


def _refused(act: Any) -> bool:
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except IntegrityError:
        return True
    return False


def apply(*operations: Any) -> Iterator[None]:
    """Run the operations on the people's tables; undo them at the second step."""
    states = [MigrationLoader(connection).project_state()]
    for operation in operations:
        after = states[-1].clone()
        operation.state_forwards("people", after)
        states.append(after)
    for n, operation in enumerate(operations):
        with connection.schema_editor(atomic=True) as editor:
            operation.database_forwards("people", editor, states[n], states[n + 1])
    yield
    for n, operation in reversed(list(enumerate(operations))):
        with connection.schema_editor(atomic=True) as editor:
            operation.database_backwards("people", editor, states[n + 1], states[n])


@pytest.mark.parametrize("change", CHANGES)
def test_guarantees_survive(change: str, posting: Posting) -> None:
    steps = apply(*CHANGES[change])
    next(steps)
    after = unguarded(posting)
    next(steps, None)
    assert (after, unguarded(posting)) == ([], [])


def test_removed_constraint_is_removed(posting: Posting) -> None:
    steps = apply(migrations.RemoveConstraint("posting", OVERLAP.name))
    next(steps)
    assert unguarded(posting) == ["overlap"]
    next(steps, None)
    assert unguarded(posting) == []


def test_dump_loads_into_an_empty_database_and_stays_guarded(posting: Posting, tmp_path: Path) -> None:
    dump = tmp_path / "dump.xml"  # JSON would cut microseconds
    call_command("dumpdata", "people", format="xml", output=dump, verbosity=0)
    call_command("loaddata", dump, verbosity=0)  # over itself it says the same
    empty_the_tables()
    call_command("loaddata", dump, verbosity=0)
    loaded = Posting.objects.get()
    assert loaded.recorded_at == posting.recorded_at
    assert unguarded(loaded) == []


def test_forged_dump_is_refused(posting: Posting, tmp_path: Path) -> None:
    dump = tmp_path / "dump.json"
    call_command("dumpdata", "people.posting", output=dump, verbosity=0)
    rows = json.loads(dump.read_text())
    rows[0]["fields"]["service_number"] = "forged"
    dump.write_text(json.dumps(rows))
    with pytest.raises(IntegrityError):
        call_command("loaddata", dump, verbosity=0)


@on_sqlite
def test_backup_of_sqlite_stays_guarded(posting: Posting, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    connection.cursor().execute("VACUUM INTO %s", [str(copy)])
    database = sqlite3.connect(copy)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="posting_append_only"):
            database.execute("UPDATE people_posting SET service_number = 'x'")
    finally:
        database.close()


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_with_real_commits_leaves_the_tables_as_they_were(time: str, new_posting: Any) -> None:
    assert (Posting.objects.count(), Page.objects.filter(depth=1).count()) == (0, 1)
    revise(insert=[new_posting()], by=None)
