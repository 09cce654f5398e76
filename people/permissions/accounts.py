"""Acts of people.actions; `None` is the installation itself."""

from people.models import Agency, Unit, User

from .holding import Position, holds, holds_everywhere, positions_of


def can_manage_accounts(by: User | None) -> bool:
    return by is None or holds_everywhere(by, Position.ADMINISTRATOR)


def can_set_password(by: User | None, person: User) -> bool:
    """For another person: an administrator, but never for somebody whose acts count as a pair of eyes."""
    watched = {Position.REGISTRAR, Position.RULE_OWNER, Position.AUDITOR}
    return by is None or (can_manage_accounts(by) and not positions_of(person) & watched)


def can_manage_agency(by: User | None, agency: Agency) -> bool:
    """Its people, units and postings: an administrator, or the agency's own coordinator."""
    return can_manage_accounts(by) or holds(by, Position.COORDINATOR, agency=agency)


def can_grant(
    by: User | None, person: User, position: str, *, agency: Agency | None, unit: Unit | None
) -> bool:
    """Administrators grant what is not a registrar's; coordinators make duty officers of their agency."""
    if by is None:
        return True
    if by == person or position == Position.REGISTRAR:
        return False
    if can_manage_accounts(by):
        return True
    where = unit.agency if unit is not None else agency
    return (
        position == Position.DUTY_OFFICER
        and where is not None
        and holds(by, Position.COORDINATOR, agency=where)
    )
