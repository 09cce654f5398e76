"""Giving and ending positions, and which exclude each other."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override

from accounts.actions.accounts import close_account
from operations import clock
from operations.models import AuditEntry, AuditValue, Notice
from people.actions import grants as grant_actions
from people.models import Grant, User
from people.permissions import holds, holds_everywhere, positions_of
from people.permissions.exclusions import excluding_pairs, scopes_of_position
from people.permissions.grants import BY_TWO
from tests import factories
from tests.databases import on_postgresql, really_committed
from tests.factories import Position
from tests.operations.test_history_together import together

PAIRS = [(first, second) for first, second, _why in excluding_pairs()]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_excluding_positions_are_not_held_together(outsider, agency, first, second):
    for held, wanted in ((first, second), (second, first)):
        grant = factories.give(outsider, held)
        with override("en"), pytest.raises(ValidationError, match="exclude each other"):
            factories.give(outsider, wanted)
        assert positions_of(outsider) == {held}
        grant_actions.revoke_grant(grant=grant, by=None)


def test_pairs_that_exclude_each_other_are_the_decided_ones():
    """docs/decisions/0011-positions.md gives the reasons."""
    auditor = {(position, "auditor") for position in Position.values} | {("auditor", "administrator")}
    auditor -= {
        (each, "auditor") for each in ("auditor", "administrator", "national-coordinator", "break-glass")
    }
    others = {
        ("registrar", "administrator"), ("rule-owner", "administrator"), ("assessor", "registrar"),
        ("coordinator", "registrar"), ("registrar", "rule-owner"),
    }  # fmt: skip
    assert {(str(first), str(second)) for first, second in PAIRS} == auditor | others


def test_position_that_has_ended_excludes_nothing(outsider):
    now = clock.now()
    with clock.at(now - timedelta(days=10)):
        grant_actions.grant(
            person=outsider, position=Position.AUDITOR, ends_at=now - timedelta(days=1), by=None
        )
    assert factories.give(outsider, Position.TRAINER).state == "live"


def test_position_to_come_excludes_what_reaches_into_it(outsider):
    tomorrow = clock.now() + timedelta(days=1)
    grant_actions.grant(person=outsider, position=Position.AUDITOR, starts_at=tomorrow, by=None)
    with pytest.raises(ValidationError):
        grant_actions.grant(person=outsider, position=Position.TRAINER, by=None)
    until = grant_actions.grant(person=outsider, position=Position.TRAINER, ends_at=tomorrow, by=None)
    assert until.state == "live"


@pytest.mark.parametrize("position", Position.values)
def test_position_is_given_only_for_its_areas(admin, outsider, agency, unit, position):
    if position in BY_TWO | {Position.BREAK_GLASS}:
        return
    wheres = {"everywhere": {}, "agency": {"agency": agency}, "unit": {"unit": unit}}
    given = set()
    for name, where in wheres.items():
        try:
            grant_actions.grant(person=outsider, position=position, by=admin, **where)
            given.add(name)
        except ValidationError:
            pass
    assert given == scopes_of_position(position)


def test_same_position_is_not_given_twice(admin, outsider, agency, other_agency):
    grant_actions.grant(person=outsider, position=Position.COORDINATOR, agency=agency, by=admin)
    with override("en"), pytest.raises(ValidationError, match="already"):
        grant_actions.grant(person=outsider, position=Position.COORDINATOR, agency=agency, by=admin)
    grant_actions.grant(person=outsider, position=Position.COORDINATOR, agency=other_agency, by=admin)
    assert outsider.grants.count() == 2


def test_closed_account_holds_no_position(admin, outsider):
    close_account(person=outsider, reason="left", by=admin)
    with pytest.raises(ValidationError):
        grant_actions.grant(person=outsider, position=Position.TRAINER, by=admin)


def test_person_is_told_of_a_position_and_of_its_end(admin, outsider):
    grant = grant_actions.grant(person=outsider, position=Position.TRAINER, by=admin)
    grant_actions.revoke_grant(grant=grant, by=admin)
    assert list(Notice.objects.filter(person=outsider).order_by("pk").values_list("kind", flat=True)) == [
        "people.position_given", "people.position_ended",
    ]  # fmt: skip


def test_coordinator_gives_and_ends_duty_officers_of_the_own_agency(
    coordinator, coordinator_other, officer, unit, agency
):
    grant = grant_actions.grant(person=officer, position=Position.DUTY_OFFICER, unit=unit, by=coordinator)
    for refused in (coordinator_other, officer):
        with pytest.raises(PermissionDenied):
            grant_actions.revoke_grant(grant=grant, by=refused)
    grant_actions.revoke_grant(grant=grant, by=coordinator)
    assert not holds(officer, "duty-officer", unit=unit)
    for scope in ({}, {"unit": unit}):
        with pytest.raises(PermissionDenied):
            grant_actions.grant(person=officer, position=Position.DUTY_OFFICER, by=coordinator_other, **scope)
    with pytest.raises(PermissionDenied):
        grant_actions.grant(person=officer, position=Position.COORDINATOR, agency=agency, by=coordinator)
    stranger = factories.make_person(unit=factories.make_unit(factories.make_agency()))
    with pytest.raises(PermissionDenied):  # of another agency, for a unit of the own one
        grant_actions.grant(person=stranger, position=Position.DUTY_OFFICER, unit=unit, by=coordinator)


def test_nobody_ends_their_own_position(admin, registrar):
    for holder in (admin, registrar):
        with pytest.raises(PermissionDenied):
            grant_actions.revoke_grant(grant=holder.grants.get(), by=holder)


def test_end_of_a_registrar_is_told_to_registrars_and_auditors(
    admin, registrar, registrar2, auditor, outsider
):
    factories.give(outsider, Position.REGISTRAR)  # two stay
    grant_actions.revoke_grant(grant=registrar.grants.get(), by=admin, reason="left")
    told = Notice.objects.filter(kind="people.registrar_ended").values_list("person", flat=True)
    assert set(told) == {registrar2.pk, outsider.pk, auditor.pk}
    assert AuditValue.objects.get(entry__act="people.revoke_grant").after == "left"


def test_database_has_no_superuser(officer):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=officer.pk).update(is_superuser=True)


# --- emergency access ----------------------------------------------------------------------------


def test_emergency_access_is_every_position_for_an_hour(officer, agency):
    with clock.at(clock.now()):
        given = grant_actions.break_glass(person=officer, reason="All administrators are away", by=None)
        assert all(holds_everywhere(officer, position) for position in Position)
    with clock.at(given.ends_at - timedelta(seconds=1)):
        assert holds(officer, "coordinator", agency=agency)
    with clock.at(given.ends_at):
        assert positions_of(officer) == frozenset()
    assert given.ends_at - given.starts_at == timedelta(hours=1)


def test_emergency_access_is_announced_and_kept(officer, admin, auditor, registrar, coordinator):
    given = grant_actions.break_glass(person=officer, reason="fire", by=None)
    told = Notice.objects.filter(kind="people.break_glass", subject_id=given.public_id)
    assert set(told.values_list("person", flat=True)) == {admin.pk, auditor.pk}
    entry = AuditEntry.objects.get(act="people.break_glass")
    assert (entry.by, entry.subject_id, entry.values.get().after) == (None, officer.public_id, "fire")


def test_emergency_access_needs_a_reason_and_is_given_once(officer, officer2):
    with pytest.raises(ValidationError):
        grant_actions.break_glass(person=officer, reason=" ", by=None)
    grant_actions.break_glass(person=officer, reason="fire", by=None)
    with pytest.raises(ValidationError):
        grant_actions.break_glass(person=officer2, reason="fire", by=None)


def test_emergency_access_is_ended_by_an_administrator_and_given_by_nobody(officer, admin, outsider):
    given = grant_actions.break_glass(person=officer, reason="fire", by=None)
    with pytest.raises(PermissionDenied):
        grant_actions.grant(person=outsider, position=Position.BREAK_GLASS, by=admin)
    grant_actions.revoke_grant(grant=given, by=admin)
    assert positions_of(officer) == frozenset()


def test_emergency_access_without_an_end_is_refused_by_the_database(officer):
    row = Grant(person=officer, position=Position.BREAK_GLASS, starts_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


# --- at the same instant ---------------------------------------------------------------------------


@on_postgresql
@really_committed
def test_one_of_two_excluding_positions_wins():
    for _round in range(10):
        person = factories.make_person()

        def give(position, person=person):
            try:
                grant_actions.grant(person=person, position=position, by=None)
            except ValidationError:
                from operations.history import HistoryError

                raise HistoryError("refused") from None

        said = together(lambda give=give: give("registrar"), lambda give=give: give("auditor"))
        assert sorted(said) == ["refused", "won"]
        assert person.grants.count() == 1
    assert connection.vendor == "postgresql"
