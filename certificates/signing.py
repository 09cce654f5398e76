"""The keys of this installation, read once a process; the directory is described in the operators' guide."""

from functools import lru_cache
from typing import Any

from django.conf import settings

from .credentials.keys import Keyring, environment_passphrase, load_keyring
from .pdf.keys import DocumentSigner, load_document_signer, load_trust_roots


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    return load_keyring(settings.KEYS_DIR, passphrase=environment_passphrase())


@lru_cache(maxsize=1)
def document_signer() -> DocumentSigner:
    return load_document_signer(settings.KEYS_DIR, passphrase=environment_passphrase())


@lru_cache(maxsize=1)
def trust_roots() -> tuple[Any, ...]:
    return load_trust_roots(settings.KEYS_DIR)


def forget() -> None:
    """Read the directory anew, after a key was added or retired."""
    for cached in (keyring, document_signer, trust_roots):
        cached.cache_clear()
