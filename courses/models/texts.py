"""A text in three languages as one value of one block: one field, one widget, one line in the database."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks

from locales.languages import DEFAULT_LANGUAGE, LANGUAGE_NAMES, LANGUAGES

from ..translation_state import EMPTY, FINGERPRINT, OTHERS, TranslationState, found_right, state_once_saved
from .comparison import TextsComparison

MOST = 10_000  # characters


class Texts(dict[str, Any]):
    """A dictionary, as it stands in the database; as one text it is the Azerbaijani."""

    def __str__(self) -> str:
        return str(self[DEFAULT_LANGUAGE])


def read_texts(value: Any) -> Texts:
    """Return whatever was sent as texts. What is no text is empty: `clean` tells what is missing.

    `still`: languages whose translation was found right beside the Azerbaijani text that is sent with it.
    """
    data = value if isinstance(value, dict) else {}
    texts = Texts({language: _text(data.get(language)) for language in LANGUAGES})
    texts["of"] = dict(_judgements(data.get("of")))
    for language in data.get("still") or ():
        if language in OTHERS and texts[language]:
            found_right(texts, language)
    return texts


def _text(value: Any) -> str:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _judgements(of: Any) -> Iterator[tuple[str, list[str]]]:
    for language in OTHERS:
        pair = of.get(language) if isinstance(of, dict) else None
        if isinstance(pair, list) and len(pair) == 2:
            if all(isinstance(sign, str) and len(sign) == FINGERPRINT for sign in pair):
                yield language, pair


def lacks_original(texts: Texts, *, required: bool) -> bool:
    """Return whether the Azerbaijani text is wanted and is not there: no other language says what it does not."""
    wanted = required or any(texts[language].strip() for language in OTHERS)
    return wanted and not texts[DEFAULT_LANGUAGE].strip()


class TextsWidget(forms.Widget):
    """Textareas side by side, which the editor's own script draws (static/courses/cms-body.js)."""

    def __init__(self, rows: int = 2, marks: bool = False) -> None:
        super().__init__()
        self.rows, self.marks = rows, marks

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Texts:
        sent: dict[str, Any] = {language: data.get(f"{name}-{language}") for language in LANGUAGES}
        sent["still"] = data.get(f"{name}-still", "").split()
        try:
            sent["of"] = json.loads(data.get(f"{name}-of") or "{}")
        except ValueError:
            sent["of"] = {}
        return read_texts(sent)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-{DEFAULT_LANGUAGE}" not in data

    def format_value(self, value: Any) -> Any:
        """Return the texts and the state of each, so that the script needs no fingerprints; after a refused save that
        which saving them would have made.
        """
        value = {**EMPTY, **(value or {})}
        missing = lacks_original(value, required=self.is_required)
        states = {DEFAULT_LANGUAGE: TranslationState.MISSING if missing else TranslationState.CURRENT}
        states |= {language: state_once_saved(value, language) for language in OTHERS}
        return {**value, "state": states}


class TextsField(forms.Field):
    """Azerbaijani is required where the field is, or a translation is there; a missing translation is counted, never
    refused.
    """

    def clean(self, value: Any) -> Texts:
        texts = read_texts(value)
        if lacks_original(texts, required=self.required):
            raise ValidationError(_("The Azerbaijani text is missing."), code="required")
        if long := [LANGUAGE_NAMES[language] for language in LANGUAGES if len(texts[language]) > MOST]:
            languages = ", ".join(long)
            raise ValidationError(_("Longer than %(most)d characters: %(languages)s.") % {
                "most": MOST, "languages": languages,
            })  # fmt: skip
        return texts


class TextsBlock(blocks.FieldBlock):
    """`marks`: bold, italic, links and lists may be written (marks.py). Stands in migrations by its path."""

    def __init__(
        self,
        required: bool = True,
        help_text: Any = None,
        rows: int = 2,
        marks: bool = False,
        **kwargs: Any,
    ) -> None:
        widget = TextsWidget(rows=rows, marks=marks)
        self.field = TextsField(required=required, help_text=help_text, widget=widget)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Texts:
        return read_texts(value)

    def normalize(self, value: Any) -> Texts:
        return read_texts(value)

    def get_prep_value(self, value: Any) -> dict[str, Any]:
        return {**EMPTY, **(value or {})}

    def get_searchable_content(self, value: Any) -> list[str]:
        return [value[language] for language in LANGUAGES if value[language]]

    def get_comparison_class(self) -> type[TextsComparison]:
        return TextsComparison

    class Meta:
        icon = "pilcrow"
        default = None
