"""Permissions: `holding` reads live grants, the other modules say what a position may do."""

from .administration import can_manage_accounts, can_manage_agency, guarded, guarded_among
from .confirming import confirmable, declinable
from .exclusions import excluded, scopes_of_position
from .grants import (
    can_confirm_registrar,
    can_decline_registrar,
    can_end,
    can_grant,
    can_propose_registrar,
    registrars_to_confirm,
    visible_grants,
)
from .holding import (
    Anyone,
    Position,
    Scope,
    SecondFactorNeeded,
    holds,
    holds_everywhere,
    positions_of,
    with_live_grants,
)
from .records import agencies_where, reach_of
from .table import Reach, may, register_permission, where_may

__all__ = [
    "Anyone",
    "Position",
    "Reach",
    "Scope",
    "SecondFactorNeeded",
    "agencies_where",
    "can_confirm_registrar",
    "can_decline_registrar",
    "can_end",
    "can_grant",
    "can_manage_accounts",
    "can_manage_agency",
    "can_propose_registrar",
    "confirmable",
    "declinable",
    "excluded",
    "guarded",
    "guarded_among",
    "holds",
    "holds_everywhere",
    "may",
    "positions_of",
    "reach_of",
    "register_permission",
    "registrars_to_confirm",
    "scopes_of_position",
    "visible_grants",
    "where_may",
    "with_live_grants",
]
