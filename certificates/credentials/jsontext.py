"""JSON as text: read strictly, written canonically."""

import json
from collections.abc import Mapping
from typing import Any

import rfc8785

from .errors import ProofError, Reason

type Json = dict[str, Any]

MOST_BYTES = 64 * 1024
MOST_VALUES = 64 * 1024
_DEEPEST = 32
_SAFE_INTEGER = 2**53 - 1


def _object(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ProofError(Reason.FORM, "a name appears twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ProofError(Reason.FORM, f"{name} is not JSON")


def _check_depth(value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise ProofError(Reason.FORM, "nested too deep")
    if isinstance(value, dict):
        for item in value.values():
            _check_depth(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_depth(item, depth + 1)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE_INTEGER:
        raise ProofError(Reason.FORM, "a number outside the safe range")


def read_json(text: bytes | str, *, most_bytes: int = MOST_BYTES, most_values: int = MOST_VALUES) -> Json:
    """Return one JSON object from outside.

    Refuses (`ProofError`) more than `most_bytes` bytes, more than `most_values` commas and opening brackets (a
    megabyte of `{},` takes twenty-five of memory), repeated names, NaN and infinities, integers
    outside ±(2⁵³−1), nesting over 32 and anything that is not an object.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > most_bytes:
        raise ProofError(Reason.TOO_LARGE, f"more than {most_bytes} bytes")
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > most_values:
        raise ProofError(Reason.TOO_LARGE, f"more than {most_values} values")
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
        if not isinstance(found, dict):
            raise ProofError(Reason.FORM, "not a JSON object")
        _check_depth(found)
    except (ValueError, RecursionError) as error:
        raise ProofError(Reason.FORM, "not JSON in UTF-8") from error
    return found


def canonical(value: Mapping[str, Any]) -> bytes:
    """The bytes of RFC 8785 (JCS), the same for equal values everywhere."""
    try:
        return bytes(rfc8785.dumps(dict(value)))
    except rfc8785.CanonicalizationError as error:
        raise ProofError(Reason.FORM, "not canonical JSON") from error


write_json = canonical
