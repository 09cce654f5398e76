"""An answer as it was known then: what was answered then, for good, whatever is corrected afterwards."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from certificates.actions_corrections import confirm_correction, propose_name
from certificates.actions_law import end_due
from certificates.actions_rules import save_qualification
from certificates.acts import ActRefused
from certificates.corrections import CORRECT
from certificates.law_changes import END_OLDER
from certificates.models import Certificate, CertificateEvent, LawChange, Readmission
from certificates.recording import record_event
from clearance import past, shift_table
from clearance.actions_rules import put_in_force
from clearance.evaluation import Evaluation
from clearance.models import DutyFunction, KnownWhen
from clearance.rules import normal
from merging.actions.merge import confirm_merge, propose_merge
from operations import clock
from operations.history import HistoryError
from operations.models import Proposal
from people.actions.leaves import add_leave, withdraw_leave
from people.actions.postings import PostingValues, correct_posting, end_posting, post
from people.actions.renaming import rename_person
from people.models import Leave, Posting, User
from tests import factories, tiny
from tests.certificates.issuing import Kind, confirmed, happen, make_certificate
from tests.qualification_rules import rules_of
from tests.remembered import remembered
from tests.share import examples

pytestmark = pytest.mark.django_db
DAY, HALF = timedelta(days=1), timedelta(hours=12)
type Answers = dict[str, dict[str, Evaluation]]  # by public id and function


@dataclass
class Cast:
    """Two records, each with a certificate; who asks, who confirms, and a registrar."""

    officer: User
    other: User
    asker: User
    second: User
    registrar: User
    functions: list[DutyFunction]
    certificates: list[Certificate]
    base: datetime


@remembered
def _records(officer: User, unit: Any, role: Any) -> User:
    other = factories.make_person(
        "Məmmədova", "Aytən", father_name="Kamran qızı", unit=unit, role=role, service_number="LAB-0500"
    )
    make_certificate(officer, qualification="C1-LAB")
    make_certificate(other, qualification="C2-LAB")
    tiny.function("F8", 8, "Desk review", grace_days=30)
    tiny.function("F9", 9, "Interviews", roles=["LAB"], needs=["C2-LAB"], conditions=["interpreter"])
    tiny.function("F10", 10, "Leads", needs=[{"any": ["C1-LAB", "C9"]}, "C2-LAB"], mode="advise")
    tiny.function("F11", 11, "Early", needs=["C9"])
    return other


@pytest.fixture
def cast(
    keys: None, officer: User, unit: Any, role: Any, coordinator: User, admin: User, registrar: User
) -> Cast:
    other = _records(officer, unit, role)
    functions = list(DutyFunction.objects.order_by("number"))
    return Cast(
        officer,
        other,
        coordinator,
        admin,
        registrar,
        functions,
        list(Certificate.objects.order_by("pk")),
        clock.now() + timedelta(minutes=1),
    )


# --- what may happen: each is given the instant to which it goes back ---------------------------------------------


def _postings(cast: Cast, number: int) -> Posting | None:
    return Posting.objects.known().filter(user=(cast.officer, cast.other)[number % 2]).first()


def _end(cast: Cast, number: int, back: datetime) -> None:
    if posting := _postings(cast, number):
        end_posting(posting=posting, valid_to=back, by=None)


def _correct(cast: Cast, number: int, back: datetime) -> None:
    if posting := _postings(cast, number):
        values = PostingValues(
            unit=posting.unit, role=factories.make_role(["LAB", "POL"][number // 2 % 2]),
            service_number=posting.service_number, valid_from=back, valid_to=None,
        )  # fmt: skip
        correct_posting(posting=posting, values=values, by=None)


def _post(cast: Cast, number: int, back: datetime) -> None:
    person = (cast.officer, cast.other)[number % 2]
    unit = Posting.objects.filter(user=cast.officer).earliest("pk").unit
    post(
        person=person, unit=unit, role=factories.make_role("LAB"), service_number=f"N-{number}", valid_from=back,
        by=None,
    )  # fmt: skip


def _leave(cast: Cast, number: int, back: datetime) -> None:
    agency = Posting.objects.earliest("pk").agency
    person = (cast.officer, cast.other)[number % 2]
    add_leave(person=person, agency=agency, valid_from=back, valid_to=back + number * HALF + DAY, by=None)


def _no_leave(cast: Cast, number: int, back: datetime) -> None:
    if leave := Leave.objects.known().order_by("pk").last():
        withdraw_leave(leave=leave, agency=Posting.objects.earliest("pk").agency, by=None)


def _event(cast: Cast, number: int, back: datetime) -> None:
    kinds = [Kind.SUSPENDED, Kind.REVOKED, Kind.VOIDED, Kind.ENDED]
    happen(cast.certificates[number % 2], kinds[number // 2 % 4], at=back, until=back + number * DAY + DAY)


def _barred(cast: Cast, number: int, back: datetime) -> None:
    record_event(
        cast.certificates[number % 2], kind=Kind.REVOKED, reason="complaint", effective_at=back, by=None,
        reach="qualification",
    )  # fmt: skip


def _readmitted(cast: Cast, number: int, back: datetime) -> None:
    certificate = cast.certificates[number % 2]
    code = certificate.qualification_version.qualification
    proposal = factories.confirmed("certificates.readmit", certificate.public_id)
    Readmission.objects.create(
        person=certificate.award.person.surviving, qualification=code, reason="time-passed", opens_at=back,
        recorded_at=clock.now(), proposal=proposal,
    )  # fmt: skip


def _reinstated(cast: Cast, number: int, back: datetime) -> None:
    with suppress(CertificateEvent.DoesNotExist, ValueError):
        happen(cast.certificates[number % 2], Kind.REINSTATED, at=back)


def _renamed(cast: Cast, number: int, back: datetime) -> None:
    person = User.objects.get(pk=(cast.officer, cast.other)[number % 2].pk)
    if person.merged_into_id is None:
        family = ["Məmmədova", "Quliyeva", "Əliyeva"][number // 2 % 3]
        proposal = confirmed(CORRECT, person.public_id)
        assert proposal.decided_by is not None
        rename_person(person=person, names={"family_name": family}, proposal=proposal, by=proposal.decided_by)


def _corrected(cast: Cast, number: int, back: datetime) -> None:
    """Name and certificates at once, as two decide it."""
    person = User.objects.get(pk=(cast.officer, cast.other)[number % 2].pk)
    family = ["Quliyeva", "Əliyeva", "Məmmədova"][number // 2 % 3]
    with suppress(ActRefused, PermissionDenied):
        proposal = propose_name(person=person, names={"family_name": family}, by=cast.asker)
        confirm_correction(proposal=Proposal.objects.get(pk=proposal.pk), by=cast.registrar)


def _older_end(cast: Cast, number: int, back: datetime) -> None:
    """Changed rules end certificates some days from now; the worker comes with a later step, or never."""
    qualification = cast.certificates[number % 2].qualification_version.qualification
    if LawChange.objects.to_apply().filter(qualification=qualification).exists():
        return
    version = save_qualification(
        code=qualification.code, names=factories.names("C"), descriptions=factories.names("C"),
        rules=rules_of(qualification.code, basis=f"D{number}"), by=None,
    ).versions.latest("number")  # fmt: skip
    LawChange.objects.create(
        qualification=qualification, version=version, ends_at=clock.now() + number * HALF + DAY,
        recorded_at=clock.now(), proposal=factories.confirmed(END_OLDER, qualification.public_id),
    )  # fmt: skip


def _ended(cast: Cast, number: int, back: datetime) -> None:
    end_due(by=None)


def _merged(cast: Cast, number: int, back: datetime) -> None:
    kept, gone = [cast.officer, cast.other][:: 1 if number % 2 else -1]
    if User.objects.filter(merged_into__isnull=False).exists():
        return
    confirm_merge(proposal=propose_merge(kept=kept, gone=gone, by=cast.asker), by=cast.second)


def _ruled(cast: Cast, number: int, back: datetime) -> None:
    rules = tiny.rules(needs=[["C1-LAB"], ["C2-LAB"], []][number % 3], grace_days=number, override=True)
    put_in_force(cast.functions[number % 4], normal(rules), valid_from=back, by=None)


def _certified(cast: Cast, number: int, back: datetime) -> None:
    person = (cast.officer, cast.other)[number % 2]
    make_certificate(
        person, qualification=["C1-LAB", "C2-LAB", "C9"][number // 2 % 3], first_day=clock.first_day(back)
    )


def _qualification(cast: Cast, number: int, back: datetime) -> None:
    text = factories.names("C9")
    save_qualification(code="C9", names=text, descriptions=text, rules=rules_of("C9"), by=None)


STEPS: list[Callable[[Cast, int, datetime], None]] = [
    _end, _correct, _post, _leave, _no_leave, _event, _barred, _readmitted, _reinstated, _renamed, _corrected, _merged,
    _ruled, _certified, _qualification, _older_end, _ended,
]  # fmt: skip
DRAWN = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 11), st.integers(0, 6)), min_size=1, max_size=6
)


# --- answers ----------------------------------------------------------------------------------------------------


def of(table: shift_table.ShiftTable) -> Answers:
    return {
        row.person.public_id: {cell.function.code: cell.evaluation for cell in row.cells}
        for row in table.rows
    }


def answered(cast: Cast, instant: datetime) -> Answers:
    """Return the answers of the desk's table now about an instant."""
    people = [cast.officer.public_id, cast.other.public_id]
    return of(shift_table.table_of(people, cast.functions, by=cast.asker, instant=instant))


