"""Who gets what at every address of the product: the table holds all of them, or the test fails."""

import re
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from assessments import actions as assessments
from assessments.actions_admission import release_exam
from assessments.actions_appeals import make_appeal, propose_annulment
from assessments.frozen import content_of
from assessments.models import Attempt
from certificates import actions_acts, actions_appeals, actions_corrections, actions_life
from certificates.actions_life import REVOKE
from certificates.models import AwardInDoubt
from clearance import actions as clearance
from clearance.actions_override import override
from operations import clock
from people.actions.registrars import propose_registrar
from people.models import User
from tests import factories, tiny
from tests.certificates.ending import end_proposed
from tests.certificates.issuing import make_certificate
from tests.certificates.recognising import recognition_of
from tests.factories import client_of
from tests.share import asked_here

from .refusals import ACTORS, CMS_SIGN_IN, Outcomes, things
from .refusals.people import PEOPLE
from .refusals.recently import DELICATE, LEARNING, NOT_DELICATE
from .refusals.services import SERVICES
from .refusals.sign_in_pages import SIGN_IN_PAGES

# Name of the address, with what it is asked about where that matters: (GET, POST).
TABLE: dict[str, tuple[Outcomes, Outcomes]] = SERVICES | SIGN_IN_PAGES | PEOPLE

# Of /cms/ that whoever may not enter gets all the same: pictures and words of its interface, the way out.
CMS_FOR_ALL = {"sprite/", "jsi18n/", "login/", "logout/"}


def addresses(
    resolver: URLResolver, spaces: tuple[str, ...] = (), begin: str = ""
) -> Iterator[tuple[str, str]]:
    """(name, route) of every address below this one."""
    for pattern in resolver.url_patterns:
        route = begin + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern, inside, route)
        else:
            yield ":".join([*spaces, pattern.name or route]), route


ALL = dict(addresses(get_resolver()))
OURS = {
    name: route
    for name, route in ALL.items()
    if not route.startswith(("cms/", "^cms/")) or name == "cms_sign_in"
}


@pytest.fixture
def world(
    curriculum: tiny.Curriculum,
    keys: None,
    officer: User,
    officer2: User,
    duty_officer: User,
    registrar: User,
    outsider: User,
    assessor: User,
) -> dict[str, str]:
    """The officer's: a certificate, an exam, a practice that is open and one that is closed; a decision
    about them by the duty officer; a revocation proposed by the registrar, who also proposed the outsider
    as a registrar; the award is in doubt. A colleague's: a failed exam that is released and appealed against,
    for which another assessor proposed an annulment. Public ids, by what they are."""
    released = used_up_and_released(curriculum, officer, assessor)
    certificate = tiny.certify(curriculum, officer)
    exam = Attempt.objects.get(person=officer, blueprint=curriculum.exam)
    closed = practise(curriculum, officer)
    tiny.answer(closed)
    assessments.close_attempt(attempt=closed, by=officer, confirmed=True)
    decision = clearance.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    doubt = AwardInDoubt.objects.create(
        award=certificate.award, marking=exam.marking.public_id, why="annulled", raised_at=clock.now()
    )
    leader = factories.make_person()
    factories.give(leader, factories.Position.SHIFT_LEADER, unit=duty_officer.grants.get().unit)
    overruled = override(decision=tiny.refused(officer2, leader), reason="danger", by=leader)
    correction = actions_corrections.propose_name(
        person=officer, names={"family_name": "Həsənova"}, by=registrar
    )
    found = {
        "new_name": correction, "recognition": recognition_of(outsider, registrar), "end_of_older": end_proposed(), "doubt": doubt, **appealed(released["failed"]), **suspended(officer, registrar),
        "override": overruled, "overruled": overruled.decision,
        "certificate": certificate, "exam": exam, "closed": closed, "open": practise(curriculum, officer),
        "decision": decision, "proposal": proposal, "person": officer, "grant": duty_officer.grants.get(),
        "agency": duty_officer.grants.get().unit.agency,
        "nominee": propose_registrar(person=outsider, reason="addition", by=registrar), **released,
    }  # fmt: skip
    public_ids = {name: thing.public_id for name, thing in found.items()}
    return public_ids | things.made(officer, officer2, found["agency"])


