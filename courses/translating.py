"""The texts of a course that are missing or stale in a language, each beside its Azerbaijani."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from wagtail.models import Page

from locales.languages import DEFAULT_LANGUAGE

from .models import CoursePage
from .models.pages import texts_of
from .text_places import place_of
from .translation_state import (
    OTHERS,
    Path,
    Texts,
    TranslationState,
    fingerprint,
    state_of,
    texts_in,
)

WORK = (TranslationState.MISSING, TranslationState.STALE)
LOOKED_THROUGH = 40  # revisions of a page, newest first, for the Azerbaijani that was translated


@dataclass(frozen=True, kw_only=True)
class WorkText:
    """A text of the newest draft of a page that is missing or stale in a language.

    `original`: the Azerbaijani of now; `source`: the fingerprint of the one that was translated; `before`: that
    text, and when it was last saved, where it is still known.
    """

    page: Page
    path: Path
    place: str
    language: str
    state: TranslationState
    original: str
    saved_at: datetime
    text: str
    source: str = ""
    before: str = ""
    before_at: datetime | None = None

    @property
    def key(self) -> str:
        texts = {DEFAULT_LANGUAGE: self.original, self.language: self.text}
        return key_of(self.page.pk, self.path, self.language, texts)


def key_of(page: int, path: Path, language: str, texts: Texts) -> str:
    """Return the name of a text in forms; another once either wording changes: nobody answers for an unseen one."""
    seen = "\n".join([*path, fingerprint(texts[DEFAULT_LANGUAGE]), fingerprint(texts[language])])
    return f"{page}.{language}.{blake2b(seen.encode(), digest_size=8).hexdigest()}"


def pages_of(course: CoursePage) -> list[Page]:
    """Return the pages of a course in their order, itself first, with their newest revisions. One query."""
    pages = Page.objects.descendant_of(course, inclusive=True).order_by("path")
    return list(pages.select_related("latest_revision"))


def needing_work(
    pages: Iterable[Page], languages: Collection[str] = OTHERS, states: Collection[str] = WORK
) -> Iterator[WorkText]:
    """Yield what is not current, in the order of the pages."""
    for page in pages:
        if page.latest_revision is None:
            continue
        texts = texts_of(page.latest_revision.content)
        for path, text in texts_in(texts):
            for language in OTHERS:
                if language not in languages:
                    continue
                state = state_of(text, language)
                if state in states and state in WORK:
                    yield WorkText(
                        page=page,
                        path=path,
                        place=place_of(path, texts),
                        language=language,
                        state=state,
                        original=text[DEFAULT_LANGUAGE],
                        saved_at=page.latest_revision.created_at,
                        text=text[language],
                        source=(text.get("of") or {}).get(language, [""])[0],
                    )


def beside_what_was_translated(rows: Sequence[WorkText]) -> list[WorkText]:
    """Return the rows with the Azerbaijani that was translated. One query for each page with a stale text."""
    pages = {row.page.pk: row.page for row in rows if row.source}
    known = {
        pk: _originals(page, {row.source for row in rows if row.page.pk == pk and row.source})
        for pk, page in pages.items()
    }
    found = []
    for row in rows:
        before, at = known.get(row.page.pk, {}).get(row.source, ("", None))
        found.append(replace(row, before=before, before_at=at))
    return found


def _originals(page: Page, wanted: set[str]) -> dict[str, tuple[str, datetime]]:
    """Return Azerbaijani texts by fingerprint, with when they were last saved, as far as revisions hold them."""
    found: dict[str, tuple[str, datetime]] = {}
    for revision in page.revisions.order_by("-created_at", "-pk")[:LOOKED_THROUGH]:
        for _path, text in texts_in(texts_of(revision.content)):
            sign = fingerprint(text[DEFAULT_LANGUAGE])
            if sign in wanted:
                found.setdefault(sign, (text[DEFAULT_LANGUAGE], revision.created_at))
        if wanted == set(found):
            break
    return found
