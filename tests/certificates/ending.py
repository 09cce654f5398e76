"""Rules that changed and certificates that end by it, as rule owners and registrars decide it."""

from datetime import datetime, timedelta
from typing import Any

from certificates import actions_law as actions
from certificates.actions_rules import save_qualification
from certificates.models import LawChange, Qualification
from operations import clock
from operations.models import Proposal
from operations.outbox import work_off
from people.models import User
from tests import factories
from tests.qualification_rules import rules_of

from .issuing import make_certificate

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


def newer_rules(code: str = "C1-LAB", **more: Any) -> Qualification:
    """Another version in force from now on."""
    return save_qualification(
        code=code, names=factories.names(f"Inspector {code}"), descriptions=factories.names(code),
        rules=rules_of(code, **{"basis": "D", **more}), by=None,
    )  # fmt: skip


def propose(qualification: Qualification, by: User, *, days: int = 40, reason: str = "law") -> Proposal:
    proposal = actions.propose_end(
        qualification=qualification, last_day=clock.today() + days * DAY, reason=reason, by=by
    )
    return Proposal.objects.get(pk=proposal.pk)


def announce(qualification: Qualification, first: User, second: User, **more: Any) -> LawChange:
    """By two, with the letters that follow."""
    change = actions.confirm_end(proposal=propose(qualification, first, **more), by=second)
    work_off()
    return change


def keep(change: LawChange, first: User, second: User) -> None:
    """The same taken back by two."""
    proposal = actions.propose_keeping(change=change, reason="mistake", by=first)
    actions.confirm_keeping(proposal=Proposal.objects.get(pk=proposal.pk), by=second)
    work_off()


def end_at(instant: datetime, **more: Any) -> int:
    """The clock's work at an instant, with the letters that follow."""
    with clock.at(instant):
        number = actions.end_due(by=None, **more)
        work_off()
        return number


def end_proposed() -> Proposal:
    """By a rule owner, of a qualification of its own that somebody holds under older rules."""
    make_certificate(factories.make_person(), qualification="C6-END")
    owner = factories.make_person()
    factories.give(owner, factories.Position.RULE_OWNER)
    return propose(newer_rules("C6-END"), owner)


def keeping_proposed(owner: User | None = None) -> Proposal:
    """That they stay after all."""
    change = announced()
    return actions.propose_keeping(change=change, reason="mistake", by=owner or change.proposal.proposed_by)


def announced() -> LawChange:
    """Confirmed by a registrar."""
    registrar = factories.make_person()
    factories.give(registrar, factories.Position.REGISTRAR)
    return actions.confirm_end(proposal=end_proposed(), by=registrar)
