"""Addresses where what is sent needs a fresh proof of who is there, and by whom it is tried; and where it does not, and why.

Every address that takes a POST from somebody who is signed in is in one of the two.
"""

PASSWORD_ALONE = "officer"  # who acts for nobody: about oneself

DELICATE: dict[str, str] = {
    # positions, accounts, agencies
    "people:grant_one grant": "admin",
    "people:give_to person": "admin",
    "people:propose_registrar person": "admin",
    "people:decide_registrar nominee": "registrar2",
    "accounts:propose_reset grant-holder": "admin",
    "accounts:decide_reset reset": "registrar",
    "accounts:account_change person": "admin",
    "people:agency_add": "admin",
    "people:agency_change agency": "admin",
    # the register and what leaves it
    "people:export": "coordinator",
    "people:export_grants": "auditor",
    "merging:decide merge": "coordinator",
    "people:add": "coordinator",  # who is on record can come in through the agency's own sign-in
    "people:add_unit": "coordinator",
    "people:edit": "coordinator",
    "people:transfer": "coordinator",
    "people:correct_posting": "coordinator",
    "people:end_posting": "coordinator",
    "people:leave": "coordinator",
    "people:take_back": "coordinator",
    "people:withdraw_leave": "coordinator",
    "people:transfer_many": "coordinator",
    "people:end_many": "coordinator",
    "people:leave_many": "coordinator",
    "merging:merge": "coordinator",
    "merging:take_over": "coordinator",
    "people:edit_unit unit": "coordinator",
    "rosters:roster_apply roster": "coordinator",
    "rosters:roster_cancel roster": "coordinator",
    "rosters:roster_lines roster": "coordinator",
    # ways in, own data, the trail
    "accounts:invitations_act": "coordinator",
    "accounts:invite": "coordinator",
    "privacy:correction correction": "coordinator",
    "privacy:erase_person": "admin",
    "privacy:confirm_erasure erasure": "admin",
    "privacy:decline_erasure erasure": "admin",
    "privacy:withdraw_other_erasure erasure": "admin",
    "audit:export_audit": "auditor",
    "privacy:export_my_data": PASSWORD_ALONE,
    "privacy:erase_me": PASSWORD_ALONE,
    "people:address_request address": PASSWORD_ALONE,
    "mfa_activate_totp": PASSWORD_ALONE,
    "mfa_add_webauthn": PASSWORD_ALONE,
    "mfa_generate_recovery_codes": PASSWORD_ALONE,
    # exams
    "assessor:release failed": "assessor",
    "assessor:uphold appeal": "assessor",
    "assessor:annul appeal": "assessor",
    "assessor:appeal_answers appeal": "assessor",
    "assessor:decide_appeal annulment": "assessor",
    "assessor:withdraw release": "assessor",
    "assessor:extra_time person": "coordinator",
    # certificates and clearance
    "certificates:export": "registrar",
    "certificates:take_document": "registrar",
    "certificates:decide proposal": "registrar2",
    "certificates:act": "registrar",
    "certificates:decide_end end_of_older": "registrar",
    "certificates:recognise": "registrar",
    "certificates:recognise_one person": "registrar",
    "certificates:decide_recognition recognition": "registrar2",
    "certificates:correct": "registrar",
    "certificates:decide_correction new_name": "registrar2",
    "certificates:complain": "registrar",
    "certificates:complaint complaint": "registrar2",
    "certificates:appeal event_appeal": "registrar2",
    "certificates:make_appeal event": "officer",
    "certificates:leave_in_force doubt": "registrar",
    "clearance:decisions_export": "coordinator",
    "clearance:evidence": "coordinator",
    "clearance:export_shift": "duty_officer",
    "clearance:staffing_of unit": "coordinator",
}

SEARCHES = (
    "people:grants",
    "accounts:accounts",
    "people:list",
    "audit:audit",
    "certificates:register",
    "clearance:decisions",
    "clearance:past",
    "people:give",
    "assessor:releases",
    "assessor:extra_times",
)
FIRST_STEPS = (
    "people:bulk",  # notes who is ticked
    "rosters:rosters", "rosters:roster_columns roster",  # nothing changes before it is applied
)  # fmt: skip
SIGNING_IN = (
    "account_login", "account_logout", "account_signup", "account_reauthenticate", "account_set_password",
    "account_reset_password", "account_reset_password_from_key", "account_email_verification_sent",
    "account_confirm_login_code", "accounts_first", "mfa_authenticate",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_login_webauthn",
)  # fmt: skip
TAKEN_BACK = (
    "privacy:withdraw_correction correction",
    "privacy:withdraw_erasure",
    "jobs:cancel",
    "jobs:restart",
    "jobs:discard",
)
AS_QUICK_AS_CAN_BE = (
    "clearance:desk",  # a question at night
    "clearance:shift",
    "clearance:own_duty",
    "clearance:enter_duty",
    "clearance:override override",  # a finding, which is said once
    "usersessions_list",  # signs other browsers out
    "account_change_password",  # asks for the old one itself
    "privacy:ask_correction",
    "accounts:letters",  # when own letters come
)
WITHOUT_NAMES = ("clearance:export_figures",)
NOT_HANDED_OUT = ("certificates:make_document", "certificates:make_for_holder")  # a file is made and stays
HANDED_IN = ("clearance:check_evidence",)  # checked, nothing is kept
PUBLIC = ("certificates_public:verify", "operations_public:livez", "operations_public:readyz")
LEARNING = ("courses:", "assessments:")  # an answer is never held up

NOT_DELICATE = {
    *SEARCHES,
    *FIRST_STEPS,
    *SIGNING_IN,
    *TAKEN_BACK,
    *AS_QUICK_AS_CAN_BE,
    *WITHOUT_NAMES,
    *NOT_HANDED_OUT,
    *HANDED_IN,
    *PUBLIC,
}
