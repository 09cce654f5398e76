import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from certificates.credentials.keyfiles import KeysMissing, KeysUnreadable, KeysUnsafe, write_once
from certificates.credentials.keys import environment_passphrase, load_keyring, make_keys

from ..proof_values import refusal

KIDS = ["credential-2026-1", "qr-2026-1", "status-2026-1", "receipt-2026-1"]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    assert make_keys(made, year=2026) == KIDS
    return made


def test_private_keys_are_readable_by_their_owner_alone(directory: Path):
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    for kid in KIDS:
        assert stat.S_IMODE((directory / f"{kid}.pem").stat().st_mode) == 0o600


def test_making_keys_again_changes_nothing(directory: Path):
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    assert make_keys(directory, year=2027) == []
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before


def test_existing_file_is_never_replaced(tmp_path: Path):
    path = tmp_path / "key.pem"
    assert [write_once(path, b"first", mode=0o600), write_once(path, b"second", mode=0o600)] == [True, False]
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["key.pem"]


def test_retired_key_verifies_and_its_successor_signs(directory: Path):
    old = load_keyring(directory)
    signature = old.signer("credential").sign(b"message")
    (directory / "credential-2026-1.pem").unlink()
    assert make_keys(directory, year=2026) == ["credential-2026-2"]
    keyring = load_keyring(directory)
    assert keyring.signer("credential").kid == "credential-2026-2"
    keyring.verify("credential-2026-1", "credential", signature, b"message")
    assert keyring.kids("credential") == ("credential-2026-1", "credential-2026-2")


def test_newest_of_two_private_keys_signs(directory: Path):
    for name in ("credential-2027-1.pem", "credential-2026-10.pem", "credential-2026-2.pem"):
        (directory / name).write_bytes((directory / "credential-2026-1.pem").read_bytes())
        (directory / name).chmod(0o600)
    assert load_keyring(directory).signer("credential").kid == "credential-2027-1"


def test_key_verifies_for_its_own_purpose_only(directory: Path):
    keyring = load_keyring(directory)
    signature = keyring.signer("qr").sign(b"message")
    keyring.verify("qr-2026-1", "qr", signature, b"message")
    assert refusal(lambda: keyring.verify("qr-2026-1", "credential", signature, b"message")) == "key"
    assert refusal(lambda: keyring.verify("qr-2026-1", "qr", signature, b"another")) == "signature"
    assert refusal(lambda: keyring.verify("qr-2030-1", "qr", signature, b"message")) == "key"


def test_missing_keys_are_named(directory: Path, tmp_path: Path):
    (directory / "status-2026-1.pem").unlink()
    with pytest.raises(KeysMissing, match=r"lacks status-<year>-<number>\.pem$"):
        load_keyring(directory)
    with pytest.raises(KeysMissing, match="receipt-<year>-<number>.pem"):
        load_keyring(tmp_path / "nowhere")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_private_key_that_others_may_touch_is_refused(directory: Path, mode: int):
    (directory / "qr-2026-1.pem").chmod(mode)
    with pytest.raises(KeysUnsafe, match=f"qr-2026-1.pem has mode {mode:04o}"):
        load_keyring(directory)


def test_private_key_behind_a_link_is_refused(directory: Path):
    path = directory / "qr-2026-1.pem"
    path.rename(directory / "elsewhere")
    path.symlink_to(directory / "elsewhere")
    with pytest.raises(KeysUnreadable):
        load_keyring(directory)


def test_public_half_of_another_key_is_refused(directory: Path):
    (directory / "qr-2026-1.pub.pem").replace(directory / "status-2026-1.pub.pem")
    with pytest.raises(KeysUnreadable, match="status-2026-1.pub.pem is the public half of another key"):
        load_keyring(directory)


def test_encrypted_key_needs_its_passphrase(directory: Path, monkeypatch: pytest.MonkeyPatch):
    key = Ed25519PrivateKey.generate()
    for kid in KIDS:
        sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"correct"))
        (directory / f"{kid}.pem").write_bytes(sealed)
        (directory / f"{kid}.pub.pem").unlink()
    assert environment_passphrase() is None
    with pytest.raises(KeysUnreadable, match="needs NISANE_KEYS_PASSPHRASE"):
        load_keyring(directory)
    with pytest.raises(KeysUnreadable, match="or NISANE_KEYS_PASSPHRASE is not its passphrase"):
        load_keyring(directory, passphrase=b"wrong")
    monkeypatch.setenv("NISANE_KEYS_PASSPHRASE", "correct")
    keyring = load_keyring(directory, passphrase=environment_passphrase())
    assert keyring.public_keys[0].raw == key.public_key().public_bytes_raw()


def test_key_that_is_not_encrypted_beside_a_passphrase_is_called_so(directory: Path):
    with pytest.raises(KeysUnreadable, match="is not encrypted, but NISANE_KEYS_PASSPHRASE is set"):
        load_keyring(directory, passphrase=b"correct")


def test_signer_does_not_show_its_key(directory: Path):
    assert repr(load_keyring(directory).signer("qr")) == "FileSigner(kid='qr-2026-1')"
