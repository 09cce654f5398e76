"""Template tags and filters of the interface. Builtins of every template: no load tag is needed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypedDict

from django import template
from django.conf import settings
from django.forms import BaseForm, Field
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.devices import described
from elearning.navigation import Menu, MenuLine
from elearning.templatetags.figures import ICONS, SEALS
from locales.dates import day_text, end_text, instant_text
from locales.languages import rules_of
from operations.clock import BAKU
from operations.codes import grouped

register = template.Library()


class ErrorRow(TypedDict):
    """One line of an error summary: where the field is, and what is wrong in words."""

    href: str
    text: str


@register.simple_tag
@lru_cache(maxsize=256)
def ico(name: str, css_class: str = "") -> SafeString:
    """An icon beside a text. Screen readers skip it: never use it alone."""
    return format_html(
        '<svg class="ico{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        f" {css_class}" if css_class else "",
        ICONS[name],
    )


@register.simple_tag
def seal(state: str) -> SafeString:
    """The figure of a state. The state must also stand beside it in words."""
    return mark_safe(f'<svg viewBox="0 0 100 100" aria-hidden="true">{SEALS[state]}</svg>')


@register.simple_block_tag
def card(content: str, id: str, title: str, kind: str = "") -> SafeString:
    """A part of a page under its own heading, with whose `id` it is named; `kind`: further classes."""
    return format_html(
        '<section class="card{}" aria-labelledby="{}"><h2 id="{}">{}</h2>{}</section>',
        f" {kind}" if kind else "", id, id, title, content,
    )  # fmt: skip


@register.simple_block_tag
def fact(content: str, label: str, kind: str = "") -> SafeString:
    """A row of a list of facts (`<dl class="kv">`, `sum`), its value inside; `kind`: classes of the value."""
    value = (
        format_html('<dd class="{}">{}</dd>', kind, content) if kind else format_html("<dd>{}</dd>", content)
    )
    return format_html("<div><dt>{}</dt>{}</div>", label, value)


@register.simple_block_tag
def list_row(content: str, title: str, href: str = "") -> SafeString:
    """The first line of a list's row: its title, a link if `href` is given, and what stands at the other end."""
    head = format_html('<a href="{}"><b>{}</b></a>', href, title) if href else format_html("<b>{}</b>", title)
    return format_html('<p class="row">{}{}</p>', head, content)


@register.filter
def line_of(menu: Menu, section: str) -> MenuLine | None:
    """Return the line of the menu to be marked on a page that names `section`, or none."""
    return menu.line_of(section)


@register.simple_tag
def fixed(name: str) -> SafeString:
    """A part of every page that depends on the language alone: rendered once for each."""
    if settings.DEBUG:
        return _fixed.__wrapped__(name, get_language())
    return _fixed(name, get_language())


@lru_cache(maxsize=64)
def _fixed(name: str, language: str | None) -> SafeString:
    return render_to_string(
        name,
        {"cyrillic": rules_of(language).script == "Cyrl", "demo": settings.DEMO, "issuer": issuer(language)},
    )


@register.simple_tag
def issuer(language: str | None) -> str:
    """Return the name of who runs this installation and issues its certificates."""
    return str(settings.ISSUER_NAMES.get(language or "az", settings.ISSUER_NAMES["az"]))


_UNBROKEN = re.compile(
    r"\b[A-Z]{2,4}(?:-[0-9A-Z]{3,})+\b"  # NSN-7Q4K-28FD, RCP-8K2M-5T7Q
    r"|\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"  # a short code
    r"|\b\d+-[IVX]*Q[DMI]?\b"  # 958-IIQ, the number of a law
    r"|\d[\d.]*-(?:d[əa]k|d[əa]n|[cç][ıiuü]|d[əa])\b"  # 14.01.2027-dək
    r"|\b\d+ %"  # 60 %
)


@register.filter
def beside(heads: Iterable[Any], cells: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Return the cells of a row, each with its head before it: on a telephone it stands beside the cell."""
    return zip(heads, cells, strict=True)


@register.filter
def nb(text: str) -> SafeString:
    """Keeps numbers of certificates, receipts and laws, dates with a suffix, and per cents on one line."""
    return mark_safe(_UNBROKEN.sub(r'<span class="nb">\g<0></span>', conditional_escape(text)))


@register.simple_tag
def percent(part: float, whole: float) -> int:
    """Whole per cent, 0 to 100, never localised: for widths in SVG."""
    return max(0, min(100, round(100 * part / whole))) if whole else 0


@register.simple_tag
def page_query(query: QueryDict | None, number: int | str, name: str = "") -> str:
    """?page=2 with the other parts of the query kept; `name` is the parameter's, "page" if empty."""
    parts = query.copy() if query is not None else QueryDict(mutable=True)
    parts[name or "page"] = str(number)
    return f"?{parts.urlencode()}"


@register.filter
def initials(name: str) -> str:
    """First letters of at most two words, as written: no case is changed."""
    return "".join(word[0] for word in str(name).split()[:2])


@register.filter
def by_four(code: str) -> str:
    """A long code in groups of four, to be read and typed by people."""
    return grouped(code, " ")


@register.filter
def device(user_agent: str) -> str:
    """Browser and system in words."""
    return described(user_agent)


@register.filter
def day(value: date | None) -> str:
    """The day in Baku in words, as locales.dates writes it. None gives an empty text."""
    return day_text(value) if value is not None else ""


@register.filter
def instant(value: datetime | None) -> str:
    """Day, hour and minute in Baku: 24.11.2026, 15:42. None gives an empty text."""
    return instant_text(value) if value is not None else ""


@register.filter
def end(value: datetime | None) -> str:
    """Until when: the last day where it ends with a day, else day and time. None gives an empty text."""
    return end_text(value) if value is not None else ""


@register.filter
def iso(value: date | None) -> str:
    """ISO 8601, in Baku time with its offset if an instant: for `<time datetime>`."""
    if isinstance(value, datetime):
        return value.astimezone(BAKU).isoformat(timespec="seconds")
    return value.isoformat() if value else ""


BARE = Field.default_error_messages["required"]  # says nothing of which field is missing


def _rows_of(form: BaseForm) -> Iterator[ErrorRow]:
    """Yield a row for each error. Where several fields lack the same, each row names its field: no two links read alike."""
    for text in form.non_field_errors():
        yield ErrorRow(href="#main", text=str(text))
    times = Counter(str(text) for field in form for text in field.errors)
    for field in form:
        # A group of choices has no element of its own id: its first choice takes the focus.
        target = field.id_for_label or f"{field.auto_id}_0"
        for text in field.errors:
            named = text == BARE or times[str(text)] > 1
            yield ErrorRow(href=f"#{target}", text=f"{field.label}: {text}" if named else str(text))


@register.simple_tag
def error_rows(form: BaseForm | None, errors: list[ErrorRow] | None = None) -> list[ErrorRow]:
    """Rows of the error summary: those of a bound form in the order of its fields, then `errors`."""
    return [*(_rows_of(form) if isinstance(form, BaseForm) and form.is_bound else ()), *(errors or ())]
