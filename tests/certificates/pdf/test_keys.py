import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certificates.credentials.keyfiles import KeysMissing, KeysUnreadable, KeysUnsafe
from certificates.pdf.keys import load_document_signer, load_trust_roots, make_document_keys

from .conftest import ISSUER


def make(directory: Path, issuer_name: str = ISSUER) -> list[str]:
    return make_document_keys(
        directory,
        issuer_name=issuer_name,
        valid_from=datetime(2020, 1, 1, tzinfo=UTC),
        valid_until=datetime(2099, 1, 1, tzinfo=UTC),
    )


def test_private_file_is_readable_by_its_owner_alone(tmp_path: Path):
    assert make(tmp_path) == ["document-signer.pem", "document-roots.pem"]
    assert stat.S_IMODE((tmp_path / "document-signer.pem").stat().st_mode) == 0o600


def test_making_keys_again_changes_nothing(tmp_path: Path):
    make(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert make(tmp_path) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_lost_roots_come_back_from_the_chain(tmp_path: Path):
    make(tmp_path)
    roots = load_trust_roots(tmp_path)
    (tmp_path / "document-roots.pem").unlink()
    assert make(tmp_path) == ["document-roots.pem"]
    assert load_trust_roots(tmp_path) == roots


def test_signer_may_sign_documents_and_nothing_else(tmp_path: Path):
    make(tmp_path)
    certificate = load_document_signer(tmp_path).certificate
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    certificate.verify_directly_issued_by(load_trust_roots(tmp_path)[0])


def test_long_issuer_name_is_cut_between_letters(tmp_path: Path):
    make(tmp_path, issuer_name="Ə" * 60)
    (name,) = load_document_signer(tmp_path).certificate.subject.get_attributes_for_oid(
        x509.NameOID.COMMON_NAME
    )
    assert name.value == "Ə" * 32


def test_missing_or_open_files_are_named(tmp_path: Path):
    with pytest.raises(KeysMissing, match="document-signer.pem is missing"):
        load_document_signer(tmp_path)
    with pytest.raises(KeysMissing, match="document-roots.pem is missing"):
        load_trust_roots(tmp_path)
    make(tmp_path)
    (tmp_path / "document-signer.pem").chmod(0o644)
    with pytest.raises(KeysUnsafe, match="document-signer.pem has mode 0644"):
        load_document_signer(tmp_path)


def test_broken_files_are_refused(tmp_path: Path):
    make(tmp_path)
    path = tmp_path / "document-signer.pem"
    bundle = path.read_bytes()
    certificates = bundle[bundle.index(b"-----BEGIN CERTIFICATE") :]
    wrong = (ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048))
    others = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for key in wrong]
    for content in (b"", certificates, bundle[: len(bundle) // 2], *(pem + certificates for pem in others)):
        path.write_bytes(content)
        with pytest.raises(KeysUnreadable, match="document-signer.pem"):
            load_document_signer(tmp_path)


def test_certificate_that_no_signature_can_name_is_refused_when_it_is_loaded(tmp_path: Path):
    make(tmp_path)
    path, signer = tmp_path / "document-signer.pem", load_document_signer(tmp_path)
    nameless = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Ministry")])
    made = x509.CertificateBuilder(
        subject_name=nameless, issuer_name=nameless, public_key=signer._key.public_key(), serial_number=1,
        not_valid_before=signer.certificate.not_valid_before_utc, not_valid_after=signer.certificate.not_valid_after_utc,
    ).sign(signer._key, SHA256())  # fmt: skip
    key, *certificates = path.read_bytes().split(b"-----BEGIN CERTIFICATE")
    path.write_bytes(key + made.public_bytes(Encoding.PEM) + b"-----BEGIN CERTIFICATE" + certificates[-1])
    with pytest.raises(KeysUnreadable, match="no common name, or several"):
        load_document_signer(tmp_path)


def test_signer_does_not_show_its_key(tmp_path: Path):
    make(tmp_path)
    assert repr(load_document_signer(tmp_path)) == f"DocumentSigner(CN={ISSUER},O={ISSUER},C=AZ)"


def test_signing_key_that_is_not_encrypted_beside_a_passphrase_is_called_so(tmp_path: Path):
    make(tmp_path)
    with pytest.raises(KeysUnreadable, match="is not encrypted, but NISANE_KEYS_PASSPHRASE is set"):
        load_document_signer(tmp_path, passphrase=b"correct")
