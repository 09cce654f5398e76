"""Base58 (Bitcoin alphabet) and the Multikey form of Ed25519 public keys (W3C Controlled Identifiers 1.0)."""

from .errors import ProofError, Reason

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_ED25519_PUBLIC = b"\xed\x01"
_LONGEST = 128


def base58(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    digits = []
    while number:
        number, rest = divmod(number, 58)
        digits.append(_ALPHABET[rest])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def read_base58(text: str) -> bytes:
    """The bytes; one text for each. `ProofError` for other characters or more than 128 of them."""
    if len(text) > _LONGEST:
        raise ProofError(Reason.FORM, "base58 text too long")
    number = 0
    for character in text:
        if character not in _VALUES:
            raise ProofError(Reason.FORM, "not base58")
        number = number * 58 + _VALUES[character]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multibase(data: bytes) -> str:
    return "z" + base58(data)


def read_multibase(text: object, *, length: int) -> bytes:
    """Exactly `length` bytes from a `z…` text; `ProofError` otherwise."""
    if not isinstance(text, str) or not text.startswith("z"):
        raise ProofError(Reason.FORM, "not multibase base58")
    data = read_base58(text[1:])
    if len(data) != length:
        raise ProofError(Reason.FORM, f"{len(data)} bytes where {length} belong")
    return data


def multikey(public_key: bytes) -> str:
    """`z6Mk…` for the 32 bytes of an Ed25519 public key."""
    return multibase(_ED25519_PUBLIC + public_key)


def read_multikey(text: str) -> bytes:
    data = read_multibase(text, length=34)
    if data[:2] != _ED25519_PUBLIC:
        raise ProofError(Reason.KEY, "not an Ed25519 key")
    return data[2:]
