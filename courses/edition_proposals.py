"""An edition that waits for a reviewer, or was sent back: what its proposal says."""

from datetime import date

from wagtail.models import Page, Revision

from operations import proposals
from operations.models import Proposal

from .edition_plan import EditionFacts
from .models import CoursePage, EditionRemark

PUBLISH = proposals.register_act("courses.publish")
PROPOSED, SENT_BACK = "courses.edition_proposed", "courses.edition_sent_back"  # kinds of notices


def waiting_edition(course: CoursePage) -> Proposal | None:
    """Return the proposal of an edition of the course that can still be decided."""
    return proposals.waiting(act=PUBLISH, subject_id=course.public_id).first()


def course_of(proposal: Proposal) -> CoursePage:
    course: CoursePage = CoursePage.objects.get(public_id=proposal.subject_id)
    return course


def facts_of(proposal: Proposal) -> EditionFacts:
    payload = proposal.payload
    return EditionFacts(
        reason=payload["reason"],
        material=payload["material"],
        legal_date=date.fromisoformat(payload["legal_date"]),
        languages=payload["languages"],
    )


def pages_to_speak_of(proposal: Proposal) -> set[int]:
    """Return the pages (primary keys) of which a reviewer may say a word: what changes, or else the course."""
    payload = proposal.payload
    return {int(pk) for pk in [*payload["pages"], *payload["order"]]} or {course_of(proposal).pk}


def proposed_revisions(proposal: Proposal) -> list[Revision]:
    """Return the proposed revision of each changed page that is still there, in the order of the course."""
    paths = dict(Page.objects.filter(pk__in=proposal.payload["pages"]).values_list("pk", "path"))
    wanted = [pk for pk, _sha256 in proposal.payload["pages"].values()]
    found = [row for row in Revision.page_revisions.filter(pk__in=wanted) if int(row.object_id) in paths]
    return sorted(found, key=lambda row: paths[int(row.object_id)])


def left_the_course(course: CoursePage, proposal: Proposal) -> bool:
    """Return whether a page of which the proposal speaks stands in another course now."""
    payload = proposal.payload
    spoken_of = Page.objects.filter(pk__in=[*payload["pages"], *payload["left_out"], *payload["order"]])
    return bool(spoken_of.not_descendant_of(course, inclusive=True).exists())


def remarks_of(course: CoursePage, proposal: Proposal | None = None) -> list[EditionRemark]:
    """Return the words with which a proposal was sent back; without one: with which the newest was, if it was."""
    newest = Proposal.objects.filter(act=PUBLISH, subject_id=course.public_id).order_by("-proposed_at", "-pk")
    about = proposal or newest.first()
    if about is None:
        return []
    return list(EditionRemark.objects.filter(proposal=about).select_related("page").order_by("page__path"))
