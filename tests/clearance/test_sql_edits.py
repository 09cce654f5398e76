"""Whatever column is changed in SQL, with the guards in place or dropped: nobody is cleared and nothing reads *valid*."""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import Client

from certificates import lists
from certificates.models import (
    Award,
    Certificate,
    CertificateBearer,
    CertificateCheck,
    CertificateDocument,
    CertificateEvent,
    Qualification,
    QualificationInForce,
    QualificationVersion,
    Reservation,
    StatusList,
)
from clearance import actions
from clearance.evaluation import Answer
from clearance.models import Decision, DutyFunction, Requirement, RequirementInForce, RequirementVersion
from operations import clock
from operations.models import Proposal
from people.models import Posting, User
from tests import tiny
from tests.certificates.issuing import Kind, ago, happen, unfinished, without_guards
from tests.tampering import Edit, edits, sample

pytestmark = pytest.mark.usefixtures("keys")
SOME = 60  # edits of each situation; `make prove` tries all of them
VALID = "Bu sertifikat etibarlıdır"
# They say nothing of any certificate: how many places a list has given, when it is signed next (it then says the same
# again), and how many places no event explains.
# And who recorded rules, and when.
SAYS_NOTHING = {
    *(("statuslist", column) for column in ("entries", "due_at", "unexplained")),
    *(("qualificationversion", column) for column in ("recorded_at", "recorded_by_id")),
}


def happened(certificate: Certificate, situation: str) -> None:
    match situation:
        case "valid":
            return
        case "over":
            until = ago(minutes=1)
            with clock.at(ago(minutes=5)):
                happen(certificate, Kind.SUSPENDED, until=until)
        case "reinstated":
            happen(certificate, Kind.REVOKED)
            happen(certificate, Kind.REINSTATED)
        case _:
            happen(certificate, situation)
    lists.sign_lists_of([certificate])


SITUATIONS = ["valid", "over", "reinstated", "revoked", "suspended", "superseded", "ended", "voided"]
STANDS = {"valid", "over", "reinstated"}


@pytest.fixture
def world(curriculum: tiny.Curriculum, officer: User, officer2: User) -> tuple[Certificate, Certificate]:
    """The officer's certificate and another one that is unfinished."""
    certificate = tiny.certify(curriculum, officer)
    return certificate, unfinished(certificate)


def rows(certificate: Certificate, other: Certificate) -> Iterator[Edit]:
    """Every column of what a certificate is, against itself and against another."""
    certificate = Certificate.objects.to_examine().get(pk=certificate.pk)
    other = Certificate.objects.select_related("award").get(pk=other.pk)
    colleague = User.objects.get(email="officer2@agency.example")
    yield from edits(certificate, [other])
    yield from edits(certificate.bearer)
    yield Edit(certificate.bearer, "certificate_id", other.pk)
    yield from edits(certificate.award, [other.award])
    yield Edit(certificate.award, "person_id", colleague.pk)
    events = list(certificate.events.all())
    for event in events:
        yield from edits(event, events)
        yield from (Edit(event, "certificate_id", other.pk), Edit(event, "by_id", colleague.pk))
    yield from edits(certificate.qualification_version)
    both = list(StatusList.objects.order_by("number"))
    for row in both:
        yield from edits(row, both)


def found(certificate: Certificate, ask: Callable[[], str]) -> set[str]:
    """Return what is said and must not be."""
    page = Client(headers={"Accept-Language": "az"}).get(f"/c/{certificate.public_id}").content.decode()
    heading = re.search("<h1>(.*?)</h1>", page)
    said = {"valid"} if heading and heading[1] == VALID else set()
    return said | ({"cleared"} if ask() in {Answer.CLEARED, Answer.CONDITIONAL} else set())


def tried(edit: Edit, certificate: Certificate, ask: Callable[[], str], *, guarded: bool) -> set[str]:
    """Return what is said after the edit, which is then taken back; nothing where it was refused."""
    with transaction.atomic():
        try:
            with transaction.atomic(), nullcontext() if guarded else without_guards():
                edit.do()
            said = found(certificate, ask)
        except DatabaseError:
            said = set()
        transaction.set_rollback(True)
    return said


