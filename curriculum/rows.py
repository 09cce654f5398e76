"""A row of the database in the words of a file: codes for references, three languages for a text."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from locales.languages import LANGUAGES


def described(row: models.Model | None, *fields: str, texts: Sequence[str] = ()) -> dict[str, Any] | None:
    """{field: value, text: {"az": …}}; None for no row. An empty text is None, as files write it."""
    if row is None:
        return None
    values = {name: _code_of(getattr(row, name)) for name in fields}
    return values | {name: text_of(row, name) for name in texts}


def text_of(row: models.Model, name: str) -> dict[str, str] | None:
    text = {language: getattr(row, f"{name}_{language}") or "" for language in LANGUAGES}
    return text if any(text.values()) else None


def _code_of(value: Any) -> Any:
    return value.code if isinstance(value, models.Model) else value  # type: ignore[attr-defined]  # all have one
