"""Sheets with one-time codes: a page to print while they are few, one PDF where they are many (jobs.py)."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from operations import jobs, pdf, qr
from operations.codes import grouped
from operations.models import Job
from people.models import Posting, User

from .invitation_secrets import SheetCodes
from .models import Invitation

AT_ONCE = 20  # sheets on a page to print; more become a file
BATCH = 10  # sheets set together: the renderer opens so many pictures and fonts of a document, no more


@dataclass(frozen=True)
class Sheet:
    """A printed sheet: `code` in groups of four, `address` of the page without it."""

    person: User
    number: str
    code: str
    until: datetime
    address: str


def sheets_of(invitations: Iterable[Invitation], codes: SheetCodes) -> list[Sheet]:
    """Return the sheets in the order given, each in its person's language."""
    listed = list(invitations)
    numbers = _numbers(listed)
    return [
        Sheet(
            person=one.person,
            number=numbers.get((one.person_id, one.agency_id)) or "",
            code=grouped(codes.by_invitation[one.public_id], " "),
            until=codes.until[one.public_id],
            address=address_in(one.person.language),
        )
        for one in listed
    ]


def _numbers(invitations: list[Invitation]) -> dict[tuple[int, int], str | None]:
    postings = Posting.objects.current().filter(user__in=[one.person_id for one in invitations])
    return {
        (user, agency): number
        for user, agency, number in postings.values_list("user", "agency", "service_number")
    }


def address_in(language: str) -> str:
    with translation.override(language):
        return settings.BASE_URL + reverse("accounts_first")


def as_pdf(sheets: Iterable[Sheet], job: Job | None = None) -> bytes:
    """Return a PDF, a sheet a page, A4."""
    whole = pikepdf.new()
    for some in batched(sheets, BATCH):
        if job is not None:
            jobs.still_at_work(job)
        with pikepdf.open(io.BytesIO(_set(some))) as part:
            whole.pages.extend(part.pages)
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue()


def _set(sheets: Iterable[Sheet]) -> bytes:
    rows = [
        {
            "sheet": one, "name": pdf.printable(one.person.get_full_name()), "number": pdf.printable(one.number),
            "picture": qr.picture(one.address),
        }
        for one in sheets
    ]  # fmt: skip
    return pdf.render(render_to_string("accounts/invitations/sheets_pdf.html", {"rows": rows}))
