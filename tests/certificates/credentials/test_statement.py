from certificates.credentials.badge import make_badge
from certificates.credentials.errors import Reason
from certificates.credentials.jsontext import Json, read_json, write_json
from certificates.credentials.keys import Keyring
from certificates.credentials.statement import (
    StatementFacts,
    make_statement,
    unsigned_statement,
    verify_statement,
)

from ..proof_values import BASE_URL, BEARER, COMMITMENTS, CREATED, FACTS, changed, leaves, mutated, refusal


def statement(keyring: Keyring) -> Json:
    return make_statement(FACTS, COMMITMENTS, signer=keyring.signer("credential"), created=CREATED)


def test_statement_says_its_facts_after_a_round_trip_as_text(keyring: Keyring):
    received = read_json(write_json(statement(keyring)))
    found = verify_statement(received, keyring=keyring, base_url=BASE_URL)
    assert found == StatementFacts(facts=FACTS, commitments=COMMITMENTS, created=CREATED)


def test_statement_holds_no_name_and_no_agency(keyring: Keyring):
    text = write_json(statement(keyring)).decode()
    personal = [*BEARER.names.values(), *BEARER.agency.values(), BEARER.salt_text]
    assert [value for value in personal if value in text] == []


def test_statement_with_any_value_changed_is_refused(keyring: Keyring):
    document = statement(keyring)
    for path in leaves(document):
        reason = refusal(
            lambda path=path: verify_statement(mutated(document, path), keyring=keyring, base_url=BASE_URL)
        )
        assert reason in Reason, path


def test_statement_with_another_signature_is_refused(keyring: Keyring, strangers: Keyring):
    cases = [(strangers.signer("credential"), "signature"), (keyring.signer("status"), "key")]
    for signer, expected in cases:
        forged = make_statement(FACTS, COMMITMENTS, signer=signer, created=CREATED)
        assert (
            refusal(lambda forged=forged: verify_statement(forged, keyring=keyring, base_url=BASE_URL))
            == expected
        )


def test_signed_document_that_is_no_statement_is_refused(keyring: Keyring):
    from certificates.credentials import dataintegrity

    signer = keyring.signer("credential")
    whole = unsigned_statement(FACTS, COMMITMENTS)
    for document in ({}, {**whole, "more": 1}, {**whole, "format": 1}, {**whole, "validUntil": "never"}):
        signed = dataintegrity.sign(
            document,
            signer=signer,
            did="did:web:localhost%3A8000",
            created=CREATED,
            suites=("eddsa-jcs-2022",),
        )
        assert (
            refusal(lambda signed=signed: verify_statement(signed, keyring=keyring, base_url=BASE_URL))
            == "form"
        )


def test_badge_is_no_statement(keyring: Keyring, badge: Json):
    assert refusal(lambda: verify_statement(badge, keyring=keyring, base_url=BASE_URL)) == "context"


def test_statement_stays_verifiable_after_its_key_is_retired(keyring: Keyring):
    later = Keyring(keyring.public_keys)
    found = verify_statement(statement(keyring), keyring=later, base_url=BASE_URL)
    assert found.facts == FACTS


def test_badge_and_statement_name_the_same_bearer(keyring: Keyring):
    made = make_badge(changed(edition="7"), BEARER, signer=keyring.signer("credential"), created=CREATED)
    assert made["credentialSubject"]["identifier"][-1]["identityHash"] == BEARER.hash()
