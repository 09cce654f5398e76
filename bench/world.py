"""What the measured requests find: the starter curriculum, an agency, an officer."""

from dataclasses import dataclass

from django.core.management import call_command

from operations import clock
from people import actions
from people.models import Agency, Role, Unit, User


@dataclass(frozen=True)
class World:
    agency: Agency
    unit: Unit
    officer: User


def make() -> World:
    """In an empty, migrated database, through the product's own actions."""
    call_command("load_curriculum", verbosity=0)
    agency = Agency.objects.get(code="labour-inspection")
    names = {"az": "Gəncə", "en": "Ganja", "ru": "Гянджа"}
    unit = actions.add_unit(agency=agency, code="ganja", names=names, by=None)
    officer = actions.add_person(
        family_name="Məmmədova", given_name="Aytən", email="officer@agency.example", by=None
    )
    actions.post(
        person=officer, unit=unit, role=Role.objects.get(code="LAB"), service_number="LAB-0417",
        valid_from=clock.start_of(clock.add_months(clock.today(), -12)), by=None,
    )  # fmt: skip
    return World(agency, unit, officer)
