import time
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings as product_settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

from certificates import lists, scheduled, signing
from certificates.credentials.status import ENTRIES, verify_status_list
from certificates.credentials.status import StatusList as Verified
from certificates.models import Certificate, CertificateEvent, Reservation, StatusList
from operations import canonical, clock
from people.models import User
from tests import factories
from tests.databases import on_postgresql, really_committed

from .issuing import Kind, ago, ahead, happen, make_award, make_certificate, without_guards

pytestmark = pytest.mark.django_db
HALF_LIFE = lists.LIFE / 2
ENGLISH = {"accept-language": "en"}


def verified(number: int, at: datetime | None = None) -> Verified:
    row = StatusList.objects.get(number=number)
    return verify_status_list(
        row.credential, keyring=signing.keyring(), base_url=product_settings.BASE_URL, number=number,
        purpose=row.purpose, at=at or clock.now(),
    )  # fmt: skip


def bits(certificate: Certificate) -> tuple[bool, bool]:
    """(revoked, suspended) as the lists in the database say, both suites verified."""
    kept = certificate.reservation
    return (
        verified(kept.revocation_list.number).is_marked(kept.revocation_index),
        verified(kept.suspension_list.number).is_marked(kept.suspension_index),
    )


def sign_all() -> None:
    with transaction.atomic():
        for row in StatusList.objects.select_for_update():
            lists.sign(row)


# --- places ------------------------------------------------------------------------------------------


def test_lists_are_opened_signed_and_empty(keys: None):
    with transaction.atomic():
        revocation, suspension = lists.lists_with_room()
    assert [(row.number, row.purpose) for row in (revocation, suspension)] == [
        (1, "revocation"), (2, "suspension"),
    ]  # fmt: skip
    assert not any(verified(number).is_marked(0) for number in (1, 2))


def test_the_same_lists_are_used_until_they_are_half_full(keys: None):
    with transaction.atomic():
        assert [row.number for row in (*lists.lists_with_room(), *lists.lists_with_room())] == [1, 2, 1, 2]
        StatusList.objects.filter(number=1).update(entries=ENTRIES // 2)
        assert [row.number for row in lists.lists_with_room()] == [3, 2]


def test_places_are_random_and_counted(keys: None, officer: User, officer2: User):
    made = [make_certificate(person).reservation for person in (officer, officer2)]
    assert StatusList.objects.get(number=1).entries == 2
    assert len({reservation.revocation_index for reservation in made}) == 2


def test_a_taken_place_is_not_given_again(keys: None, officer: User, monkeypatch: pytest.MonkeyPatch):
    taken = make_certificate(officer).reservation
    draws = iter([taken.revocation_index, taken.revocation_index, 77])
    monkeypatch.setattr("certificates.lists.secrets.randbelow", lambda _end: next(draws))
    with transaction.atomic():
        assert lists.free_place(taken.revocation_list) == 77


def test_database_refuses_a_place_twice_and_one_outside(keys: None, officer: User, officer2: User):
    taken = make_certificate(officer).reservation
    award = make_award(officer2)
    same = {"revocation_list": taken.revocation_list, "suspension_list": taken.suspension_list}
    for index in (taken.revocation_index, ENTRIES):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reservation.objects.create(
                award=award, short_code="0" * 12, revocation_index=index, suspension_index=5,
                reserved_at=award.awarded_at, **same,
            )  # fmt: skip


# --- what is reported --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kinds, expected",
    [
        ([], (False, False)),
        ([Kind.REVOKED], (True, False)),
        ([Kind.VOIDED], (True, False)),
        ([Kind.SUPERSEDED], (True, False)),
        ([Kind.SUSPENDED], (False, True)),
        ([Kind.ENDED], (True, False)),
        ([Kind.SUSPENDED, Kind.REVOKED], (True, True)),
        ([Kind.SUSPENDED, Kind.REINSTATED], (False, False)),
        ([Kind.REVOKED, Kind.REINSTATED], (False, False)),
        ([Kind.ERASED], (False, False)),
    ],
)
def test_lists_report_what_the_state_is(
    certificate: Certificate, kinds: list[str], expected: tuple[bool, bool]
):
    for number, kind in enumerate(kinds):
        happen(certificate, kind, at=ago(seconds=60 - number))
    sign_all()
    assert bits(certificate) == expected


