"""Short codes, printed under the QR for people who type: 12 characters of Crockford's base32, 60 bits."""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_GROUP = 4
_IGNORED = set(" \t\r\n\u00a0\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212._")
# What hands and eyes confuse: I, L, ı, İ, i, l are 1; O, o are 0 (crockford.com/base32). The dotted
# and the dotless letter are both on an Azerbaijani keyboard.
_MEANT = {c: c for c in ALPHABET} | {chr(ord(c) + 32): c for c in ALPHABET if c.isalpha()}
_MEANT |= dict.fromkeys("IiLlıİ", "1") | dict.fromkeys("Oo", "0")
_LONGEST_INPUT = 64


def new_code() -> str:
    """12 random characters, ungrouped: the form that is stored and compared."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As printed: `7Q4K-28FD-M3XR`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def is_code(text: str) -> bool:
    """Is it in the stored form?"""
    return len(text) == LENGTH and all(character in ALPHABET for character in text)


def read_code(text: str) -> str | None:
    """The stored form of what somebody typed, or None when it is not shaped like a code.

    Case, spaces, dots and dashes do not matter.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    typed = unicodedata.normalize("NFKC", text)
    meant = [_MEANT.get(character, "?") for character in typed if character not in _IGNORED]
    code = "".join(meant)
    return code if is_code(code) else None
