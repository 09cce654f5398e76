"""Permissions to answer what people ask about their own data."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from operations.models import Errand, Proposal
from operations.proposals import register_act
from people.models import Posting, User
from people.permissions.holding import Position
from people.permissions.table import Reach, may, register_permission, where_may

from .models import CorrectionRequest

ANSWER_CORRECTION = "privacy.answer_correction"
DECIDE_ERASURE = "privacy.decide_erasure"
ERASE = register_act("privacy.erase")  # a proposal of two, and the errand that does it

register_permission(
    ANSWER_CORRECTION,
    _("Answer what somebody says is wrong about them"),
    {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE},
    note=_("Not what one asked oneself."),
)
register_permission(
    DECIDE_ERASURE,
    _("Decide whether somebody's data is erased"),
    {Position.ADMINISTRATOR: Reach.EVERYWHERE},
    note=_("Not one's own, and not what one asked for somebody."),
)


def can_see_correction(by: User, request: CorrectionRequest) -> bool:
    """Return whether `by` may see the request: see `seen_corrections`."""
    return seen_corrections(by).filter(pk=request.pk).exists()


def can_answer_correction(by: User, request: CorrectionRequest) -> bool:
    """Return whether `by` may answer the request: never one's own."""
    return by.pk != request.person_id and can_see_correction(by, request)


def can_propose_erasure(by: User, person: User) -> bool:
    """Return whether `by` may propose it: the person, or an administrator for somebody who asked on paper."""
    return by.pk == person.pk or may(by, DECIDE_ERASURE)


def can_decide_erasure(by: User, proposal: Proposal) -> bool:
    """Return whether `by` may decide it: an administrator who neither proposed it nor is the person."""
    return bool(erasures_to_decide(by, [proposal]))


def erasures_to_decide(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    """Return the requests that `by` may decide."""
    if not may(by, DECIDE_ERASURE):
        return []
    return [each for each in waiting if not each.is_from(by) and each.subject_id != by.public_id]


def seen_corrections(by: User) -> QuerySet[CorrectionRequest]:
    """Return the requests that `by` may see.

    What waits is for the agency in which the person serves now; for the one that was asked, where the person
    serves nowhere. What was answered stays with the agency that answered it. What was asked outside any
    agency is for administrators, who see all.
    """
    where = where_may(by, ANSWER_CORRECTION)
    if where.everywhere:
        return CorrectionRequest.objects.all()
    serves = Posting.objects.current().filter(user=OuterRef("person"), main=True)
    here = Q(Exists(serves.filter(agency__in=where.agencies)))
    asked = Q(agency__in=where.agencies)
    return CorrectionRequest.objects.filter(
        Q(outcome=None) & (here | asked & ~Exists(serves)) | Q(outcome__isnull=False) & asked
    )


def is_about_to_be_erased(people: Iterable[User]) -> bool:
    """Return whether the erasure of one of these was confirmed and its errand has not done it yet."""
    confirmed = Proposal.objects.filter(
        act=ERASE, subject_id__in=[each.public_id for each in people], outcome=Proposal.Outcome.CONFIRMED
    )
    errands = Errand.objects.filter(kind=ERASE, key__in=confirmed.values("public_id"))
    return errands.exclude(state=Errand.State.DONE).exists()
