"""How the audit trail calls what people does, and whom it is about."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from locales.text import written_name
from operations.trail import Subject, name_acts, name_reasons, name_subject

from .actions.registrars import Why
from .actions.resets import WhyReset
from .models import Agency, Role, RosterImport, Unit, User
from .rights.wording import DECLINED

name_acts(
    {
        "people.add_agency": gettext_lazy("Agency added"),
        "people.save_agency": gettext_lazy("Agency changed"),
        "people.add_unit": gettext_lazy("Unit added"),
        "people.save_role": gettext_lazy("Role saved"),
        "people.add_person": gettext_lazy("Person added"),
        "people.count_guesses": gettext_lazy("Addresses or national ids of other agencies' people tried"),
        "people.set_password": gettext_lazy("Password set"),
        "people.propose_reset": gettext_lazy("Removal of the second step proposed"),
        "people.confirm_reset": gettext_lazy("Removal of the second step confirmed"),
        "people.decline_reset": gettext_lazy("Removal of the second step declined"),
        "people.withdraw_reset": gettext_lazy("Proposal to remove the second step withdrawn"),
        "people.post": gettext_lazy("Posting entered"),
        "people.grant": gettext_lazy("Position given"),
        "people.revoke_grant": gettext_lazy("Position ended"),
        "people.break_glass": gettext_lazy("Emergency access for an hour"),
        "people.propose_registrar": gettext_lazy("Registrar or rule owner proposed"),
        "people.decline_registrar": gettext_lazy("Proposed registrar or rule owner declined"),
        "people.withdraw_registrar": gettext_lazy("Proposed registrar or rule owner withdrawn"),
        "people.close_account": gettext_lazy("Account closed"),
        "people.open_account": gettext_lazy("Account opened again"),
        "people.sign_out": gettext_lazy("Signed out everywhere"),
        "people.second_factor": gettext_lazy("Second factor changed"),
        "people.reset_second_factor": gettext_lazy("Second factor reset"),
        "people.ask_correction": gettext_lazy("Correction asked for"),
        "people.withdraw_correction": gettext_lazy("Request for a correction withdrawn"),
        "people.answer_correction": gettext_lazy("Request for a correction answered"),
        "people.propose_erasure": gettext_lazy("Erasure asked for"),
        "people.withdraw_erasure": gettext_lazy("Request for erasure withdrawn"),
        "people.confirm_erasure": gettext_lazy("Erasure confirmed"),
        "people.decline_erasure": gettext_lazy("Erasure declined"),
        "people.erase": gettext_lazy("Personal data erased"),
        "people.choose_notice_rhythm": gettext_lazy("Choice of when letters come"),
        "people.export_my_data": gettext_lazy("Own data gathered"),
        "operations.retention": gettext_lazy("Data whose period ended was deleted"),
        "people.edit_person": gettext_lazy("Person's data corrected"),
        "people.edit_unit": gettext_lazy("Unit changed"),
        "people.export_grants": gettext_lazy("List of positions exported"),
        "people.export_people": gettext_lazy("List of people exported"),
        "people.transfer": gettext_lazy("Transfer entered"),
        "people.transfer_many": gettext_lazy("Several people transferred"),
        "people.correct_posting": gettext_lazy("Posting corrected"),
        "people.end_posting": gettext_lazy("Service ended"),
        "people.end_many": gettext_lazy("Service of several people ended"),
        "people.take_back": gettext_lazy("Last change undone"),
        "people.add_leave": gettext_lazy("Leave entered"),
        "people.add_leave_many": gettext_lazy("Leave of several people entered"),
        "people.correct_leave": gettext_lazy("Leave corrected"),
        "people.withdraw_leave": gettext_lazy("Leave withdrawn"),
        "people.invite": gettext_lazy("Invited"),
        "people.send_invitation_again": gettext_lazy("Invitation sent again"),
        "people.print_invitation": gettext_lazy("Invitation printed"),
        "people.revoke_invitation": gettext_lazy("Invitation revoked"),
        "people.accept_invitation": gettext_lazy("Invitation accepted"),
        "people.ask_address": gettext_lazy("Change of address asked for"),
        "people.decide_address": gettext_lazy("Change of address answered"),
        "people.change_address": gettext_lazy("Address changed"),
        "people.receive_roster": gettext_lazy("Roster handed in"),
        "people.name_roster_columns": gettext_lazy("Columns of a roster named"),
        "people.apply_roster": gettext_lazy("Roster to be applied"),
        "people.carry_out_roster": gettext_lazy("Roster applied"),
        "people.cancel_roster": gettext_lazy("Roster cancelled"),
        "people.note_roster_download": gettext_lazy("Result of a roster downloaded"),
        "people.forget_old_rosters": gettext_lazy("Old roster forgotten"),
        "people.found": gettext_lazy("First registrars and administrator made"),
        "people.propose_merge": gettext_lazy("Merging of two records proposed"),
        "people.merge": gettext_lazy("Two records merged"),
        "people.decline_merge": gettext_lazy("Merging of two records declined"),
        "people.withdraw_merge": gettext_lazy("Proposed merging withdrawn"),
        "people.ask_take_over": gettext_lazy("Taking over from another agency asked for"),
        "people.take_over": gettext_lazy("Taken over from another agency"),
        "people.decline_take_over": gettext_lazy("Taking over from another agency declined"),
        "people.withdraw_take_over": gettext_lazy("Request for taking over withdrawn"),
        "people.export_audit": gettext_lazy("Audit trail exported"),
        "people.link_sign_on": gettext_lazy("Sign-on of the agency linked"),
        "people.unlink_sign_on": gettext_lazy("Sign-on of the agency unlinked"),
        "people.refuse_sign_on": gettext_lazy("Sign-on of the agency refused"),
    }
)


def _people(ids: Collection[str]) -> dict[str, Subject]:
    language = get_language() or "az"
    return {
        person.public_id: Subject(written_name(person, language) or _("erased"), _page(person))
        for person in User.objects.filter(public_id__in=ids)
    }


def _page(person: User) -> str:
    return reverse("people:person", args=[person.public_id])


def _units(ids: Collection[str]) -> dict[str, Subject]:
    found = Unit.objects.select_related("agency").filter(public_id__in=ids)
    return {unit.public_id: Subject(f"{unit.name}, {unit.agency.name}") for unit in found}


def _agencies(ids: Collection[str]) -> dict[str, Subject]:
    """By code or public id."""
    found = Agency.objects.filter(Q(code__in=ids) | Q(public_id__in=ids))
    return {said: Subject(agency.name) for agency in found for said in (agency.code, agency.public_id)}


def _roles(ids: Collection[str]) -> dict[str, Subject]:
    return {role.code: Subject(f"{role.name} ({role.code})") for role in Role.objects.filter(code__in=ids)}


name_reasons(
    ("people.propose_registrar", "people.decline_registrar", "people.withdraw_registrar", "people.grant"),
    dict(Why.choices),
)
name_reasons(
    (
        "people.propose_erasure",
        "people.confirm_erasure",
        "people.withdraw_erasure",
        "people.decline_erasure",
        "people.erase",
    ),
    {
        "own-wish": gettext_lazy("at the person's own wish"),
        "on-paper": gettext_lazy("on paper"),
        **DECLINED,
    },
)
name_reasons(
    [f"people.{act}_reset" for act in ("propose", "confirm", "decline", "withdraw")]
    + ["people.reset_second_factor", "people.sign_out"],
    dict(WhyReset.choices),
)
name_reasons(("people.grant",), {"founded": gettext_lazy("the first of the installation")})
name_subject("user", gettext_lazy("person"), _people)
name_subject("invitations", gettext_lazy("invitations"))
name_subject("unit", gettext_lazy("unit"), _units)
name_subject("agency", gettext_lazy("agency"), _agencies)
name_subject("role", gettext_lazy("role"), _roles)


# Auditors read the trail, and open neither rosters nor requests: these have no link.
def _rosters(ids: Collection[str]) -> dict[str, Subject]:
    found = RosterImport.objects.select_related("agency").filter(public_id__in=ids)
    return {
        roster.public_id: Subject(_("roster of %(agency)s") % {"agency": roster.agency.name})
        for roster in found
    }


name_subject("roster", gettext_lazy("roster"), _rosters)
name_subject(
    "installation",
    gettext_lazy("installation"),
    lambda ids: {subject_id: Subject(_("installation")) for subject_id in ids},
)
name_subject("trail", gettext_lazy("audit trail"), lambda ids: {"audit": Subject(_("Audit trail"))})
