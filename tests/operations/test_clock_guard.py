"""A clock that is behind what is recorded signs nothing; one that leaps closes no exam; an operator confirms it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from certificates import lists
from certificates.errands import ISSUE
from certificates.models import Certificate, StatusList
from operations import audit, clock, clock_guard, health
from operations.actions import confirm_clock
from operations.clock_guard import ClockBehind, LeapWatch, is_behind
from operations.models import AuditEntry, ClockConfirmation, ClockLeap, Errand
from operations.outbox import attend, claim
from tests import tiny
from tests.factories import counted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


def fact(**more) -> AuditEntry:
    entry = audit.record(by=None, act="people.grant", subject_kind="user", subject_id="x", **more)
    clock_guard.forget()
    return entry


# --- behind ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("guarded")
def test_two_minutes_behind_the_newest_fact_is_behind():
    assert is_behind() is False  # nothing is recorded
    at = fact().at
    for back, expected in (
        (-DAY, False),
        (timedelta(), False),
        (2 * MINUTE, False),
        (2 * MINUTE + SECOND, True),
    ):
        with clock.at(at - back):
            assert is_behind() is expected


@pytest.mark.usefixtures("guarded")
def test_facts_at_hand_count_as_well():
    now = clock.now()
    assert is_behind(now + MINUTE, None) is False
    assert is_behind(now - DAY, now + 3 * MINUTE) is True


@pytest.mark.usefixtures("guarded")
def test_the_newest_fact_is_asked_for_once_in_some_seconds():
    fact()
    with counted() as asked:
        is_behind()
    with counted() as again:
        for _number in range(100):
            is_behind(clock.now())
    assert (len(asked), len(again)) == (2, 0)


def test_it_is_trusted_where_it_is_moved_on_purpose():
    with clock.at(clock.now() - DAY):
        before = clock.now()
    fact()
    with clock.at(before):
        assert is_behind() is False
        with clock_guard.guarding():
            assert is_behind() is True


@pytest.mark.usefixtures("guarded", "keys")
def test_no_list_is_signed_by_a_clock_that_is_behind():
    with transaction.atomic():
        both = lists.lists_with_room()
    fact()
    signed = {one.pk: one.signed_at for one in both}
    with clock.at(clock.now() - DAY):
        with pytest.raises(ClockBehind, match="nothing is signed"):
            lists.sign(both[0])
        assert lists.sign_due(clock.now()) == 0
        assert lists.current(both[0]).signed_at == signed[both[0].pk]
    assert {one.pk: one.signed_at for one in StatusList.objects.all()} == signed


@pytest.mark.usefixtures("guarded", "keys")
def test_certificate_waits_for_the_clock_and_is_not_given_up(curriculum, officer):
    tiny.sit_exam(curriculum, officer)
    fact()
    with clock.at(clock.now() - DAY):
        for _try in range(8):
            Errand.objects.filter(kind=ISSUE).update(due_at=clock.real_now())
            attend(claim(only=[ISSUE]))
    errand = Errand.objects.get(kind=ISSUE)
    assert (errand.state, errand.tries, errand.error) == ("open", 0, "")
    assert clock.real_now() < errand.due_at <= clock.real_now() + MINUTE
    assert not Certificate.objects.exists()
    Errand.objects.filter(kind=ISSUE).update(due_at=clock.real_now())
    attend(claim(only=[ISSUE]))
    assert Certificate.objects.get().check_record


@pytest.mark.usefixtures("guarded")
def test_monitoring_names_it():
    at = fact().at
    assert clock_guard.problem() is None
    with clock.at(at - DAY):
        assert health.checks["clock"].ask() == "1440 minutes behind what is recorded: nothing is signed"


# --- confirmed ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("guarded")
def test_confirmed_leaves_out_what_a_wrong_clock_recorded_and_nothing_else():
    now = clock.now()
    fact()
    with clock.at(now + 1000 * DAY):  # the clock was ahead for a while
        wrong = fact()
    assert is_behind() is True
    said = StringIO()
    call_command("confirm_clock", reason="the time server was wrong", stdout=said)
    assert "before: 1439" in said.getvalue() or "before: 1440" in said.getvalue()
    assert "Left out" in said.getvalue()
    assert is_behind() is False and is_behind(wrong.at) is False
    entry = AuditEntry.objects.get(act="operations.confirm_clock")
    assert (entry.by, entry.reason) == (None, "the time server was wrong")
    assert ClockConfirmation.objects.get().newest == wrong.at
    later = fact(reason="after")  # facts recorded since count, also in between
    with clock.at(later.at - 3 * MINUTE):
        assert is_behind() is True
    with clock.at(now + 10 * DAY):
        fact()
    assert is_behind() is True
    with clock.at(now - 3 * MINUTE):
        assert is_behind() is True  # nor may the clock go back before the confirmation


def test_confirmed_needs_a_reason_and_no_person_confirms_it(admin):
    with pytest.raises(CommandError, match="Give a reason"):
        call_command("confirm_clock", reason=" ")
    with pytest.raises(PermissionDenied):
        confirm_clock(reason="x", by=admin)
    with pytest.raises(ValidationError):
        confirm_clock(reason="x" * 201, by=None)
    assert not ClockConfirmation.objects.exists()


def test_what_was_confirmed_is_not_rewritten():
    ClockLeap.objects.create(seen_at=clock.now(), seconds=900)
    confirmed = confirm_clock(reason="checked", by=None)
    for queryset, change in (
        (ClockConfirmation.objects.filter(pk=confirmed.pk), {"last_entry": 99}),
        (ClockLeap.objects.all(), {"confirmed_at": None}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            queryset.update(**change)


# --- leaps -------------------------------------------------------------------------------------------------------


class Clocks:
    """A wall clock that can be set, and one that cannot."""

    def __init__(self) -> None:
        self.wall = self.monotonic = 1_000_000.0

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds


@pytest.fixture
def clocks(monkeypatch) -> Clocks:
    clocks = Clocks()
    watch = LeapWatch(wall=lambda: clocks.wall, monotonic=lambda: clocks.monotonic)
    monkeypatch.setattr(clock_guard, "watch", watch)
    clock_guard.observe()
    return clocks


@pytest.mark.parametrize(("seconds", "told"), [(299, []), (301, [301]), (-301, [-301]), (9e7, [90_000_000])])
def test_leap_of_more_than_five_minutes_is_put_on_record_once(clocks, seconds, told):
    clocks.pass_by(7 * 86_400)
    clocks.wall += seconds
    for _beat in range(3):
        clock_guard.observe()
        clocks.pass_by(10)
    assert list(ClockLeap.objects.values_list("seconds", flat=True)) == told
    assert clock_guard.leapt() is bool(told)


def test_leap_stands_in_readyz_until_confirmed(clocks):
    clocks.wall += 3600
    clock_guard.observe()
    assert health.checks["clock"].ask() == (
        "was set by 60 minutes while running: no exam closes until confirm_clock"
    )
    confirm_clock(reason="summer time was set by hand", by=None)
    assert (clock_guard.problem(), clock_guard.leapt()) == (None, False)
    clocks.pass_by(10)
    clock_guard.observe()
    assert ClockLeap.objects.count() == 1
    clocks.wall -= 3600  # and set back
    clock_guard.observe()
    assert clock_guard.leapt() is True


def test_another_process_tells_the_same_leap_not_again(clocks):
    other = LeapWatch(wall=lambda: clocks.wall, monotonic=lambda: clocks.monotonic)
    clocks.wall += 1000
    clock_guard.observe()
    clocks.wall += 5
    clock_guard.watch, mine = other, clock_guard.watch
    other.known = 0
    clock_guard.observe()
    clock_guard.watch = mine
    assert ClockLeap.objects.count() == 1
