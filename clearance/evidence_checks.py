"""Checks of an evidence file: the whole, and every part of it that was signed."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from certificates import signing
from certificates.credentials.errors import ProofError, Reason
from certificates.credentials.event import verify_event
from certificates.credentials.evidence import MOST_BYTES, MOST_VALUES, verify_evidence
from certificates.credentials.jsontext import Json, read_json
from certificates.credentials.receipt import verify_receipt
from certificates.credentials.statement import verify_statement
from certificates.making import read_bearer
from operations import canonical

from . import receipts, receipts_override
from .evidence_file import FORMAT

# What the receipt of a decision and the decision in the file say alike: {claim: name in the file}.
ALIKE = {"answer": "answer", "mode": "mode", "instant": "instant", "asked_at": "asked_at", "until": "until"}
# What the receipt of an override and the override in the file say alike.
OVERRIDE_ALIKE = ("reason", "at", "review_until")


@dataclass(frozen=True)
class EvidenceCheck:
    """`good` of `number` were in order."""

    text: StrOrPromise
    good: int
    number: int

    @property
    def ok(self) -> bool:
        return self.good == self.number


@dataclass(frozen=True)
class EvidenceReading:
    """`contents`: of a genuine file; None where the whole was not signed by us, then nothing else is said."""

    contents: Json | None
    checks: list[EvidenceCheck]

    @property
    def ok(self) -> bool:
        return self.contents is not None and all(check.ok for check in self.checks)


def check(data: bytes) -> EvidenceReading:
    """Verify the file's own signature, and then each part by itself."""
    try:
        document = read_json(data, most_bytes=MOST_BYTES, most_values=MOST_VALUES)
        contents = verify_evidence(document, keyring=signing.keyring())
    except ProofError:
        return EvidenceReading(None, [EvidenceCheck(_("The signature over the whole file"), 0, 1)])
    if contents["format"] != FORMAT or contents["issuer"] != settings.ISSUER_DID:
        return EvidenceReading(
            None, [EvidenceCheck(_("The form and the issuer of the file are known here"), 0, 1)]
        )
    decisions, certificates = contents["decisions"], contents["certificates"]
    rules = {(each["function"], each["version"], each["sha256"]) for each in contents["requirements"]}
    checks = [
        EvidenceCheck(_("The signature over the whole file"), 1, 1),
        _each(_("Receipts: signed, and the decisions say the same"), decisions, _receipt),
        _each(
            _("Overruled refusals: each has its own signed receipt, which names the first one"),
            _overridden(decisions),
            _override,
        ),
        _each(
            _("Rules that the decisions followed are in the file"),
            decisions,
            lambda each: _has_rule(each, rules),
        ),
        _each(_("Rules: the hash matches the text"), contents["requirements"], _rules),
        _each(_("Certificates: signed statements"), certificates, _statement),
        _each(
            _("Certificates: name and agency are those that were signed"), _with_bearer(certificates), _bearer
        ),
        _each(_("Events of certificates: signed, each follows the one before"), certificates, _events),
    ]
    return EvidenceReading(contents, checks)


def _each(text: StrOrPromise, rows: Iterable[Any], fits: Callable[[Any], bool]) -> EvidenceCheck:
    listed = list(rows)
    return EvidenceCheck(text, sum(_fits(row, fits) for row in listed), len(listed))


def _fits(row: Any, fits: Callable[[Any], bool]) -> bool:
    try:
        return fits(row)
    except (ProofError, KeyError, TypeError, ValueError, AttributeError):  # or of another shape
        return False


def _receipt(decision: Json) -> bool:
    said = verify_receipt(base64.b64decode(decision["receipt"]), keyring=signing.keyring()).claims
    return bool(
        said["receipt"] == receipts.url_of(decision["id"])
        and said["evidence_sha256"] == canonical.sha256(decision["evidence"])
        and said["function"]["code"] == decision["function"]
        and all(said[claim] == decision[name] for claim, name in ALIKE.items())
        and decision["evidence"]["person"] == decision["person"]
    )


def _overridden(decisions: Iterable[Json]) -> list[Json]:
    return [each for each in decisions if each["override"] is not None]


def _override(decision: Json) -> bool:
    """The override's own receipt names that of the decision, byte for byte, and says when and why it was overruled."""
    override, first = decision["override"], base64.b64decode(decision["receipt"])
    said = verify_receipt(base64.b64decode(override["receipt"]), keyring=signing.keyring()).claims
    return bool(
        said["kind"] == receipts_override.KIND
        and said["overridden"] is True
        and said["issuer"] == settings.ISSUER_DID
        and said["receipt"] == receipts.url_of(decision["id"])
        and said["receipt_sha256"] == hashlib.sha256(first).hexdigest()
        and said["answer"] == decision["answer"]
        and all(said[name] == override[name] for name in OVERRIDE_ALIKE)
    )


def _has_rule(decision: Json, rules: set[tuple[str, int, str]]) -> bool:
    rule = decision["evidence"]["requirement"]
    return rule is None or (decision["function"], rule["number"], rule["sha256"]) in rules


def _rules(requirement: Json) -> bool:
    return bool(requirement["sha256"] == canonical.sha256(requirement["rules"]))


def _statement(certificate: Json) -> bool:
    signed = verify_statement(certificate["statement"], keyring=signing.keyring(), base_url=settings.BASE_URL)
    return bool(signed.facts.public_id == certificate["id"])


def _with_bearer(certificates: Iterable[Json]) -> list[Json]:
    return [each for each in certificates if each["bearer"] is not None]


def _bearer(certificate: Json) -> bool:
    said = certificate["bearer"]
    bearer = read_bearer(said["names"], said["agency"], said["salt"])
    return bool(certificate["statement"]["bearer"] == bearer.hash())


def _events(certificate: Json) -> bool:
    previous = ""
    for number, event in enumerate(certificate["events"], 1):
        signed = verify_event(event["statement"], keyring=signing.keyring(), base_url=settings.BASE_URL)
        if (signed.number, signed.previous, signed.certificate) != (number, previous, certificate["id"]):
            raise ProofError(Reason.DIFFERS, "an event that does not follow the one before")
        previous = canonical.sha256(event["statement"])
    return True
