"""Changes to the register of people: agencies, units, people, postings, grants.

Each returns what it made, refuses in words (PermissionDenied, ValidationError, HistoryError), and
leaves an entry in the audit trail. `by=None` is the installation itself.
"""

from .accounts import close_account, open_account, sign_out_everywhere
from .addresses import decide_address
from .agencies import add_agency, add_role, add_unit, save_agency, save_role
from .bulk import add_leave_many, end_many, transfer_many
from .corrections import answer_correction, ask_correction, withdraw_correction
from .editing import Known, can_edit, change_address, edit_person
from .erasure import confirm_erasure, decline_erasure, erase_person, propose_erasure, withdraw_erasure
from .exports import export_grants, export_people
from .founding import found
from .grants import break_glass, grant, revoke_grant
from .invitations import accept_invitation, invite, make_sheets, revoke_invitations, send_again
from .leaves import add_leave, correct_leave, withdraw_leave
from .merging import can_merge, confirm_merge, decline_merge, people_of_merge, propose_merge, withdraw_merge
from .own_data import choose_notice_rhythm, export_my_data
from .persons import add_person, note_password, set_password, written
from .postings import (
    Said,
    correct_posting,
    end_posting,
    newest_change,
    post,
    take_back,
    transfer,
    why_it_stays,
)
from .registrars import confirm_registrar, decline_registrar, propose_registrar, withdraw_registrar
from .resets import confirm_reset, decline_reset, propose_reset, withdraw_reset
from .rosters import (
    apply_roster,
    cancel_roster,
    carry_out,
    forget_old_rosters,
    name_roster_columns,
    note_roster_download,
    receive_roster,
)
from .second_factor import note_second_factor, reset_second_factor, set_up_totp
from .sign_on import link_sign_on, note_refused_sign_on, unlink_sign_on
from .taking_over import Asked, ask_take_over, confirm_take_over, decline_take_over, withdraw_take_over
from .trail import export_audit
from .units import edit_unit, free_code

__all__ = [
    "Asked",
    "Known",
    "Said",
    "accept_invitation",
    "add_agency",
    "add_leave",
    "add_leave_many",
    "add_person",
    "add_role",
    "add_unit",
    "answer_correction",
    "apply_roster",
    "ask_correction",
    "ask_take_over",
    "break_glass",
    "can_edit",
    "can_merge",
    "cancel_roster",
    "carry_out",
    "change_address",
    "choose_notice_rhythm",
    "close_account",
    "confirm_erasure",
    "confirm_merge",
    "confirm_registrar",
    "confirm_reset",
    "confirm_take_over",
    "correct_leave",
    "correct_posting",
    "decide_address",
    "decline_erasure",
    "decline_merge",
    "decline_registrar",
    "decline_reset",
    "decline_take_over",
    "edit_person",
    "edit_unit",
    "end_many",
    "end_posting",
    "erase_person",
    "export_audit",
    "export_grants",
    "export_my_data",
    "export_people",
    "forget_old_rosters",
    "found",
    "free_code",
    "grant",
    "invite",
    "link_sign_on",
    "make_sheets",
    "name_roster_columns",
    "newest_change",
    "note_password",
    "note_refused_sign_on",
    "note_roster_download",
    "note_second_factor",
    "open_account",
    "people_of_merge",
    "post",
    "propose_erasure",
    "propose_merge",
    "propose_registrar",
    "propose_reset",
    "receive_roster",
    "reset_second_factor",
    "revoke_grant",
    "revoke_invitations",
    "save_agency",
    "save_role",
    "send_again",
    "set_password",
    "set_up_totp",
    "sign_out_everywhere",
    "take_back",
    "transfer",
    "transfer_many",
    "unlink_sign_on",
    "why_it_stays",
    "withdraw_correction",
    "withdraw_erasure",
    "withdraw_leave",
    "withdraw_merge",
    "withdraw_take_over",
    "withdraw_registrar",
    "withdraw_reset",
    "written",
]
