"""What is remembered is what was made: the same rows and documents, and nothing where something differs."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from operations import clock
from operations.models import AuditEntry
from people.models import Agency, User
from tests import factories
from tests.databases import contents
from tests.remembered import FRESH, remembered

pytestmark = pytest.mark.django_db
calls: list[str] = []


@remembered
def written(person: User, word: str) -> Agency:
    """A new row, a changed one, and a document."""
    calls.append(word)
    User.objects.filter(pk=person.pk).update(given_name=word)
    storages["documents"].save(f"{word}.pdf", ContentFile(b"%PDF"))
    return factories.make_agency("remembered")


def twice(person: User, *words: str) -> list[object]:
    """What stands in the database after each call, beginning anew each time."""
    found: list[object] = []
    for word in words:
        with transaction.atomic():
            agency = written(person, word)
            assert agency == Agency.objects.get(code="remembered")
            found.append(
                {table: (columns, sorted(rows, key=repr)) for table, (columns, rows) in contents().items()}
            )
            transaction.set_rollback(True)
        Path(storages["documents"].path(f"{word}.pdf")).unlink()
    return found


def test_second_call_writes_the_same_without_the_actions(officer: User) -> None:
    calls.clear()
    first, second = twice(officer, "Nigar", "Nigar")
    assert first == second
    assert calls == ["Nigar"]


def test_other_words_a_changed_row_and_more_rows_are_made_anew(officer: User) -> None:
    calls.clear()
    first, second = twice(officer, "Rena", "Lala")
    assert first != second
    officer.given_name = "Another"
    twice(officer, "Rena")
    AuditEntry.objects.create(act="x", subject_kind="x", subject_id="x", at=clock.now())
    twice(officer, "Rena")
    assert calls == ["Rena", "Lala", "Rena", "Rena"]


def test_instants_are_never_old(officer: User) -> None:
    calls.clear()
    twice(officer, "Sevil")
    with clock.at(clock.now() + FRESH + timedelta(seconds=1)):
        twice(officer, "Sevil")
    with clock.at(clock.now() - timedelta(days=1)):
        twice(officer, "Sevil")
    assert len(calls) == 3


@remembered
def found(word: str) -> Agency:
    """What is there already, or a new one."""
    calls.append(word)
    return Agency.objects.filter(code="beside").first() or factories.make_agency("beside")


def test_what_it_was_made_beside_may_have_another_id_meanwhile(officer: User) -> None:
    calls.clear()
    ids = []
    for number in (1, 2):
        with transaction.atomic():
            agency = factories.make_agency("beside")
            Agency.objects.filter(pk=agency.pk).update(id=agency.pk + number * 100)
            ids.append(found("beside").pk)
            transaction.set_rollback(True)
    assert (len(set(ids)), calls) == (2, ["beside", "beside"])
