"""Drafts of pages as plain values: to compare, to hash, to tell what is stale."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Page

from locales.languages import DEFAULT_LANGUAGE, LANGUAGES

BLOCK_KEY = re.compile(r' data-block-key=\\"[^"\\]*\\"')
_IN_LANGUAGE = re.compile(rf"_(?:{'|'.join(LANGUAGES)})$")
AUTHORED = (
    "slug", "heading", "summary", "audience", "intro", "minutes", "legal_date", "sources", "competences",
    "critical_errors", "blueprint", "body",
)  # fmt: skip


def content_of(page: Page) -> dict[str, Any]:
    """Every authored value of the newest draft, all languages, as JSON values. Of no instant, no author.

    Loading the same file twice gives equal contents; an edit in /cms/ gives another.
    """
    return values_of(page.get_latest_revision_as_object())


def values_of(draft: Page) -> dict[str, Any]:
    """The same of a draft at hand. Equal however the database orders the keys inside a stream."""
    data = draft.serializable_data()
    encode = DjangoJSONEncoder().default
    return {
        field: _plain(value) if value is None or isinstance(value, str | int | list) else encode(value)
        for field, value in sorted(data.items())
        if _IN_LANGUAGE.sub("", field) in AUTHORED
        and f"{field}_az" not in data  # the plain field repeats one language
    }


@dataclass(frozen=True)
class Translation:
    """State of a page's language beside the Azerbaijani one."""

    language: str
    missing: bool  # at least one text is empty that is written in Azerbaijani
    stale: bool  # the Azerbaijani was changed after it

    @property
    def needs_work(self) -> bool:
        return self.missing or self.stale


def translations_of(page: Page) -> list[Translation]:
    """English and Russian of the newest draft, read from the page's revisions.

    Older means: the newest revision that changed an Azerbaijani text is later than the newest that
    changed this language.
    """
    contents = list(page.revisions.order_by("created_at", "pk").values_list("content", flat=True))
    if not contents:
        return []
    newest = contents[-1]
    fields = [field.removesuffix("_az") for field in newest if field.endswith("_az")]
    changed = {language: _last_change(contents, fields, language) for language in LANGUAGES}
    return [
        Translation(
            language=language,
            missing=any(
                newest[f"{field}_az"] and not _text(newest.get(f"{field}_{language}")) for field in fields
            ),
            stale=changed["az"] > changed[language],
        )
        for language in LANGUAGES
        if language != DEFAULT_LANGUAGE
    ]


def _last_change(contents: list[dict[str, Any]], fields: list[str], language: str) -> int:
    """The number of the last revision whose texts in this language differ from the one before."""
    texts = [[_text(content.get(f"{field}_{language}")) for field in fields] for content in contents]
    return max((i for i in range(1, len(texts)) if texts[i] != texts[i - 1]), default=0)


def _text(value: Any) -> Any:
    """Empty streams and empty texts are the same: nothing is written."""
    return "" if value in (None, "", "[]") else _plain(value)


def _plain(value: Any) -> Any:
    """A stream as a list, without the keys that the editor adds to paragraphs of an unchanged text."""
    if not isinstance(value, str):
        return value
    value = BLOCK_KEY.sub("", value)
    return json.loads(value) if value.startswith('[{"') else value
