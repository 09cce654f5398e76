"""Seals what a session or a job keeps of a search: nobody without the installation's key reads it."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from .identity import derived_key


def sealed(text: str) -> str:
    """Return it sealed: another text each time, so that two of the same do not show that they are."""
    return _fernet().encrypt(text.encode()).decode()


def opened(text: str, *, within: int | None = None) -> str:
    """Return what was `sealed`, `within` so many seconds; empty where it is older or none of ours."""
    try:
        return _fernet().decrypt(text.encode(), ttl=within).decode()
    except InvalidToken:
        return ""


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("searches")))