def looked_back(cast: Cast, instant: datetime, known: KnownWhen) -> Answers:
    agency = Posting.objects.earliest("pk").agency
    question = past.PastQuestion(
        agency=agency, unit=None, number="", functions=cast.functions, instant=instant, known=known
    )
    return of(past.table_of(question, past.people_of(question), by=cast.second))


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(drawn=DRAWN)
@example(drawn=[(STEPS.index(step), 0, 0) for step in (_barred, _certified, _readmitted)])
@example(drawn=[(STEPS.index(step), 2, 0) for step in (_renamed, _certified, _merged)])
@example(drawn=[(STEPS.index(step), 0, 0) for step in (_event, _reinstated, _corrected, _event, _corrected)])
@example(drawn=[(STEPS.index(step), 0, 0) for step in (_older_end, _leave, _leave, _ended)])
@example(drawn=[(STEPS.index(step), 0, 0) for step in (_older_end, _corrected, _leave, _ended, _corrected)])
def test_as_known_then_is_what_was_answered_then_for_good(cast: Cast, drawn: list[tuple[int, int, int]]):
    with transaction.atomic():
        live: dict[datetime, Answers] = {}
        for day in range(len(drawn) + 1):
            if day:
                step, number, back = drawn[day - 1]
                at = cast.base + day * DAY
                with clock.at(at), suppress(HistoryError), transaction.atomic():
                    STEPS[step](cast, number, max(at - back * HALF, cast.base))
            with clock.at(cast.base + day * DAY + HALF):
                live[clock.now()] = answered(cast, clock.now())
        with clock.at(cast.base + 9 * DAY):
            then = {instant: looked_back(cast, instant, KnownWhen.THEN) for instant in live}
            today = {instant: looked_back(cast, instant, KnownWhen.TODAY) for instant in live}
            desk = {instant: answered(cast, instant) for instant in live}
        transaction.set_rollback(True)
    assert then == live
    assert today == desk


def test_steps_do_change_answers(cast: Cast):
    """Each step that can turn an answer turns one: the property above is about something."""
    changed = set()
    for step in STEPS:
        for number in range(12):
            with transaction.atomic():
                before = {}
                with clock.at(cast.base + HALF):
                    before = answered(cast, clock.now())
                with clock.at(cast.base + DAY), suppress(HistoryError), transaction.atomic():
                    step(cast, number, cast.base)
                with clock.at(cast.base + DAY + HALF):
                    if answered(cast, cast.base + HALF) != before:
                        changed.add(step.__name__)
                transaction.set_rollback(True)
    assert changed >= {
        "_end", "_correct", "_leave", "_event", "_barred", "_renamed", "_merged", "_ruled", "_certified",
        "_qualification",
    }  # fmt: skip
