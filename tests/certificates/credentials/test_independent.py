"""Our proofs, read by others: libraries that the product does not use, and published vectors."""

import base64
from datetime import date
from typing import Any

import cbor2
import cwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, check_credential_status
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.proof.errors import SignatureInvalid

from certificates.credentials import dataintegrity, qr, receipt, status
from certificates.credentials.badge import make_badge
from certificates.credentials.contexts import OPEN_BADGES, load_context
from certificates.credentials.jsontext import Json, write_json
from certificates.credentials.keys import Keyring
from certificates.credentials.multikey import multibase, multikey, read_base58

from ..proof_values import BASE_URL, BEARER, CREATED, FACTS, PUBLIC_ID, changed, leaves, mutated

# Other verifiers compare with their own clock; this one is current for as long as they may run.
CURRENT = changed(first_day=date(2020, 1, 1), last_day=date(2099, 12, 31))


@pytest.fixture(scope="module")
def current_badge(keyring: Keyring) -> Json:
    return make_badge(CURRENT, BEARER, signer=keyring.signer("credential"), created=CREATED)


def pem(keyring: Keyring, purpose: str) -> bytes:
    key = keyring.public_key(keyring.kids(purpose)[0], purpose)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(keyring: Keyring, purpose: str) -> dict[str, str]:
    raw = keyring.public_key(keyring.kids(purpose)[0], purpose).public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).rstrip(b"=").decode()}


def test_openbadgeslib_reads_and_accepts_the_badge(current_badge: Json, keyring: Keyring):
    credential = OB3LdpVerifier(pem(keyring, "credential")).verify(write_json(current_badge))
    assert credential.issuer.id == "did:web:localhost%3A8000"
    assert [entry["statusPurpose"] for entry in credential.credential_status] == ["revocation", "suspension"]


def test_openbadgeslib_refuses_the_badge_with_any_signed_value_changed(current_badge: Json, keyring: Keyring):
    verifier = OB3LdpVerifier(pem(keyring, "credential"))
    for path in leaves(current_badge):
        # It verifies the first proof only, and trusts the key it was given whatever name the proof has.
        if path[0] != "proof":
            with pytest.raises(OB3VerificationError):
                verifier.verify(mutated(current_badge, path))


@pytest.mark.parametrize("place, suite", [(0, DataIntegrityProofSuite), (1, EddsaJcsProofSuite)])
def test_openvc_accepts_each_proof(current_badge: Json, keyring: Keyring, place: int, suite: type):
    single = {**current_badge, "proof": current_badge["proof"][place]}
    options: dict[str, Any] = {"public_key_jwk": jwk(keyring, "credential")}
    if suite is DataIntegrityProofSuite:
        options["extra_contexts"] = {OPEN_BADGES: load_context(OPEN_BADGES)["document"]}
    assert suite().verify(single, **options).issuer == "did:web:localhost%3A8000"
    with pytest.raises(SignatureInvalid):
        suite().verify({**single, "name": "Another"}, **options)


@pytest.mark.parametrize("marked, accepted", [([], True), ([1_234], False)])
def test_openbadgeslib_reads_the_status_list(
    current_badge: Json, keyring: Keyring, marked: list[int], accepted: bool
):
    lists = {
        f"{BASE_URL}/status/{number}": write_json(
            status.sign_status_list(
                base_url=BASE_URL,
                number=number,
                purpose=purpose,
                marked=marked if number == 2 else [],
                valid_from=CURRENT.valid_from,
                valid_until=CURRENT.valid_until,
                signer=keyring.signer("status"),
                ttl=CURRENT.valid_until - CURRENT.valid_from,
            )
        )
        for number, purpose in ((1, "revocation"), (2, "suspension"))
    }
    credential = OB3LdpVerifier(pem(keyring, "credential")).verify(write_json(current_badge))

    def check() -> None:
        check_credential_status(credential, download=lists.__getitem__)

    if accepted:
        check()
    else:
        with pytest.raises(OB3VerificationError):
            check()


def opened(data: bytes) -> cbor2.CBORTag:
    """Lists and dicts: cwt does not know the immutable values that cbor2 gives inside a tag."""
    protected, unprotected, payload, signature = cbor2.loads(data).value
    return cbor2.CBORTag(18, [protected, dict(unprotected), payload, signature])


def test_cwt_verifies_the_qr_token_under_its_own_id_only(keyring: Keyring):
    token = qr.make_token(FACTS, BEARER, signer=keyring.signer("qr"))
    key = cwt.COSEKey.from_jwk({**jwk(keyring, "qr"), "kid": "qr-2026-1", "alg": "EdDSA"})
    payload = cbor2.loads(cwt.COSE().decode(opened(token), key, external_aad=PUBLIC_ID.encode()))
    assert payload[4] == int(FACTS.valid_until.timestamp())
    with pytest.raises(cwt.VerifyError):
        cwt.COSE().decode(opened(token), key, external_aad=b"A" * 22)


def test_cwt_verifies_a_receipt(keyring: Keyring):
    data = receipt.sign_receipt({"function": "8", "cleared": True}, signer=keyring.signer("receipt"))
    key = cwt.COSEKey.from_jwk({**jwk(keyring, "receipt"), "kid": "receipt-2026-1", "alg": "EdDSA"})
    assert cbor2.loads(cwt.COSE().decode(opened(data), key)) == {"function": "8", "cleared": True}


# The "Alumni Credential" of the W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", appendix
# "Test Vectors": its key, its document, its two signatures.
W3C_SECRET = "3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
W3C_PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
W3C_DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2", EXAMPLES],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
W3C_SIGNATURES = {
    "eddsa-rdfc-2022": (
        "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9"
    ),
    "eddsa-jcs-2022": (
        "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4"
    ),
}


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_signature_equals_that_of_the_recommendation(suite: str):
    key = Ed25519PrivateKey.from_private_bytes(read_base58(W3C_SECRET)[2:])
    assert multikey(key.public_key().public_bytes_raw()) == W3C_PUBLIC
    config: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"https://vc.example/issuers/5678#{W3C_PUBLIC}",
        "proofPurpose": "assertionMethod",
    }
    if suite == "eddsa-jcs-2022":
        config["@context"] = W3C_DOCUMENT["@context"]

    def loader(address: str, options: object = None) -> dict[str, object]:
        if address != EXAMPLES:
            return load_context(address)
        vocabulary = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
        return {**load_context(W3C_DOCUMENT["@context"][0]), "documentUrl": address, "document": vocabulary}

    message = dataintegrity.hash_document(W3C_DOCUMENT, config, loader=loader)
    assert multibase(key.sign(message)) == W3C_SIGNATURES[suite]
