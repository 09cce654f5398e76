"""Changes to the register of people: agencies, units, people, postings, grants.

Each returns what it made, refuses in words (PermissionDenied, ValidationError, HistoryError), and
leaves an entry in the audit trail. `by=None` is the installation itself.
"""

from .accounts import close_account, open_account, sign_out_everywhere
from .agencies import add_agency, add_role, add_unit, save_agency, save_role
from .corrections import answer_correction, ask_correction, withdraw_correction
from .erasure import (
    confirm_erasure,
    decline_erasure,
    erase_person,
    propose_erasure,
    withdraw_erasure,
)
from .grants import break_glass, grant, revoke_grant
from .persons import add_person, set_password, written
from .postings import post
from .registrars import confirm_registrar, decline_registrar, propose_registrar, withdraw_registrar
from .second_factor import note_second_factor, reset_second_factor, set_up_totp
from .sign_on import link_sign_on, note_refused_sign_on, unlink_sign_on

__all__ = [
    "add_agency",
    "add_person",
    "add_role",
    "add_unit",
    "answer_correction",
    "ask_correction",
    "break_glass",
    "close_account",
    "confirm_erasure",
    "confirm_registrar",
    "decline_erasure",
    "decline_registrar",
    "erase_person",
    "grant",
    "link_sign_on",
    "note_refused_sign_on",
    "open_account",
    "post",
    "propose_erasure",
    "propose_registrar",
    "grant",
    "note_second_factor",
    "post",
    "reset_second_factor",
    "revoke_grant",
    "save_agency",
    "save_role",
    "set_password",
    "sign_out_everywhere",
    "unlink_sign_on",
    "withdraw_correction",
    "withdraw_erasure",
    "withdraw_registrar",
    "set_up_totp",
    "written",
]
