"""The body of a lesson as HTML, in one language: a function of the lesson and the standards it names.

No person, no request: what depends on them (a form's token, the answer to a self-check) stands in
slots that `Body` fills in at each view.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext_lazy, override

from locales.languages import DEFAULT_LANGUAGE
from standards.models import DECIDES_MARKS, Competence, Figure, Indicator, LegalSource

from . import marks
from .models import Edition, LessonPage
from .translation_state import complete, in_language

TOKEN_SLOT = "<!--csrf-->"
LAW_HEADINGS = {  # a box says law only over law
    LegalSource.Kind.LAW: gettext_lazy("What the law says"),
    LegalSource.Kind.TREATY: gettext_lazy("What the treaty says"),
    LegalSource.Kind.JUDGMENT: gettext_lazy("What the court found"),
    LegalSource.Kind.STANDARD: gettext_lazy("What is recommended"),
    LegalSource.Kind.REPORT: gettext_lazy("What is reported of practice"),
}
FIGURE = re.compile(r"\{figure:([a-z0-9-]+)\}")  # in a text: an amount or a telephone number


@dataclass(frozen=True)
class Body:
    """A rendered body. `language` is the one it is in: Azerbaijani where any text is not translated."""

    language: str
    checks: dict[str, Any]  # id of a self-check -> its value, in this language
    html: str  # with every self-check unanswered

    def view(self, token: str, answered: tuple[str, int] | None = None) -> SafeString:
        """The HTML with the form token; one self-check (id, option) with feedback under the option."""
        html = self.html
        if answered and (check := self.checks.get(answered[0])):
            with override(self.language):
                asked, told = (_check(answered[0], check, chosen) for chosen in (None, answered[1]))
            asked, told = (_with_figures(part, self.language, html=True) for part in (asked, told))
            html = html.replace(asked, told)
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
    html = mark_safe(_with_figures(escape(text), spoken, html=True))
    if spoken != language:
        name = get_language_info(spoken)["name_translated"]
        html = format_html('<span lang="{}">{}</span> <small>({})</small>', spoken, html, name)
    return RenderedText(_with_figures(text, spoken), html)


def body_of(lesson: LessonPage, language: str) -> Body:
    raw = lesson.body.get_prep_value()
    spoken = language if complete(raw, language) else DEFAULT_LANGUAGE
    blocks = [(child["type"], child["id"], in_language(child["value"], spoken)) for child in raw]
    with override(spoken):
        parts = [_block(kind, block_id, value) for kind, block_id, value in blocks]
        parts.append(render_to_string("courses/sources.html", {"sources": _sources(lesson.sources)}))
    checks = {block_id: value for kind, block_id, value in blocks if kind == "check"}
    return Body(spoken, checks, _with_figures("\n".join(parts), spoken, html=True))


def _with_figures(text: str, language: str, *, html: bool = False) -> str:
    """`{figure:hotline}` in a text becomes the figure's present value; in HTML it stays on one line."""
    codes = set(FIGURE.findall(text))
    if not codes:
        return text
    with override(language):
        figures = {f.code: f"{f.value} {f.unit or ''}".strip() for f in Figure.objects.filter(code__in=codes)}

    def value(match: re.Match[str]) -> str:
        shown = figures.get(match[1], match[0])
        return format_html('<span class="nb">{}</span>', shown) if html else shown

    return FIGURE.sub(value, text)


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


def _block(kind: str, block_id: str, value: Any) -> str:
    """A block as HTML; `value` is raw data in one language."""
    if kind == "paragraph":
        return marks.to_html(value).replace("<ul>", '<ul class="bul">')  # the look of our lists
    if kind == "check":
        return _check(block_id, value)
    context = {"value": value}
    if kind == "law":
        source = next(iter(_sources([value["source"]])), None)
        kind_of_source = source["source"].kind if source else LegalSource.Kind.LAW
        context |= {"source": source, "heading": LAW_HEADINGS[kind_of_source]}
    elif kind == "indicators":
        found = {i.code: i for i in Indicator.objects.select_related("set").filter(code__in=value)}
        context["indicators"] = [found[code] for code in value if code in found]
        context["sets"] = {i.set.pk: i.set for i in context["indicators"]}.values()
    elif kind == "talk":
        first = value[0]["who"] if value else ""
        context["lines"] = [{**line, "other": line["who"] != first} for line in value]
    return render_to_string(f"courses/blocks/{kind}.html", context)


def _check(check_id: str, value: Any, chosen: int | None = None) -> str:
    context = {"id": check_id, "value": value, "chosen": chosen, "token_slot": mark_safe(TOKEN_SLOT)}
    return render_to_string("courses/blocks/check.html", context)


def _sources(codes: list[str]) -> list[dict[str, Any]]:
    """Legal sources in the order given; those that nobody has read yet are told apart."""
    found = LegalSource.objects.in_bulk(codes, field_name="code")
    return [
        {"source": found[code], "read": found[code].confidence in DECIDES_MARKS}
        for code in codes
        if code in found
    ]
