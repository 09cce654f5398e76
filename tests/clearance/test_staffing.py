"""How many certified people each unit needs: entered by its coordinator; what is missing stands in *My agency*."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from clearance.actions_staffing import set_staffing
from clearance.models import MOST_NEEDED, Staffing
from operations.models import AuditEntry
from tests import factories, tiny
from tests.clearance.test_agency_figures import HOME, listed, part
from tests.elearning.pages import flat
from tests.factories import Position, client_of

pytestmark = pytest.mark.usefixtures("keys", "curriculum")
LIST = "/en/people/staffing/"
SURE = {"sure": "1"}


def page_of(unit) -> str:
    return reverse("clearance:staffing_of", args=[unit.public_id])


def kept() -> dict[tuple[str, str], int]:
    rows = Staffing.objects.values_list("unit__code", "function__code", "number")
    return {(unit, function): number for unit, function, number in rows}


def needed(person) -> dict[str, tuple[int, int]]:
    return {
        row["name"].strip(): (row["cells"][0]["needed"], row["cells"][0]["missing"])
        for row in part(person)["rows"]
    }


def test_coordinator_enters_what_a_unit_needs_and_reads_what_is_missing(
    curriculum, officer, officer2, unit, coordinator
):
    client = client_of(coordinator)
    assert f'href="{LIST}"' in client.get(HOME).text
    assert "nothing entered" in client.get(LIST).text and page_of(unit) in client.get(LIST).text
    asked = client.post(page_of(unit), {"F8": "3"}).text
    assert ": 3, until now 0" in asked and not Staffing.objects.exists()
    said = client.post(page_of(unit), {"F8": "3", **SURE}, follow=True).text
    assert "Saved: how many this unit needs." in said and "F8: 3" in said
    tiny.certify(curriculum, officer)
    assert needed(coordinator) == {"The whole agency": (3, 2), "ganja (en)": (3, 2)}
    home = flat(client.get(HOME).text)
    assert "2 are missing" in home
    for row in part(coordinator)["rows"]:
        [cell] = row["cells"]
        assert client.get(cell["needed_href"]).status_code == 200
        assert (
            listed(coordinator, cell["missing_href"]) == 1
        )  # who could be certified: the other one of the role


def test_change_leaves_one_entry_with_what_was_before(curriculum, unit, coordinator):
    set_staffing(unit=unit, numbers={"F8": 3}, by=coordinator)
    assert set_staffing(unit=unit, numbers={"F8": 3}, by=coordinator) == {}
    assert set_staffing(unit=unit, numbers={"F8": 5}, by=coordinator) == {"F8": (3, 5)}
    assert set_staffing(unit=unit, numbers={}, by=coordinator) == {"F8": (5, 0)}
    assert kept() == {}
    entries = AuditEntry.objects.filter(act="clearance.set_staffing").order_by("pk")
    assert [(entry.by, entry.subject_id) for entry in entries] == [(coordinator, unit.public_id)] * 3
    assert [(entry.before["needed"], entry.after["needed"]) for entry in entries] == [
        ({"F8": 0}, {"F8": 3}), ({"F8": 3}, {"F8": 5}), ({"F8": 5}, {"F8": 0}),
    ]  # fmt: skip


def test_auditor_reads_the_change_in_words(english, curriculum, unit, coordinator, auditor):
    set_staffing(unit=unit, numbers={"F8": 3}, by=coordinator)
    trail = flat(client_of(auditor).get(reverse("audit:audit")).text)
    assert "Needed numbers of a unit entered" in trail


def test_units_below_are_added_and_surplus_is_no_gap(
    curriculum, officer, officer2, agency, unit, coordinator
):
    below = factories.make_unit(agency, "sub", parent=unit)
    set_staffing(unit=unit, numbers={"F8": 1}, by=coordinator)
    set_staffing(unit=below, numbers={"F8": 2}, by=coordinator)
    for person in (officer, officer2):
        tiny.certify(curriculum, person)
    assert needed(coordinator) == {"The whole agency": (3, 1), "ganja (en)": (3, 1), "sub (en)": (2, 2)}
    set_staffing(unit=below, numbers={}, by=coordinator)
    assert needed(coordinator) == {"The whole agency": (1, 0), "ganja (en)": (1, 0), "sub (en)": (0, 0)}


def test_column_is_left_out_where_nothing_was_entered(curriculum, officer, unit, coordinator):
    tiny.function("F9", 9, "Another", roles=["LAB"])
    heading = '<th scope="col">{}<small>needed</small></th>'
    home = flat(client_of(coordinator).get(HOME).text)
    assert heading.format("F8") not in home and heading.format("F9") not in home
    set_staffing(unit=unit, numbers={"F9": 2}, by=coordinator)
    home = flat(client_of(coordinator).get(HOME).text)
    assert heading.format("F8") not in home and heading.format("F9") in home


def test_function_that_nobody_performs_yet_shows_what_is_missing(curriculum, officer, unit, coordinator):
    factories.make_role("POL")
    tiny.function("F9", 9, "Another", roles=["POL"])
    assert [function.code for function, _needed in part(coordinator)["functions"]] == ["F8"]
    set_staffing(unit=unit, numbers={"F9": 2}, by=coordinator)
    found = {
        cell["function"].code: (cell["number"], cell["needed"], cell["missing"])
        for cell in part(coordinator)["rows"][0]["cells"]
    }
    assert found == {"F8": (1, 0, 0), "F9": (0, 2, 2)}


def test_number_that_cannot_be_is_refused(curriculum, unit, coordinator):
    client = client_of(coordinator)
    for entered in ("-1", str(MOST_NEEDED + 1), "many", "1.5"):
        answer = client.post(page_of(unit), {"F8": entered, **SURE})
        assert answer.status_code == 200 and answer.context["form"].errors["F8"], entered
    for numbers in ({"F8": -1}, {"F8": MOST_NEEDED + 1}, {"F0": 1}):
        with pytest.raises(ValidationError):
            set_staffing(unit=unit, numbers=numbers, by=coordinator)
    assert kept() == {}


@pytest.mark.parametrize("number", [0, MOST_NEEDED + 1])
def test_the_database_refuses_it_too(curriculum, unit, number):
    with pytest.raises(DatabaseError), transaction.atomic():
        Staffing.objects.create(unit=unit, function=curriculum.desk_review, number=number)


def test_the_database_keeps_one_number_for_a_unit_and_function(curriculum, unit):
    Staffing.objects.create(unit=unit, function=curriculum.desk_review, number=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Staffing.objects.create(unit=unit, function=curriculum.desk_review, number=2)


@pytest.mark.parametrize(
    "who", ["outsider", "officer", "duty_officer", "shift_leader", "auditor", "admin", "registrar", "trainer"]
)
def test_nobody_else_enters_it(request, unit, who):
    person = request.getfixturevalue(who)
    client = client_of(person)
    sent = client.post(page_of(unit), {"F8": "1", **SURE})
    assert [client.get(LIST).status_code, client.get(page_of(unit)).status_code, sent.status_code] == [
        403
    ] * 3
    with pytest.raises(PermissionDenied):
        set_staffing(unit=unit, numbers={"F8": 1}, by=person)
    assert kept() == {}


def test_coordinator_enters_nothing_for_another_agency(unit, other_unit, coordinator, coordinator_other):
    client = client_of(coordinator_other)
    assert client.get(page_of(unit)).status_code == 404
    assert client.post(page_of(unit), {"F8": "1", **SURE}).status_code == 404
    with pytest.raises(PermissionDenied):
        set_staffing(unit=unit, numbers={"F8": 1}, by=coordinator_other)
    set_staffing(unit=unit, numbers={"F8": 1}, by=coordinator)
    assert "F8: 1" not in client.get(LIST).text


def test_coordinator_of_two_agencies_chooses_one(unit, other_unit, coordinator, other_agency):
    factories.give(coordinator, Position.COORDINATOR, agency=other_agency)
    client = client_of(coordinator)
    assert "In which agency?" in client.get(LIST).text
    assert other_unit.name in client.get(f"{LIST}?agency={other_agency.public_id}").text


@pytest.mark.parametrize("address", [HOME, LIST])
def test_queries_do_not_grow_with_units_and_functions(
    curriculum, officer, agency, unit, coordinator, address
):
    client = client_of(coordinator)
    tiny.certify(curriculum, officer)
    set_staffing(unit=unit, numbers={"F8": 2}, by=coordinator)
    client.get(address)
    with factories.counted() as one:
        client.get(address)
    for number in range(3):
        tiny.function(f"F1{number}", 10 + number, "Another", roles=["LAB"])
    for number in range(3):
        more = factories.make_unit(agency, f"unit-{number}", parent=unit)
        factories.make_person(unit=more)
        set_staffing(unit=more, numbers={"F8": 1, "F10": 2, "F11": 3, "F12": 1}, by=coordinator)
    with factories.counted() as three:
        answer = client.get(address)
    assert len(three) == len(one)
    assert "F12" in answer.text
