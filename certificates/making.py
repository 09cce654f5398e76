"""From an award to the values that every proof is made of, and the proofs themselves.

Everything is read from the award and what it points at, never from the clock: an errand that starts
again after a crash makes the same certificate.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F

from locales.text import written_name
from operations import canonical, clock_guard
from operations.identity import pseudonym
from people.models import Agency, Posting, User

from . import signing
from .credentials import badge, qr, statement
from .credentials.errors import ProofError, Reason
from .credentials.facts import (
    FACT_LANGUAGES,
    NO_EDITION,
    Bearer,
    CertificateFacts,
    StatusEntry,
    new_salt,
)
from .credentials.jsontext import Json
from .credentials.keys import Purpose
from .credentials.statement import Commitments
from .criteria import criteria_of
from .models import Award, Certificate, Reservation

NO_AGENCY = {"az": "Qurum göstərilməyib", "en": "No agency stated", "ru": "Ведомство не указано"}


@dataclass(frozen=True, kw_only=True)
class Made:
    """All that is signed for one certificate but its document. `token` is that of `qr_text`."""

    facts: CertificateFacts
    commitments: Commitments
    bearer: Bearer
    statement: Json
    badge: Json
    token: bytes
    qr_text: str


def days_of(award: Award) -> tuple[date, date]:
    """First and last day, both printed, as the award froze them."""
    return award.days


@dataclass(frozen=True, kw_only=True)
class EditionPrinted:
    """The edition as printed (of several, each with its course), until when its sources were read, and when a national
    lawyer had confirmed it; None: not when it was earned, or no course stands behind it."""

    text: str
    legal_baseline: date
    law_confirmed_on: date | None


def edition_of(award: Award) -> EditionPrinted:
    editions = award.editions
    if not editions:
        read = date.fromisoformat(award.qualification_version.rules["legal_baseline"])
        return EditionPrinted(text=NO_EDITION, legal_baseline=read, law_confirmed_on=None)
    several = [f"{edition['course']} {edition['number']}" for edition in editions]
    confirmed = [edition["law_confirmed_on"] for edition in editions]
    return EditionPrinted(
        text=", ".join(several) if len(several) > 1 else str(editions[0]["number"]),
        legal_baseline=min(date.fromisoformat(edition["legal_date"]) for edition in editions),
        law_confirmed_on=max(map(date.fromisoformat, confirmed)) if all(confirmed) else None,
    )


def facts_of(reservation: Reservation) -> CertificateFacts:
    award = reservation.award
    version = award.qualification_version
    first, last = days_of(award)
    edition = edition_of(award)
    return CertificateFacts(
        base_url=settings.BASE_URL,
        public_id=reservation.public_id,
        code=reservation.short_code,
        qualification_code=version.qualification.code,
        qualification_version=version.number,
        qualification_names=version.rules["name"],
        criteria=criteria_of(award.evidence),
        issuer_names=settings.ISSUER_NAMES,
        first_day=first,
        last_day=last,
        awarded_at=award.awarded_at,
        edition=edition.text,
        legal_baseline=edition.legal_baseline,
        law_confirmed_on=edition.law_confirmed_on,
        revocation=StatusEntry(
            list_number=reservation.revocation_list.number, index=reservation.revocation_index
        ),
        suspension=StatusEntry(
            list_number=reservation.suspension_list.number, index=reservation.suspension_index
        ),
    )


def names_of(person: User) -> dict[str, str]:
    """By script, as certificates print them."""
    names = {"Latn": written_name(person, "az")}
    if person.family_name_cyrillic and person.given_name_cyrillic:
        names["Cyrl"] = written_name(person, "ru")
    return names


def is_named(person: User, names: Mapping[str, str] | None) -> bool:
    """Return whether a certificate with these names, by script, names the person as documents do today. A script that
    one of the two lacks is not compared, but Latin letters always are.
    """
    if not names:  # erased
        return False
    own = names_of(person)
    compared = {"Latn", *(own.keys() & names.keys())}
    return all(own[script] == names.get(script) for script in compared)


def bearer_of(award: Award, salt: bytes) -> Bearer:
    """Names as documents write them; the agency of the main posting when the award was made."""
    person = award.person.surviving
    names = names_of(person)
    main_first = F("main").desc(nulls_last=True)
    postings = Posting.objects.at(award.awarded_at).filter(user=person).select_related("agency")
    posting = postings.order_by(main_first, "pk").first()
    agency = names_of_agency(posting.agency) if posting else NO_AGENCY
    return Bearer(names=names, agency=agency, salt=salt)


def names_of_agency(agency: Agency) -> dict[str, str]:
    """In each language, as certificates print them."""
    return {language: getattr(agency, f"name_{language}") or agency.name for language in FACT_LANGUAGES}


def make(
    reservation: Reservation, *, renews: Certificate | None = None, bearer: Bearer | None = None
) -> Made:
    """All signed values of one certificate, with a new salt, for `bearer` or who has earned it. About 15 ms.
    ClockBehind: then nothing is signed.
    """
    award, keyring = reservation.award, signing.keyring()
    clock_guard.refuse_if_behind(award.awarded_at)
    facts, bearer = facts_of(reservation), bearer or bearer_of(award, new_salt())
    signer = keyring.signer(Purpose.CREDENTIAL)
    token = qr.make_token(facts, bearer, signer=keyring.signer(Purpose.QR))
    text = qr.qr_text(facts.url, token)
    credential = badge.make_badge(facts, bearer, signer=signer, created=award.awarded_at)
    commitments = Commitments(
        bearer_hash=bearer.hash(),
        bearer_key=key_sha256(reservation.public_id, pseudonym(award.person.public_id)),
        credential=canonical.sha256(credential),
        qr=text_sha256(text),
        award=award_sha256(award.public_id, award.cause, award.evidence),
        renews=text_sha256(renews.public_id) if renews else "",
    )
    return Made(
        facts=facts,
        commitments=commitments,
        bearer=bearer,
        statement=statement.make_statement(facts, commitments, signer=signer, created=award.awarded_at),
        badge=credential,
        token=token,
        qr_text=text,
    )


def key_sha256(public_id: str, bearer_key: str) -> str:
    """Return what the statement of a certificate fixes of its bearer key."""
    return text_sha256(f"{public_id} {bearer_key}")


def award_sha256(public_id: str, cause: str, evidence: Any) -> str:
    """Return what the statement fixes of an award."""
    return canonical.sha256({"award": public_id, "cause": cause, "evidence": evidence})


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_bearer(names: Any, agency: Any, salt: Any) -> Bearer:
    """The bearer as the register keeps it; ValueError, TypeError or AttributeError where it is out of shape."""
    bearer = Bearer(names=names, agency=agency, salt=base64.urlsafe_b64decode(f"{salt}=="))
    if bearer.salt_text != salt:
        raise ValueError("not the one text of a salt")
    return bearer


def of_certificate(certificate: Certificate, *, thorough: bool = False) -> Made:
    """The values of an issued certificate, verified: statement, credential and QR token are genuine and
    say the same of the same person. ProofError otherwise. `thorough`: the credential's slow proof too.
    """
    keyring, row = signing.keyring(), certificate.bearer
    if row.credential is None or row.qr_text is None:
        raise ProofError(Reason.FORM, "the bearer's data was erased")
    signed = statement.verify_statement(certificate.statement, keyring=keyring, base_url=settings.BASE_URL)
    facts = signed.facts
    badge.verify_badge(row.credential, keyring=keyring, base_url=settings.BASE_URL, fast=not thorough)
    bearer = badge.badge_says(row.credential, facts=facts)
    token = qr.read_fragment(row.qr_text.partition("#")[2])
    said = qr.verify_token(token, public_id=certificate.public_id, keyring=keyring)
    fixed = signed.commitments
    same = (
        bearer.hash() == fixed.bearer_hash
        and row.qr_text == qr.qr_text(facts.url, token)
        and text_sha256(row.qr_text) == fixed.qr
        and row.credential_sha256 == canonical.sha256(row.credential) == fixed.credential
        and (said.name, said.agency) == (bearer.name, bearer.agency["az"])
        and (said.valid_from, said.valid_until) == (facts.valid_from, facts.valid_until)
        and (said.revocation, said.suspension) == (facts.revocation, facts.suspension)
        and said.qualification_code == facts.qualification_code
    )
    if not same:
        raise ProofError(Reason.DIFFERS, "statement, credential and QR code do not say the same")
    return Made(
        facts=facts,
        commitments=fixed,
        bearer=bearer,
        statement=certificate.statement,
        badge=row.credential,
        token=token,
        qr_text=row.qr_text,
    )