def used_up_and_released(curriculum: tiny.Curriculum, officer: User, by: User) -> dict[str, Any]:
    person = factories.make_person(unit=officer.postings.get().unit)
    for weeks in (-4, -2):
        with clock.at(clock.now() + timedelta(weeks=weeks)):
            failed = tiny.sit_exam(curriculum, person, well=False)
    release = release_exam(
        person=person, blueprint=curriculum.exam, reason="prepared", allow_repeat=True, by=by
    )
    return {"failed": failed, "release": release}


def suspended(person: User, by: User) -> dict[str, Any]:
    """Another certificate, with a complaint that `by` recorded, and suspended by them; against that the holder appeals."""
    certificate = make_certificate(person, qualification="C2-MIG")
    complaint = actions_appeals.record_complaint(
        certificate=certificate, category="conduct", reference="17/4", by=by
    )
    event = actions_life.suspend(certificate=certificate, reason="inquiry", last_day=clock.today(), by=by)
    appeal = actions_appeals.appeal(event=event, category="facts", text="It was not me.", by=person)
    return {"complaint": complaint, "event": event, "event_appeal": appeal}


def appealed(failed: Attempt) -> dict[str, Any]:
    other = factories.make_person()
    factories.give(other, factories.Position.ASSESSOR)
    appeal = make_appeal(attempt=failed, category="other", text="", by=failed.person)
    return {
        "appeal": appeal,
        "annulment": propose_annulment(appeal=appeal, reason="technical", by=other),
    }


def practise(curriculum: tiny.Curriculum, person: User) -> Attempt:
    return tiny.begin_practice(curriculum, person)


@pytest.fixture
def clients(request: pytest.FixtureRequest) -> dict[str, Client]:
    people = {name: request.getfixturevalue(name) for name in ACTORS if name != "visitor"}
    return {"visitor": Client(), **{name: client_of(person) for name, person in people.items()}}


USUAL = {
    "clearance_public": "decision", "people": "person", "accounts": "person", "privacy": "person", "jobs": "job",
}  # fmt: skip


def path_of(row: str, world: Mapping[str, str]) -> str:
    name, _, about = row.partition(" ")
    if name == "wagtail_serve":
        return reverse(name, args=["c1-lab/recognise/exam/nowhere/"])
    usual = USUAL.get(name.partition(":")[0], "certificate")
    values = {
        "public_id": world[about or usual], "case": 1, "number": 1, "course": "c1-lab", "module": "recognise",
        "language": "ru",
        "page": "exam" if name == "courses:start" else "act-means-purpose", "decision": "confirm", "change": "close",
        "name": "none", "slug": "revoke", "form": "csv", "layout": "az-en", "guide": "officers",
        "uidb36": "a", "key": "b", "page_view_restriction_id": 1, "page_id": 1,
        **things.parts(name, about, world),
    }  # fmt: skip
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", ALL[name])
    return reverse(name, kwargs={part: values[part] for part in wanted}) + things.query(name, world)


