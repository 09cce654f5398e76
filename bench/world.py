"""The world of the measured requests: the course of labour inspectors, an agency, an officer."""

from dataclasses import dataclass

from operations import clock
from people.actions.agencies import add_unit
from people.actions.persons import add_person
from people.actions.postings import post
from people.models import Agency, Role, Unit, User


@dataclass(frozen=True)
class World:
    agency: Agency
    unit: Unit
    officer: User
    colleague: User  # in the same unit, with an examination of their own


def make() -> World:
    """In a database with the course of labour inspectors and nobody, through the product's own actions."""
    agency = Agency.objects.get(code="labour-inspection")
    names = {"az": "Gəncə", "en": "Ganja", "ru": "Гянджа"}
    unit = add_unit(agency=agency, code="ganja", names=names, by=None)
    people = []
    for family_name, given_name, number in (("Məmmədova", "Aytən", 417), ("Quliyev", "Orxan", 418)):
        email = f"officer{number}@agency.example"
        person = add_person(family_name=family_name, given_name=given_name, email=email, by=None)
        post(
            person=person, unit=unit, role=Role.objects.get(code="LAB"), service_number=f"LAB-0{number}",
            valid_from=clock.start_of(clock.add_months(clock.today(), -12)), by=None,
        )  # fmt: skip
        people.append(person)
    return World(agency, unit, *people)
