"""Signing in, the first time, the second step, the own account, jobs, the demo's mail."""

from . import EVERYBODY, HIS_FILE, NOBODY, NOTHING, SIGN_IN, SIGNED_IN, Outcomes, only

NOT_THEIRS: Outcomes = {"visitor": SIGN_IN, "*": "404"}
LATER: Outcomes = {"visitor": SIGN_IN, "*": "→ home"}  # who is signed in is past it
SIGNED_IN_READ: Outcomes = {"visitor": SIGN_IN, "*": "405"}
PASSWORD: Outcomes = {"visitor": SIGN_IN, "*": "→ account_reauthenticate"}

SIGN_IN_PAGES: dict[str, tuple[Outcomes, Outcomes]] = {
    # signing in
    "account_login": ({"visitor": "200", "*": "→ home"},) * 2,
    "account_logout": ({"visitor": "→ home", "*": "200"}, {"*": "→ home"}),
    "account_inactive": (EVERYBODY, NOBODY),
    "account_signup": ({"visitor": "200", "*": "→ home"},) * 2,  # says that agencies open accounts
    "account_reauthenticate": (SIGNED_IN, SIGNED_IN),
    "account_change_password": (SIGNED_IN, SIGNED_IN),
    "account_set_password": ({"visitor": SIGN_IN, "*": "→ account_change_password"},) * 2,
    "account_reset_password": (EVERYBODY, EVERYBODY),
    "account_reset_password_done": (EVERYBODY, NOBODY),
    "account_reset_password_from_key": (EVERYBODY, EVERYBODY),  # says that the link is no longer good
    "account_reset_password_from_key_done": (EVERYBODY, NOBODY),
    "account_email": (NOTHING, NOTHING),  # agencies enter addresses
    "account_email_verification_sent": ({"visitor": SIGN_IN, "*": "→ account_email"},) * 2,
    "account_confirm_login_code": ({"visitor": SIGN_IN, "*": "→ home"},) * 2,
    "cms_sign_in": (only("trainer reviewer", "→ wagtailadmin_home"), NOBODY),
    # the first time: by a letter, a printed sheet, an address of a listed domain, an agency's provider
    "accounts_invited invitation": ({"*": "→ accounts_first_password"}, NOBODY),
    "accounts_invited": ({"*": "410"}, NOBODY),  # with a mark that is none
    "accounts_first": (EVERYBODY, EVERYBODY),
    "accounts_first_password": ({"*": "410"},) * 2,  # without an invitation
    "openid_connect_login": (NOTHING, NOTHING),  # no provider is named here
    "openid_connect_callback": (NOTHING, NOBODY),
    "saml_login": (NOTHING, NOTHING),
    "saml_acs": (NOBODY, NOTHING),
    "saml_finish_acs": (NOTHING, NOBODY),
    "saml_metadata": (NOTHING, NOBODY),
    "saml_sls": (NOTHING, NOTHING),
    "accounts:sign_on": (SIGNED_IN, NOBODY),
    "accounts:link_sign_on": ({"*": SIGN_IN},) * 2,  # nothing waits to be linked
    "accounts:unlink_sign_on": (NOT_THEIRS, NOT_THEIRS),
    # the second step: none of them has set one up; the passkey is another's
    "mfa_index": (SIGNED_IN, SIGNED_IN_READ),
    "mfa_authenticate": (LATER, LATER),
    "mfa_reauthenticate": (PASSWORD, PASSWORD),
    "mfa_activate_totp": (SIGNED_IN, SIGNED_IN),
    "mfa_deactivate_totp": (NOT_THEIRS, NOT_THEIRS),
    "mfa_view_recovery_codes": (NOT_THEIRS, SIGNED_IN_READ),
    "mfa_generate_recovery_codes": (SIGNED_IN, SIGNED_IN),
    "mfa_download_recovery_codes": (NOT_THEIRS, NOT_THEIRS),
    "mfa_list_webauthn": (SIGNED_IN, SIGNED_IN_READ),
    "mfa_add_webauthn": (SIGNED_IN, SIGNED_IN),
    "mfa_edit_webauthn": (NOT_THEIRS, NOT_THEIRS),
    "mfa_remove_webauthn": (NOT_THEIRS, NOT_THEIRS),
    "mfa_reauthenticate_webauthn": (PASSWORD, PASSWORD),
    "mfa_login_webauthn": (LATER, LATER),
    # the own account
    "accounts:account": (SIGNED_IN, SIGNED_IN_READ),
    "accounts:letters": (SIGNED_IN, SIGNED_IN),
    "usersessions_list": (SIGNED_IN, {**SIGNED_IN, "*": "→ usersessions_list"}),
    "audit:my_trail": (SIGNED_IN, NOBODY),
    "privacy:my_data": (SIGNED_IN, NOBODY),
    "privacy:export_my_data": (NOBODY, {"visitor": SIGN_IN, "*": "→ jobs:one"}),
    "privacy:ask_correction": (SIGNED_IN, SIGNED_IN),
    "privacy:withdraw_correction correction": (NOBODY, only("officer", "→ privacy:my_data", "404")),
    "privacy:erase_me": (SIGNED_IN, {"visitor": SIGN_IN, "*": "→ privacy:my_data"}),
    "privacy:withdraw_erasure": (NOBODY, only("officer2", "→ privacy:my_data", "404")),
    "people:address_request address": (HIS_FILE, HIS_FILE),
    # jobs: the officer's
    "jobs:mine": (SIGNED_IN, NOBODY),
    "jobs:one": (HIS_FILE, NOBODY),
    "jobs:download": (HIS_FILE, NOBODY),
    "jobs:take": (NOBODY, {"visitor": SIGN_IN, "*": "404"}),  # for files that are handed out once
    "jobs:discard": (NOBODY, only("officer", "→ jobs:one", "404")),
    "jobs:cancel": (NOBODY, only("officer", "→ jobs:one", "404")),
    "jobs:restart": (NOBODY, only("officer", "→ jobs:one", "404")),
    # only in the demo
    "demo:mails": (NOT_THEIRS, NOBODY),
    "demo:mail": (NOT_THEIRS, NOBODY),
    "demo:mail_html": (NOT_THEIRS, NOBODY),
}  # fmt: skip
