"""Lists of other training that are hostile, or sent twice."""

import io
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation

from certificates import actions_acts
from certificates import actions_recognition as actions
from certificates.actions_life import REVOKE
from certificates.models import Award, Certificate
from certificates.recognition import Recognition
from certificates.recognition_list import found_of, lines_of_file
from operations import clock
from operations.models import Proposal
from operations.outbox import work_off
from people.models import User
from tests import factories, tiny
from tests.databases import on_postgresql, really_committed, wait_until_somebody_waits

from .issuing import make_certificate
from .recognising import allowed, asked, awards_of

pytestmark = [pytest.mark.usefixtures("keys", "english")]


@pytest.fixture
def open_to_it(curriculum: tiny.Curriculum) -> tiny.Curriculum:
    allowed()
    return curriculum


def workbook(*rows: Callable[[xlsxwriter.worksheet.Worksheet, int], object]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, write in enumerate(rows):
            sheet.write_string(number, 0, f"LAB-{number}")
            write(sheet, number)
    return file.getvalue()


def test_formula_without_a_value_is_told_in_whatever_cell_it_stands(
    open_to_it: tiny.Curriculum, unit: object, registrar: User
):
    """The agency's code that nobody computed is not the same as none."""
    for number in range(3):
        factories.make_person(unit=unit, service_number=f"LAB-{number}")
    content = workbook(
        lambda sheet, row: None,
        lambda sheet, row: sheet.write_formula(row, 1, "=VLOOKUP(A1;B1:C9;2)", value=""),
        lambda sheet, row: sheet.write_formula(row, 1, '=""', value="#N/A"),
    )
    found = found_of(lines_of_file(content), asked(), clock.now(), by=registrar)
    assert [error.line for error in found.errors] == [2, 3]
    assert "“…” is a formula" in str(found.errors[0])


def propose(found: Recognition, by: User) -> Proposal:
    return actions.propose_recognition(asked=found, reason="same-content", by=by)


def test_the_same_list_sent_twice_waits_once_and_another_beside_it(
    open_to_it: tiny.Curriculum, officer: User, officer2: User, registrar: User, registrar2: User
):
    propose(asked(officer, officer2), registrar)
    for by in (registrar, registrar2):
        with pytest.raises(ValidationError, match="already waiting"):
            propose(asked(officer, officer2), by)
    propose(asked(officer, officer2, months=6), registrar)
    assert Proposal.objects.count() == 2


@on_postgresql
@really_committed
@pytest.mark.parametrize("number", [1, 2])
def test_two_clicks_at_one_instant_are_one_proposal(keys: None, number: int):
    allowed()
    registrar = factories.make_person()
    factories.give(registrar, factories.Position.REGISTRAR)
    people = [factories.make_person() for _number in range(number)]
    start, outcomes = Barrier(2), list[str]()

    def click() -> None:
        start.wait()
        try:
            propose(asked(*people), registrar)
            outcomes.append("done")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=click) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert Proposal.objects.count() == 1


def while_merging(gone: User, kept: User, act: Callable[[], object]) -> list[object]:
    """What an act returned or raised that waited for a merge."""
    outcomes = list[object]()

    def run() -> None:
        try:
            with translation.override("en"):
                outcomes.append(act())
        except ValidationError as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    waiter = Thread(target=run)
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk__in=[gone.pk, kept.pk]))
        waiter.start()
        wait_until_somebody_waits()
        factories.merged(gone, into=kept)
    waiter.join()
    return outcomes


@pytest.fixture
def registrars(keys: None) -> list[User]:
    found = [factories.make_person() for _number in range(2)]
    for person in found:
        factories.give(person, factories.Position.REGISTRAR)
    return found


def take_away(certificate: Certificate, first: User, second: User) -> None:
    """With all of its qualification."""
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=first)
    actions_acts.confirm(proposal=proposal, by=second)


@on_postgresql
@really_committed
def test_who_is_merged_while_it_is_confirmed_is_judged_as_whom_they_become(registrars: list[User]):
    kept, gone = factories.make_person(), factories.make_person()
    take_away(make_certificate(kept), *registrars)
    allowed()
    proposal = propose(asked(gone), registrars[0])
    [refusal] = while_merging(
        gone, kept, lambda: actions.confirm_recognition(proposal=proposal, by=registrars[1])
    )
    assert "taken away" in str(refusal)
    assert Award.objects.filter(cause__startswith="proposal:").count() == 0


@on_postgresql
@really_committed
def test_who_proposed_and_is_merged_into_the_person_while_it_is_confirmed_recognises_nobody(
    registrars: list[User],
):
    person = factories.make_person()
    allowed()
    propose(asked(person), registrars[0])
    proposal = Proposal.objects.select_related("proposed_by").get()  # as the page reads it
    [refusal] = while_merging(
        registrars[0], person, lambda: actions.confirm_recognition(proposal=proposal, by=registrars[1])
    )
    assert "decides about themselves" in str(refusal)
    assert Award.objects.filter(cause__startswith="proposal:").count() == 0


@on_postgresql
@really_committed
def test_two_of_a_list_merged_while_it_is_applied_get_one(registrars: list[User]):
    allowed()
    people = [factories.make_person() for _number in range(2)]
    proposal = propose(asked(*people), registrars[0])
    actions.confirm_recognition(proposal=proposal, by=registrars[1])
    while_merging(people[1], people[0], work_off)
    assert [award.person for award in awards_of(proposal)] == people[:1]
