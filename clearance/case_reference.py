"""References of cases: kept as a salted hash under a key of the installation, and found again by who knows one.

See docs/decisions/0021-case-references.md.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from django.db.models.fields.json import KT

from locales.text import fold
from operations.identity import derived_key

from .models import Decision, DecisionQuerySet

LONGEST = 40
BUCKETS = 4096  # of 100,000 decisions about 25 stand in one
SEALED_FOR = 3600  # seconds: while one looks through what was found
_WRITTEN = re.compile(r"[^\W_](?:[^\W_]|[-/.])*\Z")


@dataclass(frozen=True, kw_only=True)
class CaseTrace:
    """Values that a decision keeps of a reference: `hmac` for good, in the signed evidence; `salt` and `bucket` until they
    are erased.
    """

    salt: str
    bucket: int
    hmac: str


def is_written(text: str) -> bool:
    """Return whether this can be a reference: at most 40 letters, digits, hyphens, slashes, dots; spaces do not count."""
    compact = "".join(text.split())
    return len(compact) <= LONGEST and _WRITTEN.match(compact) is not None


def digest_of(reference: str) -> str:
    """Return what stands for a reference while it is searched for, and tells nobody without the key which it is.

    One and the same however it is typed: neither spaces nor case matter, nor ə and e.
    """
    return _keyed("reference", fold("".join(reference.split())))


def trace_of(digest: str) -> CaseTrace:
    """Return a trace with a salt of its own: two decisions of one case do not show that they are."""
    salt = secrets.token_hex(16)
    return CaseTrace(salt=salt, bucket=_bucket_of(digest), hmac=_keyed("decision", salt, digest))


def decisions_of_case(found: DecisionQuerySet, digest: str) -> tuple[str, ...]:
    """Return public ids of those among `found` that carry the reference: only those of its bucket are compared."""
    said = KT("evidence__case__hmac")
    rows = found.filter(case_bucket=_bucket_of(digest)).order_by().values_list("public_id", "case_salt", said)
    return tuple(
        public_id
        for public_id, salt, kept in rows
        if salt and kept and hmac.compare_digest(kept, _keyed("decision", salt, digest))
    )


def is_carried(decision: Decision) -> bool:
    """Return whether a reference was given, also one that cannot be found any more since its salt was erased."""
    return decision.evidence.get("case") is not None


def _bucket_of(digest: str) -> int:
    return int(_keyed("bucket", digest), 16) % BUCKETS


def _keyed(*parts: str) -> str:
    key = derived_key("case references")
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
