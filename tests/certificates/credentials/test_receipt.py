import pytest

from certificates.credentials import qr
from certificates.credentials.keys import Keyring
from certificates.credentials.receipt import Receipt, sign_receipt, verify_receipt

from ..proof_values import BEARER, FACTS, refusal

CLAIMS = {
    "id": "B" * 22,
    "function": "8",
    "cleared": False,
    "asked_at": "2026-11-24T08:30:15Z",
    "reasons": ["certificate.revoked"],
    "certificate": {"id": "C" * 22, "until": None},
    "record": 7,
}


def test_receipt_says_its_claims(keyring: Keyring):
    data = sign_receipt(CLAIMS, signer=keyring.signer("receipt"))
    assert verify_receipt(data, keyring=keyring) == Receipt(CLAIMS, "receipt-2026-1")


def test_same_claims_give_the_same_receipt(keyring: Keyring):
    signer = keyring.signer("receipt")
    other_order = dict(reversed(CLAIMS.items()))
    assert sign_receipt(CLAIMS, signer=signer) == sign_receipt(other_order, signer=signer)


def test_receipt_with_any_bit_flipped_is_refused(keyring: Keyring):
    data = sign_receipt(CLAIMS, signer=keyring.signer("receipt"))
    for position in range(len(data)):
        flipped = bytearray(data)
        flipped[position] ^= 1 << (position % 8)
        refusal(lambda flipped=flipped: verify_receipt(bytes(flipped), keyring=keyring))


def test_receipt_of_a_stranger_or_another_purpose_is_refused(keyring: Keyring, strangers: Keyring):
    for signer, reason in ((strangers.signer("receipt"), "signature"), (keyring.signer("qr"), "key")):
        forged = sign_receipt(CLAIMS, signer=signer)
        assert refusal(lambda forged=forged: verify_receipt(forged, keyring=keyring)) == reason


def test_qr_token_is_no_receipt(keyring: Keyring):
    token = qr.make_token(FACTS, BEARER, signer=keyring.signer("receipt"))
    assert refusal(lambda: verify_receipt(token, keyring=keyring)) == "key"


@pytest.mark.parametrize(
    "value", [1.5, b"bytes", FACTS.first_day, {1: "number as name"}, {"deep": [object()]}]
)
def test_claim_that_would_not_come_back_is_refused(keyring: Keyring, value: object):
    with pytest.raises(ValueError):
        sign_receipt({"claim": value}, signer=keyring.signer("receipt"))  # type: ignore[dict-item]


def test_receipt_too_large_to_be_read_is_not_made(keyring: Keyring):
    with pytest.raises(ValueError, match="at most 8192"):
        sign_receipt({"claim": "x" * 9_000}, signer=keyring.signer("receipt"))
