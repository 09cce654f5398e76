"""A unit of 200 people asked about five functions at once, the whole page; most of them are certified."""

from random import Random
from urllib.parse import urlencode

from bench.bulk import certify
from clearance.forms_shift import ShiftForm
from operations import clock
from people.actions.grants import grant
from people.actions.persons import add_person
from people.models import Grant, Posting, Role, User

from .certificate import issued
from .harness import Browser, Task, page_of
from .people_list import FAMILY, GIVEN
from .world import World

PEOPLE, FUNCTIONS, CERTIFIED = 200, 5, 0.8
AIM = 1.0  # seconds of CPU


def task(world: World) -> Task:
    """Ask as the duty officer of the unit does: everybody of it, for the first five functions that somebody there performs."""
    _fill(world)
    asker = add_person(family_name="Əliyev", given_name="Rəşad", email="shift@agency.example", by=None)
    grant(
        person=asker, position=Grant.Position.DUTY_OFFICER, unit=world.unit,
        starts_at=clock.start_of(clock.today()), by=None,
    )  # fmt: skip
    offered = ShiftForm(by=asker).fields["functions"].choices[:FUNCTIONS]
    assert len(offered) == FUNCTIONS, offered
    fields = [("unit", world.unit.public_id), ("everybody", "yes")]
    fields += [("functions", code) for code, _name in offered]
    ask = Browser(asker).form("/az/desk/shift/", urlencode(fields).encode(), expect=200)
    rows = page_of(ask).count("<tr")
    assert rows == PEOPLE + 1, rows
    return Task(work=ask, most_seconds=AIM)


def _fill(world: World) -> None:
    """The unit as it is, and so many more that it has 200."""
    pattern, chance = issued(world), Random(1)
    since, role = clock.start_of(clock.add_months(clock.today(), -12)), Role.objects.get(code="LAB")
    people = User.objects.bulk_create(
        User(family_name=chance.choice(FAMILY), given_name=chance.choice(GIVEN), password="!x")
        for _number in range(PEOPLE - Posting.objects.current().filter(unit=world.unit).count())
    )
    Posting.objects.bulk_create(
        Posting(
            user=person, agency=world.agency, unit=world.unit, role=role, valid_from=since,
            service_number=f"LAB-{number:05}", recorded_at=clock.now(),
        )
        for number, person in enumerate(people, 10_000)
    )  # fmt: skip
    certify(people[: int(PEOPLE * CERTIFIED)], pattern)
