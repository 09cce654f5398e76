"""Reading courses: one generation number, caches that are functions of it, two small queries.

Cached values are functions of (generation, thing, language): no request, no person. A reader takes the
generation first and the content after, so a key never holds content older than itself. No key is
rewritten and no worker tells another; what is no longer asked for falls out.
"""

import secrets
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from locales.languages import DEFAULT_LANGUAGE
from operations.prepared import prepared_cursor
from standards.models import Competence, Figure, Indicator, IndicatorSet, LegalSource, Term

from . import field_sheets, rendering
from .field_sheets import FieldSheet
from .models import (
    AssessmentPage,
    CatalogPage,
    CoursePage,
    Edition,
    Generation,
    LessonPage,
    ModulePage,
)
from .rendering import Body, RenderedText
from .self_checks import checks_in

SHOWN = (
    CatalogPage, CoursePage, ModulePage, LessonPage, AssessmentPage, PageViewRestriction, Edition,
    LegalSource, Indicator, IndicatorSet, Competence, Figure, Term,
)  # fmt: skip


# THE RULE. Whatever changes what readers see draws a new generation, after its own write and in its
# transaction. A draft save passes update_fields; publishing, unpublishing and loading do a full save.
def raise_generation(update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields is None:
        Generation.objects.update_or_create(pk=1, defaults={"number": secrets.randbits(62)})


def connect() -> None:
    """Called once, when the app is ready."""
    post_page_move.connect(raise_generation)
    for model in SHOWN:
        post_save.connect(raise_generation, sender=model)
        post_delete.connect(raise_generation, sender=model)


def rows(sql: str, *params: int) -> list[tuple[Any, ...]]:
    """Plain SQL where the ORM's own work would cost more than the query."""
    with prepared_cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def generation() -> int:
    found = rows("SELECT number FROM courses_generation WHERE id = 1")
    return int(found[0][0]) if found else 0


# --- the outline of a course ------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Item:
    """A lesson or an assessment in the contents of a course. `number` counts the lessons of its module."""

    pk: int
    slug: str
    heading: RenderedText
    url: str
    module: "Module"
    place: int  # in the course, from 0
    number: int | None = None
    minutes: int = 0
    checks: tuple[str, ...] = ()  # of a lesson: ids of its self-checks, in their order
    about: str = ""  # of a lesson: edition and date of its law, in words
    revision_id: int | None = None
    use: str = ""  # of an assessment: practice or exam
    blueprint_id: int | None = None
    intro: RenderedText | None = None

    @property
    def is_lesson(self) -> bool:
        return self.number is not None


@dataclass(frozen=True, eq=False)
class Module:
    slug: str
    heading: RenderedText
    number: int
    items: list[Item]

    @cached_property
    def lessons(self) -> list[Item]:
        return [item for item in self.items if item.is_lesson]


@dataclass(frozen=True, eq=False)
class Course:
    """A course as readers see it: only what is published, in its order. `spoken`: the language of its texts."""

    pk: int
    public_id: str
    code: str
    slug: str
    spoken: str
    heading: RenderedText
    summary: RenderedText
    audience: RenderedText
    url: str
    edition: Edition | None
    modules: list[Module]
    teaches: list[str]
    field_sheet_url: str = ""  # empty where the course has none

    @cached_property
    def items(self) -> list[Item]:
        return [item for module in self.modules for item in module.items]

    @cached_property
    def lessons(self) -> list[Item]:
        return [item for item in self.items if item.is_lesson]

    @cached_property
    def minutes(self) -> int:
        """Return how long its lessons take together."""
        return sum(item.minutes for item in self.lessons)

    @cached_property
    def assessments(self) -> list[Item]:
        return [item for item in self.items if not item.is_lesson]

    @cached_property
    def waits_for_edition(self) -> bool:
        """Return whether one person took something back from it since two published an edition: its exam waits."""
        return self.edition is not None and self.edition.takes_back

    @cached_property
    def by_slugs(self) -> dict[tuple[str, str], Item]:
        return {(item.module.slug, item.slug): item for item in self.items}

    def find(self, module: str, slug: str) -> Item | None:
        return self.by_slugs.get((module, slug))


@lru_cache(maxsize=256)
def outline(number: int, slug: str, language: str) -> Course | None:
    """The published course with this slug; None where there is none, or it is not public."""
    page = CoursePage.objects.live().public().filter(slug=slug).first()
    if page is None:
        return None
    edition = Edition.objects.newest_of(page)
    spoken = language if edition and language in edition.languages else DEFAULT_LANGUAGE
    with override(language):
        return course_of(page, language, spoken, edition)


@lru_cache(maxsize=64)
def slugs(number: int) -> dict[int, str]:
    """The published courses in their order: id of the page -> slug."""
    return dict(CoursePage.objects.live().public().order_by("path").values_list("pk", "slug"))


@lru_cache(maxsize=512)
def body(number: int, lesson_pk: int, language: str) -> Body:
    return rendering.body_of(LessonPage.objects.get(pk=lesson_pk), language)


@lru_cache(maxsize=64)
def field_sheet(number: int, course_pk: int, language: str) -> FieldSheet | None:
    """Return the field sheet of a published course in a language of its edition."""
    return field_sheets.sheet_of(CoursePage.objects.get(pk=course_pk), language)


@lru_cache(maxsize=64)
def field_sheet_pdf(number: int, slug: str, language: str) -> bytes:
    """Return the field sheet of a course as a PDF; empty where it has none."""
    course = outline(number, slug, language)
    sheet = field_sheet(number, course.pk, course.spoken) if course and course.field_sheet_url else None
    if course is None or sheet is None:
        return b""
    with override(course.spoken):
        about = field_sheets.about(sheet, course.code, course.edition)
    return field_sheets.as_pdf(sheet, heading=course.heading.plain, about=about)


def course_of(page: CoursePage, language: str, spoken: str, edition: Edition | None) -> Course:
    """Return the course on a page in `language`, its texts in `spoken`: in which its edition may be read."""
    lessons = {lesson.pk: lesson for lesson in LessonPage.objects.live().public().descendant_of(page)}
    exams = AssessmentPage.objects.live().public().descendant_of(page).select_related("blueprint")
    course = Course(
        pk=page.pk,
        public_id=page.public_id,
        code=page.code,
        slug=page.slug,
        spoken=spoken,
        heading=rendering.text_of(page, "heading", language, spoken),
        summary=rendering.text_of(page, "summary", language, spoken),
        audience=rendering.text_of(page, "audience", language, spoken),
        url=reverse("courses:course", args=[page.slug]),
        edition=edition,
        modules=[],
        teaches=rendering.teaches(list(lessons.values())),
        field_sheet_url=reverse("courses:field_sheet", args=[page.slug]) if page.field_sheet else "",
    )
    pages = sorted([*lessons.values(), *exams], key=lambda child: child.path)
    place = 0
    for number, module_page in enumerate(ModulePage.objects.live().public().child_of(page), 1):
        heading = rendering.text_of(module_page, "heading", language, spoken)
        module = Module(module_page.slug, heading, number, [])
        for child in pages:
            if child.path[: -child.steplen] == module_page.path:
                module.items.append(_item(child, course, module, place, language))
                place += 1
        course.modules.append(module)
    return course


def _item(page: Any, course: Course, module: Module, place: int, language: str) -> Item:
    heading = rendering.text_of(page, "heading", language, course.spoken)
    url = reverse("courses:lesson", args=[course.slug, module.slug, page.slug])
    if isinstance(page, AssessmentPage):
        intro = rendering.text_of(page, "intro", language, course.spoken)
        use, blueprint = page.blueprint.use if page.blueprint else "", page.blueprint_id
        return Item(
            page.pk, page.slug, heading, url, module, place, use=use, blueprint_id=blueprint, intro=intro
        )
    return Item(
        page.pk,
        page.slug,
        heading,
        url,
        module,
        place,
        number=sum(item.is_lesson for item in module.items) + 1,
        minutes=page.minutes or 0,
        checks=checks_in(page.body.raw_data),
        about=rendering.about(course.edition, page.legal_date),
        revision_id=page.live_revision_id,
    )


def left_out(course_pk: int, module: str, slug: str) -> Page | None:
    """Return the lesson or assessment at this address that readers saw once, and that is not in the course now."""
    course = CoursePage.objects.get(pk=course_pk)
    parts = Page.objects.not_live().descendant_of(course).type(LessonPage, AssessmentPage)
    seen = parts.filter(slug=slug, first_published_at__isnull=False)
    return next((page for page in seen if page.get_parent().slug == module), None)


def withdrawn(slug: str) -> CoursePage | None:
    """Return the course at this address that was taken back from its readers."""
    found: CoursePage | None = (
        CoursePage.objects.not_live().filter(slug=slug, withdrawals__isnull=False).first()
    )
    return found


# --- who has read what ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Following:
    """An open enrolment; of each lesson that was read its revision, and the self-checks that were answered."""

    enrolment_id: int
    public_id: str
    read: dict[int, int]  # id of the lesson page -> id of the revision
    answered: Set[tuple[int, str]] = frozenset()  # id of the lesson page, id of the self-check

    def count(self, lessons: list[Item]) -> int:
        """Return how many of these lessons are done."""
        return sum(map(self.is_done, lessons))

    def checks_done(self, item: Item) -> list[bool]:
        """Return of each self-check of a lesson, in their order, whether it was answered."""
        return [(item.pk, check) in self.answered for check in item.checks]

    def is_done(self, item: Item) -> bool:
        """A lesson counts when it was marked as read and each of its self-checks was answered."""
        return item.pk in self.read and all(self.checks_done(item))

    def next_lesson(self, course: Course, after: Item | None = None) -> Item | None:
        """The next lesson not done, from `after` on and then from the beginning; never `after` itself."""
        start = after.place + 1 if after else 0
        others = [item for item in course.items[start:] + course.items[:start] if item is not after]
        return next((item for item in others if item.is_lesson and not self.is_done(item)), None)

    def ahead(self, course: Course, item: Item) -> Item | None:
        """Return where reading goes on after a lesson: the next not done, else the next assessment, else None."""
        later = (other for other in course.items[item.place + 1 :] if not other.is_lesson)
        return self.next_lesson(course, item) or next(later, None)


FOLLOWING = """SELECT n.id, n.public_id, p.lesson_id, p.revision_id, '' FROM courses_enrolment n
  LEFT JOIN courses_lessonprogress p ON p.enrolment_id = n.id
  WHERE n.person_id = %s AND n.course_id = %s AND n.ended_at IS NULL
  UNION ALL SELECT n.id, n.public_id, c.lesson_id, 0, c.check_code FROM courses_enrolment n
  JOIN courses_checkdone c ON c.enrolment_id = n.id
  WHERE n.person_id = %s AND n.course_id = %s AND n.ended_at IS NULL"""


def following(person_pk: int, course_pk: int) -> Following | None:
    """One query; None: not enrolled."""
    found = rows(FOLLOWING, person_pk, course_pk, person_pk, course_pk)
    if not found:
        return None
    return Following(
        found[0][0],
        found[0][1],
        read={row[2]: row[3] for row in found if row[2] and not row[4]},
        answered={(row[2], row[4]) for row in found if row[4]},
    )
