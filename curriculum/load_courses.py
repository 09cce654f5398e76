"""Courses: drafts of every page that changed, then one edition.

A page is named by its address from the course down: `c1-lab/recognise/indicators`.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from wagtail.models import Page

from assessments.models import Blueprint
from courses import actions
from courses.actions_editions import publish_edition
from courses.bodies import stream
from courses.drafts import content_of
from courses.edition_plan import changed_pages
from courses.models import CatalogPage, CoursePage, Edition, ModulePage
from operations import clock

from .files import Broken
from .items import LoadedItem, LoadOutcome, Report
from .reading import Curriculum
from .review import confirmed_on, review_of
from .schema import AssessmentEntry, CourseEntry, LessonEntry, ModuleEntry

KINDS = ("course", "module", "lesson", "assessment page")


def items(curriculum: Curriculum, course: CourseEntry) -> Iterator[LoadedItem]:
    yield _item("course", [course.slug], _own(curriculum, course, "modules"), _save_course)
    for module in course.modules:
        at = [course.slug, module.slug]
        yield _item("module", at, _own(curriculum, module, "pages"), _save_module)
        for page in module.pages:
            written = curriculum.written(page)
            if isinstance(page, LessonEntry):
                yield _item("lesson", [*at, page.lesson], written, _save_lesson)
            else:
                yield _item("assessment page", [*at, page.assessment], written, _save_assessment)


def _own(curriculum: Curriculum, entry: CourseEntry | ModuleEntry, below: str) -> dict[str, Any]:
    return {key: value for key, value in curriculum.written(entry).items() if key != below}


def finish(curriculum: Curriculum, course: CourseEntry, report: Report) -> None:
    """Put pages in the order of the file, and publish what the files changed as an edition.

    So is that a lawyer has confirmed the text of the files, or not any more, where nobody has edited it since. Drafts that trainers
    have not published yet would be published with it: then nothing is, and the report says so.
    """
    ours = _ours(course, report, LoadOutcome.NEW, LoadOutcome.CHANGED)
    page = CoursePage.objects.get(code=course.code)
    newest = Edition.objects.newest_of(page)
    as_filed = not _ours(course, report, LoadOutcome.EDITED, LoadOutcome.REFUSED)
    confirmed = confirmed_on(curriculum, review_of(curriculum, course), "law") if as_filed else None
    if not ours and not (as_filed and newest and newest.law_confirmed_on != confirmed):
        return
    _arrange(page, course)
    theirs = [path for changed in changed_pages(page) if (path := actions.path_of(changed)) not in ours]
    if theirs:
        report.notes.append(f"{course.code}: no edition, {', '.join(theirs)} has a draft not yet published")
        return
    try:
        edition = publish_edition(
            course=page,
            reason="Curriculum files",
            material=newest is None or newest.legal_date != course.legal_date,
            legal_date=min(course.legal_date, clock.today()),
            law_confirmed_on=confirmed,
            by=None,
        )
    except actions.CourseError as error:
        report.notes.append(f"{course.code}: no edition, {error}")
        return
    report.notes.append(f"{course.code}: edition {edition.number} published")


def _ours(course: CourseEntry, report: Report, *outcomes: LoadOutcome) -> set[str]:
    return {
        code
        for (kind, code), outcome in report.outcomes.items()
        if kind in KINDS and outcome in outcomes and code.split("/")[0] == course.slug
    }


def _arrange(page: CoursePage, course: CourseEntry) -> None:
    actions.arrange(parent=page, slugs=[module.slug for module in course.modules], by=None)
    for module in course.modules:
        parent = ModulePage.objects.child_of(page).get(slug=module.slug)
        actions.arrange(parent=parent, slugs=[_slug(entry) for entry in module.pages], by=None)


def _slug(entry: LessonEntry | AssessmentEntry) -> str:
    return entry.lesson if isinstance(entry, LessonEntry) else entry.assessment


def _item(kind: str, address: list[str], wanted: dict[str, Any], save: Any) -> LoadedItem:
    return LoadedItem(
        kind=kind,
        code="/".join(address),
        wanted=wanted,
        present=partial(_present, address),
        save=partial(save, address, wanted),
    )


def _present(address: list[str]) -> Any:
    page = _page(address)
    return content_of(page) if page else None


def _page(address: list[str]) -> Any:
    page: Page | None = CatalogPage.objects.first()
    for slug in address:
        page = page and Page.objects.child_of(page).filter(slug=slug).first()
    return page and page.specific


def _save_course(address: list[str], wanted: dict[str, Any]) -> None:
    actions.save_catalog(by=None)
    sheet = stream(wanted.get("field_sheet", []), seed=f"{address[0]}/field-sheet")
    actions.save_course(by=None, **wanted | {"field_sheet": sheet})


def _save_module(address: list[str], wanted: dict[str, Any]) -> None:
    actions.save_module(course=_page(address[:-1]), by=None, **wanted)


def _save_lesson(address: list[str], wanted: dict[str, Any]) -> None:
    values = {key: wanted[key] for key in ("heading", "minutes", "legal_date", "sources", "competences")}
    values["critical_errors"] = wanted.get("critical_errors", [])
    body = stream(wanted["body"], seed="/".join(address))
    actions.save_lesson(module=_page(address[:-1]), slug=address[-1], body=body, by=None, **values)


def _save_assessment(address: list[str], wanted: dict[str, Any]) -> None:
    """Broken, where trainers have used the assessment in another course."""
    try:
        actions.save_assessment_page(
            module=_page(address[:-1]),
            slug=address[-1],
            heading=wanted["heading"],
            intro=wanted["intro"],
            blueprint=Blueprint.objects.get(code=wanted["blueprint"]),
            by=None,
        )
    except actions.CourseError as error:
        raise Broken.about("assessment page", "/".join(address), str(error)) from error