def test_an_event_of_this_very_instant_is_reported(certificate: Certificate):
    with clock.at(clock.now().replace(microsecond=700_000)):
        happen(certificate, Kind.REVOKED)
        sign_all()
        assert bits(certificate) == (True, False)


def test_only_the_certificate_concerned_is_reported(keys: None, officer: User, officer2: User):
    first, second = make_certificate(officer), make_certificate(officer2)
    happen(first, Kind.REVOKED)
    sign_all()
    assert (bits(first), bits(second)) == ((True, False), (False, False))


@pytest.mark.parametrize("number", [1, 3])
def test_signing_takes_constant_queries(
    keys: None, django_assert_num_queries: Any, officer: User, officer2: User, outsider: User, number: int
):
    for person in (officer, officer2, outsider)[:number]:
        happen(make_certificate(person), Kind.REVOKED)
    row = StatusList.objects.get(number=1)
    with django_assert_num_queries(3):
        lists.sign(row)
    with django_assert_num_queries(2):
        lists.sign(row)  # nothing changes: no event is verified


# --- what a list keeps ---------------------------------------------------------------------------------


def ended(certificate: Certificate) -> None:
    """The newest event is deleted in SQL, and the list aged, so that the product signs it by itself."""
    with without_guards():
        newest = certificate.events.latest("number")
        CertificateEvent.objects.filter(pk=newest.pk)._raw_delete("default")  # type: ignore[attr-defined]
    with clock.at(ahead(days=4)):
        for number in (1, 2):
            shown(number)


@pytest.mark.parametrize(
    "kinds", [[Kind.REVOKED], [Kind.ENDED], [Kind.REVOKED, Kind.REINSTATED, Kind.REVOKED]]
)
def test_list_keeps_what_no_event_undoes(certificate: Certificate, kinds: list[str]):
    """Also where an earlier revocation was undone: that one does not explain it."""
    for number, kind in enumerate(kinds):
        with clock.at(ago(hours=9 - number)):
            happen(certificate, kind)
            lists.sign_lists_of([certificate])
    ended(certificate)
    with clock.at(ahead(days=4)):
        assert bits(certificate) == (True, False)
        assert scheduled.status_lists() == "list 1 keeps 1 as signed before"


def test_list_keeps_a_suspension_until_its_end(certificate: Certificate):
    happen(certificate, Kind.SUSPENDED, until=ahead(days=20))
    lists.sign_lists_of([certificate])
    ended(certificate)
    with clock.at(ahead(days=21)):
        for number in (1, 2):
            shown(number)
        assert bits(certificate) == (False, True)


def test_list_loses_a_suspension_at_its_end_by_itself(certificate: Certificate):
    until = ahead(days=1)
    happen(certificate, Kind.SUSPENDED, until=until)
    lists.sign_lists_of([certificate])
    assert StatusList.objects.get(number=2).due_at == until
    with clock.at(until - timedelta(seconds=1)):
        shown(2)
        assert bits(certificate) == (False, True)
    with clock.at(until):
        shown(2)
        assert bits(certificate) == (False, False)
        assert StatusList.objects.get(number=2).signed_at == until.replace(microsecond=0)
        assert scheduled.status_lists() is None


def test_list_loses_a_revocation_to_a_confirmed_reinstatement(certificate: Certificate):
    for kind, revoked in ((Kind.REVOKED, True), (Kind.REINSTATED, False)):
        happen(certificate, kind)
        lists.sign_lists_of([certificate])
        assert bits(certificate) == (revoked, False)


