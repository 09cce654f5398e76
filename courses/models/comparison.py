"""Two versions of a text in three languages, as Wagtail compares them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import compare

from locales.languages import LANGUAGE_NAMES, LANGUAGES

from ..translation_state import EMPTY, OTHERS, TranslationState, state_of


class TextsComparison(compare.BlockComparison):
    """Only the languages that differ, each with its name, and what was judged anew."""

    def htmlvalue(self, val: Any) -> str:
        return _listed((language, val[language]) for language in LANGUAGES if val[language])

    def htmldiff(self) -> str:
        before, after = ({**EMPTY, **(value or {})} for value in (self.val_a, self.val_b))
        changed = [language for language in LANGUAGES if before[language] != after[language]]
        lines = [
            (language, compare.diff_text(before[language], after[language]).to_html()) for language in changed
        ]
        lines += _judged_anew(before, after, changed)
        return _listed(lines) if lines else self.htmlvalue(after)


def _judged_anew(before: Any, after: Any, changed: list[str]) -> Iterator[tuple[str, str]]:
    for language in OTHERS:
        if language not in changed and state_of(before, language) != state_of(after, language):
            stale = state_of(after, language) == TranslationState.STALE
            yield (
                language,
                _("is now older than the Azerbaijani text") if stale else _("was found to be right still"),
            )


def _listed(lines: Iterable[tuple[str, str]]) -> str:
    rows = ((LANGUAGE_NAMES[language], language, html) for language, html in lines)
    return format_html("<dl>{}</dl>", format_html_join("", '<dt>{}</dt><dd lang="{}">{}</dd>', rows))


class PictureComparison(compare.BlockComparison):
    """Both pictures, to be looked at."""

    def htmlvalue(self, val: Any) -> str:
        address = reverse("courses_cms:picture", args=[val]) if val else ""
        return format_html('<img src="{}" alt="{}" width="240">', address, val) if val else ""

    def htmldiff(self) -> str:
        rows = (("deletion", self.htmlvalue(self.val_a)), ("addition", self.htmlvalue(self.val_b)))
        return format_html_join("", '<div class="comparison__child-object {}">{}</div>', rows)


class BodyComparison(compare.StreamFieldComparison):
    """A body, in which blocks that are the same on both sides are one line each."""

    def htmldiff(self) -> str:
        both = compare.StreamBlockComparison(self.field.stream_block, True, True, self.val_a, self.val_b)
        rows = (_compared(block) for block in both.get_block_comparisons())
        return format_html_join("", '<div class="comparison__child-object {}"><b>{}</b> {}</div>', rows)


def _compared(comparison: compare.BlockComparison) -> tuple[str, str, str]:
    block, label = comparison.block, str(comparison.block.label)
    if comparison.is_new():
        return "addition", label, comparison.htmlvalue(comparison.val_b)
    if comparison.is_deleted():
        return "deletion", label, comparison.htmlvalue(comparison.val_a)
    before, after = (block.get_prep_value(value) for value in (comparison.val_a, comparison.val_b))
    return "", label, comparison.htmldiff() if before != after else "="
