"""Who gets what at every address of the product: the table holds all of them, or the test fails."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from assessments import actions as assessments
from assessments.frozen import content_of
from assessments.models import Attempt
from certificates import actions as certificates
from clearance import actions as clearance
from courses import actions as courses
from operations import clock
from people import actions as people
from people.models import User
from tests import tiny
from tests.factories import client_of

ACTORS = (
    "visitor", "officer", "officer2", "outsider", "trainer", "reviewer", "coordinator", "coordinator_other",
    "duty_officer", "duty_officer_other", "registrar", "registrar2", "auditor", "admin",
)  # fmt: skip
SIGN_IN, DOOR = "→ account_login", "→ cms_door"

# An outcome is a status, or where a redirect leads. "*" is everybody who is not named.
type Outcomes = Mapping[str, str]

EVERYBODY: Outcomes = {"*": "200"}
NOBODY: Outcomes = {"*": "405"}
NOTHING: Outcomes = {"*": "404"}
SIGNED_IN: Outcomes = {"visitor": SIGN_IN, "*": "200"}
ASKERS = "coordinator coordinator_other duty_officer duty_officer_other"
REGISTER = "registrar registrar2 auditor"


def only(who: str, gets: str = "200", others: str = "403") -> Outcomes:
    return {"visitor": SIGN_IN, who: gets, "*": others}


TWO = "admin registrar registrar2"
HOLDERS_SEEN = f"{TWO} auditor coordinator coordinator_other"
OF_THE_AGENCY = {**only("admin auditor coordinator"), "registrar registrar2 coordinator_other": "404"}
HIS, HIS_FILE = only("officer"), only("officer", others="404")
RESULT, FEEDBACK = only("officer", "→ clearance:result"), only("officer", "→ assessments:feedback")

# Name of the address, with what it is asked about where that matters: (GET, POST).
TABLE: dict[str, tuple[Outcomes, Outcomes]] = {
    # for everybody
    "root": ({"*": "→ clearance:home"}, NOBODY),
    "clearance:home": (EVERYBODY, NOBODY),
    "pages:help": (EVERYBODY, NOBODY),
    "pages:privacy": (EVERYBODY, NOBODY),
    "pages:accessibility": (EVERYBODY, NOBODY),
    "courses:catalog": (EVERYBODY, NOBODY),
    "courses:course": (EVERYBODY, NOBODY),
    "courses:module": ({"*": "→ courses:course"}, NOBODY),
    "certificates_public:certificate": (EVERYBODY, NOBODY),
    "certificates_public:statement": (EVERYBODY, NOBODY),
    "certificates_public:credential": (NOBODY, NOTHING),  # without the token of the QR code
    "certificates_public:verify": (EVERYBODY, EVERYBODY),
    "certificates_public:status_list": (EVERYBODY, NOBODY),
    "certificates_public:did": (EVERYBODY, NOBODY),
    "clearance_public:receipt": (EVERYBODY, NOBODY),
    "clearance_public:receipt_json": (EVERYBODY, NOBODY),
    "clearance_public:receipt_bytes": (EVERYBODY, NOBODY),
    "clearance_public:receipt_qr": (EVERYBODY, NOBODY),
    "operations_public:livez": (EVERYBODY, EVERYBODY),
    "operations_public:readyz": ({"*": "503"}, {"*": "503"}),  # no worker runs here
    # signing in
    "account_login": ({"visitor": "200", "*": "→ clearance:home"},) * 2,
    "account_logout": ({"visitor": "→ clearance:home", "*": "200"}, {"*": "→ clearance:home"}),
    "account_inactive": (EVERYBODY, NOBODY),
    "account_signup": ({"visitor": "200", "*": "→ clearance:home"},) * 2,  # says that agencies open accounts
    "account_reauthenticate": (SIGNED_IN, SIGNED_IN),
    "account_change_password": (SIGNED_IN, SIGNED_IN),
    "account_set_password": ({"visitor": SIGN_IN, "*": "→ account_change_password"},) * 2,
    "account_reset_password": (EVERYBODY, EVERYBODY),
    "account_reset_password_done": (EVERYBODY, NOBODY),
    "account_reset_password_from_key": (EVERYBODY, EVERYBODY),  # says that the link is no longer good
    "account_reset_password_from_key_done": (EVERYBODY, NOBODY),
    "account_email": (NOTHING, NOTHING),  # agencies enter addresses
    "account_email_verification_sent": ({"visitor": SIGN_IN, "*": "→ account_email"},) * 2,
    "account_confirm_login_code": ({"visitor": SIGN_IN, "*": "→ clearance:home"},) * 2,
    "cms_door": (only("trainer reviewer", "→ wagtailadmin_home"), NOBODY),
    # positions, accounts, agencies
    "people:grants": (only(HOLDERS_SEEN), only(HOLDERS_SEEN, "→ people:grants")),
    "people:who_may": (only(HOLDERS_SEEN), NOBODY),
    "people:grant_one grant": (OF_THE_AGENCY, OF_THE_AGENCY),
    "people:give": (only("admin coordinator coordinator_other"),) * 2,
    "people:give_to person": ({**only("admin coordinator"), "coordinator_other": "404"},) * 2,
    "people:registrar_proposals": (only(TWO), NOBODY),
    "people:propose_registrar person": (only(TWO), only(TWO)),
    "people:registrar_proposal nominee": (only(TWO), NOBODY),
    "people:decide_registrar nominee": (NOBODY, only("admin registrar2", "→ people:registrar_proposal")),
    "people:accounts": (only("admin auditor"), only("admin auditor", "→ people:accounts")),
    "people:account_one person": (only("admin auditor"), NOBODY),
    "people:account_change person": (only("admin"), only("admin")),
    "people:agencies": (only("admin auditor"), NOBODY),
    "people:agency_add": (only("admin"), only("admin")),
    "people:agency_change agency": (only("admin"), only("admin")),
    # learning
    "courses:enrol": (
        {"visitor": SIGN_IN, "*": "→ courses:course"},
        only("officer officer2", "→ courses:lesson"),
    ),
    "courses:lesson": (HIS, HIS),
    "courses:read": (NOBODY, only("officer", "→ courses:lesson", "404")),
    "courses:start": (NOBODY, only("officer", "→ courses:lesson", "404")),  # passed: back, with words
    "wagtail_serve": (NOTHING, NOTHING),  # nothing is published so deep
    "wagtailcore_authenticate_with_password": (NOTHING, NOTHING),
    "wagtailcore_login": (NOTHING, NOBODY),
    # assessments
    "assessments:attempt open": (HIS, NOBODY),
    "assessments:attempt closed": (FEEDBACK, NOBODY),
    "assessments:attempt exam": (RESULT, NOBODY),
    "assessments:stage open": (HIS, only("officer", "→ assessments:stage")),
    "assessments:stage closed": (FEEDBACK, only("officer", "409")),
    "assessments:stage exam": (RESULT, only("officer", "409")),
    "assessments:answers open": ({"visitor": "401", "*": "200"}, {"visitor": "401", "officer": "200", "*": "403"}),
    "assessments:answers closed": ({"visitor": "401", "*": "200"}, {"visitor": "401", "officer": "409", "*": "403"}),
    "assessments:close open": (HIS, HIS),
    "assessments:close closed": (FEEDBACK, FEEDBACK),
    "assessments:close exam": (RESULT, RESULT),
    "assessments:feedback open": (only("officer", "→ assessments:attempt"), NOBODY),
    "assessments:feedback closed": (HIS, NOBODY),
    "assessments:feedback exam": (RESULT, NOBODY),
    "clearance:result exam": (HIS, NOBODY),
    # certificates
    "certificates:mine": (SIGNED_IN, NOBODY),
    "certificates:document": (HIS_FILE, NOBODY),
    "certificates:credential": (HIS_FILE, NOBODY),
    "certificates:register": (only(REGISTER), only(REGISTER, "→ certificates:register")),
    "certificates:export": (NOBODY, only(REGISTER)),
    "certificates:proposals": (only(REGISTER), NOBODY),
    "certificates:proposal proposal": (only(REGISTER), NOBODY),
    "certificates:decide proposal": (NOBODY, only("registrar2", "→ certificates:proposal")),
    "certificates:one": (only(REGISTER), only(REGISTER)),
    # clearance: who asks for another agency finds nobody
    "clearance:desk": (
        only(ASKERS),
        {**only("coordinator duty_officer", "→ clearance:decision"), "coordinator_other duty_officer_other": "200"},
    ),
    "clearance:decisions": (only(ASKERS), NOBODY),
    "clearance:decisions_csv": (NOBODY, only(ASKERS)),
    "clearance:decision decision": (only("coordinator duty_officer auditor"), NOBODY),
}  # fmt: skip

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
OURS = {name: route for name, route in ALL.items() if not route.startswith("cms/") or name == "cms_door"}


@pytest.fixture
def world(
    curriculum: tiny.Curriculum,
    keys: None,
    officer: User,
    duty_officer: User,
    registrar: User,
    outsider: User,
) -> dict[str, str]:
    """The officer's: a certificate, an exam, a practice that is open and one that is closed; a decision
    about them by the duty officer; a revocation proposed by the registrar, who also proposed the outsider
    as a registrar. Public ids, by what they are."""
    certificate = tiny.certify(curriculum, officer)
    exam = Attempt.objects.get(person=officer)
    closed = practise(curriculum, officer)
    tiny.answer(closed)
    assessments.close_attempt(attempt=closed, by=officer, confirmed=True)
    decision = clearance.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    proposal = certificates.propose_revocation(certificate=certificate, reason="complaint", by=registrar)
    found = {
        "certificate": certificate, "exam": exam, "closed": closed, "open": practise(curriculum, officer),
        "decision": decision, "proposal": proposal, "person": officer, "grant": duty_officer.grants.get(),
        "agency": duty_officer.grants.get().unit.agency,
        "nominee": people.propose_registrar(person=outsider, reason="addition", by=registrar),
    }  # fmt: skip
    return {name: thing.public_id for name, thing in found.items()}


def practise(curriculum: tiny.Curriculum, person: User) -> Attempt:
    enrolment = courses.enrol(person=person, course=curriculum.course, by=person)
    return assessments.start_attempt(
        blueprint=curriculum.practice, origin=f"enrolment:{enrolment.public_id}", by=person
    )


@pytest.fixture
def clients(request: pytest.FixtureRequest) -> dict[str, Client]:
    people = {name: request.getfixturevalue(name) for name in ACTORS if name != "visitor"}
    return {"visitor": Client(), **{name: client_of(person) for name, person in people.items()}}


def path_of(row: str, world: Mapping[str, str]) -> str:
    name, _, about = row.partition(" ")
    if name == "wagtail_serve":
        return reverse(name, args=["c1-lab/recognise/exam/nowhere/"])
    space = name.partition(":")[0]
    usual = {"clearance_public": "decision"}.get(space, "certificate")
    values = {
        "public_id": world[about or usual], "case": 1, "number": 1, "course": "c1-lab", "module": "recognise",
        "page": "exam" if name == "courses:start" else "act-means-purpose", "decision": "confirm", "change": "close",
        "uidb36": "a", "key": "b", "page_view_restriction_id": 1, "page_id": 1,
    }  # fmt: skip
    return reverse(name, kwargs={part: values[part] for part in re.findall(r"<(?:\w+:)?(\w+)>", ALL[name])})


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


def sent_to(row: str) -> dict[str, Any]:
    """What a POST carries where an empty one would be refused for that alone."""
    if row == "clearance:desk":
        return {"data": {"who": "LAB-0417", "function": "F8"}}
    if row.startswith("assessments:answers"):
        case = Attempt.objects.filter(blueprint__use="practice").latest("pk").cases.get()
        question = content_of(case.version.sha256).stages[0].questions[0]
        answer = {"question": question.code, "sequence": 1, "fields": {question.code: ["none"]}}
        session = assessments.open_session(attempt=case.attempt, by=case.attempt.person)
        body = {"content": case.version.sha256, "session": session, "answers": [answer]}
        return {"data": body, "content_type": "application/json"}
    return {}


def expected(outcomes: Outcomes) -> dict[str, str]:
    named = {who: what for names, what in outcomes.items() for who in names.split() if who != "*"}
    return {who: named.get(who) or outcomes["*"] for who in ACTORS}


def test_table_holds_every_address_of_the_product():
    assert {row.partition(" ")[0] for row in TABLE} == OURS.keys()


def test_everybody_gets_what_is_theirs_and_nothing_else(world: dict[str, str], clients: dict[str, Client]):
    wrong = {}
    for row, both in TABLE.items():
        path = path_of(row, world)
        for method, outcomes in zip(("GET", "POST"), both, strict=True):
            sent = sent_to(row) if method == "POST" else {}
            for who, wanted in expected(outcomes).items():
                if (got := outcome(clients[who], method, path, **sent)) != wanted:
                    wrong[f"{method} {row}, {who}"] = f"{got}, wanted {wanted}"
    assert wrong == {}


@pytest.mark.parametrize("who", ["visitor", "officer", "coordinator", "registrar", "admin"])
def test_authoring_is_closed_to_all_but_trainers_and_reviewers(clients: dict[str, Client], who: str):
    inside = {name: route for name, route in ALL.items() if name not in OURS}
    assert len(inside) > 150
    opened = {}
    for route in sorted(inside.values()):
        path = route.removeprefix("cms/").replace("^", "").replace("$", "")
        if path in CMS_FOR_ALL or path.startswith("password_reset/"):
            continue
        path = re.sub(r"\(.*\)|<int:\w+>", "1", re.sub(r"<(?:(?!int)\w+:)?\w+>", "x", path))
        for method in ("GET", "POST"):
            if (got := outcome(clients[who], method, f"/cms/{path}")) not in {DOOR, "404"}:
                opened[f"{method} {path}"] = got
    assert opened == {}


@pytest.mark.parametrize("who", ["trainer", "reviewer"])
def test_trainer_and_reviewer_enter(clients: dict[str, Client], who: str):
    assert outcome(clients[who], "GET", "/cms/") == "200"
