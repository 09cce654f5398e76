from dataclasses import fields, replace
from datetime import timedelta

import pytest

from certificates.credentials import dataintegrity
from certificates.credentials.errors import Reason
from certificates.credentials.event import EventFacts, make_event, unsigned_event, verify_event
from certificates.credentials.jsontext import Json, read_json, write_json
from certificates.credentials.keys import Keyring

from ..proof_values import BASE_URL, CREATED, EVENT, leaves, mutated, refusal


def event(keyring: Keyring, facts: EventFacts = EVENT) -> Json:
    return make_event(facts, signer=keyring.signer("status"))


@pytest.mark.parametrize(
    "facts", [EVENT, replace(EVENT, until=None, by="", proposal="", number=1, previous="")]
)
def test_event_says_its_facts_after_a_round_trip_as_text(keyring: Keyring, facts: EventFacts):
    received = read_json(write_json(event(keyring, facts)))
    assert verify_event(received, keyring=keyring, base_url=BASE_URL) == facts


def test_instants_of_one_second_are_told_apart(keyring: Keyring):
    later = replace(EVENT, recorded_at=EVENT.recorded_at + timedelta(microseconds=1))
    assert verify_event(event(keyring, later), keyring=keyring, base_url=BASE_URL) == later != EVENT


def test_every_fact_is_signed(keyring: Keyring):
    """A field that the signed form forgot would come back as it was."""
    said = unsigned_event(EVENT)
    for field in fields(EventFacts):
        value = getattr(EVENT, field.name)
        other = value + 1 if isinstance(value, int) else None
        if isinstance(value, str):
            other = f"{value}x"
        elif other is None:
            other = value + timedelta(seconds=1)
        assert unsigned_event(replace(EVENT, **{field.name: other})) != said, field.name


def test_event_with_any_value_changed_is_refused(keyring: Keyring):
    document = event(keyring)
    for path in leaves(document):
        reason = refusal(
            lambda path=path: verify_event(mutated(document, path), keyring=keyring, base_url=BASE_URL)
        )
        assert reason in Reason, path


def test_event_with_another_signature_is_refused(keyring: Keyring, strangers: Keyring):
    for signer, expected in (
        (strangers.signer("status"), "signature"),
        (keyring.signer("credential"), "key"),
    ):
        forged = make_event(EVENT, signer=signer)
        assert (
            refusal(lambda forged=forged: verify_event(forged, keyring=keyring, base_url=BASE_URL))
            == expected
        )


def test_signed_document_that_is_no_event_is_refused(keyring: Keyring):
    whole = unsigned_event(EVENT)
    for document in ({}, {**whole, "more": 1}, {**whole, "format": 2}, {**whole, "recordedAt": "2026-11-24"}):
        signed = dataintegrity.sign(
            document, signer=keyring.signer("status"), did="did:web:localhost%3A8000", created=CREATED,
            suites=("eddsa-jcs-2022",),
        )  # fmt: skip
        assert (
            refusal(lambda signed=signed: verify_event(signed, keyring=keyring, base_url=BASE_URL)) == "form"
        )


def test_event_of_another_installation_is_refused(keyring: Keyring):
    other = replace(EVENT, base_url="https://elsewhere.example")
    assert (
        refusal(lambda: verify_event(event(keyring, other), keyring=keyring, base_url=BASE_URL)) == "issuer"
    )
