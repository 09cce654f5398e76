"""The next edition of a course: what it would hold, and what stands in its way. Changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from wagtail.models import Page

from locales.languages import DEFAULT_LANGUAGE, LANGUAGES
from standards.models import LegalSource

from .drafts import Translation, translations_in
from .edition_order import Order, changed_order
from .gaps import AuthoredPage, gaps_in
from .models import CoursePage, Edition, LessonPage
from .models.pages import texts_of
from .translating import WorkText, needing_work, pages_of
from .translation_state import OTHERS, TranslationState


@dataclass(frozen=True, kw_only=True)
class EditionFacts:
    """Facts that an edition states about itself.

    `material`: the law, or what is right to do, has changed. `legal_date`: until when the sources of the
    course were read. `languages`: in which it may be read, in the order of the product, Azerbaijani first.
    `law_confirmed_on`: when a national lawyer confirmed what it says.
    """

    reason: str
    material: bool
    legal_date: date
    languages: Sequence[str]
    law_confirmed_on: date | None = None


@dataclass(frozen=True)
class PlannedPage:
    """A page as it was last saved. `changed`: readers do not see it so yet."""

    page: Page
    changed: bool

    @property
    def new(self) -> bool:
        return not self.page.live

    @cached_property
    def draft(self) -> AuthoredPage:
        draft: AuthoredPage = self.page.specific.get_latest_revision_as_object()
        return draft

    @cached_property
    def gaps(self) -> list[str]:
        return gaps_in(self.draft)

    @cached_property
    def translations(self) -> list[Translation]:
        return translations_in(texts_of(self.page.latest_revision.content))

    def missing(self, language: str) -> int:
        return sum(found.missing for found in self.translations if found.language == language)


@dataclass(frozen=True)
class EditionPlan:
    """`pages`: what the edition would hold, the course first; `removed`: what it takes from readers; `order`: where
    readers would meet the parts in another one than now.
    """

    course: CoursePage
    newest: Edition | None
    pages: Sequence[PlannedPage]
    removed: Sequence[Page]
    order: Order

    @cached_property
    def changed(self) -> list[PlannedPage]:
        return [planned for planned in self.pages if planned.changed]

    @cached_property
    def missing(self) -> dict[str, int]:
        """Return how many texts are missing in each language."""
        return {language: sum(planned.missing(language) for planned in self.pages) for language in OTHERS}

    @property
    def languages(self) -> list[str]:
        """The languages that the edition may name: nothing is missing in them."""
        return [DEFAULT_LANGUAGE, *(language for language in OTHERS if not self.missing[language])]

    @cached_property
    def stale(self) -> list[WorkText]:
        """Translations older than their text, of the languages that the edition may name."""
        pages = [planned.page for planned in self.pages]
        return list(needing_work(pages, self.languages, {TranslationState.STALE}))

    @cached_property
    def oldest_act(self) -> LegalSource | None:
        """Return the act of Azerbaijan whose text is the oldest of those that the lessons rest on; what is only quoted
        does not count. Until its day the sources of the course were read.
        """
        drafts = (planned.draft for planned in self.pages)
        codes = {code for draft in drafts if isinstance(draft, LessonPage) for code in draft.sources}
        acts = LegalSource.objects.filter(code__in=codes, kind=LegalSource.Kind.LAW, quoted_only=False)
        return acts.order_by("state_on", "code").first()

    @property
    def has_lessons(self) -> bool:
        return any(isinstance(planned.draft, LessonPage) for planned in self.pages)


def plan_of(course: CoursePage, without: Collection[Page] = (), order: Order | None = None) -> EditionPlan:
    """Return the plan of the next edition; `without`: lessons and assessments that it leaves out; `order`: of parts."""
    left_out = {page.pk for page in without}
    pages = pages_of(course)
    return EditionPlan(
        course=course,
        newest=Edition.objects.newest_of(course),
        pages=[PlannedPage(page, is_changed(page)) for page in pages if page.pk not in left_out],
        removed=[page for page in pages if page.pk in left_out and page.live],
        order=changed_order(course, order or {}),
    )


def is_changed(page: Page) -> bool:
    return bool(page.has_unpublished_changes or not page.live)


def changed_pages(course: CoursePage) -> list[Page]:
    """Return the pages of a course, itself first, that readers do not yet see as they were last saved."""
    return [page for page in pages_of(course) if is_changed(page)]


def in_order(languages: Collection[str]) -> list[str]:
    """Return Azerbaijani and these languages, in the order of the product."""
    return [language for language in LANGUAGES if language in languages or language == DEFAULT_LANGUAGE]