def outcome(client: Client, method: str, path: str, **sent: Any) -> str:
    """The status; where a redirect leads. What the request changed is taken back."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.get(path) if method == "GET" else client.post(path, **sent)
        transaction.set_rollback(True)
    client.cookies = cookies
    if answer.status_code in {301, 302}:
        target = answer.headers["Location"].partition("?")[0].partition("#")[0]
        return f"→ {resolve(target).view_name}"
    return str(answer.status_code)


def sent_to(row: str, world: Mapping[str, str]) -> dict[str, Any]:
    """Return what a POST carries where an empty one would be refused for that alone."""
    if row == "clearance:desk":
        return {"data": {"who": "LAB-0417", "function": "F8"}}
    if row == "clearance:export_shift":
        return {"data": {"people": world["person"], "functions": ["F8"], "nonce": "a" * 22}}
    if row.startswith("assessments:answers"):
        case = Attempt.objects.filter(blueprint__use="practice").latest("pk").cases.get()
        question = content_of(case.version.sha256).stages[0].questions[0]
        answer = {"question": question.code, "sequence": 1, "fields": {question.code: ["none"]}}
        session = assessments.open_session(attempt=case.attempt, by=case.attempt.person)
        body = {"content": case.version.sha256, "session": session, "answers": [answer]}
        return {"data": body, "content_type": "application/json"}
    return things.sent_to(row, world)


def expected(outcomes: Outcomes) -> dict[str, str]:
    named = {who: what for names, what in outcomes.items() for who in names.split() if who != "*"}
    return {who: named.get(who) or outcomes["*"] for who in ACTORS}


def test_table_holds_every_address_of_the_product():
    assert {row.partition(" ")[0] for row in TABLE} == OURS.keys()


@pytest.mark.usefixtures("counted_once")
def test_everybody_gets_what_is_theirs_and_nothing_else(world: dict[str, str], clients: dict[str, Client]):
    things.tick([client for who, client in clients.items() if who != "visitor"], world)
    wrong = {}
    sent = {row: sent_to(row, world) for row in TABLE}
    for row, method, who, wanted in asked_here(cells(), one_in=5):
        more = sent[row] if method == "POST" else {}
        if (got := outcome(clients[who], method, path_of(row, world), **more)) != wanted:
            wrong[f"{method} {row}, {who}"] = f"{got}, wanted {wanted}"
    assert wrong == {}


def cells() -> Iterator[tuple[str, str, str, str]]:
    for row, both in TABLE.items():
        for method, outcomes in zip(("GET", "POST"), both, strict=True):
            yield from ((row, method, who, wanted) for who, wanted in expected(outcomes).items())


def test_every_address_that_takes_something_is_delicate_or_not():
    refusing = {"401", "403", "404", "405", "410", "→ account_login"}
    taking = {
        row
        for row, (_get, sent) in TABLE.items()
        if not row.startswith(LEARNING)
        and any(what not in refusing for who, what in expected(sent).items() if who != "visitor")
    }
    assert taking == DELICATE.keys() | NOT_DELICATE and not DELICATE.keys() & NOT_DELICATE


def test_delicate_steps_ask_again_who_one_is(world: dict[str, str], request: pytest.FixtureRequest):
    """A stolen session, a quarter of an hour old, sends nothing that would hurt."""
    long_ago = time.time() - 16 * 60
    stale = {
        who: client_of(request.getfixturevalue(who), proved=long_ago)
        for who in sorted(set(DELICATE.values()))
    }
    things.tick(stale.values(), world)
    done = {}
    for row, who in DELICATE.items():
        got = outcome(stale[who], "POST", path_of(row, world), **sent_to(row, world))
        if got != "→ account_reauthenticate":
            done[row] = got
    assert done == {}


@pytest.mark.usefixtures("counted_once")
@pytest.mark.parametrize("who", ["visitor", "officer", "coordinator", "registrar", "admin"])
def test_authoring_is_closed_to_all_but_trainers_and_reviewers(clients: dict[str, Client], who: str):
    inside = {name: route for name, route in ALL.items() if name not in OURS}
    assert len(inside) > 150
    opened = {}
    for route in asked_here(sorted(inside.values()), one_in=4, of=who):
        path = route.removeprefix("cms/").replace("^", "").replace("$", "")
        if path in CMS_FOR_ALL or path.startswith("password_reset/"):
            continue
        path = re.sub(r"\(.*\)|<int:\w+>", "1", re.sub(r"<(?:(?!int)\w+:)?\w+>", "x", path))
        for method in ("GET", "POST"):
            if (got := outcome(clients[who], method, f"/cms/{path}")) not in {CMS_SIGN_IN, "404"}:
                opened[f"{method} {path}"] = got
    assert opened == {}


@pytest.mark.parametrize("who", ["trainer", "reviewer"])
def test_trainer_and_reviewer_enter(clients: dict[str, Client], who: str):
    assert outcome(clients[who], "GET", "/cms/") == "200"
