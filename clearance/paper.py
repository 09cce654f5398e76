"""An answer on paper: one page of A4 about one decision, with its signed receipts attached."""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certificates.credentials.receipt import MEDIA_TYPE
from certificates.pdf.metadata import Description, describe
from locales.languages import LANGUAGES
from locales.text import written_name
from operations import clock, pdf, qr
from people.models import User

from . import receipts, receipts_override, words
from .decision_list import who_of
from .models import Decision, DecisionOverride

SMALLEST = 9.0  # points: nothing is set smaller while a page holds it
# The largest that fits on one page is taken; under 9 only for very many reasons or the widest letters in every name.
SIZES = (10.5, 10.0, 9.5, SMALLEST, 8.0, 7.0, 6.0, 5.0)
type Attachment = tuple[str, bytes, str]  # name, contents, what it is


class NotOnPaper(Exception):
    """The receipt does not verify: there is nothing that paper could rely on."""


def paper_of(decision: Decision, *, by: User) -> bytes:
    """Return the page in the active language. Expects `with_all`; NotOnPaper where a receipt does not verify.

    It says who was asked about, so it is for whoever may see the decision. The reference of a case never stands on it.
    """
    reading = receipts.read(decision)
    override: DecisionOverride | None = getattr(decision, "override", None)
    if reading.claims is None or (override is not None and receipts_override.read(override) is None):
        raise NotOnPaper
    now = clock.now()
    context = _context(decision, reading, override, by, now)
    for size in SIZES:
        page = pdf.render(render_to_string("clearance/paper.html", {**context, **_sizes(size)}))
        whole = _with_receipts(page, decision, override, now)
        if whole is not None:
            return whole
    raise pdf.RenderError("an answer that needs a second page in the smallest type")


def _sizes(size: float) -> dict[str, str]:
    """For a machine: never with the decimal comma of the reader's language."""
    parts = {"size": 1.0, "small": 0.86, "large": 2.2, "middle": 1.15}
    return {name: f"{max(min(SMALLEST, size), size * share):.2f}" for name, share in parts.items()}


def _context(
    decision: Decision,
    reading: receipts.ReceiptReading,
    override: DecisionOverride | None,
    by: User,
    now: datetime,
) -> dict[str, Any]:
    claims, language = reading.claims or {}, get_language() or "az"
    against, favour = words.findings(decision.reasons)
    address = receipts.url_of(decision.public_id)
    return {
        "language": language,
        "issuer": settings.ISSUER_NAMES[language],
        "decision": decision,
        "who": {name: pdf.printable(text) for name, text in who_of(decision).items()},
        "asker": _name(decision.asked_by),
        "printed_by": _name(by),
        "printed_at": now,
        "verdict": words.VERDICTS[decision.answer],
        "sentence": pdf.printable(words.sentence(decision.answer, who_of(decision)["name"], now=False)),
        "reading": reading,
        "last_day": words.whole_day(reading.until),
        "against": against,
        "favour": favour,
        "override": override,
        "recall": getattr(decision, "recall", None),
        "address": address,
        "picture": qr.picture(address),
        "files": [name for name, _contents, _text in _attachments(decision, override)],
        **words.beside(claims),
    }


def _name(person: Any) -> str:
    return pdf.printable(written_name(person, get_language() or "az")) if isinstance(person, User) else ""


def _attachments(decision: Decision, override: DecisionOverride | None) -> Iterator[Attachment]:
    yield f"receipt-{decision.public_id}.cose", bytes(decision.receipt), _("Signed receipt of the answer")
    if override is not None:
        yield (
            f"override-{decision.public_id}.cose",
            bytes(override.receipt),
            _("Signed receipt of the override"),
        )


def _with_receipts(
    page: bytes, decision: Decision, override: DecisionOverride | None, now: datetime
) -> bytes | None:
    """Return the file with its receipts and a description without names; None where it has more than one page."""
    language = get_language() or "az"
    names = {code: getattr(decision.function, f"name_{code}") for code in LANGUAGES}
    description = Description(
        title=f"{_('Answer on a clearance')} {decision.public_id}",
        author=settings.ISSUER_NAMES[language],
        subject=names[language],
        keywords=decision.public_id,
        language=language,
        created=now,
    )
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(page)) as document:
        if len(document.pages) != 1:
            return None
        describe(document, description)
        attached = []
        for name, contents, text in _attachments(decision, override):
            file = pikepdf.AttachedFileSpec(
                document,
                contents,
                filename=name,
                description=text,
                mime_type=MEDIA_TYPE,
                relationship=pikepdf.Name.Data,
            )
            document.attachments[name] = file
            attached.append(file.obj)
        document.Root.AF = pikepdf.Array(attached)
        document.save(written)
    return written.getvalue()
