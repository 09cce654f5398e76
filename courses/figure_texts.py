"""Amounts and telephone numbers in texts: places until they are shown."""

import re

from django.utils.html import escape, format_html
from django.utils.translation import override

from standards.models import Figure

FIGURE = re.compile(r"\{figure:([a-z0-9-]+)\}")  # in a text: an amount or a telephone number
TAG_OR_FIGURE = re.compile(rf"<[^<>]*>|{FIGURE.pattern}")
TELEPHONE = re.compile(r'href="tel:[^"]*"')


def with_figures(text: str, language: str, *, html: bool = False) -> str:
    """`{figure:hotline}` in a text becomes the figure's present value; in HTML it stays on one line, and in the attribute
    of a tag it is the value alone, without spaces in what a telephone dials.
    """
    codes = set(FIGURE.findall(text))
    if not codes:
        return text
    with override(language):
        figures = {f.code: f"{f.value} {f.unit or ''}".strip() for f in Figure.objects.filter(code__in=codes)}

    def value(match: re.Match[str]) -> str:
        return figures.get(match[1], match[0])

    def in_html(match: re.Match[str]) -> str:
        if match[1]:
            return format_html('<span class="nb">{}</span>', value(match))
        tag = FIGURE.sub(lambda inside: escape(value(inside)), match[0])
        return TELEPHONE.sub(lambda dialled: dialled[0].replace(" ", ""), tag)

    return TAG_OR_FIGURE.sub(in_html, text) if html else FIGURE.sub(value, text)
