"""`service_changed`: other apps are told, once an act and when it is committed, of whom service has changed."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.actions.accounts import close_account, open_account
from merging.actions.merge import confirm_merge, propose_merge
from merging.actions.take_over import ask_take_over, confirm_take_over
from operations import clock
from operations.models import Proposal
from people.actions.bulk import add_leave_many, end_many, transfer_many
from people.actions.leaves import add_leave, correct_leave, withdraw_leave
from people.actions.postings import (
    PostingValues,
    correct_posting,
    end_posting,
    newest_change,
    post,
    take_back,
    transfer,
)
from people.models import Posting
from people.signals import service_changed
from privacy.actions.erasure import erase_person
from tests import factories
from tests.rosters.test_roster_moved import carry_out, promised

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Do an act, and return the ids that were sent when it was committed."""
    sent: list[set[int]] = []

    def receive(sender, ids, **kwargs):
        assert not isinstance(ids, frozenset)
        sent.append(ids)

    def act(work) -> list[set[int]]:
        sent.clear()
        with django_capture_on_commit_callbacks(execute=True):
            work()
            assert sent == []  # not before it is committed
        return list(sent)

    service_changed.connect(receive)
    yield act
    service_changed.disconnect(receive)


@pytest.fixture
def quba(agency):
    return factories.make_unit(agency, "quba")


@pytest.fixture
def shirvan(agency):
    return factories.make_unit(agency, "shirvan")


@pytest.fixture
def invited(unit):
    return factories.make_person(
        "Nağıyeva", "Sevinc", email="old@agency.example", unit=unit, service_number="LAB-1"
    )


def posting_of(person) -> Posting:
    return Posting.objects.known().get(user=person)


def test_postings(told, officer, outsider, agency, unit, quba, role):
    new = factories.make_person("Nəbiyev", "Orxan")
    now = clock.now()
    given = {"unit": unit, "role": role, "service_number": "N-1"}
    assert told(lambda: post(person=new, valid_from=now, by=None, **given)) == [{new.pk}]
    moved = {"unit": quba, "role": role, "service_number": "N-1", "valid_from": now + DAY}
    assert told(lambda: transfer(person=new, agency=agency, by=None, **moved)) == [{new.pk}]
    values = PostingValues(unit=quba, role=role, service_number="N-2", valid_from=now, valid_to=None)
    assert told(lambda: correct_posting(posting=posting_of(officer), values=values, by=None)) == [
        {officer.pk}
    ]
    at = newest_change(officer, agency)
    assert told(lambda: take_back(person=officer, agency=agency, at=at, by=None)) == [{officer.pk}]
    assert told(lambda: end_posting(posting=posting_of(officer), valid_to=now + DAY, by=None)) == [
        {officer.pk}
    ]


def test_leave(told, officer, agency):
    now = clock.now()
    begun = []

    def add() -> None:
        begun.append(add_leave(person=officer, agency=agency, valid_from=now, valid_to=None, by=None))

    assert told(add) == [{officer.pk}]

    def correct() -> None:
        begun.append(
            correct_leave(leave=begun[0], agency=agency, valid_from=now, valid_to=now + DAY, by=None)
        )

    assert told(correct) == [{officer.pk}]
    assert told(lambda: withdraw_leave(leave=begun[1], agency=agency, by=None)) == [{officer.pk}]


def test_acts_for_many_tell_once(told, officer, officer2, agency, quba):
    people, now = [officer, officer2], clock.now()
    both = [{officer.pk, officer2.pk}]
    given = {"people": people, "agency": agency, "by": None}
    assert told(lambda: transfer_many(unit=quba, valid_from=now, **given)) == both
    assert told(lambda: add_leave_many(valid_from=now, valid_to=None, **given)) == both
    assert told(lambda: end_many(valid_to=now + DAY, **given)) == both
    assert told(lambda: end_many(valid_to=now + DAY, **given)) == []  # ended already


def test_take_over(told, officer, coordinator, coordinator_other, agency, other_unit, role):
    ask_take_over(
        agency=agency, service_number="LAB-0417", family_name=officer.family_name, unit=other_unit, role=role,
        valid_from=clock.start_of(clock.today() + DAY), by=coordinator_other,
    )  # fmt: skip
    proposal = Proposal.objects.latest("pk")
    assert told(lambda: confirm_take_over(proposal=proposal, by=coordinator)) == [{officer.pk}]


def test_merging_tells_both_records(told, officer, unit, role, coordinator, admin):
    twin = factories.make_person("Mamedova", "Ayten", unit=unit, role=role, service_number="LAB-9999")
    proposal = propose_merge(kept=officer, gone=twin, by=coordinator)
    sent = told(lambda: confirm_merge(proposal=proposal, by=admin))
    assert set().union(*sent) == {officer.pk, twin.pk}


def test_closing_and_opening_an_account(told, officer):
    assert told(lambda: close_account(person=officer, reason="left", by=None)) == [{officer.pk}]
    assert told(lambda: close_account(person=officer, reason="left", by=None)) == []
    assert told(lambda: open_account(person=officer, reason="back", by=None)) == [{officer.pk}]


def test_erasure(told, officer):
    assert told(lambda: erase_person(person=officer, reason="own-wish", by=None)) == [{officer.pk}]


def test_roster_tells_once_whose_postings_it_changed(
    told, officer, officer2, invited, coordinator, agency, unit, shirvan
):
    roster = promised(agency, coordinator)
    before = set(Posting.objects.values_list("pk", flat=True))
    [sent] = told(lambda: carry_out(roster, coordinator))
    assert sent == set(Posting.objects.exclude(pk__in=before).values_list("user", flat=True))
    assert len(sent) > 1


def test_what_was_rolled_back_is_not_told(told, officer):
    def work() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            close_account(person=officer, reason="left", by=None)
            raise ZeroDivisionError

    assert told(work) == []
