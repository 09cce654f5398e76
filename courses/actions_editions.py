"""Editions: proposed by a trainer and confirmed by a reviewer, or loaded from files by the installation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision

from locales.dates import day_text
from locales.languages import LANGUAGE_NAMES
from operations import canonical, clock, notices, proposals
from operations.audit import record
from operations.models import Proposal
from people.models import Grant, User

from . import reading
from .actions import CourseError, arrange, check, path_of
from .edition_order import Order, has_its_parts, new_orders
from .edition_plan import EditionFacts, EditionPlan, PlannedPage, in_order, plan_of
from .edition_proposals import (
    PROPOSED,
    PUBLISH,
    SENT_BACK,
    course_of,
    facts_of,
    left_the_course,
    pages_to_speak_of,
    proposed_revisions,
    waiting_edition,
)
from .models import CoursePage, Edition, EditionLesson, EditionRemark, LessonPage, Withdrawal
from .ownership import another_door
from .permissions import can_confirm_edition, can_propose_edition, can_review

MATERIAL, WORDING = "material", "wording"  # the categories of reasons


# --- by the installation ----------------------------------------------------------------------------


@transaction.atomic
def publish_edition(
    *,
    course: CoursePage,
    reason: str,
    material: bool,
    legal_date: date,
    by: None,
    without: Collection[Page] = (),
    law_confirmed_on: date | None = None,
) -> Edition:
    """Publish every changed page of the course at once: what files say needs no second person.

    The edition names every language in which nothing is missing. Refuses (CourseError) a course without lessons or
    with gaps, an edition in which nothing is new, an assessment of another course, and another code of a course that
    has an edition.
    """
    course = locked(course)
    plan = plan_of(course, without)
    facts = EditionFacts(
        reason=reason,
        material=material,
        legal_date=legal_date,
        languages=in_order(plan.languages),
        law_confirmed_on=law_confirmed_on,
    )
    _refuse_what_is_not_whole(plan, facts)
    revisions = [_fixed(planned, by) for planned in plan.changed]
    return _publish(course, facts, revisions, plan.removed, published_by=by, confirmed_by=None)


# --- by two -----------------------------------------------------------------------------------------


@transaction.atomic
def propose_edition(
    *,
    course: CoursePage,
    facts: EditionFacts,
    by: User,
    accepted: Collection[str] = (),
    without: Collection[Page] = (),
    order: Order | None = None,
) -> Proposal:
    """The first of two: what is saved now is fixed, and readers see it once a reviewer has confirmed it.

    `accepted`: keys of stale translations that may stay as they are; `order`: of modules and their parts, where it is to
    be another one. Refuses (CourseError) what publish_edition refuses, a day after that of the oldest act, a language in
    which a text is missing, a stale one that was not accepted, an order of other parts than there are, and a second
    proposal while one waits. The reviewers who may confirm it are told.
    """
    check(can_propose_edition(by))
    course = locked(course)
    if waiting_edition(course):
        raise CourseError(_("An edition of this course is already waiting for a reviewer."))
    plan = plan_of(course, without, order)
    if not has_its_parts(course, plan.order):
        raise CourseError(_("Parts of the course have come or gone meanwhile: look at their order again."))
    _refuse_what_is_not_whole(plan, facts)
    _refuse_a_later_day(plan, facts)
    _refuse_languages(plan, facts, accepted)
    revisions = [_fixed(planned, by) for planned in plan.changed]
    proposal = proposals.propose(
        act=PUBLISH,
        subject_id=course.public_id,
        reason_category=MATERIAL if facts.material else WORDING,
        payload=_payload(plan, facts, revisions),
        by=by,
        expires_at=clock.now() + proposals.LONG_TIME_TO_DECIDE,
    )
    pages = [planned.page for planned in plan.changed]
    _record("courses.propose", proposal, pages, left_out=plan.removed, by=by)
    _tell_reviewers(proposal)
    return proposal


def _tell_reviewers(proposal: Proposal) -> None:
    """Write to every reviewer who may confirm it: not to who wrote in one of its pages."""
    holders = Grant.objects.live().filter(position=Grant.Position.REVIEWER).values("person")
    for person in User.objects.active().filter(pk__in=holders):
        if can_confirm_edition(person, proposal):
            notices.notify(person=person, kind=PROPOSED, subject_id=proposal.public_id)


def _payload(plan: EditionPlan, facts: EditionFacts, revisions: Sequence[Revision]) -> dict[str, Any]:
    """Return what is fixed: facts, the edition before, and of each changed page its revision with a hash."""
    return {
        "reason": facts.reason,
        "material": facts.material,
        "legal_date": facts.legal_date,
        "languages": in_order(facts.languages),
        "after": plan.newest.number if plan.newest else 0,
        "pages": {row.object_id: [row.pk, canonical.sha256(row.content)] for row in revisions},
        "left_out": sorted(page.pk for page in plan.removed),
        "order": {str(parent): list(parts) for parent, parts in plan.order.items()},
    }


@transaction.atomic
def confirm_edition(*, proposal: Proposal, by: User) -> Edition:
    """The second of two: readers see exactly the revisions that were proposed.

    Refused: who is no reviewer, or has changed one of the pages since readers last saw it (PermissionDenied); one's
    own proposal, a decided and an expired one (ProposalError); another edition since, a part that stands in another course
    now, an assessment that another course took meanwhile (CourseError).
    """
    course = locked(course_of(proposal))
    check(can_confirm_edition(by, proposal))
    payload = proposal.payload
    newest = Edition.objects.newest_of(course)
    if (newest.number if newest else 0) != payload["after"]:
        raise CourseError(_("Another edition was published since: this one must be proposed anew."))
    if Withdrawal.objects.filter(course=course, withdrawn_at__gte=proposal.proposed_at).exists():
        raise CourseError(_("The course was withdrawn since: this edition must be proposed anew."))
    revisions = proposed_revisions(proposal)
    fixed = dict(payload["pages"].values())
    if fixed != {row.pk: canonical.sha256(row.content) for row in revisions}:
        raise CourseError(_("What was proposed is no longer there: it must be proposed anew."))
    if left_the_course(course, proposal):
        raise CourseError(_("A part was moved to another course since: this edition must be proposed anew."))
    # Rows of their own: a revision that was read keeps the place its page had before the parts change places.
    if words := another_door(course, [row.as_object() for row in proposed_revisions(proposal)]):
        raise CourseError(words)
    proposals.confirm(proposal, by=by)
    facts = facts_of(proposal)
    if newest and not facts.material:  # neither the law nor what is right to do has changed
        facts = replace(facts, law_confirmed_on=newest.law_confirmed_on)
    removed = Page.objects.live().filter(pk__in=payload["left_out"])
    for new in new_orders(payload["order"]):
        arrange(parent=new.parent, slugs=[page.slug for page in new.then], by=by)
    return _publish(course, facts, revisions, removed, published_by=proposal.proposed_by, confirmed_by=by)


@transaction.atomic
def send_back_edition(*, proposal: Proposal, words: Mapping[int, str], by: User) -> None:
    """Decline with a word for at least one of its pages (primary key -> text); readers see nothing of it.

    Refused: who is no reviewer; one's own proposal, a decided and an expired one (ProposalError); no word at all
    (CourseError).
    """
    locked(course_of(proposal))
    check(can_review(by))
    pages = pages_to_speak_of(proposal)
    remarks = {pk: text.strip() for pk, text in words.items() if pk in pages and text.strip()}
    if not remarks:
        raise CourseError(_("Say of at least one page what is to be changed."))
    proposals.decline(proposal, by=by)
    EditionRemark.objects.bulk_create(
        EditionRemark(proposal=proposal, page_id=pk, text=text) for pk, text in remarks.items()
    )
    _record("courses.send_back", proposal, Page.objects.filter(pk__in=remarks).order_by("path"), by=by)
    proposer: User = proposal.proposed_by
    notices.notify(person=proposer.surviving, kind=SENT_BACK, subject_id=proposal.public_id)


@transaction.atomic
def withdraw_proposed_edition(*, proposal: Proposal, by: User) -> None:
    """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
    course = locked(course_of(proposal))
    check(can_propose_edition(by))
    proposals.withdraw(proposal, by=by)
    _record("courses.withdraw_proposal", proposal, [course], by=by)


