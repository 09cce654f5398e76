import io

import cbor2
import pytest
import zxingcpp
from PIL import Image

from certificates.credentials import qr
from certificates.credentials.keys import Keyring

from ..proof_values import BEARER, FACTS, PUBLIC_ID, refusal


@pytest.fixture(scope="module")
def token(keyring: Keyring) -> bytes:
    return qr.make_token(FACTS, BEARER, signer=keyring.signer("qr"))


def test_token_says_what_the_paper_says(token: bytes, keyring: Keyring):
    assert qr.verify_token(token, public_id=PUBLIC_ID, keyring=keyring) == qr.QrContents(
        name=BEARER.name,
        agency=BEARER.agency["az"],
        qualification_code="C1-LAB",
        valid_from=FACTS.valid_from,
        valid_until=FACTS.valid_until,
        revocation=FACTS.revocation,
        suspension=FACTS.suspension,
        kid="qr-2026-1",
    )


def test_token_under_another_id_is_refused(token: bytes, keyring: Keyring):
    for other in ("A" * 22, PUBLIC_ID[:-1], "", "é"):
        reason = refusal(lambda other=other: qr.verify_token(token, public_id=other, keyring=keyring))
        assert reason == "signature"


def test_token_with_any_bit_flipped_is_refused(token: bytes, keyring: Keyring):
    for position in range(len(token)):
        flipped = bytearray(token)
        flipped[position] ^= 1 << (position % 8)
        reason = refusal(
            lambda flipped=flipped: qr.verify_token(bytes(flipped), public_id=PUBLIC_ID, keyring=keyring)
        )
        assert reason in ("form", "key", "signature"), position


def test_token_cut_short_or_made_longer_is_refused(token: bytes, keyring: Keyring):
    for other in [token[:length] for length in range(len(token))] + [token + b"\0", b"", b"\0" * 9_000]:
        refusal(lambda other=other: qr.verify_token(other, public_id=PUBLIC_ID, keyring=keyring))


def test_token_of_a_stranger_or_another_purpose_is_refused(keyring: Keyring, strangers: Keyring):
    for signer, reason in ((strangers.signer("qr"), "signature"), (keyring.signer("receipt"), "key")):
        forged = qr.make_token(FACTS, BEARER, signer=signer)
        assert (
            refusal(lambda forged=forged: qr.verify_token(forged, public_id=PUBLIC_ID, keyring=keyring))
            == reason
        )


def test_signed_map_that_is_no_token_is_refused(keyring: Keyring):
    from certificates.credentials.cose import sign1

    for claims in (
        {},
        {4: 1, 5: 1},
        {4: 1, 5: 1, -65537: [1]},
        {4: 10**30, 5: 1, -65537: ["", "", "", [1, 1], [1, 1]]},
    ):
        signed = sign1(claims, signer=keyring.signer("qr"), external=PUBLIC_ID.encode())
        reason = refusal(lambda signed=signed: qr.verify_token(signed, public_id=PUBLIC_ID, keyring=keyring))
        assert reason == "form"


def test_token_is_readable_as_plain_cbor(token: bytes):
    tag = cbor2.loads(token)
    protected, unprotected, payload, signature = tag.value
    assert (tag.tag, unprotected, len(signature)) == (18, {}, 64)
    assert cbor2.loads(protected) == {1: -8, 4: b"qr-2026-1"}
    assert cbor2.loads(payload)[-65537][:3] == [BEARER.name, BEARER.agency["az"], "C1-LAB"]


def test_fragment_is_the_one_text_of_its_bytes(token: bytes):
    text = qr.fragment(token)
    assert qr.read_fragment(text) == token
    assert "=" not in text
    for other in (text.lower(), text + "=", "", "1" * 8, "B", "A A", "A" * 1_601):
        refusal(lambda other=other: qr.read_fragment(other))
    # One byte takes two characters, and of "AA" and "AB" only the first leaves no bit over.
    assert qr.read_fragment("AA") == b"\0"
    assert refusal(lambda: qr.read_fragment("AB")) == "form"


def test_qr_picture_holds_exactly_the_text(token: bytes):
    text = qr.qr_text(FACTS.url, token)
    assert text.startswith(f"http://localhost:8000/c/{PUBLIC_ID}#")
    picture = Image.open(io.BytesIO(qr.qr_png(text)))
    assert [code.text for code in zxingcpp.read_barcodes(picture, zxingcpp.BarcodeFormat.QRCode)] == [text]


def test_qr_picture_of_a_long_name_stays_printable(keyring: Keyring):
    import dataclasses

    long = dataclasses.replace(BEARER, names={"Latn": "Ş" * 70}, agency={"az": "Ə" * 80})
    text = qr.qr_text(FACTS.url, qr.make_token(FACTS, long, signer=keyring.signer("qr")))
    modules = Image.open(io.BytesIO(qr.qr_png(text, scale=1, border=0))).width
    assert modules <= 97  # version 20
