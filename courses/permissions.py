"""Permission to write courses, publish editions, and follow them. `None` is the installation itself."""

from django.db.models import Q
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
    return can_review(by) and not proposal.is_from(by) and not has_written_in(by, proposal)


def has_written_in(by: User, proposal: Proposal) -> bool:
    """Return whether `by` saved one of the proposed pages since readers last saw it change."""
    proposed = {int(pk): revision for pk, (revision, _sha256) in proposal.payload["pages"].items()}
    live = Page.objects.filter(pk__in=proposed).values_list("pk", "live_revision_id")
    since = Q(pk=None)
    for pk, seen in live:
        since |= Q(object_id=str(pk), pk__gt=seen or 0, pk__lte=proposed[pk])
    records = User.objects.records_of(by.pk)
    return bool(Revision.page_revisions.filter(since, user__in=records).exists())


def can_take_back(by: Anyone) -> bool:
    """Withdraw a course, leave out a lesson: what does harm goes at once, without a second person."""
    return may(by, TAKE_BACK)


def can_enrol(by: Anyone, person: User) -> bool:
    """Officers enrol themselves while they serve somewhere."""
    if by is None:
        return True
    return by == person and person.is_active and Posting.objects.current().filter(user=person).exists()
