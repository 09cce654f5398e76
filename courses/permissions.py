"""Permission to write courses, publish editions, and follow them. `None` is the installation itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from operations.models import Proposal
from people.models import Grant, Posting, User
from people.permissions import Anyone, Reach, may, register_permission

Position = Grant.Position

AUTHOR, PROPOSE, CONFIRM, TAKE_BACK = (
    "courses.author", "courses.propose", "courses.confirm", "courses.take_back",
)  # fmt: skip
BOTH = {Position.TRAINER.value: Reach.EVERYWHERE, Position.REVIEWER.value: Reach.EVERYWHERE}

register_permission(AUTHOR, _("Write courses and save drafts"), BOTH)
register_permission(PROPOSE, _("Propose an edition of a course"), {Position.TRAINER.value: Reach.EVERYWHERE})
register_permission(
    CONFIRM,
    _("Confirm an edition of a course, or send it back"),
    {Position.REVIEWER.value: Reach.EVERYWHERE},
    note=_("Not one's own proposal; a reviewer who changed one of its pages may only send it back."),
)
register_permission(TAKE_BACK, _("Withdraw a course, or leave out one of its lessons"), BOTH)


def can_author(by: Anyone) -> bool:
    """Write and save drafts: trainers, and reviewers who correct them. A course belongs to no agency."""
    return may(by, AUTHOR)


def can_propose_edition(by: Anyone) -> bool:
    return may(by, PROPOSE)


def can_review(by: Anyone) -> bool:
    """Decide about editions: confirm those in which the reviewer changed nothing, send back any."""
    return may(by, CONFIRM)


def can_confirm_edition(by: User, proposal: Proposal) -> bool:
    """Return whether `by` is a second pair of eyes: a reviewer who neither proposed nor wrote any of it."""
    return bool(editions_to_confirm(by, [proposal]))


def editions_to_confirm(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposed editions that `by` may confirm: as many queries for one as for many."""
    if not can_review(by):
        return []
    others = [each for each in waiting if not each.is_from(by)]
    written = _written_in(by, others)
    return [each for each in others if each.pk not in written]


def has_written_in(by: User, proposal: Proposal) -> bool:
    """Return whether `by` saved one of the proposed pages since readers last saw it change."""
    return bool(_written_in(by, [proposal]))


def _written_in(by: User, waiting: Sequence[Proposal]) -> set[int]:
    """Return those of the proposals (primary keys) of which `by` wrote something."""
    proposed = [
        (each.pk, int(page), revision)
        for each in waiting
        for page, (revision, _sha256) in each.payload["pages"].items()
    ]
    pages = {page for _proposal, page, _revision in proposed}
    live = dict(Page.objects.filter(pk__in=pages).values_list("pk", "live_revision_id"))
    saved = defaultdict(list)
    of_pages = Revision.page_revisions.filter(object_id__in=[str(page) for page in live])
    for page, revision in of_pages.filter(user__in=User.objects.records_of(by.pk)).values_list(
        "object_id", "pk"
    ):
        saved[int(page)].append(revision)
    return {
        proposal
        for proposal, page, newest in proposed
        if any((live[page] or 0) < revision <= newest for revision in saved.get(page, ()))
    }


def can_take_back(by: Anyone) -> bool:
    """Withdraw a course, leave out a lesson: what does harm goes at once, without a second person."""
    return may(by, TAKE_BACK)


def can_enrol(by: Anyone, person: User) -> bool:
    """Officers enrol themselves while they serve somewhere."""
    if by is None:
        return True
    return by == person and person.is_active and Posting.objects.current().filter(user=person).exists()
