"""Receipts: what a decision said, signed, without person or agency."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from certificates.credentials.errors import ProofError
from certificates.credentials.keyfiles import KeysRefused
from certificates.credentials.receipt import ReceiptValue, sign_receipt, verify_receipt
from certificates.signing import keyring
from locales.languages import LANGUAGES
from operations import canonical, clock_guard

from .models import Decision

FORMAT = 2


def url_of(public_id: str) -> str:
    return f"{settings.BASE_URL}/receipt/{public_id}"


def _claims_2(decision: Decision) -> dict[str, ReceiptValue]:
    """Function, answer, mode, instants and rule; a hash ties the receipt to the frozen evidence, which holds the
    reasons.
    """
    function, evidence = decision.function, decision.evidence
    version = evidence.get("requirement")
    return {
        "format": 2,
        "receipt": url_of(decision.public_id),
        "issuer": settings.ISSUER_DID,
        "function": {
            "code": function.code,
            "number": function.number,
            "name": {code: getattr(function, f"name_{code}") for code in LANGUAGES},
        },
        "answer": str(decision.answer),
        "mode": str(decision.mode),
        "enforce_from": evidence["enforce_from"],
        "override": evidence["override"],
        "conditions": list(evidence["confirmed"]),
        "not_offered": list(version["not_offered"]) if version else [],
        "instant": _text(decision.instant),
        "until": _text(decision.until),
        "asked_at": _text(decision.asked_at),
        "requirement": {"version": version["number"], "sha256": version["sha256"]} if version else None,
        "evidence_sha256": canonical.sha256(evidence),
    }


# One builder for each format, kept for as long as receipts in it are kept.
BUILDERS: Mapping[int, Callable[[Decision], dict[str, ReceiptValue]]] = {2: _claims_2}


def claims_of(decision: Decision) -> dict[str, ReceiptValue]:
    return BUILDERS[FORMAT](decision)


def sign(decision: Decision) -> tuple[bytes, str]:
    """The receipt's bytes and the name of the key that signed them. ClockBehind: then nothing is signed."""
    clock_guard.refuse_if_behind()
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
    """Verify the signature now, and that the row still says what was signed. Expects `with_all`."""
    try:
        receipt = verify_receipt(bytes(decision.receipt), keyring=keyring())
        now = BUILDERS[receipt.claims["format"]](decision)
        same = _row_says_its_evidence(decision)
    except (ProofError, KeysRefused, LookupError, TypeError, AttributeError):  # or a row out of shape
        return ReceiptReading(None)
    signed = receipt.claims
    # The function's name may have been reworded since; the receipt keeps the one that was asked about.
    now["function"] = signed.get("function") if _same_function(signed, decision) else None
    return ReceiptReading(signed if same and signed == now and receipt.kid == decision.key else None)


def _row_says_its_evidence(decision: Decision) -> bool:
    """The row says beside its claims: about whom it was, from where it was asked, and in which mode."""
    evidence, person = decision.evidence, decision.person
    return bool(
        evidence["mode"] == decision.mode
        and evidence["asking_agency"] == decision.asking_agency.code
        and person is not None
        and evidence["person"] == person.public_id
    )


def _same_function(signed: dict[str, Any], decision: Decision) -> bool:
    said = signed.get("function")
    return isinstance(said, dict) and said.get("code") == decision.function.code


def _text(instant: datetime | None) -> str | None:
    return str(canonical.plain(instant)) if instant else None
