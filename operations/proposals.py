"""Acts by four eyes: one person proposes, another confirms or declines.

Whether somebody may propose or confirm is for the calling app to say, before it calls.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from . import audit, canonical, clock
from .models import Proposal

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

# Until then somebody else decides: what is one question, and what must first be read or looked into.
TIME_TO_DECIDE, LONG_TIME_TO_DECIDE = timedelta(days=14), timedelta(days=30)
acts: set[str] = set()  # what two people do: each kind is shown to whoever may confirm it


class ProposalError(Exception):
    """A proposal that cannot be decided so; the text is for the person who tried."""


def register_act(act: str) -> str:
    """Announce an act of two people and return its code. Raise ValueError where it is taken."""
    if act in acts:
        raise ValueError(f"{act} is registered twice.")
    acts.add(act)
    return act


def waiting(*, act: str | None = None, subject_id: str | None = None) -> QuerySet[Proposal]:
    """Return proposals that can still be decided, oldest first."""
    queryset = Proposal.objects.filter(outcome=None, expires_at__gt=clock.now())
    if act is not None:
        queryset = queryset.filter(act=act)
    if subject_id is not None:
        queryset = queryset.filter(subject_id=subject_id)
    return queryset.order_by("proposed_at", "pk")


def propose(
    *,
    act: str,
    subject_id: str,
    reason_category: str,
    payload: dict[str, Any],
    by: "AbstractBaseUser",
    expires_at: datetime,
) -> Proposal:
    """Put an act before a second person. `payload` holds public ids and dates, no personal data.

    Raise ValueError for an act that nobody has registered.
    """
    [proposal] = propose_each(
        act=act, payloads={subject_id: payload}, reason_category=reason_category, by=by, expires_at=expires_at
    )
    return proposal


def propose_each(
    *,
    act: str,
    payloads: Mapping[str, dict[str, Any]],
    reason_category: str,
    by: "AbstractBaseUser",
    expires_at: datetime,
) -> list[Proposal]:
    """Put the same act before a second person for each of many subjects: their payloads by the subject's id. One query."""
    if act not in acts:
        raise ValueError(f"{act} is no registered act of two people.")
    now = clock.now()
    if expires_at <= now:
        raise ProposalError(_("The time to decide must lie ahead."))
    return Proposal.objects.bulk_create(
        Proposal(
            act=act, subject_id=subject_id, reason_category=reason_category, payload=canonical.plain(payload),
            proposed_by_id=by.pk, proposed_at=now, expires_at=expires_at,
        )
        for subject_id, payload in payloads.items()
    )  # fmt: skip


def confirm(proposal: Proposal, *, by: "AbstractBaseUser") -> None:
    """Confirm the proposal; the caller acts in the same transaction. Raise ProposalError: same person,
    decided, expired.
    """
    if proposal.is_from(by):
        raise ProposalError(_("Another person must confirm."))
    _decide(proposal, Proposal.Outcome.CONFIRMED, by)


def decline(proposal: Proposal, *, by: "AbstractBaseUser") -> None:
    """Decline the proposal. Raise ProposalError for the proposer (who withdraws), and for what is decided or
    expired.
    """
    if proposal.is_from(by):
        raise ProposalError(_("You proposed this yourself: withdraw it."))
    _decide(proposal, Proposal.Outcome.DECLINED, by)


def withdraw(proposal: Proposal, *, by: "AbstractBaseUser") -> None:
    """Withdraw the proposal; raise ProposalError for anybody but the proposer."""
    if not proposal.is_from(by):
        raise ProposalError(_("Only the person who proposed this may withdraw it."))
    _decide(proposal, Proposal.Outcome.WITHDRAWN, by)


def record(
    act: str, proposal: Proposal, *, by: "AbstractBaseUser", subject_kind: str = "user", reason: str = ""
) -> None:
    """Write an audit entry about its subject, with what was proposed; `reason`: another one than the
    proposer's.
    """
    audit.record(
        by=by, act=act, subject_kind=subject_kind, subject_id=proposal.subject_id,
        reason=reason or proposal.reason_category, after={"proposal": proposal.public_id, **proposal.payload},
    )  # fmt: skip


def expire(now: datetime) -> int:
    """Close what nobody decided in time; return how many."""
    return Proposal.objects.filter(outcome=None, expires_at__lte=now).update(
        outcome=Proposal.Outcome.EXPIRED, decided_at=now
    )


def _decide(proposal: Proposal, outcome: Proposal.Outcome, by: "AbstractBaseUser") -> None:
    now = clock.now()
    undecided = Proposal.objects.filter(pk=proposal.pk, outcome=None, expires_at__gt=now)
    if not undecided.update(outcome=outcome, decided_by=by, decided_at=now):  # the first decision stands
        proposal.refresh_from_db()
        if proposal.outcome in (None, Proposal.Outcome.EXPIRED):
            raise ProposalError(_("The time to decide this has passed."))
        raise ProposalError(_("This has been decided already."))
    proposal.outcome, proposal.decided_by_id, proposal.decided_at = outcome, by.pk, now
