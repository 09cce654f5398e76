"""The one way a proof is refused."""

from enum import StrEnum


class Reason(StrEnum):
    """The reasons for not accepting what was presented as a proof; pages turn them into words."""

    FORM = "form"  # not the shape we issue
    TOO_LARGE = "too_large"
    CONTEXT = "context"  # a JSON-LD context other than the pinned ones
    DROPPED = "dropped"  # a term that JSON-LD would silently leave unsigned
    ISSUER = "issuer"
    KEY = "key"  # no such key, or a key kept for another purpose
    SIGNATURE = "signature"
    EXPIRED = "expired"  # outside its own period of validity
    DIFFERS = "differs"  # genuine, but says something else than it should


class ProofError(Exception):
    """A proof was refused. `detail` is English, for logs, and repeats no personal data."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
