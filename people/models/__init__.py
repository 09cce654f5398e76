"""People, agencies, units, roles; postings; grants of positions."""

from .addresses import AddressRequest
from .agencies import Agency, Role, Unit
from .grants import Grant, WhyRegistrar
from .person import User, of_current_people
from .postings import Leave, Posting

__all__ = [
    "AddressRequest",
    "Agency",
    "Grant",
    "Leave",
    "Posting",
    "Role",
    "Unit",
    "User",
    "WhyRegistrar",
    "of_current_people",
]
