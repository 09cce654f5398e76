"""A duty officer asks about an officer who is cleared: a decision on record with a signed receipt.

Its floor checks a form, finds the officer by service number, writes one row and redirects.
"""

from urllib.parse import urlencode

from operations import clock
from people.actions.grants import grant
from people.actions.persons import add_person
from people.models import Grant

from .certificate import issued
from .harness import Browser, Pair
from .world import World


def pair(world: World) -> Pair:
    issued(world)
    asker = add_person(family_name="Əliyev", given_name="Rəşad", email="duty.officer@agency.example", by=None)
    grant(
        person=asker, position=Grant.Position.DUTY_OFFICER, unit=world.unit,
        starts_at=clock.start_of(clock.today()), by=None,
    )  # fmt: skip
    question = urlencode({"who": "LAB-0417", "function": "F8"}).encode()
    browser = Browser(asker)
    return Pair(
        ours=browser.form("/az/desk/", question, expect=302),
        floor=browser.form("/floor/line/", question, expect=302),
        aim=2.5,
    )
