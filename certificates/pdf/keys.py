"""Signer of the files: an X.509 certificate under a root of our own, in one private file.

`document-signer.pem` (0600) holds the private key, its certificate and the chain; `document-roots.pem` the
roots we accept, retired ones too. A ministry's certification authority takes the place of the development
root by replacing both files.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from certificates.credentials.keyfiles import (
    KeysMissing,
    KeysUnreadable,
    read_private,
    write_once,
)
from certificates.credentials.keys import encryption_hint

SIGNER_FILE, ROOTS_FILE = "document-signer.pem", "document-roots.pem"
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336

type SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    """Return it as pyHanko takes it."""
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


@dataclass(frozen=True)
class DocumentSigner:
    """The key, parsed once: doing it again for every signature costs more than the signature."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    _key: SigningKey

    def __repr__(self) -> str:
        return f"DocumentSigner({self.certificate.subject.rfc4514_string()})"

    def sign(self, message: bytes) -> bytes:
        """SHA-256 with ECDSA, or RSA PKCS#1 v1.5."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(message, ec.ECDSA(hashes.SHA256()))


def make_document_keys(
    directory: Path, *, issuer_name: str, valid_from: datetime, valid_until: datetime
) -> list[str]:
    """A development root and signer; returns the files it made. What exists is kept.

    The root's private key is forgotten at once: nothing else can ever be signed under it.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    if not (directory / SIGNER_FILE).exists():
        bundle = _new_bundle(issuer_name, valid_from, valid_until)
        if write_once(directory / SIGNER_FILE, bundle, mode=0o600):
            made.append(SIGNER_FILE)
    root = load_document_signer(directory).chain[-1]
    if write_once(directory / ROOTS_FILE, root.public_bytes(Encoding.PEM), mode=0o644):
        made.append(ROOTS_FILE)
    return made


def _new_bundle(issuer_name: str, valid_from: datetime, valid_until: datetime) -> bytes:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name(issuer_name, "Development root"), _name(issuer_name, issuer_name)
    root = (
        _certificate(root_name, root_name, root_key, valid_from, valid_until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    signer = (
        _certificate(name, root_name, key, valid_from, valid_until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + signer.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)


def _name(organisation: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "AZ"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(organisation)),
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(common_name)),
        ]
    )


def _cut(text: str) -> str:
    """At most 64 bytes of UTF-8, the most that X.509 allows here, whole letters."""
    return text.encode("utf-8")[:64].decode("utf-8", "ignore")


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    valid_from: datetime,
    valid_until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def load_document_signer(directory: Path, *, passphrase: bytes | None = None) -> DocumentSigner:
    """KeysMissing, KeysUnsafe or KeysUnreadable name the file that is not in order."""
    path = directory / SIGNER_FILE
    bundle = read_private(path)
    try:
        key = load_pem_private_key(bundle, passphrase)
        certificate, *chain = x509.load_pem_x509_certificates(bundle)
    except TypeError as error:
        raise KeysUnreadable(f"{path} {encryption_hint(passphrase)}") from error
    except ValueError as error:
        raise KeysUnreadable(f"{path} does not hold a private key, its certificate and the chain") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeysUnreadable(f"{path}: neither an elliptic curve key nor RSA")
    if not chain or key.public_key() != certificate.public_key():
        raise KeysUnreadable(f"{path}: the first certificate is another key's, or the chain is missing")
    if len(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)) != 1:
        raise KeysUnreadable(
            f"{path}: its certificate has no common name, or several"
        )  # a signature bears it
    return DocumentSigner(certificate, tuple(chain), key)


def load_trust_roots(directory: Path) -> tuple[x509.Certificate, ...]:
    path = directory / ROOTS_FILE
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except FileNotFoundError as error:
        raise KeysMissing(f"{path} is missing") from error
    except ValueError as error:
        raise KeysUnreadable(f"{path} does not hold certificates in PEM") from error
