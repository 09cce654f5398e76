"""Permissions to give, end and see grants."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from operations.models import Proposal
from people.models import Agency, Grant, Unit, User

from .confirming import confirmable_with_a_registrar, declinable
from .holding import Position, Scope, holds_everywhere
from .table import Reach, may, register_permission, where_may

_ADMINISTRATOR: dict[str, Reach] = {Position.ADMINISTRATOR: Reach.EVERYWHERE}
# Given by two, one of them a registrar: an administrator, who opens accounts, could else fill both seats alone.
BY_TWO = frozenset({Position.REGISTRAR, Position.RULE_OWNER})
_TWO: dict[str, Reach] = {**_ADMINISTRATOR, Position.REGISTRAR: Reach.EVERYWHERE}

register_permission(
    "people.grant",
    _("Give positions other than registrar and rule owner; end all but registrar"),
    _ADMINISTRATOR,
    note=_("Not to oneself."),
)
register_permission(
    "people.grant_duty_officer",
    _("Give and end the position of duty officer"),
    {**_ADMINISTRATOR, Position.COORDINATOR: Reach.AGENCY},
    note=_("Not to oneself. A coordinator: within their own agency."),
)
register_permission(
    "people.propose_registrar", _("Propose a registrar or a rule owner"), _TWO, note=_("Not oneself.")
)
register_permission(
    "people.confirm_registrar",
    _("Confirm or decline a proposed registrar or rule owner"),
    _TWO,
    note=_(
        "Not the person who proposed it, and not about oneself. As long as there is a registrar, one "
        "of the two is a registrar."
    ),
)
register_permission(
    "people.end_registrar", _("End the position of a registrar"), _TWO, note=_("Not one's own position.")
)
register_permission(
    "people.see_grants",
    _("See who holds which position"),
    {
        **_ADMINISTRATOR,
        Position.AUDITOR: Reach.EVERYWHERE,
        Position.REGISTRAR: Reach.EVERYWHERE,
        Position.COORDINATOR: Reach.AGENCY,
    },
    note=_("A registrar sees registrars only."),
)


def can_grant(
    by: User | None, person: User, position: str, *, agency: Agency | None, unit: Unit | None
) -> bool:
    """Return whether `by` may give the position: never to themselves.

    Registrars, rule owners and emergency access are given by other ways.
    """
    if by is None:
        return True
    if by == person or position in BY_TWO | {Position.BREAK_GLASS}:
        return False
    if may(by, "people.grant"):
        return True
    where = agency is not None or unit is not None
    return (
        position == Position.DUTY_OFFICER
        and where
        and may(by, "people.grant_duty_officer", agency=agency, unit=unit)
    )


def can_end(by: User | None, grant: Grant) -> bool:
    """Return whether `by` may end the grant, alone. A rule owner's and emergency access ends any
    administrator.
    """
    if by is not None and grant.person_id == by.pk:
        return False
    if grant.position == Position.REGISTRAR:
        return may(by, "people.end_registrar")
    if grant.position in {Position.RULE_OWNER, Position.BREAK_GLASS}:
        return may(by, "people.grant")
    return can_grant(by, grant.person, grant.position, agency=grant.agency, unit=grant.unit)


def can_propose_registrar(by: User, person: User) -> bool:
    return by != person and may(by, "people.propose_registrar")


def can_confirm_registrar(by: User, proposal: Proposal) -> bool:
    return bool(registrars_to_confirm(by, [proposal]))


def can_decline_registrar(by: User, proposal: Proposal) -> bool:
    """Return whether `by` may decline it, which needs no pair: not about oneself."""
    return proposal.subject_id != by.public_id and declinable(
        by, proposal, confirm="people.confirm_registrar"
    )


def registrars_to_confirm(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposed registrars and rule owners that `by` may confirm."""
    return confirmable_with_a_registrar(
        by, waiting, propose="people.propose_registrar", confirm="people.confirm_registrar"
    )


def within(scope: Scope) -> Q:
    """Return a condition for grants: those limited to what the scope reaches, or all where it is everywhere."""
    if scope.everywhere:
        return Q()
    return Q(agency__in=scope.agencies) | Q(unit__agency__in=scope.agencies) | Q(unit__in=scope.units)


def visible_grants(user: User) -> QuerySet[Grant]:
    """Return all for administrators and auditors; their agency's for coordinators; registrars' for
    registrars.
    """
    scope = where_may(user, "people.see_grants")
    if not scope.everywhere:
        return Grant.objects.filter(within(scope))
    if any(holds_everywhere(user, each) for each in (Position.ADMINISTRATOR, Position.AUDITOR)):
        return Grant.objects.all()
    return Grant.objects.filter(position=Position.REGISTRAR)
