"""The signed forms are what they were when they were written down, and what was signed then still verifies."""

import pytest

from certificates.credentials.event import verify_event
from certificates.credentials.statement import StatementFacts, verify_statement

from ..proof_values import BASE_URL, COMMITMENTS, CREATED, EVENT, FACTS
from . import golden


@pytest.mark.parametrize("name", sorted(golden.made()))
def test_form_is_made_as_it_was_written_down(name: str):
    assert golden.made()[name] == golden.kept(name)


def test_every_form_written_down_is_of_today():
    assert {path.stem for path in golden.FOLDER.glob("*.json")} == set(golden.made())


def test_statement_written_down_is_read():
    found = verify_statement(golden.kept("statement-3"), keyring=golden.KEYRING, base_url=BASE_URL)
    assert found == StatementFacts(facts=FACTS, commitments=COMMITMENTS, created=CREATED)


def test_event_written_down_is_read():
    assert verify_event(golden.kept("event-1"), keyring=golden.KEYRING, base_url=BASE_URL) == EVENT
