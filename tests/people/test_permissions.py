from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.cms_permissions import CmsPermissions
from accounts.permissions import may_enter_cms
from operations import clock
from people.actions.grants import grant, revoke_grant
from people.models import Grant, Unit, User
from people.permissions import (
    holds,
    holds_everywhere,
    positions_of,
)
from tests import factories
from tests.factories import Position

CAST = [
    "officer", "trainer", "reviewer", "coordinator", "coordinator_other", "duty_officer", "registrar", "auditor",
    "admin", "outsider",
]  # fmt: skip


@pytest.fixture
def below(agency, unit) -> Unit:
    return factories.make_unit(agency, "below", parent=unit)


@pytest.fixture
def beside(agency) -> Unit:
    return factories.make_unit(agency, "beside")


def test_grant_for_a_unit_holds_there_and_below(duty_officer, agency, unit, below, beside, other_unit):
    held = [holds(duty_officer, "duty-officer", unit=each) for each in (unit, below, beside, other_unit)]
    assert held == [True, True, False, False]
    assert not holds(duty_officer, "duty-officer", agency=agency)
    assert not holds_everywhere(duty_officer, "duty-officer")


def test_grant_for_an_agency_holds_for_all_its_units(coordinator, agency, other_agency, below, other_unit):
    assert holds(coordinator, "coordinator", agency=agency)
    assert holds(coordinator, "coordinator", unit=below)
    assert not holds(coordinator, "coordinator", agency=other_agency)
    assert not holds(coordinator, "coordinator", unit=other_unit)
    assert not holds_everywhere(coordinator, "coordinator")


def test_unit_of_another_agency_is_not_the_agencys(coordinator, agency, other_unit):
    assert not holds(coordinator, "coordinator", agency=agency, unit=other_unit)


def test_grant_everywhere_holds_everywhere(registrar, agency, unit, other_unit):
    assert holds(registrar, "registrar", agency=agency)
    assert holds(registrar, "registrar", unit=other_unit)
    assert holds_everywhere(registrar, "registrar")


def test_grant_is_for_one_position(registrar, agency):
    assert not holds(registrar, "auditor")
    assert not holds(registrar, "coordinator", agency=agency)


def test_grant_holds_from_its_beginning_until_before_its_end(outsider, agency):
    now = clock.now()
    grant(
        person=outsider, position=Position.TUTOR, agency=agency, by=None,
        starts_at=now, ends_at=now + timedelta(days=1),
    )  # fmt: skip
    held = []
    for moment in (-timedelta(seconds=1), timedelta(0), timedelta(hours=23), timedelta(days=1)):
        with clock.at(now + moment):
            held.append((holds(outsider, "tutor"), "tutor" in positions_of(outsider)))
    assert held == [(False, False), (True, True), (True, True), (False, False)]


def test_revoked_grant_does_not_hold(registrar):
    revoke_grant(grant=registrar.grants.get(), by=None)
    assert not holds(registrar, "registrar")
    assert positions_of(registrar) == frozenset()


def test_somebody_switched_off_holds_nothing(registrar, agency):
    User.objects.filter(pk=registrar.pk).update(is_active=False)
    registrar.refresh_from_db()
    assert not holds(registrar, "registrar")
    assert not holds_everywhere(registrar, "registrar")


@pytest.mark.parametrize("stranger", [None, AnonymousUser()])
def test_stranger_holds_nothing(db, stranger):
    assert not holds(stranger, "trainer")
    assert not may_enter_cms(stranger)


@pytest.mark.parametrize("person", CAST)
def test_only_trainers_and_reviewers_enter_the_cms(person, request):
    assert may_enter_cms(request.getfixturevalue(person)) == (person in {"trainer", "reviewer"})


def test_cms_permissions_come_from_the_registry(trainer, reviewer, outsider):
    registry = CmsPermissions()
    registry.allow(Position.TRAINER, ["courses.change_lessonpage"])
    assert registry.names_of(trainer) == {"courses.change_lessonpage"}
    assert registry.names_of(reviewer) == registry.names_of(outsider) == set()


def test_page_permissions_come_from_the_registry(trainer, outsider, curriculum):
    registry = CmsPermissions()
    registry.register_pages(Position.TRAINER, lambda: curriculum.course, ["change"])
    registry.register_pages(Position.TRAINER, lambda: None, ["publish"])
    [found] = registry.pages_of(trainer)
    assert (found.page, found.page_id, found.permission.codename) == (
        curriculum.course, curriculum.course.pk, "change_page",
    )  # fmt: skip
    assert registry.pages_of(outsider) == []


def test_backend_gives_names_of_grants_alone(trainer, admin, outsider):
    assert [user.has_perm("wagtailadmin.access_admin") for user in (trainer, admin, outsider)] == [
        True, False, False,
    ]  # fmt: skip
    assert not trainer.has_perm("people.change_user")
    assert not trainer.has_perm("wagtailadmin.access_admin", obj=trainer)


def test_django_permissions_and_groups_give_nothing(outsider):
    from django.contrib.auth.models import Group, Permission

    permission = Permission.objects.get(codename="access_admin")
    outsider.user_permissions.add(permission)
    group = Group.objects.create(name="all")
    group.permissions.add(permission)
    outsider.groups.add(group)
    assert not User.objects.get(pk=outsider.pk).has_perm("wagtailadmin.access_admin")


def test_questions_take_few_queries(duty_officer, below):
    with factories.counted() as queries:
        holds(duty_officer, "duty-officer", unit=below)
    assert len(queries) == 2
    factories.make_unit(below.agency, "deeper", parent=below)
    with factories.counted() as again:
        holds(duty_officer, "duty-officer", unit=below)
    assert len(again) == len(queries)
    assert Grant.objects.count() == 1
