"""Short codes for people who type: 12 characters of Crockford's base32, 60 bits.

They stand under the QR code of a certificate and on the printed sheet of an invitation.
"""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_GROUP = 4
# The last is the dot that "İ" leaves beside the "i" when a program makes it small.
_IGNORED = set(" \t\r\n\u00a0\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212._\u0307")
_MEANT = {c: c for c in ALPHABET} | {chr(ord(c) + 32): c for c in ALPHABET if c.isalpha()}
# What hands and eyes confuse (crockford.com/base32): I and L are 1, O is 0. An Azerbaijani keyboard has
# the dotted and the dotless letter, and Ü on the key that others mark W, which it has not.
_MEANT |= dict.fromkeys("IiLlıİ", "1") | dict.fromkeys("Oo", "0") | dict.fromkeys("Üü", "W")
# Letters of a Russian keyboard (and the Ukrainian І) that look like one of the alphabet, both cases.
_MEANT |= dict(zip("АВЕКМНРСТХУІОавекмнрстхуіо", "ABEKMHPCTXY10" * 2, strict=True))
_LONGEST_INPUT = 64


def new_code() -> str:
    """Return 12 random characters, ungrouped: the form that is stored and compared."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str, between: str = "-") -> str:
    """Return a code of any length as it is printed, in groups of four: `7Q4K-28FD-M3XR`."""
    return between.join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def is_code(text: str) -> bool:
    """Return whether a text is in the stored form."""
    return len(text) == LENGTH and all(character in ALPHABET for character in text)


def read_code(text: str) -> str | None:
    """Return the stored form of what somebody typed, or None when it is not shaped like a code.

    Case, spaces, dots and dashes do not matter; letters of another keyboard that look the same are read.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    typed = unicodedata.normalize("NFKC", text)
    meant = [_MEANT.get(character, "?") for character in typed if character not in _IGNORED]
    code = "".join(meant)
    return code if is_code(code) else None
