"""Amounts and telephone numbers in texts: places until they are shown."""

import re

from django.utils.html import format_html
from django.utils.translation import override

from standards.models import Figure

FIGURE = re.compile(r"\{figure:([a-z0-9-]+)\}")  # in a text: an amount or a telephone number


def with_figures(text: str, language: str, *, html: bool = False) -> str:
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
