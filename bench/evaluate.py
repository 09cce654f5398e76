"""The pure evaluation alone, over rows as they were read: an officer who holds a certificate, and one who holds nothing."""

from collections import Counter

from clearance import evidence
from clearance.models import DutyFunction
from clearance.serving import serving
from operations import clock
from people.models import User
from people.permissions import Scope

from .certificate import issued
from .harness import Task
from .world import World

TIMES = 2000
AIM = 50_000  # a second


def task(world: World) -> Task:
    """Evaluate each function of their role that may be refused for each of the two, again and again."""
    issued(world)
    now = clock.now()
    functions = list(DutyFunction.objects.filter(gated=True).order_by("number"))
    read = [
        evidence.read(function=function, person=person, postings=_rows(person), instant=now)
        for function in functions
        for person in (world.officer, world.colleague)
    ]
    read = [each for each in read if each.requirement and "LAB" in each.requirement.roles]
    answers = Counter(str(each.evaluate(now).answer) for each in read)
    assert answers["not-cleared"] and answers["cleared"] + answers["conditional"], answers

    def work() -> bytes:
        for number in range(TIMES):
            read[number % len(read)].evaluate(now)
        return b""

    return Task(work=work, times=TIMES, least_a_second=AIM)


def _rows(person: User) -> list[evidence.PostingRow]:
    everywhere = Scope(everywhere=True, agencies=frozenset(), units=frozenset())
    return [each.row for each in serving(person, clock.now(), everywhere)]
