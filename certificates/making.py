"""From an award to the values that every proof is made of, and the proofs themselves.

Everything is read from the award and what it points at, never from the clock: an errand that starts
again after a crash makes the same certificate.
"""

import base64
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F

from locales.text import written_name
from operations import canonical, clock
from people.models import Posting

from . import signing
from .credentials import badge, qr, statement
from .credentials.errors import ProofError, Reason
from .credentials.facts import FACT_LANGUAGES, Bearer, CertificateFacts, StatusEntry, new_salt
from .credentials.jsontext import Json
from .credentials.keys import Purpose
from .criteria import criteria_of
from .models import Award, Certificate, Reservation

NO_AGENCY = {"az": "Qurum göstərilməyib", "en": "No agency stated", "ru": "Ведомство не указано"}


@dataclass(frozen=True, kw_only=True)
class Made:
    """All that is signed for one certificate but its document. `token` is that of `qr_text`."""

    facts: CertificateFacts
    bearer: Bearer
    statement: Json
    badge: Json
    token: bytes
    qr_text: str


def days_of(award: Award) -> tuple[date, date]:
    """First and last day, both printed: from the day of the award, for the months of its rules."""
    first = clock.first_day(award.awarded_at)
    months = int(award.qualification_version.rules["valid_months"])
    return first, clock.add_months(first, months) - timedelta(days=1)


def facts_of(reservation: Reservation) -> CertificateFacts:
    award = reservation.award
    version = award.qualification_version
    first, last = days_of(award)
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
        edition=str(award.evidence["edition"]["number"]),
        legal_baseline=date.fromisoformat(award.evidence["edition"]["legal_date"]),
        revocation=StatusEntry(
            list_number=reservation.revocation_list.number, index=reservation.revocation_index
        ),
        suspension=StatusEntry(
            list_number=reservation.suspension_list.number, index=reservation.suspension_index
        ),
    )


def bearer_of(award: Award, salt: bytes) -> Bearer:
    """Names as documents write them; the agency of the main posting when the award was made."""
    person = award.person.surviving
    names = {"Latn": written_name(person, "az")}
    if person.family_name_cyrillic and person.given_name_cyrillic:
        names["Cyrl"] = written_name(person, "ru")
    main_first = F("main").desc(nulls_last=True)
    postings = Posting.objects.at(award.awarded_at).filter(user=person).select_related("agency")
    posting = postings.order_by(main_first, "pk").first()
    agency = _names_of_agency(posting) if posting else NO_AGENCY
    return Bearer(names=names, agency=agency, salt=salt)


def _names_of_agency(posting: Posting) -> dict[str, str]:
    agency = posting.agency
    return {language: getattr(agency, f"name_{language}") or agency.name for language in FACT_LANGUAGES}


def make(reservation: Reservation) -> Made:
    """All signed values of one certificate, with a new salt. About 15 ms."""
    award, keyring = reservation.award, signing.keyring()
    facts, bearer = facts_of(reservation), bearer_of(award, new_salt())
    signer = keyring.signer(Purpose.CREDENTIAL)
    token = qr.make_token(facts, bearer, signer=keyring.signer(Purpose.QR))
    return Made(
        facts=facts,
        bearer=bearer,
        statement=statement.make_statement(
            facts, bearer_hash=bearer.hash(), signer=signer, created=award.awarded_at
        ),
        badge=badge.make_badge(facts, bearer, signer=signer, created=award.awarded_at),
        token=token,
        qr_text=qr.qr_text(facts.url, token),
    )


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
    same = (
        bearer.hash() == signed.bearer_hash
        and row.qr_text == qr.qr_text(facts.url, token)
        and row.credential_sha256 == canonical.sha256(row.credential)
        and (said.name, said.agency) == (bearer.name, bearer.agency["az"])
        and (said.valid_from, said.valid_until) == (facts.valid_from, facts.valid_until)
        and (said.revocation, said.suspension) == (facts.revocation, facts.suspension)
        and said.qualification_code == facts.qualification_code
    )
    if not same:
        raise ProofError(Reason.DIFFERS, "statement, credential and QR code do not say the same")
    return Made(
        facts=facts,
        bearer=bearer,
        statement=certificate.statement,
        badge=row.credential,
        token=token,
        qr_text=row.qr_text,
    )
