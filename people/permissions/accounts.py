"""Acts on accounts, agencies and people; `None` is the installation itself."""

from django.utils.translation import gettext_lazy as _

from people.models import Agency, User

from .holding import Position, holds, holds_everywhere, positions_of
from .table import Reach, may, register_act

ADMINISTRATOR: dict[str, Reach] = {Position.ADMINISTRATOR: Reach.EVERYWHERE}
READERS: dict[str, Reach] = {**ADMINISTRATOR, Position.AUDITOR: Reach.EVERYWHERE}
# Whose acts count as a pair of eyes: who could sign in as two of them would be both.
WATCHED = frozenset({Position.REGISTRAR, Position.RULE_OWNER, Position.AUDITOR})

register_act("people.see_accounts", _("See all accounts"), READERS)
register_act(
    "people.deactivate",
    _("Close an account and open it again"),
    ADMINISTRATOR,
    note=_("Not one's own account."),
)
register_act("people.sign_out", _("Sign somebody out everywhere"), ADMINISTRATOR)
register_act(
    "people.set_password",
    _("Set another person's password"),
    ADMINISTRATOR,
    note=_("Not of a registrar, rule owner or auditor."),
)
register_act("people.see_agencies", _("See all agencies"), READERS)
register_act("people.save_agency", _("Add and rename agencies"), ADMINISTRATOR)
register_act("people.save_role", _("Add and rename roles"), ADMINISTRATOR)


def can_manage_accounts(by: User | None) -> bool:
    return by is None or holds_everywhere(by, Position.ADMINISTRATOR)


def can_set_password(by: User | None, person: User) -> bool:
    """For another person: an administrator, but never for somebody whose acts count as a pair of eyes."""
    return by is None or (may(by, "people.set_password") and not positions_of(person) & WATCHED)


def can_deactivate(by: User | None, person: User) -> bool:
    """Nobody closes their own account: so one administrator always remains."""
    return by != person and may(by, "people.deactivate")


def can_manage_agency(by: User | None, agency: Agency) -> bool:
    """Its people, units and postings: an administrator, or the agency's own coordinator."""
    return can_manage_accounts(by) or holds(by, Position.COORDINATOR, agency=agency)
