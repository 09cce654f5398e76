"""Many certificates at once, and several registrars at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from certificates import actions_life, happening, lists
from certificates.acts import ActRefused
from certificates.models import Certificate, CertificateEvent, StatusList
from operations import clock
from people.models import User
from tests import factories
from tests.databases import on_postgresql, really_committed

from .issuing import ahead, make_certificate, unfinished

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the lists that are signed from now on."""
    numbers: list[int] = []
    really = lists.sign

    def sign(found: StatusList) -> bool:
        numbers.append(found.number)
        return really(found)

    monkeypatch.setattr(lists, "sign", sign)
    return numbers


def suspend(held: list[Certificate], by: User) -> list[CertificateEvent]:
    """All of them in one act."""
    with transaction.atomic():
        return happening.happen(
            held, act="certificates.suspend", kind=CertificateEvent.Kind.SUSPENDED, reason="inquiry", by=by,
            until=ahead(days=3),
        )  # fmt: skip


def marked() -> int:
    found = StatusList.objects.get(purpose="suspension")
    assert found.unexplained == 0
    return len(list(lists.verified(found).marked()))


def test_five_hundred_suspended_at_once_sign_each_list_once(
    certificate: Certificate, registrar: User, signed: list[int]
):
    held = [certificate, *(unfinished(certificate) for _number in range(499))]
    signed.clear()
    assert (len(suspend(held, registrar)), sorted(signed), marked()) == (500, [1, 2], 500)


@on_postgresql
@really_committed
def test_five_hundred_suspended_by_five_registrars_at_once_lose_no_place(keys: None, signed: list[int]):
    """Each of the five acts signs each list once, one after the other; none waits for another crosswise."""
    registrars = [factories.make_person() for _number in range(5)]
    for person in registrars:
        factories.give(person, factories.Position.REGISTRAR)
    certificate = make_certificate(factories.make_person())
    held = [certificate, *(unfinished(certificate) for _number in range(499))]
    signed.clear()
    start = Barrier(len(registrars))

    def act(number: int) -> int:
        start.wait()
        try:
            return len(suspend(held[number :: len(registrars)], registrars[number]))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(registrars)) as threads:
        assert list(threads.map(act, range(len(registrars)))) == [100] * 5
    assert (sorted(signed), marked()) == ([1] * 5 + [2] * 5, 500)
    assert CertificateEvent.objects.count() == 500


@on_postgresql
@really_committed
def test_suspended_by_two_registrars_at_once_one_counts_and_the_other_is_told(keys: None):
    registrars = [factories.make_person() for _number in range(2)]
    for person in registrars:
        factories.give(person, factories.Position.REGISTRAR)
    certificate = make_certificate(factories.make_person())
    outcomes: list[str] = []
    start = Barrier(2)

    def suspend(person: User) -> None:
        start.wait()
        try:
            actions_life.suspend(
                certificate=certificate,
                reason="inquiry",
                last_day=clock.today() + timedelta(days=3),
                by=person,
            )
            outcomes.append("suspended")
        except ActRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=suspend, args=[person]) for person in registrars]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "suspended"]
    assert CertificateEvent.objects.count() == 1
