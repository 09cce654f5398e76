"""Two records are one person: proposed by one, confirmed by another. Nothing is deleted, both histories stay."""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from merging.permissions import MERGE, can_merge
from merging.proposal_contents import people_of_merge
from merging.signals import person_merged
from operations import audit, clock, proposals
from operations.history import queue_up, revise
from operations.models import Notice, Proposal
from people.actions.editing import ask_address, may_set_address, set_address
from people.actions.guards import refuse_unless
from people.models import AddressRequest, Leave, Posting, User
from people.permissions import reach_of
from people.signals import tell_service_changed
from people.supervision import chain_above

from .limit import refuse_too_many


@transaction.atomic
def propose_merge(*, kept: User, gone: User, by: User) -> Proposal:
    """Propose that two records are one person. Raise ValidationError where they cannot be, or enough was
    proposed today.
    """
    refuse_unless(can_merge(by, kept, gone))
    refuse_too_many(MERGE, asker=by, agencies=reach_of(by, MERGE) or ())
    _refuse_unfit(kept, gone)
    ids = {kept.public_id, gone.public_id}
    for waiting in proposals.waiting(act=MERGE):
        if ids & {waiting.subject_id, waiting.payload["gone"]}:
            raise ValidationError(_("This is already waiting for a second person."))
    proposal = proposals.propose(
        act=MERGE, subject_id=kept.public_id, reason_category="duplicate", payload={"gone": gone.public_id},
        by=by, expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    _record("merging.propose_merge", kept, gone, by, {"proposal": proposal.public_id})
    return proposal


def _refuse_unfit(kept: User, gone: User) -> None:
    if kept.pk == gone.pk:
        raise ValidationError(_("Choose two different records."))
    if not (kept.is_current and gone.is_current):
        raise ValidationError(_("One of the two was merged or erased before."))
    if gone.grants.live_or_coming().exists():
        raise ValidationError(_("The record that is to be closed still holds a position. End it first."))


@transaction.atomic
def confirm_merge(*, proposal: Proposal, by: User) -> User:
    """Merge the two records, as the second of two people: from now on there is one.

    Postings and leave of the record that goes are entered for the one that stays, where it has none at that
    time itself; the rows of the other are withdrawn and stay to be read.
    """
    kept, gone = people_of_merge(proposal)
    refuse_unless(can_merge(by, kept, gone))
    proposals.confirm(proposal, by=by)
    changing = Q(pk__in=(kept.pk, gone.pk)) | Q(supervisor=gone)  # in one order, as everywhere
    locked = User.objects.select_for_update(of=("self",)).filter(changing).order_by("pk")
    by_key = {person.pk: person for person in locked}
    kept, gone = by_key[kept.pk], by_key[gone.pk]
    _refuse_unfit(kept, gone)
    gone.merged_at = clock.now()  # before its history moves: by this instant the move is recognised
    after = {"postings": _move_postings(kept, gone, by), "leaves": _move_leaves(kept, gone, by)}
    personal = _move_sign_in(kept, gone, by)
    _move_what_waits(kept, gone)
    _move_supervision(kept, gone)
    _record("merging.merge", kept, gone, by, {**after, "proposal": proposal.public_id}, personal)
    person_merged.send(User, kept=kept, gone=gone, by=by)
    tell_service_changed([kept.pk, gone.pk])
    return kept


@transaction.atomic
def decline_merge(*, proposal: Proposal, by: User) -> None:
    kept, gone = people_of_merge(proposal)
    refuse_unless(can_merge(by, kept, gone))
    proposals.decline(proposal, by=by)
    _record("merging.decline_merge", kept, gone, by, {"proposal": proposal.public_id})


@transaction.atomic
def withdraw_merge(*, proposal: Proposal, by: User) -> None:
    """Withdraw the proposal. Raise ProposalError: somebody else's, decided, expired."""
    kept, gone = people_of_merge(proposal)
    proposals.withdraw(proposal, by=by)
    _record("merging.withdraw_merge", kept, gone, by, {"proposal": proposal.public_id})


type Time = tuple[datetime, datetime | None]


def left_over(time: Time, taken: Sequence[Time]) -> list[Time]:
    """Return the parts of a time that none of the others covers."""
    parts = [time]
    for start, end in taken:
        parts = [part for each in parts for part in _without(each, start, end)]
    return parts


def _without(time: Time, start: datetime, end: datetime | None) -> list[Time]:
    since, until = time
    if (until is not None and until <= start) or (end is not None and end <= since):
        return [time]
    parts: list[Time] = []
    if since < start:
        parts.append((since, start))
    if end is not None and (until is None or end < until):
        parts.append((end, until))
    return parts


def _move_postings(kept: User, gone: User, by: User) -> int:
    theirs = list(Posting.objects.known().filter(user=gone))
    if theirs:
        queue_up(theirs)
    own = list(Posting.objects.known().filter(user=kept))
    mains = [(row.valid_from, row.valid_to) for row in own if row.main]
    moved = []
    for row in theirs:
        taken = [(each.valid_from, each.valid_to) for each in own if each.agency_id == row.agency_id]
        for start, end in left_over((row.valid_from, row.valid_to), taken):
            main = row.main if left_over((start, end), mains) == [(start, end)] else None
            moved.append(row.revised(user=kept, valid_from=start, valid_to=end, main=main))
    revise(withdraw=theirs, insert=moved, by=by)
    return len(moved)


def _move_leaves(kept: User, gone: User, by: User) -> int:
    theirs = list(Leave.objects.known().filter(user=gone))
    taken = [(row.valid_from, row.valid_to) for row in Leave.objects.known().filter(user=kept)]
    moved = [
        row.revised(user=kept, valid_from=start, valid_to=end)
        for row in theirs
        for start, end in left_over((row.valid_from, row.valid_to), taken)
    ]
    revise(withdraw=theirs, insert=moved, by=by)
    return len(moved)


def _move_sign_in(kept: User, gone: User, by: User) -> dict[str, tuple[str | None, str | None]]:
    """Close the account of the record that goes, and move its address where the other has none.

    A person who has signed in without an address is asked: with one, the password can be set anew.
    """
    address, number = gone.email, gone.national_id_hash
    gone.email = gone.national_id_hash = None
    gone.is_active, gone.merged_into = False, kept
    gone.set_unusable_password()
    gone.save(
        update_fields=["email", "national_id_hash", "is_active", "merged_into", "merged_at", "password"]
    )
    EmailAddress.objects.filter(user=gone).delete()
    if number and not kept.national_id_hash:
        kept.national_id_hash = number
        kept.save(update_fields=["national_id_hash"])
    if not address:
        return {}
    if not kept.email:
        give = set_address if may_set_address(kept) else ask_address
        give(kept, address, by)
    return {"email": (address, None)}


def _move_what_waits(kept: User, gone: User) -> None:
    """Move what was merged into the other before, and messages that were not sent yet; take back questions about
    an address.
    """
    User.objects.filter(merged_into=gone).update(merged_into=kept)
    has = Notice.objects.filter(
        person=kept, kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), threshold=OuterRef("threshold")
    )
    waiting = Notice.objects.filter(~Exists(has), person=gone, sent_at=None, refused="")
    waiting.update(person=kept)
    AddressRequest.objects.filter(person=gone, outcome=None).update(
        outcome=AddressRequest.Outcome.WITHDRAWN, decided_at=clock.now()
    )


def _move_supervision(kept: User, gone: User) -> None:
    """Move those whom the other supervised; nobody becomes their own supervisor by it, not over others
    either.
    """
    above = chain_above(kept)
    led = User.objects.filter(supervisor=gone)
    led.filter(pk__in=[kept.pk, *above]).update(supervisor=None)
    led.update(supervisor=kept)


def _record(
    act: str,
    kept: User,
    gone: User,
    by: User,
    after: dict[str, object],
    personal: dict[str, tuple[str | None, str | None]] | None = None,
) -> None:
    """Write an entry in the trail of either record."""
    said = {"kept": kept.public_id, "gone": gone.public_id, **after}
    values = {gone.public_id: personal} if personal else None
    for person in (kept, gone):
        audit.record(
            by=by, act=act, subject_kind="user", subject_id=person.public_id, after=said,
            personal=values if person is gone else None,
        )  # fmt: skip
