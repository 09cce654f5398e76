"""Acts at the same instant that need each other's rows: one waits for the other, none is broken off by the database."""

from collections.abc import Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from certificates import actions_acts, actions_appeals, actions_corrections, actions_life, happening, lists
from certificates.actions_life import REVOKE
from certificates.models import FULL_AT, Certificate, CertificateEvent, StatusList
from certificates.state import State
from operations import clock
from operations.models import Proposal
from people.models import User
from tests import factories, tiny
from tests.assessments.test_together import together
from tests.databases import on_postgresql, really_committed

from .correcting import propose as propose_name
from .correcting import state
from .ending import DAY, announce, end_at, newer_rules
from .issuing import make_certificate

pytestmark = [on_postgresql, really_committed]


def holding(position: str) -> User:
    person = factories.make_person()
    factories.give(person, position)
    return person


@pytest.fixture
def registrars(keys: None) -> list[User]:
    return [holding(factories.Position.REGISTRAR) for _number in range(3)]


def fill_the_lists() -> None:
    """The next certificate stands on lists of its own."""
    StatusList.objects.update(entries=FULL_AT)


def lists_of(certificate: Certificate) -> list[int]:
    reservation = certificate.reservation
    return [reservation.revocation_list.number, reservation.suspension_list.number]


def meet_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Two threads wait for each other when each has done this for the first time; a second at most."""
    really, meeting, done = getattr(module, name), Barrier(2), set[Any]()

    def perform(*args: Any, **more: Any) -> Any:
        found = really(*args, **more)
        if (me := connection.connection) not in done:
            done.add(me)
            with suppress(BrokenBarrierError):
                meeting.wait(1)
        return found

    monkeypatch.setattr(module, name, perform)


@pytest.fixture
def crosswise(keys: None, curriculum: tiny.Curriculum, registrars: list[User]) -> Iterator[list[Certificate]]:
    """Two people's newer certificates, each of which holds off the end of an older one, after the day of the change. The
    older one of the first stands on the lists of the newer one of the second, and the other way round.
    """
    first, second = factories.make_person(), factories.make_person()
    older = [make_certificate(first)]
    fill_the_lists()
    older.append(make_certificate(second))
    newer_rules()
    change = announce(curriculum.qualification, holding(factories.Position.RULE_OWNER), registrars[0])
    with clock.at(change.ends_at - DAY):
        newer = [make_certificate(first, way="renewal")]
        fill_the_lists()
        StatusList.objects.filter(number__in=lists_of(older[0])).update(entries=1)
        newer.append(make_certificate(second, way="renewal"))
    assert [lists_of(each) for each in (*older, *newer)] == [[1, 2], [3, 4], [3, 4], [1, 2]]
    end_at(change.ends_at)
    with clock.at(change.ends_at + DAY):
        yield newer


def test_two_revocations_that_end_older_certificates_on_each_others_lists_both_count(
    crosswise: list[Certificate], registrars: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    proposals = [
        actions_acts.propose(
            act=REVOKE, certificate=each, reason="exam-irregularity", reach="certificate", by=registrars[0]
        )
        for each in crosswise
    ]  # fmt: skip
    meet_after(monkeypatch, lists, "sign_lists_of")
    now = clock.now()

    def confirm(proposal: Proposal) -> str:
        with clock.at(now):
            actions_acts.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=registrars[1])
        return "done"

    assert together(*[lambda each=each: confirm(each) for each in proposals]) == ["done"] * 2
    kinds = CertificateEvent.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["ended", "ended", "revoked", "revoked"]
    assert sum(len(list(lists.verified(each).marked())) for each in StatusList.objects.all()) == 4


def test_name_corrected_while_its_certificate_is_suspended_and_appealed_against_waits(
    registrars: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One act begins with the person, the others with the certificate: all lock the person first."""
    first, second, third = registrars
    person = factories.make_person()
    certificate = make_certificate(person)
    correction = propose_name(person, first)
    event = actions_life.suspend(
        certificate=certificate, reason="inquiry", last_day=clock.today() + 3 * DAY, by=third
    )
    meet_after(monkeypatch, happening, "lock_holder")
    meet_after(monkeypatch, actions_corrections, "_decidable")

    def correct() -> str:
        return str(len(actions_corrections.confirm_correction(proposal=correction, by=second)))

    def appeal() -> str:
        return actions_appeals.appeal(
            event=event, category="facts", text="Başqa cür olub.", by=person
        ).category

    assert together(correct, appeal) == ["1", "facts"]
    states = [state(each).state for each in Certificate.objects.order_by("pk")]
    assert states == [State.SUPERSEDED, State.SUSPENDED]
