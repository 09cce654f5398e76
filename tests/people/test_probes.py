"""The table of permissions, cell by cell, from outside: for each position given for the whole country, for an
agency or a unit, the right one or another, one request for each act.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.test import Client

from certificates import actions_acts
from certificates.actions_life import REVOKE
from clearance import actions as clearance
from elearning.permissions_document import in_order
from operations import clock
from people.actions.grants import break_glass
from people.actions.registrars import propose_registrar
from people.models import Agency, Unit, User
from people.permissions.table import Permission, Reach, permissions
from tests import factories, tiny
from tests.factories import Position, client_of
from tests.share import asked_here

from . import probes_apps, probes_records  # noqa: F401 - more probes
from .probes import PROBES, World
from .probes_records import more_of

POSITIONS = [position for position in Position if position != Position.BREAK_GLASS]
AREAS = ("everywhere", "agency", "other agency", "unit", "other unit")
REACHED = {
    Reach.EVERYWHERE: {"everywhere"},
    Reach.AGENCY: {"everywhere", "agency"},
    Reach.UNIT: {"everywhere", "agency", "unit"},
}
COMING: set[str] = set()  # permissions that nothing asks for yet
HOW = (
    "Acts without a probe: {}. Add one to PROBES in tests/people/probes.py, probes_records.py or probes_apps.py: a request that "
    "succeeds just when the permission is given, on something that stands in world.unit of world.agency."
)


def expected(permission: Permission, position: str, area: str) -> bool:
    return position in permission.allowed and area in REACHED[permission.allowed[position]]


@pytest.fixture
def holders(agency: Agency, other_agency: Agency, unit: Unit, other_unit: Unit) -> dict[tuple[str, str], Any]:
    """One person for each position in each area, and two without any."""
    where: dict[str, dict[str, Any]] = {
        "everywhere": {}, "agency": {"agency": agency}, "other agency": {"agency": other_agency},
        "unit": {"unit": unit}, "other unit": {"unit": other_unit},
    }  # fmt: skip
    people: dict[tuple[str, str], Any] = {}
    for position in POSITIONS:
        for area in AREAS:
            person = factories.make_person()
            factories.give(person, position, **where[area])
            people[position, area] = person
    return people


@pytest.fixture
def world(
    holders: Any, keys: None, curriculum: tiny.Curriculum, officer: User, officer2: User, outsider: User,
    unit: Unit, agency: Agency, duty_officer: User, registrar: User,
) -> World:  # fmt: skip
    """Made after the holders: what the probes look for comes first in lists that show the newest first."""
    certificate, colleagues = tiny.certify(curriculum, officer), tiny.certify(curriculum, officer2)
    world = World(
        agency=agency,
        unit=unit,
        officer=officer,
        colleague=officer2,
        newcomer=outsider,
        registrar_grant=registrar.grants.get(),
        duty_grant=factories.give(officer2, Position.DUTY_OFFICER, unit=unit),
        registrar_proposal=propose_registrar(person=outsider, reason="addition", by=registrar),
        curriculum=curriculum,
        certificate=certificate,
        revocation=actions_acts.propose(
            act=REVOKE, certificate=certificate, reason="complaint", by=registrar
        ),
        colleagues_certificate=colleagues,
        decision=clearance.decide(
            function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
        ),
    )
    world.more = more_of(world)
    return world


def test_every_permission_has_a_probe() -> None:
    in_order()
    missing = sorted(permissions.keys() - PROBES.keys() - COMING)
    assert not missing, HOW.format(", ".join(missing))
    assert sorted(PROBES.keys() - permissions.keys()) == []  # and no probe outlives its permission


@pytest.mark.usefixtures("counted_once")
def test_each_cell_of_the_table_is_what_a_request_gets(holders: Any, world: World, outsider: User) -> None:
    clients = {who: client_of(person) for who, person in holders.items()}
    probed = [permission for permission in in_order() if permission.code in PROBES]  # the test above says so
    probes = {permission.code: PROBES[permission.code](world) for permission in probed}
    wrong = {}
    for permission, who in asked_here(product(probed, holders), one_in=6):
        wanted = expected(permission, *who)
        if probes[permission.code].allowed_to(holders[who], clients[who]) != wanted:
            wrong[f"{permission.code}: {', '.join(who)}"] = f"should {'' if wanted else 'not '}be possible"
    assert wrong == {}


def test_without_a_position_nothing_of_the_table_is_possible(world: World) -> None:
    """The officer, who is meant by most probes; a stranger; a person without posting."""
    possible = {}
    for code, making in PROBES.items():
        probe = making(world)
        for name, person in _nobodies(world):
            if probe.act is None and probe.allowed_to(person, client_of(person)):
                possible[code] = name
        if probe.act is None and probe.allowed_to(world.officer, Client()):
            possible[code] = "a visitor"
    assert possible == {}


def _nobodies(world: World) -> Iterator[tuple[str, User]]:
    yield "the officer", world.officer
    yield "somebody without posting", world.newcomer


def test_emergency_access_may_everything_but_be_two_people(world: World) -> None:
    person = factories.make_person()
    break_glass(person=person, reason="fire", by=None)
    client = client_of(person)
    refused = [code for code, making in PROBES.items() if not making(world).allowed_to(person, client)]
    assert refused == []
