"""*My agency*, the register of decisions and a file of evidence with 100,000 people: how long each takes, and how many questions.

    python -m bench.people_answers --people 100000

On SQLite, or on PostgreSQL where DATABASE_URL names one. The people of bench.people_list; four of five hold a certificate, units
need so many, and every second person was asked about in the last year. The whole pages over HTTP, the best of four; the file
as its job makes it, contents and signature, once.
"""

import random
import time
from datetime import timedelta
from itertools import batched
from typing import Any

from .people_list import best, page_of, run
from .people_list import make as make_people

CERTIFIED, ASKED = 0.8, 0.5  # of all people
DAYS = 365  # in which they were asked about
MOST_QUERIES = 40
COLUMNS = (
    "My agency", "register: first page", "of one function", "not cleared", "about one person", "in the middle",
    "evidence: one person", "evidence: a period (decisions, MB)",
)  # fmt: skip


# --- the register -------------------------------------------------------------------------------
def make(number: int) -> dict[str, Any]:
    """{who looks: person}; certificates, needs of units and decisions in bulk, each like one that was really made."""
    from clearance import actions
    from clearance.models import DutyFunction
    from operations import clock
    from people.models import User

    from . import world
    from .bulk import certify
    from .certificate import issued

    place = world.make()
    pattern = issued(place)
    function = DutyFunction.objects.get(code="F8")
    decision = actions.decide(
        function=function, person=place.officer, instant=clock.now(), by=_duty_officer(place.unit)
    )
    looking = make_people(number)
    people = list(User.objects.filter(password="!x").order_by("pk"))
    certify(people[: int(CERTIFIED * len(people))], pattern)
    _need()
    _ask(decision, people)
    return looking


def _duty_officer(unit: Any) -> Any:
    from people.actions.grants import grant
    from people.actions.persons import add_person
    from people.models import Grant

    person = add_person(family_name="Əliyev", given_name="Rəşad", email="asks@agency.example", by=None)
    grant(person=person, position=Grant.Position.DUTY_OFFICER, unit=unit, by=None)
    return person


def _need() -> None:
    """Each unit needs ten for each of the first three functions."""
    from clearance.models import DutyFunction, Staffing
    from people.models import Unit

    functions = DutyFunction.objects.filter(gated=True).order_by("number")[:3]
    Staffing.objects.bulk_create(
        Staffing(unit=unit, function=function, number=10)
        for unit in Unit.objects.all()
        for function in functions
    )


def _ask(pattern: Any, people: list[Any]) -> None:
    """One decision like the pattern about every second person, over the year; one of ten is a no."""
    from clearance.models import Decision, DutyFunction
    from operations.ids import public_id
    from people.models import Posting

    from .bulk import like

    chance = random.Random(2)
    asked = people[:: round(1 / ASKED)]
    agencies: dict[int, int] = {}
    for some in batched(asked, 2000):
        keys = [person.pk for person in some]
        agencies |= dict(Posting.objects.current().filter(user__in=keys).values_list("user", "agency"))
    held = _certificates()
    functions = [each.pk for each in DutyFunction.objects.filter(gated=True)]
    for some in batched(asked, 2000):
        rows = []
        for person in some:
            at = pattern.asked_at - timedelta(seconds=chance.randrange(DAYS * 86_400))
            read = dict(pattern.evidence["certificates"][0])
            read["public_id"] = held.get(person.pk, read["public_id"])
            rows.append(
                like(
                    pattern, public_id=public_id(), person_id=person.pk, asked_at=at, instant=at,
                    agency_id=agencies[person.pk], asking_agency_id=agencies[person.pk],
                    function_id=chance.choice(functions), answer="not-cleared" if chance.random() < 0.1 else "cleared",
                    evidence={**pattern.evidence, "person": person.public_id, "certificates": [read]},
                )
            )  # fmt: skip
        Decision.objects.bulk_create(rows, batch_size=500)


def _certificates() -> dict[int, str]:
    from certificates.models import Certificate

    return dict(Certificate.objects.values_list("award__person", "public_id"))


# --- what is measured ---------------------------------------------------------------------------
def pages(person: Any) -> dict[str, tuple[float, int]]:
    """{column: (milliseconds, queries)}"""
    from clearance.views.decisions import SEARCHED

    about, register = _number_of_somebody(person), "/az/desk/decisions/"
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "My agency": ("/az/people/home/", {}),
        "register: first page": (register, {}),
        "of one function": (f"{register}?function=F8", {}),
        "not cleared": (f"{register}?answer=not-cleared", {}),
        "about one person": (register, {SEARCHED: about}),
        "in the middle": (f"{register}?page={_middle(person)}", {}),
    }
    return {column: best(page_of(person, address, **kept)) for column, (address, kept) in asked.items()}


def _number_of_somebody(person: Any) -> str:
    from clearance.decision_list import DecisionQuery, decisions_of
    from people.models import Posting

    found = decisions_of(person, DecisionQuery()).order_by("pk").first()
    assert found is not None
    return str(
        Posting.objects.current().filter(user=found.person_id).values_list("service_number", flat=True)[0]
    )


def _middle(person: Any) -> str:
    from clearance.decision_list import ORDER, DecisionQuery, decisions_of
    from operations.pagination import keyset

    found = decisions_of(person, DecisionQuery())
    row = found.order_by(*ORDER)[found.count() // 2]
    return keyset(found.filter(asked_at__lte=row.asked_at), order=ORDER, token="").next


def evidence(person: Any) -> dict[str, tuple[float, int, int, float]]:
    """{column: (milliseconds, queries, decisions, megabytes)}: of one person, and of as many days as one file may hold."""
    from clearance.decision_list import DecisionQuery, decisions_of
    from clearance.evidence_file import MOST, EvidenceQuery
    from operations import clock

    today, found = clock.today(), decisions_of(person, DecisionQuery())
    somebody = found.order_by("pk").select_related("person").first()
    assert somebody is not None
    days = min(DAYS - 1, max(int(DAYS * MOST * 0.9 / max(found.count(), 1)), 1))
    since = {days: (today - timedelta(days=days)).isoformat() for days in (DAYS - 1, days)}
    shared = {"until": today.isoformat(), "reason": "review"}
    asked = (
        EvidenceQuery(people=(somebody.person.public_id,), since=since[DAYS - 1], **shared),
        EvidenceQuery(since=since[days], **shared),
    )
    return {column: _made(person, query) for column, query in zip(COLUMNS[-2:], asked, strict=True)}


def _made(person: Any, query: Any) -> tuple[float, int, int, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from certificates.credentials.evidence import make_evidence
    from certificates.credentials.jsontext import write_json
    from certificates.signing import keyring
    from clearance.evidence_file import contents_of

    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        contents = contents_of(query, by=person)
        written = write_json(make_evidence(contents, signer=keyring().signer("receipt")))
        took = time.perf_counter() - began
    number = contents["counts"]["decisions"]
    return round(took * 1000, 1), len(captured), number, round(len(written) / 1e6, 1)


def told_of(person: Any) -> dict[str, tuple[Any, ...]]:
    return {**pages(person), **evidence(person)}


if __name__ == "__main__":
    run("python -m bench.people_answers", __doc__, make=make, told_of=told_of, most=MOST_QUERIES, course=True)
