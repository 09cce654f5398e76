"""Rules that two rule owners change: proposed by one from a day on, confirmed or declined by another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from operations import clock, proposals
from operations.models import Proposal
from people.actions.grants import tell
from people.models import Grant, User
from people.permissions import may


def first_day_of(proposal: Proposal) -> date:
    return date.fromisoformat(proposal.payload["first_day"])


def begins_on(proposal: Proposal) -> date:
    """Return the day from which it is in force if confirmed now, or was when it was decided: never one of the past."""
    decided = proposal.decided_at
    return max(first_day_of(proposal), clock.first_day(decided) if decided else clock.today())


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """A kind of rules. `act`: of the proposal; `noun`: of what else is done with it ("clearance.decline_requirement");
    `letters`: of its two notices, `…_proposed` and `…_changed`; `subject`: the things whose rules they are, `kind` in the
    trail; `can_confirm` says who confirms.
    """

    act: str
    noun: str
    letters: str
    subject: type[models.Model]
    kind: str
    confirm_permission: str
    can_confirm: Callable[[User, Proposal], bool]

    def propose(
        self, subject_id: str, payload: dict[str, Any], first_day: date, reason: str, by: User
    ) -> Proposal:
        """Put what the caller has checked before another rule owner."""
        proposal = proposals.propose(
            act=self.act, subject_id=subject_id, reason_category=reason,
            payload={**payload, "first_day": first_day.isoformat()}, by=by,
            expires_at=clock.now() + proposals.TIME_TO_DECIDE,
        )  # fmt: skip
        self._record("propose", proposal, by)
        self._tell("proposed", proposal, by)
        return proposal

    def to_confirm(self, proposal: Proposal, by: User) -> Any:
        """Return whose rules it changes, locked, to be checked once more; PermissionDenied: one's own, or no rule owner."""
        subject = self._of(proposal)
        if not self.can_confirm(by, proposal):
            raise PermissionDenied(_("The proposer and the confirmer must be two different rule owners."))
        return subject

    def confirm(self, proposal: Proposal, by: User) -> datetime:
        """Confirm what `to_confirm` gave; return from when it is in force: the day proposed, never the past."""
        proposals.confirm(proposal, by=by)
        self._tell("changed", proposal, by)
        return max(clock.start_of(first_day_of(proposal)), clock.now())

    @transaction.atomic
    def decline(self, *, proposal: Proposal, by: User) -> None:
        """ProposalError: one's own, decided, expired."""
        self._of(proposal)
        if not may(by, self.confirm_permission):
            raise PermissionDenied(_("You may not do this."))
        proposals.decline(proposal, by=by)
        self._record("decline", proposal, by)

    @transaction.atomic
    def withdraw(self, *, proposal: Proposal, by: User) -> None:
        """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
        self._of(proposal)
        proposals.withdraw(proposal, by=by)
        self._record("withdraw", proposal, by)

    def _of(self, proposal: Proposal) -> Any:
        if proposal.act != self.act:
            raise PermissionDenied(_("You may not do this."))
        subjects = self.subject._default_manager.select_for_update()
        return subjects.filter(public_id=proposal.subject_id).first()

    def _record(self, verb: str, proposal: Proposal, by: User) -> None:
        app = self.act.partition(".")[0]
        proposals.record(f"{app}.{verb}_{self.noun}", proposal, by=by, subject_kind=self.kind)

    def _tell(self, what: str, proposal: Proposal, by: User) -> None:
        positions = [Grant.Position.RULE_OWNER, Grant.Position.AUDITOR]
        tell(f"{self.letters}_{what}", proposal.public_id, positions=positions, but={by.pk})
