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
from certificates import actions as certificate_actions
from certificates.models import Certificate
from courses import actions as course_actions
from courses.actions_editions import publish_edition
from courses.models import CoursePage, Edition
from operations import clock, outbox
from people.actions.agencies import add_unit
from people.actions.grants import grant
from people.actions.persons import add_person
from people.actions.postings import post
from people.models import Agency, Posting, Role, Unit, User
from people.permissions.holding import WITHOUT_SECOND_FACTOR

from . import answers, crowd
from .people import CAST, CERTIFIED, LAPSED, REASONS, REVOKED, TELEPHONES, UNITS, CastMember

BACK = timedelta(days=365 * 5)
READ_AGAIN = timedelta(days=825)  # since then editions rest on the sources as the files have them
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
    """People, postings and grants first; then three certificates that ran their course."""
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
    certify(people[LAPSED], now - timedelta(days=800))
    certify(people[REVOKED], now - timedelta(days=120))
    certify(people[CERTIFIED], now - timedelta(days=40))
    revoke(people[REVOKED], now - timedelta(days=20))
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
        scope: dict[str, Any] = {} if person.everywhere else {"agency": unit.agency}
        reason = REASONS[person.position]
        grant(person=user, position=person.position, reason=reason, by=None, **scope)
    return user


def certify(person: User, instant: datetime) -> Certificate:
    """The whole way at an instant of the past: enrol, read, practise, take the exam, receive the certificate."""
    course = CoursePage.objects.get(code="C1-LAB")
    with clock.at(instant - timedelta(days=3)):
        enrolment = course_actions.enrol(person=person, course=course, by=person)
        answers.prepare(person=person, enrolment=enrolment)
    with clock.at(instant):
        answers.pass_exam(person=person, enrolment=enrolment, random=random.Random(person.family_name))
        outbox.work_off()
    return Certificate.objects.get(award__person=person)


def revoke(person: User, instant: datetime) -> None:
    certificate = Certificate.objects.get(award__person=person)
    registrar, registrar2 = (User.objects.get(email=EMAIL.format(key)) for key in ("registrar", "registrar2"))
    with clock.at(instant):
        proposal = certificate_actions.propose_revocation(
            certificate=certificate, reason="complaint", by=registrar
        )
    with clock.at(instant + timedelta(hours=2)):
        certificate_actions.confirm_revocation(proposal=proposal, by=registrar2)
        outbox.work_off()


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
