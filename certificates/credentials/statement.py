"""A certificate's own signed statement: its facts, no name, no agency, and a salted hash of the bearer.

It is what `/c/<id>.json` serves, and what the public page re-verifies at each view.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from . import dataintegrity
from .did import did_of
from .errors import ProofError, Reason
from .facts import CertificateFacts, StatusEntry, read_utc, utc_text
from .jsontext import Json
from .keys import Keyring, Purpose, Signer

TYPE = "NisaneCertificate"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class StatementFacts:
    """Contents of a genuine statement. `created` is when it was signed."""

    facts: CertificateFacts
    bearer_hash: str
    created: datetime


def make_statement(facts: CertificateFacts, *, bearer_hash: str, signer: Signer, created: datetime) -> Json:
    """The signed statement (eddsa-jcs-2022), by `signer` (purpose credential)."""
    return dataintegrity.sign(
        unsigned_statement(facts, bearer_hash),
        signer=signer,
        did=did_of(facts.base_url),
        created=created,
        suites=(dataintegrity.JCS,),
    )


def verify_statement(document: Json, *, keyring: Keyring, base_url: str) -> StatementFacts:
    """Return what a genuine statement of ours says; `ProofError` for anything else.

    Says nothing about revocation or the period of validity.
    """
    created = dataintegrity.verify(
        document,
        keyring=keyring,
        purpose=Purpose.CREDENTIAL,
        did=did_of(base_url),
        context=None,
        suites=(dataintegrity.JCS,),
    )
    try:
        facts = _read_facts(document)
        bearer_hash = str(document["bearer"])
        found = StatementFacts(facts=facts, bearer_hash=bearer_hash, created=read_utc(created))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProofError(Reason.FORM, "a signed document, but not a statement of ours") from error
    said = {name: value for name, value in document.items() if name != "proof"}
    if said != unsigned_statement(facts, bearer_hash) or facts.base_url != base_url:
        raise ProofError(Reason.FORM, "a statement with more or less than ours have")
    return found


def unsigned_statement(facts: CertificateFacts, bearer_hash: str) -> Json:
    return {
        "type": TYPE,
        "format": FORMAT,
        "id": facts.url,
        "issuer": {"id": did_of(facts.base_url), "name": dict(facts.issuer_names)},
        "code": facts.code,
        "qualification": {
            "code": facts.qualification_code,
            "version": facts.qualification_version,
            "name": dict(facts.qualification_names),
            "criteria": dict(facts.criteria),
        },
        "firstDay": facts.first_day.isoformat(),
        "lastDay": facts.last_day.isoformat(),
        "validFrom": utc_text(facts.valid_from),
        "validUntil": utc_text(facts.valid_until),
        "awardedAt": utc_text(facts.awarded_at),
        "edition": facts.edition,
        "legalBaseline": facts.legal_baseline.isoformat(),
        "status": {
            "revocation": _entry(facts.revocation),
            "suspension": _entry(facts.suspension),
        },
        "bearer": bearer_hash,
    }


def _entry(entry: StatusEntry) -> Json:
    return {"list": entry.list_number, "index": entry.index}


def _read_entry(entry: Any) -> StatusEntry:
    return StatusEntry(list_number=entry["list"], index=entry["index"])


def _read_facts(document: Json) -> CertificateFacts:
    base_url, public_id = document["id"].rsplit("/c/", 1)
    qualification = document["qualification"]
    return CertificateFacts(
        base_url=base_url,
        public_id=public_id,
        code=document["code"],
        qualification_code=qualification["code"],
        qualification_version=qualification["version"],
        qualification_names=qualification["name"],
        criteria=qualification["criteria"],
        issuer_names=document["issuer"]["name"],
        first_day=date.fromisoformat(document["firstDay"]),
        last_day=date.fromisoformat(document["lastDay"]),
        awarded_at=read_utc(document["awardedAt"]),
        edition=document["edition"],
        legal_baseline=date.fromisoformat(document["legalBaseline"]),
        revocation=_read_entry(document["status"]["revocation"]),
        suspension=_read_entry(document["status"]["suspension"]),
    )
