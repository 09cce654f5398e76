"""Who: people, agencies, units, roles; who is posted where; who may act in which position; ways in."""

from .agencies import Agency, Role, Unit
from .grants import Grant
from .invitations import Invitation
from .person import User
from .postings import Leave, Posting
from .rights import AddressRequest, CorrectionRequest
from .rosters import RosterImport, RosterLine

__all__ = [
    "AddressRequest",
    "Agency",
    "CorrectionRequest",
    "Grant",
    "Invitation",
    "Leave",
    "Posting",
    "Role",
    "RosterImport",
    "RosterLine",
    "Unit",
    "User",
]
