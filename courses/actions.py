"""Actions on courses: written as drafts, published as editions, followed by officers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from assessments.models import Blueprint
from locales.languages import LANGUAGES
from operations import clock
from operations.audit import record
from people.models import User

from .bodies import Stream, judged_together
from .drafts import values_of
from .models import (
    AssessmentPage,
    CatalogPage,
    CheckDone,
    CoursePage,
    Edition,
    Enrolment,
    LessonPage,
    LessonProgress,
    ModulePage,
)
from .models.pages import TranslatedPage
from .models.texts import MOST
from .ownership import course_above, why_not_used
from .permissions import can_author, can_enrol
from .self_checks import checks_in
from .translating import key_of
from .translation_state import Path, found_right, texts_in

type Texts = Mapping[str, Any]  # az, en, ru; `of`: the older Azerbaijani text that a translation is of


class CourseError(Exception):
    """Raised where something cannot be done with a course; the text is for the person who asked for it."""


# --- drafts -----------------------------------------------------------------------------------------


@transaction.atomic
def save_catalog(*, by: User | None) -> CatalogPage:
    """The page above all courses and root of the site; made once, in place of Wagtail's sample page."""
    check(can_author(by))
    catalog: CatalogPage | None = CatalogPage.objects.first()
    if catalog:
        return catalog
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Nişanə", slug="root")
    Page.objects.filter(pk=root.pk).update(title="Nişanə", draft_title="Nişanə")  # Wagtail's is English
    catalog = CatalogPage(title="Nişanə", slug="courses", owner=by)
    root.add_child(instance=catalog)
    host, _colon, digits = settings.HOST.partition(":")
    port = int(digits or (443 if settings.SECURE else 80))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": host, "port": port, "root_page": catalog, "site_name": catalog.title},
    )
    for sample in Page.objects.child_of(root).exclude(pk=catalog.pk):
        sample.delete()
    record(by=by, act="courses.catalog", subject_kind="page", subject_id=catalog.slug)
    return catalog


def save_course(
    *,
    code: str,
    slug: str,
    heading: Texts,
    summary: Texts,
    audience: Texts,
    legal_date: date,
    field_sheet: Sequence[dict[str, Any]] = (),
    by: User | None,
) -> CoursePage:
    """A draft of the course with this code, made if there is none.

    `field_sheet`: raw StreamField data, empty where there is none.
    """
    course = CoursePage.objects.filter(code=code).first() or CoursePage(code=code)
    texts = {"heading": heading, "summary": summary, "audience": audience}
    facts: dict[str, Any] = {"slug": slug, "legal_date": legal_date, "field_sheet": list(field_sheet)}
    check(can_author(by))
    return _save_draft(course, CatalogPage.objects.get(), by, facts | _translated(texts))


def save_module(*, course: CoursePage, slug: str, heading: Texts, by: User | None) -> ModulePage:
    check(can_author(by))
    module = _child(ModulePage, course, slug)
    return _save_draft(module, course, by, _translated({"heading": heading}))


def save_lesson(
    *,
    module: ModulePage,
    slug: str,
    heading: Texts,
    minutes: int,
    legal_date: date,
    sources: Sequence[str],
    competences: Sequence[str],
    critical_errors: Sequence[str] = (),
    body: Stream,
    by: User | None,
) -> LessonPage:
    """A draft of a lesson. `sources`, `competences`, `critical_errors`: codes of what it rests on, teaches
    and treats; `body`: raw StreamField data.
    """
    check(can_author(by))
    facts = {
        "minutes": minutes,
        "legal_date": legal_date,
        "sources": list(sources),
        "competences": list(competences),
        "critical_errors": list(critical_errors),
        "body": body,
    }
    facts |= _translated({"heading": heading})
    return _save_draft(_child(LessonPage, module, slug), module, by, facts)


def save_assessment_page(
    *,
    module: ModulePage,
    slug: str,
    heading: Texts,
    intro: Texts,
    blueprint: Blueprint,
    by: User | None,
) -> AssessmentPage:
    """A draft of a page that leads to an assessment. Refuses (CourseError) one that belongs to another course."""
    check(can_author(by))
    if words := why_not_used(course_above(module), [blueprint]):
        raise CourseError(words)
    facts = {"blueprint": blueprint} | _translated({"heading": heading, "intro": intro})
    return _save_draft(_child(AssessmentPage, module, slug), module, by, facts)


@dataclass(frozen=True)
class TypedTranslation:
    """A translation as somebody left it. `key`: what they saw (translating.key_of); the same text says: still right."""

    path: Path
    language: str
    text: str
    key: str


