"""People, agencies and a tiny curriculum, made through the apps' own actions."""

import time
from datetime import datetime
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.actions.passwords import set_password
from elearning.context import serves_in
from locales.languages import LANGUAGE_NAMES
from operations import clock
from operations.models import Proposal
from operations.proposals import TIME_TO_DECIDE, confirm, propose
from people.actions.agencies import add_agency, add_unit, save_role
from people.actions.grants import grant
from people.actions.persons import add_person
from people.actions.postings import post
from people.models import Agency, Grant, Role, Unit, User
from tests import tiny

PASSWORD = "narıncı-qatar-yeddi"
_numbers = count(1)

Position = Grant.Position


def names(text: str) -> dict[str, str]:
    """A name in three languages: {"az": text, …}; the language is told apart by its code."""
    return {"az": text, "en": f"{text} (en)", "ru": f"{text} (ru)"}


def make_agency(code: str = "", kind: str = Agency.Kind.LABOUR_INSPECTION) -> Agency:
    code = code or f"agency-{next(_numbers)}"
    return add_agency(code=code, kind=kind, names=names(code), by=None)


def make_unit(agency: Agency, code: str = "", *, parent: Unit | None = None, **more: Any) -> Unit:
    code = code or f"unit-{next(_numbers)}"
    return add_unit(agency=agency, code=code, names=names(code), parent=parent, by=None, **more)


def make_role(code: str = "LAB") -> Role:
    return save_role(code=code, names=names(code), by=None)


def make_person(
    family_name: str = "Məmmədova",
    given_name: str = "Aytən",
    *,
    email: str | None = None,
    password: str | None = None,
    unit: Unit | None = None,
    role: Role | None = None,
    service_number: str | None = None,
    posted_from: datetime | None = None,
    **more: Any,
) -> User:
    """A person; posted where a unit is given, as a labour inspector since a year ago unless told.
    Who has a password has signed in with it.
    """
    number = next(_numbers)
    person = add_person(
        family_name=family_name,
        given_name=given_name,
        email=email or f"person{number}@agency.example",
        by=None,
        **more,
    )
    if password:
        set_password(person=person, password=password, by=None)
        came_in(person)
    if unit is not None:
        post(
            person=person,
            unit=unit,
            role=role or make_role(),
            service_number=service_number or f"LAB-{1000 + number}",
            valid_from=posted_from or a_year_ago(),
            by=None,
        )
    return person


def came_in(person: User) -> User:
    """Make somebody who has signed in before."""
    person.last_login = clock.now()
    person.save(update_fields=["last_login"])
    return person


def a_year_ago() -> datetime:
    return clock.start_of(clock.add_months(clock.today(), -12))


def give(person: User, position: str, *, agency: Agency | None = None, unit: Unit | None = None) -> Grant:
    """A grant that has been live since yesterday."""
    return grant(
        person=person, position=position, agency=agency, unit=unit,
        starts_at=clock.start_of(clock.today()), by=None,
    )  # fmt: skip


def confirmed(act: str, subject_id: str, *, two: tuple[User, User] | None = None, **payload: str) -> Proposal:
    """A proposal that two people have decided; two of whom nobody else knows, unless told."""
    first, second = two or (make_person(), make_person())
    proposal = propose(
        act=act, subject_id=subject_id, reason_category="test", payload=payload, by=first,
        expires_at=clock.now() + TIME_TO_DECIDE,
    )  # fmt: skip
    confirm(proposal, by=second)
    return proposal


def merged(gone: User, *, into: User, **more: Any) -> User:
    """A record that was merged, as the database keeps it, without moving what the action moves."""
    confirmed("merging.merge", into.public_id, two=(into, gone), gone=gone.public_id)
    User.objects.filter(pk=gone.pk).update(merged_into=into, merged_at=clock.now(), **more)
    return User.objects.get(pk=gone.pk)


def client_of(
    user: User, *, second_factor: bool = True, proved: float | None = None, **headers: Any
) -> Client:
    """A browser in which this person has just signed in (or at `proved`, in seconds since 1970).

    With a second factor unless told otherwise, so that every position can be acted in. Where they serve is
    remembered already, as from their second page on.
    """
    client = Client(**headers)
    client.force_login(user)
    for language in LANGUAGE_NAMES:
        with override(language):
            serves_in(user, language)
    at = time.time() if proved is None else proved
    shown = [{"method": "password", "at": at}, {"method": "mfa", "type": "totp", "at": at}]
    session = client.session
    session["account_authentication_methods"] = shown if second_factor else shown[:1]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def counted() -> CaptureQueriesContext:
    """`with counted() as queries: …`; then len(queries)."""
    return CaptureQueriesContext(connection)


def tiny_curriculum() -> "tiny.Curriculum":
    """One course, exam, practice, qualification and two functions: see tests/tiny.py."""
    return tiny.tiny_curriculum()