@pytest.mark.parametrize("guarded", [True, False], ids=["guards in place", "guards dropped"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_edited_column_clears_or_reads_valid(
    world: tuple[Certificate, Certificate],
    curriculum: tiny.Curriculum,
    officer: User,
    duty_officer: User,
    situation: str,
    guarded: bool,
):
    certificate, other = world
    happened(certificate, situation)

    def ask() -> str:
        question: Any = {"function": curriculum.desk_review, "instant": clock.now(), "person": officer}
        return str(actions.decide(**question, by=duty_officer).answer)

    stands = situation in STANDS
    assert found(certificate, ask) == ({"valid", "cleared"} if stands else set())
    allowed = set(SAYS_NOTHING) if stands else set()
    if situation == "over":  # the suspension has ended by itself: what says so may go, and it stays true
        allowed.add(("certificateevent", "certificate_id"))
    every = [edit for edit in rows(certificate, other) if edit.names not in allowed]
    chosen = sample(every, SOME, seed=len(situation))
    print(f"{len(chosen)} edits tried")  # noqa: T201 - for `make prove`
    wrong = {str(edit): said for edit in chosen if (said := tried(edit, certificate, ask, guarded=guarded))}
    assert wrong == {}


@pytest.mark.parametrize("guarded", [True, False], ids=["guards in place", "guards dropped"])
def test_edited_rules_clear_nobody(
    world: tuple[Certificate, Certificate], curriculum: tiny.Curriculum, officer2: User, duty_officer: User,
    guarded: bool,
):  # fmt: skip
    """Of a function whose certificate the colleague has not: also rules that ask for less."""

    def ask() -> str:
        question: Any = {"function": curriculum.desk_review, "instant": clock.now(), "person": officer2}
        return str(actions.decide(**question, by=duty_officer).answer)

    version = curriculum.desk_review.requirement.versions.get()
    less = {**version.rules, "needs": [], "roles": []}
    every = [
        *edits(version, curriculum.first_contact.requirement.versions.all()),
        Edit(version, "rules", less),
    ]
    wrong = {
        str(edit): said for edit in every if (said := tried(edit, world[0], ask, guarded=guarded)) - {"valid"}
    }
    assert wrong == {}


def test_edited_person_clears_nobody_else(
    world: tuple[Certificate, Certificate], curriculum: tiny.Curriculum, officer: User, officer2: User,
    duty_officer: User,
):  # fmt: skip
    """With the guards in place: people, postings and leave of the holder and of a colleague without a certificate."""

    def ask() -> str:
        question: Any = {"function": curriculum.desk_review, "instant": clock.now(), "person": officer2}
        try:
            return str(actions.decide(**question, by=duty_officer).answer)
        except PermissionDenied:
            return "refused"

    people = [officer, officer2]
    every = [edit for person in people for edit in edits(person, people)]
    every += [Edit(person, "merged_into_id", other.pk) for person in people for other in people]
    postings = list(Posting.objects.filter(user__in=people))
    every += [edit for posting in postings for edit in edits(posting, postings)]
    print(f"{len(every)} edits tried")  # noqa: T201
    wrong = []
    for edit in every:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    edit.do()
                officer2.refresh_from_db()
                if ask() in {Answer.CLEARED, Answer.CONDITIONAL}:
                    wrong.append(str(edit))
            except DatabaseError:
                pass
            transaction.set_rollback(True)
    officer2.refresh_from_db()
    assert wrong == []


# --- rows that are deleted -----------------------------------------------------------------------------

GOES = {CertificateCheck}  # what was proven last: without it a certificate is proven anew


def kept(certificate: Certificate) -> list[models.QuerySet[Any]]:
    """Each row that says what a certificate is or what is required, alone; and all events together."""
    tables = [
        CertificateEvent, CertificateBearer, CertificateDocument, CertificateCheck, Reservation, StatusList, Award,
        Certificate, QualificationVersion, QualificationInForce, Qualification, Proposal, Decision,
        RequirementVersion, RequirementInForce, Requirement, DutyFunction, Posting, User,
    ]  # fmt: skip
    every: list[models.QuerySet[Any]] = [
        table._base_manager.filter(pk=row.pk) for table in tables for row in table._base_manager.all()
    ]
    return [*every, CertificateEvent._base_manager.filter(certificate=certificate)]


@pytest.mark.parametrize("guarded", [True, False], ids=["guards in place", "guards dropped"])
@pytest.mark.parametrize("situation", [each for each in SITUATIONS if each not in STANDS])
def test_deleted_row_clears_nobody(
    world: tuple[Certificate, Certificate], curriculum: tiny.Curriculum, officer: User, duty_officer: User,
    situation: str, guarded: bool,
):  # fmt: skip
    """With the guards in place nothing goes; with them dropped nothing reads *valid* for it, and nobody is cleared."""
    certificate, _other = world
    happened(certificate, situation)

    def ask() -> str:
        question: Any = {"function": curriculum.desk_review, "instant": clock.now(), "person": officer}
        return str(actions.decide(**question, by=duty_officer).answer)

    assert ask() == Answer.NOT_CLEARED  # and its decision is a row, too
    gone, wrong = set(), {}
    for rows in kept(certificate):
        with transaction.atomic():
            try:
                with transaction.atomic(), nullcontext() if guarded else without_guards():
                    if not rows._raw_delete("default"):  # type: ignore[attr-defined]
                        continue
                    if guarded:
                        connection.check_constraints()
                gone.add(rows.model)
                said = found(certificate, ask)
            except (DatabaseError, ObjectDoesNotExist, PermissionDenied):
                said = set()
            if said:
                wrong[str(rows.query)] = said
            transaction.set_rollback(True)
    assert (wrong, gone <= GOES) == ({}, guarded)


def test_emptied_table_is_refused(world: tuple[Certificate, Certificate]):
    """All rows at once: PostgreSQL's TRUNCATE asks no guard of a row, SQLite's REPLACE only where told to."""
    event = happen(world[0], Kind.REVOKED)
    table, columns = event._meta.db_table, ", ".join(f.column for f in event._meta.concrete_fields)
    statement = (
        f"TRUNCATE {table} CASCADE"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns.replace('reason', "'inquiry'")} FROM {table}"
    )
    connection.check_constraints()  # nothing waits for the commit: that, too, would refuse to empty it
    refused = pytest.raises(IntegrityError, match="certificateevent_append_only")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement)
    assert CertificateEvent.objects.get(pk=event.pk).reason == event.reason