@transaction.atomic
def translate(*, page: Page, typed: Collection[TypedTranslation], by: User | None) -> dict[str, str]:
    """Save translations in the newest draft of a page, judged beside its Azerbaijani texts.

    Return why each of the others was left as it is, in words by key: changed by somebody else since it was shown, or
    longer than its place allows.
    """
    check(can_author(by))
    draft = Page.objects.select_for_update().get(pk=page.pk).specific.get_latest_revision_as_object()
    texts = draft.texts
    places = dict(texts_in(texts))
    left: dict[str, str] = {}
    for translation in typed:
        text = places.get(translation.path)
        if not text or translation.key != key_of(page.pk, translation.path, translation.language, text):
            left[translation.key] = _("Changed by somebody else meanwhile.")
        elif too_long := _too_long(draft, translation):
            left[translation.key] = too_long
        else:
            text[translation.language] = translation.text
            found_right(text, translation.language)
    if saved := len(typed) - len(left):
        draft.take_texts(texts)
        draft.save_revision(user=by, log_action=True, clean=False)  # a draft may have gaps
        record(
            by=by,
            act="courses.translate",
            subject_kind="page",
            subject_id=path_of(draft),
            after={"counts": saved},
        )
    return left


def _too_long(draft: TranslatedPage, translation: TypedTranslation) -> str:
    """Return in words that the text does not fit its place; empty where it does."""
    field, *inside = translation.path
    most = MOST if inside else draft._meta.get_field(f"{field}_{translation.language}").max_length
    if most is None or len(translation.text) <= most:
        return ""
    return _("Longer than %(most)d characters.") % {"most": most}


@transaction.atomic
def arrange(*, parent: CoursePage | ModulePage, slugs: Sequence[str], by: User | None) -> bool:
    """Put the children with these slugs in this order, before all others. True if that moved any."""
    check(can_author(by))
    parent = Page.objects.get(pk=parent.pk)  # it may have moved itself
    children = {child.slug: child for child in Page.objects.child_of(parent)}
    now = [slug for slug in children if slug in slugs]
    wanted = [slug for slug in slugs if slug in children]
    if now == wanted:
        return False
    for slug in reversed(wanted):
        child = Page.objects.get(pk=children[slug].pk)
        child.move(Page.objects.get(pk=parent.pk), pos="first-child")
    record(
        by=by,
        act="courses.arrange",
        subject_kind="page",
        subject_id=path_of(parent),
        before=now,
        after=wanted,
    )
    return True


def path_of(page: Page) -> str:
    """Return the audit trail's name of a page: slugs from the course down ("c1-lab/recognise/indicators")."""
    return "/".join(page.url_path.strip("/").split("/")[1:]) or page.slug


def check(allowed: bool) -> None:
    """Raise PermissionDenied unless it is allowed."""
    if not allowed:
        raise PermissionDenied


def _child[P: Page](model: type[P], parent: Page, slug: str) -> P:
    found: P | None = model.objects.child_of(parent).filter(slug=slug).first()
    new: P = model(slug=slug)
    return found or new


def _translated(texts: Mapping[str, Texts]) -> dict[str, Any]:
    """Return the columns of the texts, and what each was judged beside."""
    judged = {field: judged_together(by_language) for field, by_language in texts.items()}
    columns = {f"{field}_{code}": text[code] for field, text in judged.items() for code in LANGUAGES}
    return columns | {"judged": {field: text["of"] for field, text in judged.items()}}


@transaction.atomic
def _save_draft[P: Page](page: P, parent: Page, by: User | None, values: Mapping[str, Any]) -> P:
    """Set the values on the newest draft; a revision is made only if they change anything."""
    draft: P = page.get_latest_revision_as_object() if page.pk else page
    before = values_of(draft) if page.pk else None
    for field, value in values.items():
        setattr(draft, field, value)
    draft.title = draft.heading_az
    draft.judge()
    if page.pk and values_of(draft) == before:
        return page
    if not page.pk:
        draft.live, draft.owner = False, by
        Page.objects.get(pk=parent.pk).add_child(instance=draft)
    draft.save_revision(user=by, log_action=True)
    record(by=by, act="courses.save", subject_kind="page", subject_id=path_of(draft))
    return draft


# --- followers --------------------------------------------------------------------------------------


