"""Receipts: what a decision said, signed, without person or agency."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from certificates.credentials.errors import ProofError
from certificates.credentials.keyfiles import KeysRefused
from certificates.credentials.receipt import ReceiptValue, sign_receipt, verify_receipt
from certificates.signing import keyring
from locales.languages import LANGUAGES
from operations import canonical

from .models import Decision

FORMAT = 1


def url_of(public_id: str) -> str:
    return f"{settings.BASE_URL}/receipt/{public_id}"


def claims_of(decision: Decision) -> dict[str, ReceiptValue]:
    """Function, answer, instants and rule; a hash ties the receipt to the frozen evidence."""
    function = decision.function
    version = decision.evidence.get("requirement")
    return {
        "format": FORMAT,
        "receipt": url_of(decision.public_id),
        "issuer": settings.ISSUER_DID,
        "function": {
            "code": function.code,
            "number": function.number,
            "name": {code: getattr(function, f"name_{code}") for code in LANGUAGES},
        },
        "answer": str(decision.answer),
        "conditions": list(decision.evidence.get("confirmed", [])),
        "instant": _text(decision.instant),
        "until": _text(decision.until),
        "asked_at": _text(decision.asked_at),
        "requirement": {"version": version["number"], "sha256": version["sha256"]} if version else None,
        "evidence_sha256": canonical.sha256(decision.evidence),
    }


def sign(decision: Decision) -> tuple[bytes, str]:
    """The receipt's bytes and the name of the key that signed them."""
    signer = keyring().signer("receipt")
    return sign_receipt(claims_of(decision), signer=signer), signer.kid


@dataclass(frozen=True)
class ReceiptReading:
    """`claims`: what the genuine receipt says; None where it could not be checked."""

    claims: dict[str, Any] | None

    @property
    def instant(self) -> datetime | None:
        return self._time("instant")

    @property
    def until(self) -> datetime | None:
        return self._time("until")

    @property
    def asked_at(self) -> datetime | None:
        return self._time("asked_at")

    def _time(self, name: str) -> datetime | None:
        text = self.claims and self.claims[name]
        return datetime.fromisoformat(text) if text else None


def read(decision: Decision) -> ReceiptReading:
    """Verify the signature now, and that the row still says what was signed."""
    try:
        receipt = verify_receipt(bytes(decision.receipt), keyring=keyring())
        now = claims_of(decision)
    except (ProofError, KeysRefused, LookupError, TypeError, AttributeError):  # or a row out of shape
        return ReceiptReading(None)
    signed = receipt.claims
    # The function's name may have been reworded since; the receipt keeps the one that was asked about.
    now["function"] = signed.get("function") if _same_function(signed, decision) else None
    return ReceiptReading(signed if signed == now and receipt.kid == decision.key else None)


def _same_function(signed: dict[str, Any], decision: Decision) -> bool:
    said = signed.get("function")
    return isinstance(said, dict) and said.get("code") == decision.function.code


def _text(instant: datetime | None) -> str | None:
    return str(canonical.plain(instant)) if instant else None
