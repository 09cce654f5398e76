"""From an award to the values that every proof is made of, and the proofs themselves.

Everything is read from the award and what it points at, never from the clock: an errand that starts
again after a crash makes the same certificate.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from locales.text import written_name
from operations import clock
from people.models import Agency, Posting, User

from . import signing
from .credentials import badge, qr, statement
from .credentials.errors import ProofError, Reason
from .credentials.facts import Bearer, CertificateFacts, StatusEntry, new_salt
from .credentials.jsontext import Json
from .credentials.keys import Purpose
from .models import Award, Certificate, Reservation

CRITERIA = {
    "az": "Kursun dərsləri oxunub və işlər üzrə imtahan kritik səhvsiz verilib.",
    "en": "The lessons of the course were read and the case examination was passed without a critical error.",
    "ru": "Уроки курса пройдены, экзамен по делам сдан без критических ошибок.",
}


@dataclass(frozen=True, kw_only=True)
class Made:
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
        criteria=CRITERIA,
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
    person = award.person
    names = {"Latn": written_name(person, "az")}
    if person.family_name_cyrillic and person.given_name_cyrillic:
        names["Cyrl"] = written_name(person, "ru")
    agency = _agency_at(person, award.awarded_at)
    return Bearer(names=names, agency=agency or settings.ISSUER_NAMES, salt=salt)


def _agency_at(person: User, instant: datetime) -> dict[str, str] | None:
    posting = (
        Posting.objects.at(instant).filter(user=person).select_related("agency").order_by("main").first()
    )
    if posting is None:
        return None
    agency: Agency = posting.agency
    return {language: getattr(agency, f"name_{language}") or agency.name for language in ("az", "en", "ru")}


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


def of_certificate(certificate: Certificate) -> tuple[CertificateFacts, Bearer, Json, bytes]:
    """The values of an issued certificate, from its own signed proofs; ProofError where one does not hold."""
    keyring = signing.keyring()
    found = statement.verify_statement(certificate.statement, keyring=keyring, base_url=settings.BASE_URL)
    credential = certificate.bearer.credential
    if credential is None or certificate.bearer.qr_text is None:
        raise ProofError(Reason.FORM, "the bearer's data was erased")
    badge.verify_badge(credential, keyring=keyring, base_url=settings.BASE_URL, fast=True)
    bearer = badge.badge_says(credential, facts=found.facts)
    token = qr.read_fragment(certificate.bearer.qr_text.partition("#")[2])
    return found.facts, bearer, credential, token


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
