"""Rows made before a transaction: the same as the model itself would write."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from operations.bulk import BATCH, ModelRows, Spool
from operations.models import AuditEntry, AuditValue
from people.models import Agency, Unit

pytestmark = pytest.mark.django_db


def test_a_spool_gives_back_what_was_added_in_order_and_again() -> None:
    spool: Spool[tuple[int, str]] = Spool()
    said = [(number, f"ə{number}") for number in range(2 * BATCH + 3)]
    for row in said:
        spool.add(row)
    assert len(spool) == len(said)
    for _again in range(2):
        batches = list(spool.batches())
        assert [len(batch) for batch in batches] == [BATCH, BATCH, 3]
        assert [row for batch in batches for row in batch] == said


@pytest.mark.parametrize("value", [None, "ə", 7, {"a": [1, "ş"]}, True])
def test_rows_hold_what_the_model_would_write(value: Any, clerk: Any, clock: Any) -> None:
    entry = AuditEntry.objects.create(at=clock.now, act="a", subject_kind="k", subject_id="1", sha256="0")
    said = {"field": "f", "sha256": "1", "salt": None, "before": None, "after": value}
    rows = ModelRows(AuditValue, late=["entry"])
    rows.add(AuditValue(person_id="one", **said))
    rows.insert(entry=entry)
    plain = AuditValue.objects.create(entry=entry, person_id="two", **said)
    [made] = AuditValue.objects.filter(person_id="one").values()
    [same] = AuditValue.objects.filter(pk=plain.pk).values()
    apart = {"id", "person_id"}
    assert {k: v for k, v in made.items() if k not in apart} == {
        k: v for k, v in same.items() if k not in apart
    }


def test_a_row_finds_what_is_inserted_in_the_same_transaction() -> None:
    agencies, units = ModelRows(Agency), ModelRows(Unit, by={"agency": "public_id"})
    for number in range(3):
        agency = Agency(code=f"a-{number}", kind="other", name=f"a-{number}")
        agencies.add(agency)
        units.add(Unit(code="u"), agency=agency.public_id)
    assert (len(agencies), Agency.objects.count()) == (3, 0)
    with transaction.atomic():
        agencies.insert()
        units.insert()
    assert sorted(Unit.objects.values_list("agency__code", flat=True)) == ["a-0", "a-1", "a-2"]


def test_a_row_of_somebody_who_is_not_there_is_refused() -> None:
    units = ModelRows(Unit, by={"agency": "public_id"})
    units.add(Unit(code="u"), agency="nobody")
    with pytest.raises(IntegrityError), transaction.atomic():
        units.insert()
    assert not Unit.objects.exists()
