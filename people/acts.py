"""How the audit trail calls what people does, and whom it is about."""

from collections.abc import Collection

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from locales.text import written_name
from operations.trail import Subject, name_acts, name_subject

from .models import Agency, Role, Unit, User

name_acts(
    {
        "people.add_agency": gettext_lazy("Agency added"),
        "people.save_agency": gettext_lazy("Agency changed"),
        "people.add_unit": gettext_lazy("Unit added"),
        "people.save_role": gettext_lazy("Role saved"),
        "people.add_person": gettext_lazy("Person added"),
        "people.set_password": gettext_lazy("Password set"),
        "people.post": gettext_lazy("Posting entered"),
        "people.grant": gettext_lazy("Position given"),
        "people.revoke_grant": gettext_lazy("Position ended"),
        "people.break_glass": gettext_lazy("Emergency access for an hour"),
        "people.propose_registrar": gettext_lazy("Registrar proposed"),
        "people.decline_registrar": gettext_lazy("Proposed registrar declined"),
        "people.withdraw_registrar": gettext_lazy("Proposed registrar withdrawn"),
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
        "people.export_my_data": gettext_lazy("Own data gathered"),
        "operations.retention": gettext_lazy("Data whose period ended was deleted"),
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
    try:
        return reverse("people:person", args=[person.public_id])
    except NoReverseMatch:
        return ""


def _units(ids: Collection[str]) -> dict[str, Subject]:
    found = Unit.objects.select_related("agency").filter(public_id__in=ids)
    return {unit.public_id: Subject(f"{unit.name}, {unit.agency.name}") for unit in found}


def _agencies(ids: Collection[str]) -> dict[str, Subject]:
    return {agency.code: Subject(agency.name) for agency in Agency.objects.filter(code__in=ids)}


def _roles(ids: Collection[str]) -> dict[str, Subject]:
    return {role.code: Subject(f"{role.name} ({role.code})") for role in Role.objects.filter(code__in=ids)}


name_subject("user", gettext_lazy("person"), _people)
name_subject("unit", gettext_lazy("unit"), _units)
name_subject("agency", gettext_lazy("agency"), _agencies)
name_subject("role", gettext_lazy("role"), _roles)
name_subject("trail", gettext_lazy("audit trail"), lambda ids: {"audit": Subject(_("Audit trail"))})
