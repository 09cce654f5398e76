import dataclasses
from datetime import UTC, date, datetime

import pytest

from certificates.credentials.facts import Bearer, StatusEntry, new_salt, read_utc, utc_text

from ..proof_values import BEARER, FACTS, changed


def test_validity_is_half_open_from_midnight_to_midnight_in_baku():
    facts = changed(first_day=date(2026, 3, 1), last_day=date(2026, 3, 1))
    assert utc_text(facts.valid_from) == "2026-02-28T20:00:00Z"
    assert utc_text(facts.valid_until) == "2026-03-01T20:00:00Z"


@pytest.mark.parametrize(
    "field, value",
    [
        ("base_url", "http://localhost:8000/"),
        ("base_url", "ftp://localhost"),
        ("public_id", "short"),
        ("code", "7Q4K-28FD-M3XR"),
        ("qualification_code", "C1 LAB"),
        ("qualification_version", 0),
        ("qualification_version", True),
        ("qualification_names", {"az": "a", "en": "b"}),
        ("criteria", {"az": "a", "en": "b", "ru": " "}),
        ("issuer_names", {"az": "a", "en": "b", "ru": "x" * 601}),
        ("issuer_names", {"az": "a", "en": "b", "ru": "и\u0306"}),
        ("last_day", date(2026, 11, 23)),
        ("edition", "1\n2"),
        ("awarded_at", datetime(2026, 1, 1)),
    ],
)
def test_fact_out_of_shape_is_refused(field: str, value: object):
    with pytest.raises(ValueError):
        changed(**{field: value})


@pytest.mark.parametrize("list_number, index", [(0, 1), (1, -1), (1, 131_072), (1, True), (1, "1")])
def test_status_entry_outside_its_list_is_refused(list_number: object, index: object):
    with pytest.raises(ValueError):
        StatusEntry(list_number=list_number, index=index)  # type: ignore[arg-type]


def test_awarded_instant_keeps_whole_seconds():
    assert changed(awarded_at=FACTS.awarded_at.replace(microsecond=999_999)) == FACTS


@pytest.mark.parametrize(
    "field, value",
    [
        ("names", {"Cyrl": "Алиев"}),
        ("names", {"Latn": ""}),
        ("names", {"Latn": "Əliyev", "latin": "x"}),
        ("agency", {"en": "Service"}),
        ("agency", {"az": "Xidmət", "fr": "Service"}),
        ("salt", b"short"),
    ],
)
def test_bearer_out_of_shape_is_refused(field: str, value: object):
    with pytest.raises(ValueError):
        dataclasses.replace(BEARER, **{field: value})


def test_bearer_hash_changes_with_name_agency_and_salt():
    others = [
        dataclasses.replace(BEARER, names={"Latn": "Rəşad Elçin oğlu Əliyev"}),
        dataclasses.replace(BEARER, agency={"az": "Başqa"}),
        dataclasses.replace(BEARER, salt=new_salt()),
    ]
    assert len({BEARER.hash(), *(other.hash() for other in others)}) == 4
    again = Bearer(names=dict(reversed(BEARER.names.items())), agency=BEARER.agency, salt=BEARER.salt)
    assert again.hash() == BEARER.hash()


def test_instant_has_one_text():
    instant = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert read_utc(utc_text(instant)) == instant
    for text in ("2026-11-24T08:00:00+00:00", "2026-11-24", "2026-1-24T08:00:00Z", ""):
        with pytest.raises(ValueError):
            read_utc(text)
