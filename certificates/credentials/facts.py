"""The plain values that every proof of one certificate is made from, so that none can say something else."""

import base64
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from operations import clock
from operations.codes import is_code

from .jsontext import canonical

# The signed format of 2026 holds exactly these. A fourth language of the product is not in certificates until
# there is a format that has it: what was signed is read as it was signed.
FACT_LANGUAGES = ("az", "en", "ru")
ENTRIES = 131_072  # of one status list: W3C Bitstring Status List 1.0 §3, the least that hides one in many
_BASE_URL = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?")
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_QUALIFICATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,31}")
_SCRIPT = re.compile(r"[A-Z][a-z]{3}")
_LONGEST_TEXT = 600
SALT_BYTES = 16
NO_EDITION = "–"  # no course stands behind it


def utc_text(instant: datetime) -> str:
    """`2026-11-23T20:00:00Z`: an aware instant, whole seconds."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_utc(text: str) -> datetime:
    """The instant of exactly that form; ValueError otherwise."""
    instant = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if utc_text(instant) != text:
        raise ValueError("not the one form of an instant")
    return instant


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(what)


def _texts(texts: Mapping[str, str], keys: tuple[str, ...], what: str) -> dict[str, str]:
    _require(tuple(sorted(texts)) == tuple(sorted(keys)), f"{what}: needs exactly {', '.join(keys)}")
    for text in texts.values():
        _require(isinstance(text, str), f"{what}: not a text")
        _require(0 < len(text.strip()) <= _LONGEST_TEXT, f"{what}: empty or too long")
        _require(unicodedata.is_normalized("NFC", text), f"{what}: not in Unicode form C")
    return dict(texts)


@dataclass(frozen=True, kw_only=True)
class StatusEntry:
    """One place in one status list."""

    list_number: int
    index: int

    def __post_init__(self) -> None:
        _require(type(self.list_number) is int and self.list_number > 0, "list number: from 1")
        _require(type(self.index) is int and 0 <= self.index < ENTRIES, "index: outside the list")


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """Facts of one certificate, without its bearer: no personal data.

    `base_url` is scheme and host alone; `code` is ungrouped; the texts are in az, en and ru;
    `first_day` and `last_day` are the printed days; `law_confirmed_on` is when a national lawyer had confirmed the
    edition, None where not yet when it was issued. ValueError when a value is out of shape.
    """

    base_url: str
    public_id: str
    code: str
    qualification_code: str
    qualification_version: int
    qualification_names: Mapping[str, str]
    criteria: Mapping[str, str]
    issuer_names: Mapping[str, str]
    first_day: date
    last_day: date
    awarded_at: datetime
    edition: str
    legal_baseline: date
    law_confirmed_on: date | None
    revocation: StatusEntry
    suspension: StatusEntry

    def __post_init__(self) -> None:
        _require(bool(_BASE_URL.fullmatch(self.base_url)), "base URL: scheme and host only")
        _require(bool(_PUBLIC_ID.fullmatch(self.public_id)), "public id: 22 characters base64url")
        _require(is_code(self.code), "short code: 12 characters, ungrouped")
        _require(bool(_QUALIFICATION.fullmatch(self.qualification_code)), "qualification code")
        version = self.qualification_version
        _require(type(version) is int and version > 0, "qualification version: from 1")
        _require(self.first_day <= self.last_day, "the last day is before the first")
        _require(0 < len(self.edition) <= 100 and self.edition.isprintable(), "edition: 1 to 100 characters")
        for field in ("qualification_names", "criteria", "issuer_names"):
            object.__setattr__(self, field, _texts(getattr(self, field), FACT_LANGUAGES, field))
        object.__setattr__(self, "awarded_at", read_utc(utc_text(self.awarded_at)))

    @property
    def valid_from(self) -> datetime:
        """00:00 of the first day in Baku, as UTC."""
        return clock.start_of(self.first_day).astimezone(UTC)

    @property
    def valid_until(self) -> datetime:
        """24:00 of the last day in Baku, as UTC: the first instant at which it no longer holds."""
        return clock.end_of(self.last_day).astimezone(UTC)

    @property
    def of_a_course(self) -> bool:
        return self.edition != NO_EDITION

    @property
    def url(self) -> str:
        return f"{self.base_url}/c/{self.public_id}"


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """Bearer of a certificate: personal data, frozen as printed.

    `names` by script (ISO 15924; `Latn` always, others if the documents have them), `agency` by language
    (`az` always). Erasing these values together with the salt leaves a statement that names nobody.
    """

    names: Mapping[str, str]
    agency: Mapping[str, str]
    salt: bytes

    def __post_init__(self) -> None:
        _require("Latn" in self.names, "names: the Latin script is required")
        _require(all(_SCRIPT.fullmatch(script) for script in self.names), "names: by ISO 15924 script")
        _require(
            "az" in self.agency and set(self.agency) <= set(FACT_LANGUAGES), "agency: az, perhaps en and ru"
        )
        object.__setattr__(self, "names", _texts(self.names, tuple(self.names), "names"))
        object.__setattr__(self, "agency", _texts(self.agency, tuple(self.agency), "agency"))
        _require(len(self.salt) == SALT_BYTES, f"salt: {SALT_BYTES} bytes")

    @property
    def name(self) -> str:
        """As printed large and carried by the QR token."""
        return self.names["Latn"]

    @property
    def salt_text(self) -> str:
        return base64.urlsafe_b64encode(self.salt).rstrip(b"=").decode("ascii")

    def hash(self) -> str:
        """`sha256$…` over the canonical JSON of names and agency, then the salt text: how Open Badges 3.0
        hashes an identity."""
        identity = canonical({"agency": dict(self.agency), "names": dict(self.names)}).decode("utf-8")
        digest = hashlib.sha256((identity + self.salt_text).encode("utf-8")).hexdigest()
        return f"sha256${digest}"
