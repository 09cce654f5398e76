"""The fictional cast and its certificates, made by the ordinary actions under a moved clock."""

import base64
import json
import os
import random
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command

from accounts.actions.passwords import set_password
from accounts.actions.second_factor import set_up_totp
from certificates import (
    actions_acts,
    actions_corrections,
    actions_law,
    actions_life,
    actions_rules,
    law_changes,
)
from certificates.actions_life import REVOKE
from certificates.models import Certificate, Qualification
from clearance.actions import decide
from clearance.actions_override import override
from clearance.actions_staffing import set_staffing
from clearance.models import DutyFunction
from courses import actions as course_actions
from courses.actions_editions import publish_edition
from courses.models import CoursePage, Edition, Enrolment
from operations import clock, outbox
from people.actions.agencies import add_unit
from people.actions.grants import grant
from people.actions.persons import add_person
from people.actions.postings import post
from people.models import Agency, Posting, Role, Unit, User
from people.permissions.holding import WITHOUT_SECOND_FACTOR

from . import answers, crowd
from .people import (
    CAST,
    CERTIFIED,
    ENDED,
    FUNCTION,
    IN_GRACE,
    LABOUR,
    LAPSED,
    NEW_NAME,
    OTHER_ROLES,
    OVERRIDDEN,
    REASONS,
    RENEWED,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    TELEPHONES,
    UNITS,
    CastMember,
)

BACK = timedelta(days=365 * 5)
READ_AGAIN = timedelta(days=965)  # since then editions rest on the sources as the files have them
EMAIL = "{}@demo.nisane.example"


def load_curriculum() -> None:
    """Editions and requirements are in force from five years back; each certificate rests on a second edition."""
    now = clock.now()
    with clock.at(now - BACK):
        call_command("load_curriculum", verbosity=0)
    with clock.at(now - READ_AGAIN):
        read_the_sources_again()
    call_command("load_curriculum", verbosity=0)


def read_the_sources_again() -> None:
    """Publish an edition of each course whose newest rests on sources of an older day; none of a day to come."""
    for course in CoursePage.objects.live():
        day = min(course.legal_date, clock.today())
        if Edition.objects.filter(course=course).latest("number").legal_date < day:
            publish_edition(
                course=course,
                reason="Mənbələr yenidən oxunub",
                material=False,
                legal_date=day,
                by=None,
            )


def seed(var: Path) -> None:
    """People, postings and grants first; then certificates that ran their course."""
    if User.objects.filter(email=EMAIL.format("officer")).exists():
        return
    now = clock.now()
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    _keep(var, "password", password)
    _keep(var, "totp-secret", secret)
    with clock.at(now - BACK):
        units = {agency: _unit(agency) for agency in UNITS}
        people = {person.number: _add(person, units[person.agency], password) for person in CAST}
    crowd.seed(now - BACK, units)
    for person in CAST:
        if needs_second_factor(person):
            set_up_totp(person=people[person.number], secret=secret, by=None)
    certify(people[ENDED], now - timedelta(days=940))
    change_the_rules(now - timedelta(days=935))
    end_the_older(now - timedelta(days=930))
    certify(people[LAPSED], now - timedelta(days=800))
    certify(people[REVOKED], now - timedelta(days=120))
    certify(people[RENEWED], now - timedelta(days=660))
    certify(people[CERTIFIED], now - timedelta(days=40))
    certify(people[SUSPENDED], now - timedelta(days=60))
    certify(people[SUPERSEDED], now - timedelta(days=90))
    for role in OTHER_ROLES:
        for days, course in enumerate(role.courses):
            certify(people[role.certified], now - timedelta(days=70 - days), course)
    renew(people[RENEWED], now - timedelta(days=10))
    revoke(people[REVOKED], now - timedelta(days=20))
    correct_name(people[SUPERSEDED], now - timedelta(days=5))
    suspend(people[SUSPENDED])
    certify(people[IN_GRACE], now - timedelta(days=740))
    overrule(people[OVERRIDDEN], now)
    say_what_units_need(units[LABOUR])
    outbox.work_off()


def _unit(agency: str) -> Unit:
    code, names = UNITS[agency]
    return add_unit(
        agency=Agency.objects.get(code=agency), code=code, names=names, kind="regional", by=None,
        duty_telephone=TELEPHONES[agency],
    )  # fmt: skip


def _add(person: CastMember, unit: Unit, password: str) -> User:
    user = add_person(
        family_name=person.family,
        given_name=person.given,
        father_name=person.father,
        cyrillic=person.cyrillic,
        sex=person.sex,
        email=EMAIL.format(person.key) if person.key else None,
        language=person.language,
        by=None,
    )
    if person.key:
        set_password(person=user, password=password, by=None)
        user.last_login = clock.now()  # as who has chosen a password has; positions are given to nobody else
        user.save(update_fields=["last_login"])
    post(
        person=user,
        unit=unit,
        role=Role.objects.get(code=person.role),
        service_number=person.number,
        valid_from=clock.now(),
        by=None,
    )
    if person.position:
        within = {"unit": unit} if person.position == "shift-leader" else {"agency": unit.agency}
        scope: dict[str, Any] = {} if person.everywhere else within
        reason = REASONS[person.position]
        grant(person=user, position=person.position, reason=reason, by=None, **scope)
    return user


