"""The archive that a person downloads: everything as JSON, a readable PDF, and files that belong to it."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

from locales.text import written_name
from operations import clock, pdf
from people.models import User

from .export import Export, collect

FORMAT = "nisane.my-data"
MOST_ROWS = 200  # of a section in the PDF; the JSON has all
MOST_BYTES, MOST_SECONDS = 20_000_000, 120


def make(person: User) -> bytes:
    """Return a ZIP file in the active language."""
    export, now = collect(person), clock.now()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(as_json(export, now), ensure_ascii=False, indent=1)
        archive.writestr("my-data.json", text)
        archive.writestr("my-data.pdf", as_pdf(export, now))
        for file in export.files:
            if (content := file.read()) is not None:
                archive.writestr(file.name, content)
    return packed.getvalue()


def as_json(export: Export, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": 1,
        "issuer": settings.BASE_URL,
        "made_at": now.isoformat(),
        "person": export.people[0].public_id,
        "sections": {
            model: {"title": section.title, "rows": section.rows}
            for model, section in export.sections.items()
        },
        "withheld": [
            {"model": model, "field": field, "why": str(why)}
            for (model, field), why in export.withheld.items()
        ],
    }


def as_pdf(export: Export, now: datetime) -> bytes:
    language = get_language() or "az"
    sections = [
        {
            "title": section.title,
            "rows": [
                [(label, pdf.printable(text)) for label, text in line] for line in section.lines[:MOST_ROWS]
            ],
            "number": len(section.rows),
            "left": max(0, len(section.rows) - MOST_ROWS),
        }
        for section in export.sections.values()
        if section.rows
    ]
    context = {
        "name": pdf.printable(written_name(export.people[0], language)),
        "now": now,
        "sections": sections,
        "language": language,
    }
    html = render_to_string("privacy/pdf/own_data.html", context)
    return pdf.render(html, max_bytes=MOST_BYTES, max_seconds=MOST_SECONDS)
