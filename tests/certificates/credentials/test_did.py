import pytest

from certificates.credentials.did import did_document, did_of
from certificates.credentials.keys import Keyring, PublicKey, Purpose
from certificates.credentials.multikey import multikey, read_multikey

from ..proof_values import BASE_URL, refusal


def test_did_names_the_host_and_its_port():
    assert did_of("https://nisane.example") == "did:web:nisane.example"
    assert did_of(BASE_URL) == "did:web:localhost%3A8000"


@pytest.mark.parametrize(
    "url", ["localhost", "https://host/path", "https://host?x", "https://a@host", "https://host/"]
)
def test_did_of_more_than_a_host_is_refused(url: str):
    with pytest.raises(ValueError):
        did_of(url)


def test_document_lists_every_key_and_lets_two_kinds_assert(keyring: Keyring):
    retired = PublicKey("credential-2025-1", Purpose.CREDENTIAL, bytes(32))
    document = did_document(BASE_URL, [retired, *keyring.public_keys])
    assert [method["id"].split("#")[1] for method in document["verificationMethod"]] == [
        "credential-2025-1",
        "credential-2026-1",
        "qr-2026-1",
        "receipt-2026-1",
        "status-2026-1",
    ]
    assert document["assertionMethod"] == [
        "did:web:localhost%3A8000#credential-2025-1",
        "did:web:localhost%3A8000#credential-2026-1",
        "did:web:localhost%3A8000#status-2026-1",
    ]
    keys = {method["publicKeyMultibase"] for method in document["verificationMethod"]}
    assert keys == {multikey(key.raw) for key in (retired, *keyring.public_keys)}


def test_multikey_of_another_kind_is_refused():
    assert read_multikey(multikey(bytes(range(32)))) == bytes(range(32))
    # An X25519 key of did:key's documentation.
    assert refusal(lambda: read_multikey("z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc")) == "key"
    for text in ("", "z", "6Mk", "z0OIl", "z" + "1" * 200, "uAAAA"):
        assert refusal(lambda text=text: read_multikey(text)) == "form"
