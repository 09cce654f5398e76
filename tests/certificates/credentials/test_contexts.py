import hashlib

import pytest
from pyld import jsonld

from certificates.credentials import contexts


def test_every_pinned_context_has_its_digest():
    for address, (name, digest) in contexts._PINNED.items():
        data = (contexts._HERE / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest, address
        assert contexts.load_context(address)["documentUrl"] == address


@pytest.mark.parametrize(
    "address",
    [
        "https://www.w3.org/2018/credentials/v1",
        "https://www.w3.org/ns/credentials/v2#",
        "file:///etc/passwd",
        "http://127.0.0.1:9/",
        "",
    ],
)
def test_other_address_is_refused_without_a_request(address: str):
    with pytest.raises(jsonld.JsonLdError):
        contexts.load_context(address)


def test_changed_context_is_refused(monkeypatch: pytest.MonkeyPatch):
    name, _ = contexts._PINNED[contexts.CREDENTIALS]
    monkeypatch.setitem(contexts._PINNED, "https://changed.example/", (name, "0" * 64))
    with pytest.raises(contexts.ContextChanged):
        contexts.load_context("https://changed.example/")