def test_list_keeps_what_a_forged_reinstatement_undoes(certificate: Certificate):
    """Confirmed in SQL as well, so that no trigger refuses it: but nobody could sign it."""
    revoked = happen(certificate, Kind.REVOKED)
    lists.sign_lists_of([certificate])
    CertificateEvent.objects.create(
        certificate=certificate, number=2, kind="reinstated", reason="complaint", effective_at=clock.now(),
        recorded_at=clock.now(), undoes=revoked, proposal=factories.confirmed("certificates.reinstate", certificate.public_id),
        previous_sha256=canonical.sha256(revoked.statement), statement=revoked.statement,
    )  # fmt: skip
    with clock.at(ahead(days=4)):
        shown()
        assert bits(certificate) == (True, False)


def test_list_does_not_report_what_nobody_signed(certificate: Certificate):
    CertificateEvent.objects.create(
        certificate=certificate, number=1, kind="ended", reason="complaint", effective_at=clock.now(),
        recorded_at=clock.now(), statement={},
    )  # fmt: skip
    sign_all()
    assert bits(certificate) == (False, False)
    assert scheduled.status_lists() == "list 1 keeps 1 as signed before"


def test_list_that_cannot_be_read_is_not_signed(certificate: Certificate):
    with without_guards():
        StatusList.objects.filter(number=1).update(credential={})
    happen(certificate, Kind.REVOKED)
    lists.sign_lists_of([certificate])
    assert StatusList.objects.get(number=1).credential == {}
    assert scheduled.status_lists() == "list 1 cannot be read"


@pytest.mark.parametrize("column", ["signed_at", "valid_until", "due_at", "unexplained", "number", "purpose"])
def test_database_refuses_dates_that_change_without_the_signature(certificate: Certificate, column: str):
    row = StatusList.objects.get(number=1)
    value = getattr(row, column)
    changed = {str: "suspension", int: 9}.get(type(value)) or value - timedelta(seconds=1)
    with pytest.raises(IntegrityError, match="statuslist_signed_whole"), transaction.atomic():
        StatusList.objects.filter(pk=row.pk).update(**{column: changed})
    with pytest.raises(IntegrityError, match="statuslist_signed_whole"), transaction.atomic():
        StatusList.objects.filter(pk=row.pk)._raw_delete("default")  # type: ignore[attr-defined]


def test_list_signed_twice_in_one_second_changes_its_dates(certificate: Certificate):
    with clock.at(ahead(hours=1)):
        sign_all()
        happen(certificate, Kind.SUSPENDED, at=ahead(hours=3))
        sign_all()
        assert StatusList.objects.get(number=2).due_at == ahead(hours=3)


@pytest.mark.parametrize("number", [1, 4])
def test_many_at_once_sign_each_list_once(
    keys: None, number: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
):
    many = [make_certificate(factories.make_person()) for _place in range(number)]
    for certificate in many:
        happen(certificate, Kind.SUSPENDED)
    signed = []
    sign = lists.sign
    monkeypatch.setattr(lists, "sign", lambda row: (signed.append(row.number), sign(row))[1])
    with django_assert_num_queries(9):
        lists.sign_lists_of(many)
    assert signed == [1, 2]
    assert [bits(certificate) for certificate in many] == [(False, True)] * number


# --- when they are signed anew -----------------------------------------------------------------------


def shown(number: int = 1) -> StatusList:
    return lists.current(StatusList.objects.get(number=number))


def test_fresh_list_is_shown_as_it_is(certificate: Certificate):
    before = StatusList.objects.get(number=1)
    assert shown().credential == before.credential
    assert (before.due_at - before.signed_at, before.valid_until - before.signed_at) == (
        HALF_LIFE, lists.LIFE,
    )  # fmt: skip


def test_list_past_half_its_life_is_signed_on_request(certificate: Certificate):
    before = StatusList.objects.get(number=1)
    with clock.at(before.signed_at + HALF_LIFE):
        assert shown().signed_at == before.signed_at + HALF_LIFE
        assert verified(1).valid_from == before.signed_at + HALF_LIFE


def test_list_of_an_earlier_clock_is_not_shown_as_current(keys: None, officer: User):
    made = make_certificate(officer, at=ago(days=800))
    assert [shown(number).signed_at > ago(minutes=1) for number in (1, 2)] == [True, True]
    assert bits(made) == (False, False)


