"""Names of options on one attempt's pages.

The codes of a file tell their order and may tell more. A page gets names that are random but the
same each time for this attempt; sorted by name the options are shuffled.
"""

import hmac

from django.utils.crypto import salted_hmac


class Tokens:
    def __init__(self, attempt_id: str) -> None:
        """`attempt_id`: the public id of the attempt."""
        self._key = salted_hmac("assessments.tokens", attempt_id, algorithm="sha256").digest()

    def of(self, code: str) -> str:
        return hmac.digest(self._key, code.encode(), "sha256").hex()[:12]
