"""Development keys: made once, readable by this user alone, never in the repository."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from certificates.credentials.keys import make_keys
from certificates.pdf.keys import make_document_keys
from operations import clock

YEARS_BACK = 5  # seeding issues certificates in the past


def make(directory: Path, *, year: int) -> None:
    make_keys(directory, year=year)
    now = clock.now()
    make_document_keys(
        directory,
        issuer_name=settings.ISSUER_NAMES["az"],
        valid_from=now - timedelta(days=365 * YEARS_BACK + 30),
        valid_until=now + timedelta(days=365 * 10),
    )
