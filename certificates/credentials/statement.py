"""A certificate's own signed statement: its facts, no name, no agency, and commitments to what stands elsewhere.

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
FORMAT = 3


@dataclass(frozen=True, kw_only=True)
class Commitments:
    """Commitments of the statement to what it does not say, each by a SHA-256.

    `bearer_hash`: names and agency, salted. `bearer_key`: the pseudonym of the record that earned it, with the
    certificate's id, so that nobody can tell from two statements that they are one person's. `credential`, `qr`: what
    the holder has in hand. `award`: what earned it. `renews`: the id of the certificate it renews, "" for none.
    """

    bearer_hash: str
    bearer_key: str
    credential: str
    qr: str
    award: str
    renews: str


@dataclass(frozen=True, kw_only=True)
class StatementFacts:
    """Contents of a genuine statement. `created` is when it was signed."""

    facts: CertificateFacts
    commitments: Commitments
    created: datetime


def make_statement(
    facts: CertificateFacts, commitments: Commitments, *, signer: Signer, created: datetime
) -> Json:
    """The signed statement (eddsa-jcs-2022), by `signer` (purpose credential)."""
    return dataintegrity.sign(
        unsigned_statement(facts, commitments),
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
        commitments = Commitments(
            bearer_hash=str(document["bearer"]),
            bearer_key=str(document["bearerKey"]),
            credential=str(document["credentialSha256"]),
            qr=str(document["qrSha256"]),
            award=str(document["awardSha256"]),
            renews=str(document["renewsSha256"]),
        )
        found = StatementFacts(facts=facts, commitments=commitments, created=read_utc(created))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProofError(Reason.FORM, "a signed document, but not a statement of ours") from error
    said = {name: value for name, value in document.items() if name != "proof"}
    if said != unsigned_statement(facts, commitments) or facts.base_url != base_url:
        raise ProofError(Reason.FORM, "a statement with more or less than ours have")
    return found


def unsigned_statement(facts: CertificateFacts, commitments: Commitments) -> Json:
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
        "lawConfirmedOn": facts.law_confirmed_on.isoformat() if facts.law_confirmed_on else "",
        "status": {
            "revocation": _entry(facts.revocation),
            "suspension": _entry(facts.suspension),
        },
        "bearer": commitments.bearer_hash,
        "bearerKey": commitments.bearer_key,
        "credentialSha256": commitments.credential,
        "qrSha256": commitments.qr,
        "awardSha256": commitments.award,
        "renewsSha256": commitments.renews,
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
        law_confirmed_on=date.fromisoformat(confirmed) if (confirmed := document["lawConfirmedOn"]) else None,
        revocation=_read_entry(document["status"]["revocation"]),
        suspension=_read_entry(document["status"]["suspension"]),
    )
