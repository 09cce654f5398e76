"""Terms of the glossary in paragraphs: a button that opens the meaning where the term stands, without a script."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from locales.languages import LANGUAGES
from standards.models import Term

MARKED = re.compile(r"\]\(term:([^)\s]*)\)")  # in a text as it is typed
NUMBER = re.compile(r"[1-9][0-9]{0,3}")
LINK = re.compile(r'<a href="term:([^"]*)">(.*?)</a>', re.DOTALL)  # as marks.py makes it

# No blank stands between the words, their box and what follows; on paper the box stands in the text.
BUTTON = '<button type="button" class="gl" popovertarget="term-{number}">{words}</button>'
BOX = '<span class="gl-box" id="term-{number}" popover><b>{term}</b><span>: {meaning}</span></span>'


def terms_in(texts: Mapping[str, Any]) -> set[str]:
    """Return the numbers, as they are typed, of the terms that a text explains, in whichever language."""
    return {number for language in LANGUAGES for number in MARKED.findall(texts[language])}


def explained(numbers: Iterable[str]) -> dict[str, Term]:
    """Return those of the terms that there are and that have a meaning, by number."""
    asked = {int(number) for number in numbers if NUMBER.fullmatch(number)}
    found = Term.objects.filter(number__in=asked, meaning_az__gt="") if asked else ()
    return {str(term.number): term for term in found}


class TermsInPlace:
    """The terms of one body in one language. The first place of a term brings its box, later ones open the same."""

    def __init__(self, terms: Mapping[str, Term], language: str) -> None:
        self.terms, self.language = terms, language
        self.placed: set[str] = set()

    @classmethod
    def of(cls, raw: Iterable[Mapping[str, Any]], language: str) -> Self:
        """One query where a term is marked, else none."""
        paragraphs = (child["value"] for child in raw if child["type"] == "paragraph")
        return cls(explained(number for texts in paragraphs for number in terms_in(texts)), language)

    def explained(self, html: str) -> str:
        """Return the HTML of a paragraph with its terms explained; one without a meaning is plain words."""
        return LINK.sub(self._explained, html)

    def _explained(self, found: re.Match[str]) -> str:
        term = self.terms.get(found[1])
        if term is None:
            return found[2]
        html = format_html(BUTTON, number=term.number, words=mark_safe(found[2]))
        if found[1] not in self.placed:
            self.placed.add(found[1])
            meaning = getattr(term, f"meaning_{self.language}")
            html += format_html(
                BOX, number=term.number, term=term.in_language(self.language), meaning=meaning
            )
        return html
