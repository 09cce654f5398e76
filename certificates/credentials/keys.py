"""Signing keys: Ed25519, one for each purpose, in files or behind anything that signs.

In the directory: `<kid>.pem` (PKCS#8, mode 0600, signs) and `<kid>.pub.pem` (verifies, for ever). A key is
retired by removing the first and keeping the second. A `kid` is `<purpose>-<year>-<number>`: a key
identifier that is itself a key would be trusted by some verifiers without asking the issuer.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from .errors import ProofError, Reason
from .keyfiles import KeysMissing, KeysUnreadable, read_private, write_once

PASSPHRASE_VARIABLE = "NISANE_KEYS_PASSPHRASE"


class Purpose(StrEnum):
    """Purpose of a key; a signature made for another purpose is refused."""

    CREDENTIAL = "credential"  # Open Badges and statements
    QR = "qr"
    STATUS = "status"
    RECEIPT = "receipt"


_KID = re.compile(r"(credential|qr|status|receipt)-(\d{4})-([1-9]\d{0,3})")


class Signer(Protocol):
    """Anything that signs with Ed25519: a file today, a PKCS#11 token later."""

    @property
    def kid(self) -> str: ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        ...


@dataclass(frozen=True)
class FileSigner:
    kid: str
    _key: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


@dataclass(frozen=True)
class PublicKey:
    kid: str
    purpose: Purpose
    raw: bytes  # 32 bytes


class Keyring:
    """The public keys ever used, and who signs now."""

    def __init__(
        self, public_keys: Iterable[PublicKey], signers: Mapping[Purpose, Signer] | None = None
    ) -> None:
        self.public_keys = tuple(sorted(public_keys, key=lambda key: _order(key.kid)))
        self._by_kid = {key.kid: key for key in self.public_keys}
        self._loaded = {key.kid: Ed25519PublicKey.from_public_bytes(key.raw) for key in self.public_keys}
        self._signers = dict(signers or {})

    def signer(self, purpose: str) -> Signer:
        """Return the key that signs for `purpose` now; raise KeysMissing when there is none."""
        try:
            return self._signers[Purpose(purpose)]
        except KeyError:
            raise KeysMissing(f"no private key for {purpose!s}") from None

    def kids(self, purpose: str) -> tuple[str, ...]:
        return tuple(key.kid for key in self.public_keys if key.purpose == purpose)

    def public_key(self, kid: str, purpose: str) -> Ed25519PublicKey:
        """`ProofError` (key) when there is no such key, or it serves another purpose."""
        found = self._by_kid.get(kid)
        if found is None or found.purpose != purpose:
            raise ProofError(Reason.KEY, f"no key of that name for {purpose!s}")
        return self._loaded[kid]

    def verify(self, kid: str, purpose: str, signature: bytes, message: bytes) -> None:
        """`ProofError` (key, signature) unless `kid` signed exactly this for `purpose`."""
        try:
            self.public_key(kid, purpose).verify(signature, message)
        except InvalidSignature:
            raise ProofError(Reason.SIGNATURE, f"{kid} did not sign this") from None


def _order(kid: str) -> tuple[str, int, int]:
    purpose, year, number = _parts(kid)
    return purpose.value, year, number


def _parts(kid: str) -> tuple[Purpose, int, int]:
    match = _KID.fullmatch(kid)
    if match is None:
        raise ValueError(f"not a key name: {kid}")
    return Purpose(match[1]), int(match[2]), int(match[3])


def environment_passphrase() -> bytes | None:
    """Return the passphrase of the key files, from NISANE_KEYS_PASSPHRASE; None when they are not encrypted."""
    text = os.environ.get(PASSPHRASE_VARIABLE)
    return text.encode("utf-8") if text else None


def _private_kids(directory: Path) -> list[str]:
    names = (path.name.removesuffix(".pem") for path in directory.glob("*.pem"))
    return sorted((name for name in names if _KID.fullmatch(name)), key=_order)


def _public_kids(directory: Path) -> list[str]:
    names = (path.name.removesuffix(".pub.pem") for path in directory.glob("*.pub.pem"))
    return sorted((name for name in names if _KID.fullmatch(name)), key=_order)


def make_keys(directory: Path, *, year: int) -> list[str]:
    """A development key for each purpose that has no private one yet; returns the new names.

    Creates the directory (0700) if need be. Safe to run again and at the same time: an existing file
    is never replaced. Keys for production are made by those who keep them.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for purpose in Purpose:
        kids = _private_kids(directory)
        if any(_parts(kid)[0] is purpose for kid in kids):
            continue
        used = [_parts(kid) for kid in kids + _public_kids(directory)]
        number = 1 + max((n for p, y, n in used if p is purpose and y == year), default=0)
        kid = f"{purpose}-{year}-{number}"
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        if write_once(directory / f"{kid}.pem", pem, mode=0o600):
            public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            write_once(directory / f"{kid}.pub.pem", public, mode=0o644)
            made.append(kid)
    return made


def encryption_hint(passphrase: bytes | None) -> str:
    """Return what to say where a key file is encrypted and no passphrase is set, or the other way round."""
    if passphrase is None:
        return f"is encrypted: it needs {PASSPHRASE_VARIABLE}"
    return f"is not encrypted, but {PASSPHRASE_VARIABLE} is set: encrypt all key files, or none"


def _load_signer(directory: Path, kid: str, passphrase: bytes | None) -> FileSigner:
    path = directory / f"{kid}.pem"
    try:
        key = load_pem_private_key(read_private(path), passphrase)
    except TypeError as error:
        raise KeysUnreadable(f"{path} {encryption_hint(passphrase)}") from error
    except ValueError as error:
        hint = "" if passphrase is None else f", or {PASSPHRASE_VARIABLE} is not its passphrase"
        raise KeysUnreadable(f"{path} is not an Ed25519 key in PKCS#8 PEM{hint}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysUnreadable(f"{path} is not an Ed25519 key")
    return FileSigner(kid, key)


def _load_public(directory: Path, kid: str) -> PublicKey:
    path = directory / f"{kid}.pub.pem"
    try:
        key = load_pem_public_key(path.read_bytes())
    except ValueError as error:
        raise KeysUnreadable(f"{path} is not a public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeysUnreadable(f"{path} is not an Ed25519 key")
    return PublicKey(kid, _parts(kid)[0], key.public_bytes_raw())


def load_keyring(directory: Path, *, passphrase: bytes | None = None) -> Keyring:
    """Every key in `directory`; the newest private one of each purpose signs.

    KeysMissing names the purposes without a private key, KeysUnsafe a file that others can read,
    KeysUnreadable one that is broken or whose public half is another key's.
    """
    signers = {_parts(kid)[0]: _load_signer(directory, kid, passphrase) for kid in _private_kids(directory)}
    lacking = [purpose.value for purpose in Purpose if purpose not in signers]
    if lacking:
        wanted = ", ".join(f"{purpose}-<year>-<number>.pem" for purpose in lacking)
        raise KeysMissing(f"{directory} lacks {wanted}")
    public = {kid: _load_public(directory, kid) for kid in _public_kids(directory)}
    for purpose, signer in signers.items():
        own = PublicKey(signer.kid, purpose, signer._key.public_key().public_bytes_raw())
        if public.setdefault(signer.kid, own) != own:
            raise KeysUnreadable(f"{directory}/{signer.kid}.pub.pem is the public half of another key")
    return Keyring(public.values(), signers)