@transaction.atomic
def enrol(*, person: User, course: CoursePage, by: User | None, due_on: date | None = None) -> Enrolment:
    """Begin a course in its newest edition; who has already begun keeps their enrolment."""
    check(can_enrol(by, person))
    edition = Edition.objects.newest_of(course)
    if edition is None:
        raise CourseError(_("This course is not published yet."))
    if not CoursePage.objects.live().filter(pk=course.pk).exists():
        raise CourseError(_("This course is withdrawn for now."))
    enrolment, new = Enrolment.objects.open().get_or_create(
        person=person,
        course=course,
        ended_at=None,
        defaults={"edition": edition, "enrolled_by": by, "due_on": due_on},
    )
    if new:
        record(
            by=by,
            act="courses.enrol",
            subject_kind="enrolment",
            subject_id=enrolment.public_id,
            after={"course": course.code, "edition": edition.number, "due_on": due_on},
        )
    return enrolment


@transaction.atomic
def mark_read(*, enrolment: Enrolment, lesson: LessonPage, by: User | None) -> LessonProgress:
    """Keep that the lesson was read, in which edition and revision; again only if it changed since."""
    check(by is None or by == enrolment.person)
    edition = Edition.objects.newest_of(enrolment.course)
    if enrolment.ended_at is not None or edition is None:
        raise CourseError(_("You do not follow this course any more."))
    if not lesson.live or not lesson.is_descendant_of(enrolment.course):
        raise CourseError(_("This lesson is not part of the course."))
    progress, new = LessonProgress.objects.get_or_create(
        enrolment=enrolment,
        lesson=lesson,
        defaults={"edition": edition, "revision_id": lesson.live_revision_id},
    )
    if not new and progress.revision_id != lesson.live_revision_id:
        progress.edition, progress.revision_id = edition, lesson.live_revision_id
        progress.read_at = clock.now()
        progress.save(update_fields=["edition", "revision", "read_at"])
    return progress


@transaction.atomic
def finish_check(*, enrolment: Enrolment, lesson: LessonPage, check_code: str, by: User | None) -> CheckDone:
    """Keep that a self-check was answered, never how; once."""
    check(by is None or by == enrolment.person)
    if enrolment.ended_at is not None:
        raise CourseError(_("You do not follow this course any more."))
    if not lesson.live or not lesson.is_descendant_of(enrolment.course):
        raise CourseError(_("This lesson is not part of the course."))
    if check_code not in checks_in(lesson.body.raw_data):
        raise CourseError(_("This self-check is not part of the lesson."))
    done, _new = CheckDone.objects.get_or_create(enrolment=enrolment, lesson=lesson, check_code=check_code)
    return done


@transaction.atomic
def carry_over(*, kept: User, gone: User, by: None) -> None:
    """Two records became one: what the other followed is followed by the one that stays.

    Where both follow a course, the other's enrolment ends; what was read in it counts as read, and the
    earlier due day holds.
    """
    own = {row.course_id: row for row in Enrolment.objects.open().filter(person=kept)}
    for enrolment in Enrolment.objects.filter(person=gone).select_related("course"):
        held = own.get(enrolment.course_id) if enrolment.ended_at is None else None
        if held is not None:
            _take_in(held, enrolment)
        enrolment.person = kept
        enrolment.save(update_fields=["person", "ended_at"])
        record(
            by=by,
            act="courses.carry_over",
            subject_kind="enrolment",
            subject_id=enrolment.public_id,
            before={"person": gone.public_id},
            after={"person": kept.public_id, "into": held.public_id if held else None},
        )


def _take_in(held: Enrolment, ending: Enrolment) -> None:
    """Carry progress over: of a lesson read in both, what was read last counts."""
    read = {row.lesson_id: row for row in held.progress.all()}
    for row in ending.progress.all():
        known = read.get(row.lesson_id)
        if known is None:
            row.enrolment = held
            row.save(update_fields=["enrolment"])
        elif row.read_at > known.read_at:
            known.edition_id, known.revision_id = row.edition_id, row.revision_id
            known.read_at = row.read_at
            known.save(update_fields=["edition", "revision", "read_at"])
    done = {(row.lesson_id, row.check_code) for row in held.checks_done.all()}
    for check_done in ending.checks_done.all():
        if (check_done.lesson_id, check_done.check_code) not in done:
            check_done.enrolment = held
            check_done.save(update_fields=["enrolment"])
    ending.ended_at = clock.now()
    due = [day for day in (held.due_on, ending.due_on) if day is not None]
    if due and held.due_on != min(due):
        held.due_on = min(due)
        held.save(update_fields=["due_on"])
