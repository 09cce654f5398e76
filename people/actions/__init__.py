"""Changes to the register of people: agencies, units, people, postings, grants.

Each returns what it made, refuses in words (PermissionDenied, ValidationError, HistoryError), and
leaves an entry in the audit trail. `by=None` is the installation itself.
"""

from .agencies import add_agency, add_role, add_unit, save_agency, save_role
from .grants import grant, revoke_grant
from .persons import add_person, set_password, written
from .postings import post
from .sign_on import link_sign_on, note_refused_sign_on, unlink_sign_on

__all__ = [
    "add_agency",
    "add_person",
    "add_role",
    "add_unit",
    "grant",
    "link_sign_on",
    "note_refused_sign_on",
    "post",
    "revoke_grant",
    "save_agency",
    "save_role",
    "set_password",
    "unlink_sign_on",
    "written",
]
