"""The table of permissions, over permissions of this test's own."""

import pytest
from django.contrib.auth.models import AnonymousUser

from people.models import Unit
from people.permissions import Reach, may, register_permission, where_may
from people.permissions.table import permissions
from tests import factories
from tests.factories import Position


@pytest.fixture
def act(monkeypatch):
    """Registers an act for this test alone."""

    def registered(**allowed: Reach) -> str:
        register_permission(
            "tests.act", "test", {name.replace("_", "-"): reach for name, reach in allowed.items()}
        )
        return "tests.act"

    yield registered
    permissions.pop("tests.act", None)


def test_act_is_registered_once(act):
    act(trainer=Reach.EVERYWHERE)
    with pytest.raises(ValueError, match="twice"):
        act(trainer=Reach.EVERYWHERE)


def test_reach_everywhere_needs_a_grant_everywhere(act, outsider, registrar, agency):
    factories.give(outsider, Position.REGISTRAR, agency=agency)
    code = act(registrar=Reach.EVERYWHERE)
    assert (may(registrar, code), may(registrar, code, agency=agency)) == (True, True)
    assert (may(outsider, code), may(outsider, code, agency=agency)) == (False, False)


def test_reach_of_an_agency(act, coordinator, agency, other_agency, unit, other_unit):
    code = act(coordinator=Reach.AGENCY)
    asked = [{}, {"agency": agency}, {"unit": unit}, {"agency": agency, "unit": unit}]
    assert [may(coordinator, code, **where) for where in asked] == [True] * 4
    beyond = [{"agency": other_agency}, {"unit": other_unit}, {"agency": agency, "unit": other_unit}]
    assert [may(coordinator, code, **where) for where in beyond] == [False] * 3
    where = where_may(coordinator, code)
    assert (where.everywhere, where.agencies, where.units) == (False, {agency.pk}, set())


def test_grant_for_a_unit_is_not_enough_where_an_agency_is_asked(act, duty_officer, unit, agency):
    code = act(duty_officer=Reach.AGENCY)
    assert [may(duty_officer, code, **where) for where in ({}, {"unit": unit}, {"agency": agency})] == [
        False
    ] * 3


def test_reach_of_a_unit(act, duty_officer, coordinator, unit, agency, other_unit):
    code = act(duty_officer=Reach.UNIT, coordinator=Reach.UNIT)
    below = factories.make_unit(agency, parent=unit)
    beside = factories.make_unit(agency)
    assert [may(duty_officer, code, unit=each) for each in (unit, below, beside, other_unit)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert not may(duty_officer, code, agency=agency)
    assert may(coordinator, code, unit=beside) and may(coordinator, code, agency=agency)
    where = where_may(duty_officer, code)
    assert set(Unit.objects.filter(where.within("agency", "pk"))) == {unit, below}


def test_system_may_everything_and_a_stranger_nothing(act, agency):
    code = act(trainer=Reach.EVERYWHERE)
    assert may(None, code, agency=agency)
    assert not may(AnonymousUser(), code) and not may(AnonymousUser(), code, agency=agency)


def test_question_is_two_queries_at_most(act, duty_officer, unit):
    code = act(duty_officer=Reach.UNIT, coordinator=Reach.AGENCY, administrator=Reach.EVERYWHERE)
    with factories.counted() as queries:
        assert may(duty_officer, code, unit=unit)
    assert len(queries) == 2
