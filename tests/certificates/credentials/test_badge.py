import copy

import pytest

from certificates.credentials.badge import badge_says, make_badge, unsigned_badge, verify_badge
from certificates.credentials.errors import Reason
from certificates.credentials.jsontext import Json, read_json, write_json
from certificates.credentials.keys import Keyring

from ..proof_values import BASE_URL, BEARER, CREATED, FACTS, changed, leaves, mutated, refusal


def test_badge_names_its_bearer_after_a_round_trip_as_text(badge: Json, keyring: Keyring):
    received = read_json(write_json(badge))
    assert verify_badge(received, keyring=keyring, base_url=BASE_URL) == BEARER
    assert badge_says(received, facts=FACTS) == BEARER


def test_badge_is_valid_from_midnight_to_midnight_in_baku(badge: Json):
    assert badge["validFrom"] == "2026-11-23T20:00:00Z"
    assert badge["validUntil"] == "2028-11-23T20:00:00Z"


def test_badge_has_a_revocation_and_a_suspension_entry(badge: Json):
    assert [(entry["statusPurpose"], entry["id"]) for entry in badge["credentialStatus"]] == [
        ("revocation", f"{BASE_URL}/status/1#94567"),
        ("suspension", f"{BASE_URL}/status/2#1234"),
    ]


def test_badge_carries_both_suites_in_one_array(badge: Json):
    suites = [proof["cryptosuite"] for proof in badge["proof"]]
    assert suites == ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
    assert {proof["verificationMethod"] for proof in badge["proof"]} == {
        "did:web:localhost%3A8000#credential-2026-1"
    }


def test_badge_with_any_value_changed_is_refused(badge: Json, keyring: Keyring):
    paths = list(leaves(badge))
    assert len(paths) == 74
    for path in paths:
        reason = refusal(
            lambda path=path: verify_badge(mutated(badge, path), keyring=keyring, base_url=BASE_URL)
        )
        assert reason in Reason, path


def test_badge_with_any_value_changed_outside_the_first_proof_is_refused_by_the_quick_check(
    badge: Json, keyring: Keyring
):
    for path in leaves(badge):
        if path[:2] != ("proof", 0):
            refusal(
                lambda path=path: verify_badge(
                    mutated(badge, path), keyring=keyring, base_url=BASE_URL, fast=True
                )
            )


def test_badge_with_a_field_removed_or_added_is_refused(badge: Json, keyring: Keyring):
    for name in badge:
        shorter = {key: value for key, value in badge.items() if key != name}
        refusal(lambda shorter=shorter: verify_badge(shorter, keyring=keyring, base_url=BASE_URL))
    for longer in ({**badge, "grade": "A"}, {**badge, "evidence": []}):
        refusal(lambda longer=longer: verify_badge(longer, keyring=keyring, base_url=BASE_URL))


def test_badge_with_one_proof_of_two_is_refused(badge: Json, keyring: Keyring):
    for kept in badge["proof"]:
        single = {**badge, "proof": [kept]}
        assert (
            refusal(lambda single=single: verify_badge(single, keyring=keyring, base_url=BASE_URL)) == "form"
        )


def test_badge_with_another_context_is_refused(badge: Json, keyring: Keyring):
    extra = copy.deepcopy(badge)
    extra["@context"] = [*extra["@context"], "https://www.w3.org/ns/credentials/examples/v2"]
    assert refusal(lambda: verify_badge(extra, keyring=keyring, base_url=BASE_URL)) == "context"


def test_badge_with_a_term_that_would_stay_unsigned_is_refused_when_made(keyring: Keyring):
    from certificates.credentials import dataintegrity

    document = {**unsigned_badge(FACTS, BEARER), "grade": "A"}
    did = "did:web:localhost%3A8000"
    signer = keyring.signer("credential")
    reason = refusal(lambda: dataintegrity.sign(document, signer=signer, did=did, created=CREATED))
    assert reason == "dropped"


def test_badge_of_a_stranger_under_our_key_name_is_refused(strangers: Keyring, keyring: Keyring):
    forged = make_badge(FACTS, BEARER, signer=strangers.signer("credential"), created=CREATED)
    assert refusal(lambda: verify_badge(forged, keyring=keyring, base_url=BASE_URL)) == "signature"


def test_badge_signed_by_a_key_for_something_else_is_refused(keyring: Keyring):
    for purpose in ("qr", "status", "receipt"):
        wrong = make_badge(FACTS, BEARER, signer=keyring.signer(purpose), created=CREATED)
        assert refusal(lambda wrong=wrong: verify_badge(wrong, keyring=keyring, base_url=BASE_URL)) == "key"


def test_badge_of_another_address_is_refused(badge: Json, keyring: Keyring):
    assert (
        refusal(lambda: verify_badge(badge, keyring=keyring, base_url="https://elsewhere.example"))
        == "issuer"
    )


@pytest.mark.parametrize(
    "field, value",
    [
        ("edition", "2"),
        ("code", "0" * 12),
        ("qualification_version", 3),
        ("last_day", FACTS.first_day),
        ("legal_baseline", FACTS.first_day),
        ("law_confirmed_on", None),
        ("suspension", FACTS.revocation),
    ],
)
def test_genuine_badge_that_says_something_else_is_told_apart(badge: Json, field: str, value: object):
    assert refusal(lambda: badge_says(badge, facts=changed(**{field: value}))) == "differs"
