"""Transfers, corrections, merges and take-overs of one person at the same instant: one wins, nothing overlaps."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections, transaction

from accounts.actions.invitations import accept_invitation, invite
from accounts.models import Invitation
from merging.actions.merge import confirm_merge, propose_merge
from operations import clock
from operations.history import HistoryError, Stale
from operations.models import Proposal
from operations.proposals import ProposalError
from people.actions import postings as posting_actions
from people.actions.grants import revoke_grant
from people.models import Grant, Posting, User
from tests import factories
from tests.databases import on_postgresql, really_committed, wait_until_somebody_waits
from tests.operations.test_history_together import together

pytestmark = really_committed
DAY = timedelta(days=1)
ROUNDS = 5 if connection.vendor == "postgresql" else 1


def live_is_sound(person: User) -> None:
    """No two postings of one agency, no two main ones, at any instant."""
    rows = list(Posting.objects.known().filter(user=person).order_by("valid_from"))
    for one in rows:
        for other in rows:
            if one.pk < other.pk and (one.agency_id == other.agency_id or (one.main and other.main)):
                apart = (one.valid_to is not None and one.valid_to <= other.valid_from) or (
                    other.valid_to is not None and other.valid_to <= one.valid_from
                )
                assert apart


def test_registrars_who_end_each_other_wait_for_each_other(db: Any) -> None:
    """Nobody gets an error instead of an answer, and two stay."""
    for _round in range(ROUNDS):
        people = [factories.make_person() for _number in range(4)]
        grants = [factories.give(person, factories.Position.REGISTRAR) for person in people]

        def end(by: int, whose: int, people: Any = people, grants: Any = grants) -> None:
            try:
                revoke_grant(grant=grants[whose], by=people[by])
            except (ValidationError, PermissionDenied) as refusal:
                raise HistoryError(str(refusal)) from refusal

        said = together(lambda: end(0, 1), lambda: end(1, 0), lambda: end(2, 3), lambda: end(3, 2))
        assert sorted(said)[:2] == ["refused"] * 2 and set(said) <= {"won", "refused"}
        left = Grant.objects.live().filter(person__in=people)
        assert left.count() == 4 - said.count("won") >= 2
        for grant in left:
            revoke_grant(grant=grant, by=None)


def test_transfers_corrections_and_ends_of_one_person(agency: Any, unit: Any, role: Any) -> None:
    offices = [factories.make_unit(agency) for _ in range(3)]
    for round_ in range(ROUNDS):
        person = factories.make_person(unit=unit, role=role, service_number=f"T-{round_}")
        [held] = Posting.objects.known().filter(user=person)

        def transfer(office: Any, person: User = person, held: Posting = held) -> None:
            posting_actions.transfer(
                person=person, agency=agency, unit=office, role=role, service_number=held.service_number,
                valid_from=clock.now() - 5 * DAY, by=None,
            )  # fmt: skip

        def correct(held: Posting = held) -> None:
            said = posting_actions.PostingValues(
                unit=offices[0], role=role, service_number=held.service_number, valid_from=held.valid_from,
                valid_to=None,
            )  # fmt: skip
            posting_actions.correct_posting(posting=held, values=said, by=None)

        def end(held: Posting = held) -> None:
            posting_actions.end_posting(posting=held, valid_to=clock.now(), by=None)

        said = together(*(lambda office=office: transfer(office) for office in offices), correct, end)
        assert set(said) <= {"won", "refused"} and "won" in said
        live_is_sound(person)
        first = Posting.objects.filter(user=person).order_by("recorded_at", "pk")[0]
        assert first.pk == held.pk  # what was known first is still to be read


def test_merge_and_transfers_of_the_record_that_goes(
    agency: Any, unit: Any, role: Any, coordinator: Any, admin: Any
) -> None:
    office = factories.make_unit(agency)
    for round_ in range(ROUNDS):
        kept = factories.make_person(unit=unit, role=role, service_number=f"K-{round_}")
        gone = factories.make_person(
            unit=unit, role=role, service_number=f"G-{round_}",
            posted_from=factories.a_year_ago() - 100 * DAY,
        )  # fmt: skip
        before = Posting.objects.filter(user=gone).count()
        proposal: Proposal = propose_merge(kept=kept, gone=gone, by=coordinator)

        def merge(proposal: Proposal = proposal) -> None:
            confirm_merge(proposal=proposal, by=admin)

        def transfer(gone: User = gone, round_: int = round_) -> None:
            posting_actions.transfer(
                person=gone, agency=agency, unit=office, role=role, service_number=f"G-{round_}",
                valid_from=clock.now() - 5 * DAY, by=None,
            )  # fmt: skip

        said = together(merge, transfer, transfer)
        assert "deadlock" not in said
        live_is_sound(kept)
        live_is_sound(gone)
        assert Posting.objects.filter(user=gone).count() >= before
        gone.refresh_from_db()
        if gone.merged_into_id:
            kept_rows = Posting.objects.known().filter(user=kept)
            assert kept_rows.filter(service_number=f"G-{round_}").exists()


@on_postgresql
def test_merge_waits_for_whom_it_will_change_before_it_holds_others(
    unit: Any, role: Any, coordinator: Any, admin: Any
) -> None:
    """A roster that locks everybody by key, and a merge: neither holds what the other waits for."""
    led, kept, gone = (factories.make_person(unit=unit, role=role) for _ in range(3))
    User.objects.filter(pk=led.pk).update(supervisor=gone)
    proposal = propose_merge(kept=kept, gone=gone, by=coordinator)
    pool = ThreadPoolExecutor(1)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=led.pk)
        merging = pool.submit(_confirmed, proposal, admin)
        wait_until_somebody_waits()
        User.objects.select_for_update(no_key=True, nowait=True).get(pk=kept.pk)
    merging.result()
    pool.shutdown()
    led.refresh_from_db()
    assert led.supervisor == kept


def _confirmed(proposal: Proposal, by: User) -> None:
    _done(lambda: confirm_merge(proposal=proposal, by=by))


def _done(act: Callable[[], Any]) -> None:
    try:
        act()
    finally:
        connections.close_all()


@on_postgresql
@pytest.mark.parametrize("act", ["accept", "invite"])
def test_invitation_is_held_after_its_person(act: str, agency: Any, unit: Any, role: Any) -> None:
    """Whoever gives a position or corrects the address holds the person first: neither waits for the other."""
    person = factories.make_person(unit=unit, role=role)
    [invitation] = invite(people=[person], agency=agency, way="mail", by=None)
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: accept_invitation(invitation=invitation, password=factories.PASSWORD, by=None),
        "invite": lambda: invite(people=[person], agency=agency, way="mail", by=None),
    }
    pool = ThreadPoolExecutor(1)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        waiting = pool.submit(_done, acts[act])
        wait_until_somebody_waits()
        Invitation.objects.select_for_update(nowait=True).get(pk=invitation.pk)
    waiting.result()
    pool.shutdown()
    invitation.refresh_from_db()
    assert bool(invitation.used_at) == (act == "accept") != bool(invitation.revoked_at)


def test_one_proposal_is_confirmed_once(unit: Any, role: Any, coordinator: Any, admin: Any) -> None:
    kept, gone = (factories.make_person(unit=unit, role=role) for _ in range(2))
    proposal = propose_merge(kept=kept, gone=gone, by=coordinator)

    def confirm() -> None:
        try:
            confirm_merge(proposal=Proposal.objects.get(pk=proposal.pk), by=admin)
        except ProposalError as refusal:
            raise Stale(str(refusal)) from refusal

    said = together(confirm, confirm, confirm)
    assert sorted(said) == ["refused", "refused", "won"]
    live_is_sound(kept)
