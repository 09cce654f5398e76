"""Drafts of pages as plain values: to compare, to hash, to tell which translations need work."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Page

from locales.languages import LANGUAGES, RULES

from .models.pages import STREAMS, texts_of
from .translation_state import OTHERS, TranslationState, counted

_IN_LANGUAGE = re.compile(rf"_(?:{'|'.join(LANGUAGES)})$")
AUTHORED = (
    "slug", "heading", "summary", "audience", "intro", "minutes", "legal_date", "sources", "competences",
    "critical_errors", "blueprint", "body", "field_sheet", "judged",
)  # fmt: skip


def content_of(page: Page) -> dict[str, Any]:
    """Every authored value of the newest draft, all languages, as JSON values. Of no instant, no author.

    Loading the same file twice gives equal contents; an edit in /cms/ gives another.
    """
    return values_of(page.get_latest_revision_as_object())


def values_of(draft: Page) -> dict[str, Any]:
    """The same of a draft at hand. Equal however the database orders the keys inside a stream."""
    data = draft.serializable_data()
    return {
        field: json.loads(value) if field in STREAMS else _plain(value)
        for field, value in sorted(data.items())
        if _IN_LANGUAGE.sub("", field) in AUTHORED
        and f"{field}_az" not in data  # the plain field repeats one language
    }


def _plain(value: Any) -> Any:
    plain = value is None or isinstance(value, str | int | list | dict)
    return value if plain else DjangoJSONEncoder().default(value)


@dataclass(frozen=True)
class Translation:
    """State of a page's language beside the Azerbaijani one: how many of its texts need work."""

    language: str
    missing: int
    stale: int

    @property
    def label(self) -> str:
        return RULES[self.language].label

    @property
    def needs_work(self) -> bool:
        return bool(self.missing or self.stale)


def translations_of(page: Page) -> list[Translation]:
    """English and Russian of the newest draft."""
    revision = page.latest_revision
    return translations_in(texts_of(revision.content)) if revision else []


def translations_in(texts: Mapping[str, Any]) -> list[Translation]:
    counts = {language: counted(texts, language) for language in OTHERS}
    return [
        Translation(language, found[TranslationState.MISSING], found[TranslationState.STALE])
        for language, found in counts.items()
    ]


def translations_of_pages(pages: Iterable[Page]) -> list[Translation]:
    """Return the same of several pages together, which bring their newest revisions."""
    contents = (page.latest_revision.content for page in pages if page.latest_revision)
    return translations_in({str(number): texts_of(content) for number, content in enumerate(contents)})