def certify(person: User, instant: datetime, code: str = "C1-LAB") -> Certificate:
    """The whole way at an instant of the past: enrol, read, practise, take the exam, receive the certificate."""
    course = CoursePage.objects.get(code=code)
    with clock.at(instant - timedelta(days=3)):
        enrolment = course_actions.enrol(person=person, course=course, by=person)
        answers.prepare(person=person, enrolment=enrolment)
    with clock.at(instant):
        answers.pass_exam(person=person, enrolment=enrolment, random=random.Random(person.family_name))
        outbox.work_off()
    return Certificate.objects.of_qualification(code).get(award__person=person)


def renew(person: User, instant: datetime) -> None:
    """The exam passed again within 90 days before the end: the next certificate begins where the first one ends."""
    enrolment = Enrolment.objects.open().get(person=person, course__code="C1-LAB")
    with clock.at(instant):
        answers.pass_exam(person=person, enrolment=enrolment, random=random.Random(person.family_name))
        outbox.work_off()


def revoke(person: User, instant: datetime) -> None:
    certificate = Certificate.objects.get(award__person=person)
    registrar, registrar2 = (User.objects.get(email=EMAIL.format(key)) for key in ("registrar", "registrar2"))
    with clock.at(instant):
        proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    with clock.at(instant + timedelta(hours=2)):
        actions_acts.confirm(proposal=proposal, by=registrar2)
        outbox.work_off()


def correct_name(person: User, instant: datetime) -> None:
    """The coordinator proposes the name since the wedding, a registrar confirms."""
    coordinator, registrar = (
        User.objects.get(email=EMAIL.format(key)) for key in ("coordinator", "registrar")
    )
    with clock.at(instant):
        proposal = actions_corrections.propose_name(person=person, names=NEW_NAME, by=coordinator)
    with clock.at(instant + timedelta(hours=2)):
        actions_corrections.confirm_correction(proposal=proposal, by=registrar)
        outbox.work_off()


def change_the_rules(instant: datetime) -> None:
    """Two rule owners let other training be recognised from then on."""
    owner, owner2 = (User.objects.get(email=EMAIL.format(key)) for key in ("rule_owner", "rule_owner2"))
    qualification = Qualification.objects.get(code="C1-LAB")
    rules = dict(qualification.versions.latest("number").rules)
    for name in ("format", "name"):
        del rules[name]
    with clock.at(instant):
        day = min(rules["legal_baseline"], clock.today().isoformat())
        proposal = actions_rules.propose_rules(
            qualification=qualification, rules={**rules, "recognition": True, "legal_baseline": day},
            first_day=clock.today(), reason="law", by=owner,
        )  # fmt: skip
        actions_rules.confirm_rules(proposal=proposal, by=owner2)


def end_the_older(instant: datetime) -> None:
    """Certificates under the rules of before end with a day, as a rule owner and a registrar decide."""
    owner, registrar = (User.objects.get(email=EMAIL.format(key)) for key in ("rule_owner", "registrar"))
    with clock.at(instant):
        proposal = actions_law.propose_end(
            qualification=Qualification.objects.get(code="C1-LAB"), last_day=clock.today() + law_changes.NOTICE,
            reason="law", by=owner,
        )  # fmt: skip
        change = actions_law.confirm_end(proposal=proposal, by=registrar)
        outbox.work_off()
    with clock.at(change.ends_at):
        actions_law.end_due(by=None)
        outbox.work_off()


def overrule(person: User, instant: datetime) -> None:
    """The duty officer is told no; the shift leader lets the officer do it all the same."""
    asker, leader = (User.objects.get(email=EMAIL.format(key)) for key in ("duty_officer", "shift_leader"))
    function = DutyFunction.objects.get(code=FUNCTION)
    with clock.at(instant):
        decision = decide(function=function, person=person, instant=instant, by=asker)
        override(decision=decision, reason="nobody-else", by=leader)
        outbox.work_off()


def say_what_units_need(unit: Unit) -> None:
    """As the coordinator enters it: two people for the function of the demo's desk in each office below."""
    coordinator = User.objects.get(email=EMAIL.format("coordinator"))
    for office in Unit.objects.filter(parent=unit).order_by("pk"):
        set_staffing(unit=office, numbers={FUNCTION: 2}, by=coordinator)


def suspend(person: User) -> None:
    """For the thirty days that one registrar may."""
    registrar = User.objects.get(email=EMAIL.format("registrar"))
    actions_life.suspend(
        certificate=Certificate.objects.get(award__person=person), reason="inquiry",
        last_day=actions_life.last_day_alone(), by=registrar,
    )  # fmt: skip


def holder_of(service_number: str) -> User:
    return Posting.objects.current().select_related("user").get(service_number=service_number).user


def needs_second_factor(person: CastMember) -> bool:
    return person.position not in (None, *WITHOUT_SECOND_FACTOR)


def _keep(var: Path, name: str, secret: str) -> None:
    path = var / "demo" / name
    path.parent.mkdir(exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(json.dumps(secret))


def password_of(var: Path) -> str:
    return str(json.loads((var / "demo" / "password").read_text()))


def totp_secret_of(var: Path) -> str:
    """One for the whole cast: one entry in an app opens every account."""
    return str(json.loads((var / "demo" / "totp-secret").read_text()))