def _record(
    act: str, proposal: Proposal, pages: Iterable[Page], *, by: User, left_out: Iterable[Page] = ()
) -> None:
    payload = proposal.payload
    record(
        by=by,
        act=act,
        subject_kind="course",
        subject_id=proposal.subject_id,
        reason=payload["reason"],
        after={
            "proposal": proposal.public_id,
            "material": payload["material"],
            "legal_date": payload["legal_date"],
            "languages": payload["languages"],
            "pages": [path_of(page) for page in pages],
            "left_out": [path_of(page) for page in left_out],
            "order": {
                path_of(new.parent): [page.slug for page in new.then] for new in new_orders(payload["order"])
            },
        },
    )


# --- both -------------------------------------------------------------------------------------------


def locked(course: CoursePage) -> CoursePage:
    """Return the course, locked until the end of the transaction: its editions come one after another."""
    found: CoursePage = CoursePage.objects.select_for_update(of=("self",)).get(pk=course.pk)
    return found


def hide(page: Page, *, by: User | None) -> None:
    """Readers do not see the page any more; nobody has Wagtail's own right to do it."""
    UnpublishPageAction(page.specific, user=by).execute(skip_permission_checks=True)


def _fixed(planned: PlannedPage, by: User | None) -> Revision:
    """Return a fresh revision of the newest draft: an editor still open cannot overwrite it later."""
    draft = planned.draft
    draft.title = draft.heading_az
    revision: Revision = draft.save_revision(user=by, changed=False)
    revision.refresh_from_db()  # its content as it is kept
    return revision


