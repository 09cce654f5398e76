"""The body of a lesson as HTML, in one language: a function of the lesson and the standards it names.

No person, no request: what depends on them (a form's token, the answer to a self-check) stands in
slots that `Body` fills in at each view.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext_lazy, override, pgettext_lazy
from django_stubs_ext import StrOrPromise

from assessments.content import IndicatorWords
from assessments.content_parts import TranslatedText
from assessments.public import PublicExhibit, PublicMessage, PublicPassage, PublicText
from locales.languages import DEFAULT_LANGUAGE, LANGUAGES
from operations import files
from standards.models import DECIDES_MARKS, Competence, Indicator, LegalSource

from . import marks
from .figure_texts import with_figures
from .models import Edition, LessonPage
from .models.blocks_picture import SUFFIX, read_name
from .pictures import named_in
from .rendered_checks import TOKEN_SLOT, RenderedCheck, rendered
from .self_checks import CheckAnswer, LessonWords, indicators_in, kind_of, question_of
from .term_texts import TermsInPlace
from .translation_state import complete, in_language

EXHIBIT = "exhibit_"  # of the types of blocks that are exhibits
LAW_WORDS: dict[
    str, tuple[StrOrPromise, str]
] = {  # a box says law only over law; its line, how binding it is
    LegalSource.Kind.LAW: (gettext_lazy("Law"), ""),
    LegalSource.Kind.TREATY: (gettext_lazy("Treaty"), "says-treaty"),
    LegalSource.Kind.JUDGMENT: (gettext_lazy("Judgment"), "says-use"),
    LegalSource.Kind.STANDARD: (gettext_lazy("Recommendation"), "says-rec"),
    LegalSource.Kind.REPORT: (pgettext_lazy("source", "Practice"), "says-use"),
}


@dataclass(frozen=True)
class Body:
    """A rendered body. `language` is the one it is in: Azerbaijani where any text is not translated."""

    language: str
    parts: tuple[str | RenderedCheck, ...]
    pictures: frozenset[str]  # names of their files
    sources: SafeString  # what it rests on, for the end of the page

    @cached_property
    def checks(self) -> dict[str, RenderedCheck]:
        """Return the self-checks by id, in their order."""
        return {part.question.code: part for part in self.parts if isinstance(part, RenderedCheck)}

    def view(self, token: str, reader: str, answers: Mapping[str, CheckAnswer] | None = None) -> SafeString:
        """The HTML for one reader, with the form token; answered checks (by id) explain themselves."""
        given = answers or {}
        html = "\n".join(
            part if isinstance(part, str) else part.view(reader, given.get(part.question.code))
            for part in self.parts
        )
        field = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'
        return mark_safe(html.replace(TOKEN_SLOT, field))


@dataclass(frozen=True)
class RenderedText:
    """A translated text: `html` says its language where that is not the language of the page."""

    plain: str
    html: SafeString


def text_of(page: Any, field: str, language: str, spoken: str = "") -> RenderedText:
    """The text for a page in this language; marked, and followed by a language's name, where it is in another.

    `spoken`: the language in which the course may be read; Azerbaijani stands in for what is not translated.
    """
    spoken = spoken or language
    if not getattr(page, f"{field}_{spoken}"):
        spoken = DEFAULT_LANGUAGE
    text = getattr(page, f"{field}_{spoken}") or ""
    html = mark_safe(with_figures(escape(text), spoken, html=True))
    if spoken != language:
        name = get_language_info(spoken)["name_translated"]
        html = format_html('<span lang="{}">{}</span> <small>({})</small>', spoken, html, name)
    return RenderedText(with_figures(text, spoken), html)


def body_of(lesson: LessonPage, language: str, *, pictures: str = "pictures/") -> Body:
    """Return the body in a language. `pictures`: the address that the names of pictures follow."""
    raw = lesson.body.get_prep_value()
    spoken = language if complete(raw, language) else DEFAULT_LANGUAGE
    with override(spoken):
        parts = tuple(_parts(raw, spoken, pictures))
        sources = render_to_string("courses/sources.html", {"sources": _sources(lesson.sources)})
    return Body(spoken, parts, named_in(raw), mark_safe(sources))


def _parts(raw: list[dict[str, Any]], spoken: str, pictures: str) -> Iterator[str | RenderedCheck]:
    """Blocks in their order, those between two self-checks as one text."""
    questions = {
        child["id"]: question_of(kind, child["id"], child["value"])
        for child in raw
        if (kind := kind_of(child["type"]))
    }
    terms = TermsInPlace.of(raw, spoken)
    words = _words({code for question in questions.values() if question for code in indicators_in(question)})
    texts: list[str] = []
    for child in raw:
        if not (kind := kind_of(child["type"])):
            value = in_language(child["value"], spoken)
            html = _block(child["type"], child["id"], value, pictures)
            texts.append(terms.explained(html) if child["type"] == "paragraph" else html)
        elif (question := questions[child["id"]]) and set(indicators_in(question)) <= set(words.indicators):
            yield with_figures("\n".join(texts), spoken, html=True)
            texts = []
            yield rendered(kind, question, words, spoken)
    yield with_figures("\n".join(texts), spoken, html=True)


def _words(codes: set[str]) -> LessonWords:
    found = Indicator.objects.select_related("set").filter(code__in=codes) if codes else ()
    return LessonWords(
        {
            indicator.code: IndicatorWords(
                set=indicator.set.code,
                version=indicator.set.version,
                dimension=indicator.dimension,
                strength=indicator.strength,
                text=TranslatedText(**{code: getattr(indicator, f"text_{code}") for code in LANGUAGES}),
            )
            for indicator in found
        }
    )


def about(edition: Edition | None, law: date | None) -> str:
    """Return the edition a reader has before them, and the day as of which the law of the lesson is."""
    if edition is None:
        return ""
    context = {"edition": edition, "law": law}
    return render_to_string("courses/about.html", context).strip()


def teaches(lessons: list[LessonPage]) -> list[str]:
    """Return what the lessons together teach, in words, in the active language."""
    codes = [code for lesson in lessons for code in lesson.competences]
    return [c.text for c in Competence.objects.filter(code__in=codes).order_by("code")]


def _block(kind: str, block_id: str, value: Any, pictures: str) -> str:
    """A block as HTML; `value` is raw data in one language."""
    if kind == "paragraph":
        return marks.to_html(value).replace("<ul>", '<ul class="bul">')  # the look of our lists
    if kind.startswith(EXHIBIT):
        return render_to_string("courses/blocks/exhibit.html", {"exhibit": _exhibit(kind, value)})
    context = {"value": value, "id": block_id}
    if kind == "law":
        source = next(iter(_sources([value["source"]])), None)
        word, look = LAW_WORDS[source["source"].kind if source else LegalSource.Kind.LAW]
        context |= {"source": source, "word": word, "look": look}
    elif kind == "indicators":
        found = {i.code: i for i in Indicator.objects.select_related("set").filter(code__in=value)}
        context["indicators"] = [found[code] for code in value if code in found]
        context["sets"] = {i.set.pk: i.set for i in context["indicators"]}.values()
    elif kind == "picture":
        sha256, width, height = read_name(value["picture"]) or ("", 0, 0)
        context |= {"address": f"{pictures}{value['picture']}/", "width": width, "height": height}
        context["there"] = bool(sha256) and files.exists(sha256, SUFFIX)
    elif kind == "talk":
        first = value[0]["who"] if value else ""
        context["lines"] = [{**line, "other": line["who"] != first} for line in value]
    return render_to_string(f"courses/blocks/{kind}.html", context)


def _exhibit(block_type: str, value: Any) -> PublicExhibit:
    kind = value.get("kind") or block_type.removeprefix(EXHIBIT)
    title, origin = value["title"], value["origin"]
    match kind:
        case "messages":
            messages = tuple(
                PublicMessage(message["who"], message["mine"], _unmarked(message["text"]))
                for message in value["messages"]
            )
            return PublicExhibit(kind, title, origin, messages=messages)
        case "ledger":
            rows = tuple((row["label"], row["value"]) for row in value["rows"])
            return PublicExhibit(kind, title, origin, ledger=rows)
        case "table":
            cells = tuple(tuple(row) for row in value["rows"])
            return PublicExhibit(kind, title, origin, columns=tuple(value["columns"]), rows=cells)
        case _:
            return PublicExhibit(kind, title, origin, paragraphs=tuple(map(_unmarked, value["paragraphs"])))


def _unmarked(text: str) -> PublicText:
    """A text in which nothing is to be marked."""
    return (PublicPassage(text),)


def _sources(codes: list[str]) -> list[dict[str, Any]]:
    """Legal sources in the order given; those that nobody has read yet are told apart."""
    found = LegalSource.objects.in_bulk(codes, field_name="code")
    return [
        {"source": found[code], "read": found[code].confidence in DECIDES_MARKS}
        for code in codes
        if code in found
    ]
