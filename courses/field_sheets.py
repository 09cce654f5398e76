"""The field sheet of a course: one page for the pocket, in one language, on screen and as a PDF."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from locales.languages import LANGUAGE_NAMES, LANGUAGES
from operations import pdf
from standards.models import Figure, Indicator

from .figure_texts import with_figures
from .models import CoursePage, Edition
from .translation_state import in_language

SMALLEST = 9.0  # points: nothing on paper is set smaller
SIZES = (10.5, 10.0, 9.5, SMALLEST)  # the largest that fits on one page is taken
COLUMNS = 2  # of indicators and questions in the PDF


@dataclass(frozen=True)
class Call:
    """Somebody to ring. `number` is empty where nobody entered one: a number is never invented."""

    who: str
    when: str
    number: str


@dataclass(frozen=True)
class LookAlike:
    """An indicator by its name, and what is not enough for it. No code: the sheet is for the pocket."""

    name: str
    not_enough: str


@dataclass
class FieldSheet:
    """`numbers_of`: the oldest day of the numbers on it; None where there is no number."""

    language: str
    calls: list[Call] = field(default_factory=list)
    numbers_of: date | None = None
    minutes: list[dict[str, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    indicators: list[LookAlike] = field(default_factory=list)
    about_indicators: str = ""
    note: list[dict[str, str]] = field(default_factory=list)
    about_note: str = ""


def sheet_of(page: CoursePage, language: str) -> FieldSheet | None:
    """Return the sheet of a course in a language; None where the course has none."""
    blocks = [
        (child["type"], in_language(child["value"], language)) for child in page.field_sheet.get_prep_value()
    ]
    if not blocks:
        return None
    sheet = FieldSheet(language)
    with override(language):
        blocks = [(kind, _filled(value, language)) for kind, value in blocks]
        _add_calls(sheet, [value for kind, value in blocks if kind == "call"])
        for kind, value in blocks:
            if kind == "minute":
                sheet.minutes.append(value)
            elif kind == "question":
                sheet.questions.append(value)
            elif kind == "never":
                sheet.never.append(value)
            elif kind == "indicators":
                sheet.indicators, sheet.about_indicators = _look_alikes(value["codes"]), value["remember"]
            elif kind == "note":
                sheet.note, sheet.about_note = value["fields"], value["remember"]
    return sheet


def _filled(value: Any, language: str) -> Any:
    """Return the value of a block with figures in its texts."""
    if isinstance(value, str):
        return with_figures(value, language)
    if isinstance(value, dict):
        return {name: _filled(part, language) for name, part in value.items()}
    return [_filled(part, language) for part in value]


def _add_calls(sheet: FieldSheet, calls: Sequence[dict[str, Any]]) -> None:
    figures = Figure.objects.in_bulk([call["figure"] for call in calls], field_name="code")
    for call in calls:
        figure = figures.get(call["figure"])
        sheet.calls.append(Call(call["who"], call["when"], figure.value if figure else ""))
    sheet.numbers_of = min((figure.as_of for figure in figures.values()), default=None)


def _look_alikes(codes: Sequence[str]) -> list[LookAlike]:
    found = Indicator.objects.in_bulk(codes, field_name="code")
    rows = (found[code] for code in codes if code in found)
    return [LookAlike(row.text.partition(":")[0], row.not_enough) for row in rows]


def about(sheet: FieldSheet, code: str, edition: Edition | None) -> str:
    """Return what the sheet is of, and of which day its numbers are, in the active language."""
    context = {"sheet": sheet, "code": code, "edition": edition}
    return " ".join(render_to_string("courses/field_sheet_about.html", context).split())


def as_pdf(sheet: FieldSheet, *, heading: str, about: str) -> bytes:
    """Return one page of A4, to be folded to A5, in the largest type that fits; where none does, the smallest on more
    pages.
    """
    made = b""
    for size in SIZES:
        made = _set(sheet, heading, about, size)
        if pages_of(made) == 1:
            break
    return made


def problems_of(page: CoursePage) -> list[str]:
    """Return why the sheet of a draft cannot go into the pocket, a line a language: too long even in the smallest type,
    or no PDF at all, with what the renderer says.
    """
    edition = Edition.objects.newest_of(page) if page.pk else None
    return list(filter(None, (_problem(page, language, edition) for language in LANGUAGES)))


def _problem(page: CoursePage, language: str, edition: Edition | None) -> str:
    sheet = sheet_of(page, language)
    if sheet is None:
        return ""
    named = {"language": LANGUAGE_NAMES[language]}
    heading = getattr(page, f"heading_{language}") or page.heading_az
    with override(language):
        said = about(sheet, page.code, edition)
    try:
        pages = pages_of(_set(sheet, heading, said, SIZES[-1]))
    except pdf.RenderError as error:
        return _("in %(language)s no PDF can be made of it: %(error)s") % {**named, "error": error}
    return _("in %(language)s it needs a second page; shorten it") % named if pages > 1 else ""


def pages_of(made: bytes) -> int:
    with pikepdf.open(io.BytesIO(made)) as document:
        return len(document.pages)


def _set(sheet: FieldSheet, heading: str, about: str, size: float) -> bytes:
    context = {
        "sheet": sheet,
        "heading": heading,
        "about": about,
        "size": f"{size:.1f}",
        "small": f"{max(SMALLEST, size * 0.9):.2f}",
        "calls": list(batched(sheet.calls, 3)),
        "questions": list(batched(sheet.questions, COLUMNS)),
        "indicators": list(batched(sheet.indicators, COLUMNS)),
        "note": list(batched(sheet.note, 2)),
    }
    with override(sheet.language):
        return pdf.render(render_to_string("courses/field_sheet_pdf.html", context))