def _refuse_what_is_not_whole(plan: EditionPlan, facts: EditionFacts) -> None:
    if not plan.has_lessons:
        raise CourseError(_("A course needs at least one lesson."))
    newest = plan.newest
    unchanged = not (plan.changed or plan.removed or plan.order)
    settled = newest is not None and not newest.takes_back  # what one took back, two may settle as it stands
    if newest and settled and unchanged and _stated(newest) == _stated(facts):
        raise CourseError(_("Nothing has changed since edition %(number)s.") % {"number": newest.number})
    for planned in plan.pages:
        if planned.gaps:
            names = {
                "page": planned.page.get_admin_display_title(),
                "gaps": "; ".join(planned.gaps).removesuffix("."),
            }
            raise CourseError(_("“%(page)s” is not whole yet: %(gaps)s.") % names)
    if words := another_door(plan.course, [planned.draft for planned in plan.changed]):
        raise CourseError(words)


def _stated(edition: Edition | EditionFacts) -> tuple[date, list[str], date | None]:
    return edition.legal_date, list(edition.languages), edition.law_confirmed_on


def _refuse_a_later_day(plan: EditionPlan, facts: EditionFacts) -> None:
    oldest = plan.oldest_act
    if oldest and facts.legal_date > oldest.state_on:
        words = {"day": day_text(oldest.state_on), "source": oldest}
        raise CourseError(
            _("Sources were read until %(day)s at the latest: the text of %(source)s is of that day.") % words
        )


def _refuse_languages(plan: EditionPlan, facts: EditionFacts, accepted: Collection[str]) -> None:
    for language in facts.languages:
        name = {"language": LANGUAGE_NAMES[language]}
        if language not in plan.languages:
            raise CourseError(_("%(language)s: a text is missing, so the edition cannot name it.") % name)
        left = sum(text.language == language and text.key not in accepted for text in plan.stale)
        if left:
            raise CourseError(
                ngettext(
                    "%(language)s: %(count)s text is older than the Azerbaijani and is not ticked.",
                    "%(language)s: %(count)s texts are older than the Azerbaijani and are not ticked.",
                    left,
                )
                % {**name, "count": left}
            )


def _publish(
    course: CoursePage,
    facts: EditionFacts,
    revisions: Sequence[Revision],
    removed: Iterable[Page],
    *,
    published_by: User | None,
    confirmed_by: User | None,
) -> Edition:
    by = confirmed_by or published_by
    removed = list(removed)
    for revision in revisions:
        revision.publish(user=by, skip_permission_checks=True)
    for page in removed:
        hide(page, by=by)
    edition = keep_edition(course, facts, published_by=published_by, confirmed_by=confirmed_by)
    reading.raise_generation()
    changed = Page.objects.filter(pk__in=[row.object_id for row in revisions]).order_by("path")
    record_edition(PUBLISH, edition, by=by, pages=changed, left_out=removed)
    return edition


def keep_edition(
    course: CoursePage,
    facts: EditionFacts,
    *,
    published_by: User | None,
    confirmed_by: User | None,
    takes_back: bool = False,
) -> Edition:
    """Write down which revision of each lesson readers see from now on."""
    newest = Edition.objects.newest_of(course)
    edition = Edition.objects.create(
        course=course,
        number=newest.number + 1 if newest else 1,
        reason=facts.reason,
        material=facts.material,
        legal_date=facts.legal_date,
        languages=list(facts.languages),
        law_confirmed_on=facts.law_confirmed_on,
        published_by=published_by,
        confirmed_by=confirmed_by,
        takes_back=takes_back,
    )
    lessons = LessonPage.objects.live().descendant_of(course).order_by("path")
    EditionLesson.objects.bulk_create(
        EditionLesson(edition=edition, lesson=lesson, revision_id=lesson.live_revision_id)
        for lesson in lessons.defer("body")
    )
    return edition


def record_edition(
    act: str, edition: Edition, *, by: User | None, pages: Iterable[Page], left_out: Iterable[Page]
) -> None:
    record(
        by=by,
        act=act,
        subject_kind="edition",
        subject_id=edition.public_id,
        reason=edition.reason,
        after={
            "course": edition.course.code,
            "number": edition.number,
            "material": edition.material,
            "legal_date": edition.legal_date,
            "languages": edition.languages,
            "law_confirmed_on": edition.law_confirmed_on,
            "pages": [path_of(page) for page in pages],
            "left_out": [path_of(page) for page in left_out],
        },
    )
