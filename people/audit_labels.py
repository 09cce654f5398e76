"""Names, in the audit trail, of what people does and whom it is about."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from locales.text import written_name
from operations.trail import Subject, name_acts, name_reasons, name_subject

from .models import Agency, Role, Unit, User, WhyRegistrar

name_acts(
    {
        "people.add_agency": gettext_lazy("Agency added"),
        "people.save_agency": gettext_lazy("Agency changed"),
        "people.add_unit": gettext_lazy("Unit added"),
        "people.save_role": gettext_lazy("Role saved"),
        "people.add_person": gettext_lazy("Person added"),
        "people.count_guesses": gettext_lazy("Addresses or national ids of other agencies' people tried"),
        "people.post": gettext_lazy("Posting entered"),
        "people.grant": gettext_lazy("Position given"),
        "people.revoke_grant": gettext_lazy("Position ended"),
        "people.break_glass": gettext_lazy("Emergency access for an hour"),
        "people.propose_registrar": gettext_lazy("Registrar or rule owner proposed"),
        "people.decline_registrar": gettext_lazy("Proposed registrar or rule owner declined"),
        "people.withdraw_registrar": gettext_lazy("Proposed registrar or rule owner withdrawn"),
        "people.edit_person": gettext_lazy("Person's data corrected"),
        "people.rename_person": gettext_lazy("Name corrected, with certificates"),
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
        "people.ask_address": gettext_lazy("Change of address asked for"),
        "people.decide_address": gettext_lazy("Change of address answered"),
        "people.change_address": gettext_lazy("Address changed"),
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
    units = Unit.objects.select_related("agency").filter(public_id__in=ids)
    return {unit.public_id: Subject(f"{unit.name}, {unit.agency.name}") for unit in units}


def _agencies(ids: Collection[str]) -> dict[str, Subject]:
    """Return agencies by code or public id."""
    agencies = Agency.objects.filter(Q(code__in=ids) | Q(public_id__in=ids))
    return {said: Subject(agency.name) for agency in agencies for said in (agency.code, agency.public_id)}


def _roles(ids: Collection[str]) -> dict[str, Subject]:
    return {role.code: Subject(f"{role.name} ({role.code})") for role in Role.objects.filter(code__in=ids)}


name_reasons(
    ("people.propose_registrar", "people.decline_registrar", "people.withdraw_registrar", "people.grant"),
    dict(WhyRegistrar.choices),
)
name_reasons(("people.grant",), {"founded": gettext_lazy("the first of the installation")})
name_subject("user", gettext_lazy("person"), _people)
name_subject("unit", gettext_lazy("unit"), _units)
name_subject("agency", gettext_lazy("agency"), _agencies)
name_subject("role", gettext_lazy("role"), _roles)