def test_list_of_a_clock_that_was_ahead_is_not_shown_as_current(certificate: Certificate):
    with clock.at(ahead(days=2)):
        sign_all()
    assert StatusList.objects.get(number=1).signed_at > clock.now()
    assert shown().signed_at <= clock.now()


def test_event_announced_for_later_is_reported_from_its_instant_on(certificate: Certificate):
    begins, ends = ahead(hours=5), ahead(hours=9)
    happen(certificate, Kind.SUSPENDED, at=begins, until=ends)
    sign_all()
    told = []
    for instant in (clock.now(), begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends):
        with clock.at(instant):
            shown(2)
            told.append(bits(certificate)[1])
    assert told == [False, False, True, True, False]


def test_list_signed_by_a_clock_set_back_learns_what_was_recorded_since(certificate: Certificate):
    happen(certificate, Kind.REVOKED, at=ago(hours=1), recorded_at=ago(hours=1))
    with clock.at(ago(hours=2)):
        sign_all()
    assert bits(certificate) == (False, False)
    shown()
    assert bits(certificate) == (True, False)


def test_hourly_signing_takes_those_that_are_due_and_no_others(certificate: Certificate):
    assert lists.sign_due(clock.now()) == 0
    with clock.at(ago(days=4)), transaction.atomic():
        lists.sign(StatusList.objects.select_for_update().get(number=2))
    assert lists.sign_due(clock.now()) == 1
    with clock.at(ahead(days=4)):
        assert lists.sign_due(clock.now()) == 2


def test_without_its_key_a_due_list_is_shown_as_it_is(
    certificate: Certificate, settings: Any, tmp_path: Path
):
    before = StatusList.objects.get(number=1).signed_at
    settings.KEYS_DIR = tmp_path
    signing.forget()
    with clock.at(ahead(days=4)):
        assert shown().signed_at == before
    signing.forget()


def test_database_refuses_a_list_due_after_its_end(certificate: Certificate):
    with without_guards(), pytest.raises(IntegrityError), transaction.atomic():
        StatusList.objects.update(due_at=ahead(days=30))


# --- together ----------------------------------------------------------------------------------------


@on_postgresql
@really_committed
def test_page_does_not_wait_for_who_signs_the_list(keys: None, client: Client):
    certificate = make_certificate(factories.make_person())
    until = ahead(hours=1)
    happen(certificate, Kind.SUSPENDED, until=until)
    lists.sign_lists_of([certificate])
    address = f"/c/{certificate.public_id}"
    locked, answered = Event(), Event()
    failures: list[BaseException] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                list(StatusList.objects.select_for_update())
                locked.set()
                answered.wait(10)
        except BaseException as error:
            failures.append(error)
        finally:
            locked.set()
            connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    with clock.at(until):
        begun = time.monotonic()
        page = client.get(address, headers=ENGLISH)
        took = time.monotonic() - begun
        answered.set()
        holder.join()
        assert (failures, took < 5) == ([], True)
        assert "It could not be checked" in page.content.decode()
        assert "It could not be checked" not in client.get(address, headers=ENGLISH).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@on_postgresql
@really_committed
def test_revoking_and_signing_on_request_together_lose_no_event(keys: None):
    made = [make_certificate(factories.make_person()) for _number in range(6)]
    failures: list[BaseException] = []

    def revoke(certificate: Certificate) -> None:
        try:
            with transaction.atomic():
                happen(certificate, CertificateEvent.Kind.REVOKED)
                lists.sign_lists_of([certificate])
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def ask() -> None:
        try:
            for _time in range(10):
                soon = ahead(milliseconds=1)
                # a revocation may have signed it since: never due before it was signed
                with transaction.atomic(), without_guards():
                    StatusList.objects.filter(number=1, signed_at__lt=soon).update(due_at=soon)
                shown()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=revoke, args=[certificate]) for certificate in made]
    threads += [Thread(target=ask) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [bits(certificate) for certificate in made] == [(True, False)] * 6
