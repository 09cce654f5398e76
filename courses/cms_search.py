"""Search at /cms/: what the drafts say in each language, in headings and bodies, however it is typed.

There are some hundred pages, and trainers search drafts, of which Wagtail's own index knows nothing: the newest
revisions are read, folded once each and kept by this process.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from modelsearch.backends.database.fallback import (
    MATCH_ALL,
    DatabaseSearchBackend,
    DatabaseSearchQueryCompiler,
)
from wagtail.models import Page, Revision
from wagtail.search.query import PlainText

from locales.languages import LANGUAGES
from locales.text import fold

from .models.pages import texts_of
from .translation_state import is_texts

_folded: dict[int, str] = {}  # by revision


class FoldedCompiler(DatabaseSearchQueryCompiler):
    """Pages by their texts; anything else as Wagtail looks for it."""

    def build_database_filter(self, query: Any, boost: float = 1.0) -> Any:
        if not isinstance(query, PlainText) or not issubclass(self.queryset.model, Page):
            return super().build_database_filter(query, boost)
        words = fold(query.query_string).split()
        if not words:
            return MATCH_ALL
        return Q(pk__in=[pk for pk, text in _texts() if all(word in text for word in words)])


class SearchBackend(DatabaseSearchBackend):
    query_compiler_class = FoldedCompiler
    autocomplete_query_compiler_class = FoldedCompiler


def _texts() -> Iterator[tuple[int, str]]:
    """Yield each page with its texts, folded. Two queries at most."""
    pages = list(Page.objects.order_by().values_list("pk", "title", "latest_revision"))
    newest = {revision for _pk, _title, revision in pages if revision}
    for revision in _folded.keys() - newest:
        _folded.pop(revision, None)
    if unknown := newest - _folded.keys():
        for pk, content in Revision.objects.filter(pk__in=unknown).values_list("pk", "content"):
            _folded[pk] = fold("\n".join(_said(texts_of(content))))
    for pk, title, revision in pages:
        yield pk, f"{fold(title)}\n{_folded.get(revision, '')}"


def _said(raw: Any) -> Iterator[str]:
    """Yield every text in raw data, in each language."""
    if is_texts(raw):
        yield from (raw[language] for language in LANGUAGES if raw.get(language))
    elif isinstance(raw, dict):
        for value in raw.values():
            yield from _said(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _said(value)
