import base64
import gzip
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.credentials.facts import ENTRIES
from certificates.credentials.jsontext import Json
from certificates.credentials.keys import Keyring
from certificates.credentials.status import (
    StatusList,
    decode_list,
    encode_list,
    sign_status_list,
    verify_status_list,
)

from ..proof_values import BASE_URL, CREATED, leaves, mutated, refusal


def signed(keyring: Keyring, *, purpose: str = "revocation", marked: tuple[int, ...] = (0, 94_567)) -> Json:
    return sign_status_list(
        base_url=BASE_URL,
        number=1,
        purpose=purpose,
        marked=marked,
        valid_from=CREATED,
        valid_until=CREATED + timedelta(hours=4),
        signer=keyring.signer("status"),
        ttl=timedelta(minutes=5),
    )


def verified(document: Json, keyring: Keyring, **changes: object) -> StatusList:
    asked = {"base_url": BASE_URL, "number": 1, "purpose": "revocation", "at": CREATED} | changes
    return verify_status_list(document, keyring=keyring, **asked)  # type: ignore[arg-type]


@given(st.sets(st.integers(0, ENTRIES - 1), max_size=300))
def test_list_marks_exactly_the_given_places(marked: set[int]):
    bits = decode_list(encode_list(marked))
    found = {
        byte * 8 + bit
        for byte, value in enumerate(bits)
        if value
        for bit in range(8)
        if value & (0x80 >> bit)
    }
    assert found == marked


def test_list_reads_its_first_and_last_place(keyring: Keyring):
    found = verified(signed(keyring, marked=(0, ENTRIES - 1)), keyring)
    assert [found.is_marked(index) for index in (0, 1, ENTRIES - 2, ENTRIES - 1)] == [
        True,
        False,
        False,
        True,
    ]
    for outside in (-1, ENTRIES):
        with pytest.raises(IndexError):
            found.is_marked(outside)
        with pytest.raises(IndexError):
            encode_list([outside])


def encoded(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "value, reason",
    [
        (None, "form"),
        ("", "form"),
        ("zabc", "form"),
        ("u****", "form"),
        (encoded(b"not gzip"), "form"),
        (encoded(gzip.compress(bytes(16_383), mtime=0)), "form"),
        (encoded(gzip.compress(bytes(16_385), mtime=0)), "form"),
        (encoded(gzip.compress(bytes(50_000_000), mtime=0)), "too_large"),
        (encoded(gzip.compress(bytes(20_000_000), mtime=0)), "form"),
        (encoded(gzip.compress(bytes(16_384), mtime=0) + b"more"), "form"),
        (encoded(gzip.compress(bytes(16_384), mtime=0)[:-4]), "form"),
    ],
)
def test_list_of_another_size_or_form_is_refused(value: object, reason: str):
    assert refusal(lambda: decode_list(value)) == reason


def test_list_with_any_value_changed_is_refused(keyring: Keyring):
    document = signed(keyring)
    for path in leaves(document):
        refusal(lambda path=path: verified(mutated(document, path), keyring))


def test_list_with_its_bits_exchanged_is_refused(keyring: Keyring):
    document = signed(keyring)
    document["credentialSubject"]["encodedList"] = encode_list([])
    for fast in (True, False):
        assert refusal(lambda fast=fast: verified(document, keyring, fast=fast)) == "signature"


@pytest.mark.parametrize("change", [{"number": 2}, {"purpose": "suspension"}])
def test_genuine_list_other_than_the_one_asked_for_is_refused(keyring: Keyring, change: dict[str, object]):
    assert refusal(lambda: verified(signed(keyring), keyring, **change)) == "differs"


@pytest.mark.parametrize(
    "after, current",
    [(-timedelta(seconds=1), False), (timedelta(0), True), (timedelta(hours=4), False)],
)
def test_list_holds_from_its_first_instant_until_before_its_last(
    keyring: Keyring, after: timedelta, current: bool
):
    document = signed(keyring)
    if current:
        assert verified(document, keyring, at=CREATED + after).number == 1
    else:
        assert refusal(lambda: verified(document, keyring, at=CREATED + after)) == "expired"


def test_list_signed_with_a_key_for_something_else_is_refused(keyring: Keyring, strangers: Keyring):
    for signer, reason in ((keyring.signer("credential"), "key"), (strangers.signer("status"), "signature")):
        document = sign_status_list(
            base_url=BASE_URL,
            number=1,
            purpose="revocation",
            marked=(),
            valid_from=CREATED,
            valid_until=CREATED + timedelta(hours=4),
            signer=signer,
            ttl=timedelta(0),
        )
        assert refusal(lambda document=document: verified(document, keyring)) == reason


def test_list_tells_others_how_long_to_keep_it(keyring: Keyring):
    assert signed(keyring)["credentialSubject"]["ttl"] == 300_000


def test_list_for_another_purpose_is_not_made(keyring: Keyring):
    with pytest.raises(ValueError):
        signed(keyring, purpose="message")
