"""Permission to confirm what others proposed, for many proposals at once: as many queries for one as for many."""

from collections.abc import Iterable

from operations.models import Proposal
from people.models import Grant, User

from .holding import Position, grants_of_each, holds_everywhere
from .table import allows, may


def confirmable(by: User, waiting: Iterable[Proposal], *, propose: str, confirm: str) -> list[Proposal]:
    """Return those that `by` may confirm: made by somebody else, who may still propose."""
    if not may(by, confirm):
        return []
    others = [each for each in waiting if not each.is_from(by)]
    grants = grants_of_each({each.proposed_by_id for each in others})
    return [each for each in others if allows(grants[each.proposed_by_id], propose)]


def declinable(by: User, proposal: Proposal, *, confirm: str) -> bool:
    """Return whether `by` may decline it: made by somebody else, also by who may propose no more."""
    return not proposal.is_from(by) and may(by, confirm)


def confirmable_with_a_registrar(
    by: User, waiting: Iterable[Proposal], *, propose: str, confirm: str
) -> list[Proposal]:
    """Return those about a person that `by` may confirm: proposer, confirmer and the one it is about are three
    persons, one of the two a registrar.

    This holds for as long as there is any registrar: administrators, who open accounts and give positions,
    cannot do it among themselves.
    """
    others = [each for each in waiting if each.subject_id != by.public_id]
    others = confirmable(by, others, propose=propose, confirm=confirm)
    if not others or holds_everywhere(by, Position.REGISTRAR) or not any_registrar():
        return others
    grants = grants_of_each({each.proposed_by_id for each in others})
    registrar = (Position.REGISTRAR, None, None)
    return [each for each in others if registrar in grants[each.proposed_by_id]]


def any_registrar() -> bool:
    return Grant.objects.live().filter(position=Position.REGISTRAR, person__is_active=True).exists()
