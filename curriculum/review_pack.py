"""Documents in which people outside read a course: for a lawyer, for the editor of each language, and the key apart."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from locales.languages import LANGUAGE_NAMES, LANGUAGES
from operations.spreadsheets import Cell, write_csv
from standards.models import Confidence

from . import schema
from .review import CourseReview, ReviewedText
from .schema.review import What

KEY_FILE = "SECRET-key"


@dataclass(frozen=True, kw_only=True)
class PackDocument:
    """A document and its reader. `language`: of its headings; `shown`: in this order; `corrected`: where there is room."""

    name: str
    title: str
    secret: bool
    language: str
    shown: tuple[str, ...]
    corrected: tuple[str, ...]
    fingerprints: dict[What, str]


def write_pack(review: CourseReview, folder: Path) -> Iterator[tuple[Path, int]]:
    """Write each document as HTML to print and as CSV; yield each file and how many statements stand in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in _documents(review):
        secret = [each for each in review.statements if each.secret]
        statements = secret if document.secret else in_the_open(review.statements)
        path = folder / f"{review.course.code}-{document.name}"
        with override(document.language):
            page = path.with_suffix(".html")
            page.write_text(_html(review, document, statements), encoding="utf-8")
            yield page, len(statements)
            table = path.with_suffix(".csv")
            yield table, write_csv(table, _headings(document), _rows(review, document, statements))


def in_the_open(statements: Iterable[ReviewedText]) -> list[ReviewedText]:
    """Return what is not secret; the parts of a question of a case by their marks, whose order is that of nothing."""
    shown = [each for each in statements if not each.secret]
    runs = groupby(shown, key=lambda each: each.mark.partition(" ")[0])
    return [_veiled(each) for _question, run in runs for each in sorted(run, key=lambda each: each.mark)]


def _veiled(text: ReviewedText) -> ReviewedText:
    name, _space, field = text.place.partition(" ")
    return replace(text, place=f"{name.partition('/')[0]}/{text.mark} {field}") if text.mark else text


def _documents(review: CourseReview) -> Iterator[PackDocument]:
    marks: dict[What, str] = {what: review.fingerprint(what) for what in ("law", "az", "en", "ru")}
    with override("az"):
        yield PackDocument(
            name="law", title=_("For a national lawyer"), secret=False, language="az",
            shown=LANGUAGES, corrected=LANGUAGES, fingerprints={"law": marks["law"]},
        )  # fmt: skip
        yield PackDocument(
            name=KEY_FILE, title=_("Answer keys and critical errors"), secret=True, language="az",
            shown=LANGUAGES, corrected=LANGUAGES, fingerprints=marks,
        )  # fmt: skip
    editors: dict[What, str] = {"az": marks["az"], "en": marks["en"], "ru": marks["ru"]}
    for what, mark in editors.items():
        others = tuple(language for language in LANGUAGES if language != what)
        with override(what):
            yield PackDocument(
                name=what,
                title=_("For the editor of the language: %(language)s") % {"language": LANGUAGE_NAMES[what]},
                secret=False, language=what, shown=(what, *others), corrected=(what,),
                fingerprints={what: mark},
            )  # fmt: skip


def _html(review: CourseReview, document: PackDocument, statements: Sequence[ReviewedText]) -> str:
    context = {
        "document": document,
        "course": review.course.code,
        "heading": getattr(review.course.heading, document.language),
        "sources": [_source(source, document.language) for source in review.sources],
        "sections": [
            _section(section, list(group), document)
            for section, group in groupby(statements, key=lambda each: each.section)
        ],
        "whats": [(_what(what), mark) for what, mark in document.fingerprints.items()],
    }
    return render_to_string("curriculum/review_pack.html", context)


def _section(name: str, statements: Sequence[ReviewedText], document: PackDocument) -> dict[str, object]:
    """Return a section with the sources of most of its statements; one that rests on others says so itself."""
    ((usual, _count),) = Counter(each.sources for each in statements).most_common(1)
    shown = [
        {
            "place": each.place,
            "where": each.where,
            "key": each.key,
            "sources": " · ".join(each.sources) if each.sources != usual else "",
            "texts": [(language, each.texts[language]) for language in document.shown],
        }
        for each in statements
    ]
    return {"name": name, "sources": " · ".join(usual), "statements": shown}


def _source(source: schema.LegalSourceEntry, language: str) -> dict[str, object]:
    return {
        "code": source.code,
        "name": getattr(source.instrument, language),
        "article": source.article or "",
        "state_on": source.state_on,
        "label": f"{source.confidence}: {Confidence(source.confidence).label}",
        "quoted_only": source.quoted_only,
        "note": getattr(source.state_note, language) if source.state_note else "",
    }


def _what(what: What) -> str:
    return _("law") if what == "law" else LANGUAGE_NAMES[what]


def _headings(document: PackDocument) -> list[str]:
    return [
        *([_("SECRET")] if document.secret else []),
        _("Place"), _("File, line"), _("Answer key"), _("Sources (day of the text, label)"),
        *(LANGUAGE_NAMES[language] for language in document.shown),
        *(_("Correction: %(language)s") % {"language": LANGUAGE_NAMES[each]} for each in document.corrected),
        _("Remark"),
    ]  # fmt: skip


def _rows(
    review: CourseReview, document: PackDocument, statements: Sequence[ReviewedText]
) -> Iterator[list[Cell]]:
    known = {source.code: f"{source.state_on}, {source.confidence}" for source in review.sources}
    for each in statements:
        sources = "; ".join(f"{code} ({known[code]})" for code in each.sources if code in known)
        texts = [each.texts[language] for language in document.shown]
        marked = [_("SECRET")] if document.secret else []
        yield [
            *marked,
            each.place,
            each.where,
            each.key,
            sources,
            *texts,
            *[""] * len(document.corrected),
            "",
        ]
