"""Positions, accounts, agencies; the register of people, rosters, ways in; corrections, erasures; the trail."""

from . import HOLDERS_SEEN, NOBODY, OF_THE_AGENCY, TWO, Outcomes, led_to, only

CHANGERS = "admin coordinator coordinator_other"
SEERS = f"{CHANGERS} auditor"
SEEN = {**only("admin auditor coordinator"), "coordinator_other": "404"}
CHANGED = {**only("admin coordinator"), "coordinator_other": "404"}
TICKED = {**only("admin coordinator"), "coordinator_other": "→ people:list"}  # finds nobody ticked
HIDDEN = only("admin coordinator", others="404")  # who may not see it is not told that it is there

PEOPLE: dict[str, tuple[Outcomes, Outcomes]] = {
    # positions, accounts, agencies
    "people:grants": (only(HOLDERS_SEEN), only(HOLDERS_SEEN, "→ people:grants")),
    "people:export_grants": (NOBODY, only(HOLDERS_SEEN)),
    "people:who_may": (only(HOLDERS_SEEN), NOBODY),
    "people:grant_one grant": (OF_THE_AGENCY, OF_THE_AGENCY),
    "people:give": (only("admin coordinator coordinator_other"),) * 2,
    "people:give_to person": ({**only("admin coordinator"), "coordinator_other": "404"},) * 2,
    "people:registrar_proposals": (only(TWO), NOBODY),
    "people:propose_registrar person": (only(TWO), only(TWO)),
    "people:registrar_proposal nominee": (only(TWO), NOBODY),
    "people:decide_registrar nominee": (led_to("people:registrar_proposal"), only("admin registrar2", "→ people:registrar_proposal")),
    "accounts:accounts": (only("admin auditor"), only("admin auditor", "→ accounts:accounts")),
    "accounts:account_one person": (only("admin auditor"), NOBODY),
    "accounts:resets": (only(TWO), NOBODY),
    "accounts:propose_reset grant-holder": (only("admin"), only("admin")),
    "accounts:reset_proposal reset": (only(TWO), NOBODY),
    "accounts:decide_reset reset": (led_to("accounts:reset_proposal"), only("registrar registrar2", "→ accounts:reset_proposal")),
    "accounts:account_change person": (only("admin"), only("admin")),
    "people:agencies": (only("admin auditor"), NOBODY),
    "people:agency_add": (only("admin"), only("admin")),
    "people:agency_change agency": (only("admin"), only("admin")),
    # records: the people are the agency's, ticked are two of them
    "people:list": (only(SEERS), only(SEERS, "→ people:list")),
    "people:home": (only(SEERS), NOBODY),
    "people:export": (NOBODY, only(SEERS)),
    "clearance:figures": (only("auditor"), NOBODY),
    "clearance:export_figures": (NOBODY, only("auditor")),
    "people:units": (only(SEERS), NOBODY),
    "merging:proposals": (only(SEERS), NOBODY),
    "merging:decide merge": (
        led_to("merging:proposals"),
        {**only("admin coordinator", "→ merging:proposals"), "coordinator_other auditor": "404"},
    ),
    "people:person": (SEEN, NOBODY),
    "people:add": (only(CHANGERS),) * 2,
    "people:edit": (CHANGED,) * 2,
    "people:transfer": (CHANGED,) * 2,
    "people:correct_posting": (CHANGED,) * 2,
    "people:end_posting": (CHANGED,) * 2,
    "people:leave": (CHANGED,) * 2,
    "people:withdraw_leave": (CHANGED,) * 2,
    "people:take_back": (CHANGED,) * 2,
    "people:bulk": (NOBODY, only(CHANGERS, "→ people:transfer_many")),
    "people:transfer_many": (TICKED,) * 2,
    "people:end_many": (TICKED,) * 2,
    "people:leave_many": (TICKED,) * 2,
    "merging:merge": (TICKED,) * 2,
    "merging:take_over": (only("coordinator coordinator_other"),) * 2,
    "people:add_unit": (only(CHANGERS),) * 2,
    "people:edit_unit unit": (CHANGED,) * 2,
    # rosters
    "rosters:rosters": (only(CHANGERS),) * 2,
    "rosters:roster_template": (only(CHANGERS), NOBODY),
    "rosters:roster roster": (CHANGED, NOBODY),
    "rosters:roster_columns roster": (CHANGED,) * 2,
    "rosters:roster_apply roster": (CHANGED,) * 2,
    "rosters:roster_cancel roster": (CHANGED, {**CHANGED, "admin coordinator": "→ rosters:rosters"}),
    "rosters:roster_lines roster": (NOBODY, CHANGED),
    # invitations
    "accounts:invitations": (only(CHANGERS), NOBODY),
    "accounts:invitations_act": (
        led_to("accounts:invitations"),
        {**only("admin coordinator"), "coordinator_other": "→ accounts:invitations"},  # finds none of its own
    ),
    "accounts:invite": (only(CHANGERS),) * 2,
    # what the officer says is wrong; that the colleague wants to be erased
    "privacy:corrections": (only(CHANGERS), NOBODY),
    "privacy:correction correction": (HIDDEN, HIDDEN),
    "privacy:erasures": (only("admin"), NOBODY),
    "privacy:erasure erasure": (only("admin"), NOBODY),
    "privacy:erase_person": (only("admin"), only("admin", "→ privacy:erasures")),
    "privacy:confirm_erasure erasure": (NOBODY, only("admin", "→ privacy:erasures")),
    "privacy:decline_erasure erasure": (led_to("privacy:erasure"), only("admin", "→ privacy:erasures")),
    "privacy:withdraw_other_erasure erasure": (NOBODY, only("admin", "→ privacy:erasures")),  # told that it is not theirs
    # the trail
    "audit:audit": (only("auditor"), only("auditor", "→ audit:audit")),
    "audit:export_audit": (NOBODY, only("auditor", "→ jobs:one")),
    "audit:audit_entry entry": (only("auditor"), NOBODY),
    "audit:trail_of_person person": (only("auditor"), NOBODY),
}  # fmt: skip
