"""The certificate as an Open Badges 3.0 credential (1EdTech), for wallets and verifiers of others."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from operations.codes import grouped

from . import dataintegrity
from .contexts import CREDENTIALS, OPEN_BADGES
from .did import did_of
from .errors import ProofError, Reason
from .facts import Bearer, CertificateFacts, StatusEntry, utc_text
from .jsontext import Json
from .keys import Keyring, Purpose, Signer

CONTEXT = [CREDENTIALS, OPEN_BADGES]
_NAME = "name"
_OTHER_NAME = "ext:name-"
_AGENCY = "ext:agency-"
_BEARER = "ext:bearer"


def make_badge(facts: CertificateFacts, bearer: Bearer, *, signer: Signer, created: datetime) -> Json:
    """The signed credential: both proofs in one array, by `signer` (purpose credential)."""
    return dataintegrity.sign(
        unsigned_badge(facts, bearer), signer=signer, did=did_of(facts.base_url), created=created
    )


def verify_badge(badge: Json, *, keyring: Keyring, base_url: str, fast: bool = False) -> Bearer:
    """Return the person a genuine badge of ours names; raise `ProofError` otherwise.

    Says nothing about revocation, the period of validity or what else the badge says: see `badge_says`.
    `fast` verifies eddsa-jcs-2022 alone.
    """
    did = did_of(base_url)
    dataintegrity.verify(
        badge, keyring=keyring, purpose=Purpose.CREDENTIAL, did=did, context=CONTEXT, fast=fast
    )
    issuer = badge.get("issuer")
    if not isinstance(issuer, dict) or issuer.get("id") != did:
        raise ProofError(Reason.ISSUER, "issued by somebody else")
    return _read_bearer(badge)


def badge_says(badge: Json, *, facts: CertificateFacts) -> Bearer:
    """The bearer, when the badge says these facts and no others; `ProofError` (differs) otherwise.

    Compares, does not verify: `verify_badge` first.
    """
    bearer = _read_bearer(badge)
    said = {name: value for name, value in badge.items() if name != "proof"}
    expected = unsigned_badge(facts, bearer)
    differing = sorted(name for name in said.keys() | expected.keys() if said.get(name) != expected.get(name))
    if differing:
        raise ProofError(Reason.DIFFERS, f"the badge says something else in: {', '.join(differing)}")
    return bearer


def unsigned_badge(facts: CertificateFacts, bearer: Bearer) -> Json:
    return {
        "@context": list(CONTEXT),
        "id": facts.url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _both(facts.qualification_names),
        "issuer": {
            "id": did_of(facts.base_url),
            "type": ["Profile"],
            "name": _both(facts.issuer_names),
            "url": f"{facts.base_url}/",
        },
        "validFrom": utc_text(facts.valid_from),
        "validUntil": utc_text(facts.valid_until),
        "awardedDate": utc_text(facts.awarded_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identity(bearer),
            "licenseNumber": grouped(facts.code),
            "narrative": _edition(facts),
            "achievement": _achievement(facts),
        },
        "credentialStatus": [
            _status(facts, "revocation", facts.revocation),
            _status(facts, "suspension", facts.suspension),
        ],
    }


def _both(texts: Mapping[str, str]) -> str:
    """Open Badges gives a text one string: Azerbaijani, then English."""
    return f"{texts['az']} / {texts['en']}"


def _edition(facts: CertificateFacts) -> str:
    edition, day = facts.edition, facts.legal_baseline.isoformat()
    az, en = _confirmed(facts)
    return (
        f"Nəşr {edition}, mənbələr {day} tarixinə olan vəziyyətə görə{az}"
        f" / Edition {edition}, sources read until {day}{en}"
    )


def _confirmed(facts: CertificateFacts) -> tuple[str, str]:
    """Return what is said of a national lawyer; nothing where no course stands behind it."""
    if not facts.of_a_course:
        return "", ""
    if facts.law_confirmed_on is None:
        return (
            "; kursu Azərbaycan hüquqşünası hələ təsdiqləməyib",
            "; not yet confirmed by a national lawyer",
        )
    day = facts.law_confirmed_on.isoformat()
    return (
        f"; kursu Azərbaycan hüquqşünası {day} tarixində təsdiqləyib",
        f"; confirmed by a national lawyer on {day}",
    )


def _achievement(facts: CertificateFacts) -> Json:
    return {
        # Resolves to the start page; the fragment tells qualifications and their versions apart.
        "id": f"{facts.base_url}/#{facts.qualification_code}.{facts.qualification_version}",
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": _both(facts.qualification_names),
        "description": _both(facts.criteria),
        "criteria": {"narrative": _both(facts.criteria)},
        "humanCode": facts.qualification_code,
        "inLanguage": "az",
        "version": str(facts.qualification_version),
    }


def _status(facts: CertificateFacts, purpose: str, entry: StatusEntry) -> Json:
    status_list = f"{facts.base_url}/status/{entry.list_number}"
    return {
        "id": f"{status_list}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": status_list,
    }


def _plain(kind: str, value: str) -> Json:
    return {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": kind}


def _identity(bearer: Bearer) -> list[Json]:
    others = sorted(script for script in bearer.names if script != "Latn")
    return [
        _plain(_NAME, bearer.name),
        *(_plain(f"{_OTHER_NAME}{script}", bearer.names[script]) for script in others),
        *(_plain(f"{_AGENCY}{language}", bearer.agency[language]) for language in sorted(bearer.agency)),
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": bearer.hash(),
            "identityType": _BEARER,
            "salt": bearer.salt_text,
        },
    ]


def _read_bearer(badge: Json) -> Bearer:
    """The bearer out of the badge, refused unless writing it back gives the same entries."""
    try:
        identifiers: list[Any] = badge["credentialSubject"]["identifier"]
        texts = {one["identityType"]: one["identityHash"] for one in identifiers}
        salt = base64.urlsafe_b64decode(identifiers[-1]["salt"] + "==")
        names = {"Latn": texts[_NAME]} | _with_prefix(texts, _OTHER_NAME)
        bearer = Bearer(names=names, agency=_with_prefix(texts, _AGENCY), salt=salt)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise ProofError(Reason.FORM, "the badge names its bearer in no way of ours") from error
    if _identity(bearer) != identifiers:
        raise ProofError(Reason.DIFFERS, "the bearer's hash is of other names")
    return bearer


def _with_prefix(texts: dict[str, str], prefix: str) -> dict[str, str]:
    return {kind.removeprefix(prefix): text for kind, text in texts.items() if kind.startswith(prefix)}
