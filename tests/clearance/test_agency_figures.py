"""Numbers of an agency by unit and function, each of which opens its list."""

from datetime import timedelta

import pytest
from django.urls import reverse

from certificates.actions_life import suspend
from clearance.agency_figures import choices
from locales.dates import day_text
from operations import clock
from tests import factories, tiny
from tests.certificates.issuing import make_certificate
from tests.elearning.pages import flat

pytestmark = pytest.mark.usefixtures("keys")
HOME = "/en/people/home/"


def part(person):
    [found] = factories.client_of(person).get(HOME).context["parts"]
    return found.context


def numbers(person) -> dict[str, tuple[int, int, int]]:
    return {
        row["name"].strip(): (row["cells"][0]["certified"], row["cells"][0]["due"], row["cells"][0]["ending"])
        for row in part(person)["rows"]
    }


def listed(person, href: str) -> int:
    return len(factories.client_of(person).get(href).context["rows"])


def test_numbers_by_unit_include_those_below_and_open_their_lists(
    curriculum, agency, unit, role, officer, officer2, coordinator
):
    below = factories.make_unit(agency, "sub", parent=unit)
    factories.make_person("Bayramov", unit=below, role=role)
    factories.make_person("Qasımov", unit=below, role=factories.make_role("POL"))  # another role
    tiny.certify(curriculum, officer)
    assert [(function.code, needed) for function, needed in part(coordinator)["functions"]] == [("F8", False)]
    assert numbers(coordinator) == {
        "The whole agency": (1, 2, 0), "ganja (en)": (1, 2, 0), "sub (en)": (0, 1, 0),
    }  # fmt: skip
    for row in part(coordinator)["rows"]:
        [cell] = row["cells"]
        for name in ("certified", "due", "ending"):
            assert listed(coordinator, cell[f"{name}_href"]) == cell[name], (row["name"], name)


def test_certificate_that_ends_within_sixty_days_is_told(curriculum, officer, coordinator):
    certificate = tiny.certify(curriculum, officer)
    for days, ending in ((61, 0), (59, 1)):
        with clock.at(certificate.valid_to - timedelta(days=days)):
            assert numbers(coordinator)["The whole agency"] == (1, 0, ending)
            [cell] = part(coordinator)["rows"][0]["cells"]
            assert listed(coordinator, cell["ending_href"]) == ending


def test_suspended_is_told_until_when_apart_from_due(
    curriculum, officer, officer2, unit, role, coordinator, registrar
):
    factories.make_person("Bayramov", unit=unit, role=role)
    for number, person in enumerate((officer, officer2)):
        assert numbers(coordinator)["The whole agency"] == (0, 3 - number, 0)
        last_day = clock.today() + timedelta(days=5 + number)
        suspend(
            certificate=tiny.certify(curriculum, person), reason="name-check", last_day=last_day, by=registrar
        )
        text = flat(factories.client_of(coordinator).get(HOME).text)
        first = day_text(clock.today() + timedelta(days=5), "en")
        assert (
            f"are suspended, the first until {first}" if number else f"1 is suspended until {first}"
        ) in text
    for row in part(coordinator)["rows"]:
        [cell] = row["cells"]
        assert (cell["certified"], cell["due"], cell["suspended"], cell["number"]) == (0, 1, 2, 3)
        for name in ("certified", "due", "suspended"):
            assert listed(coordinator, cell[f"{name}_href"]) == cell[name]
        people = flat(factories.client_of(coordinator).get(cell["suspended_href"]).text)
        assert f"suspended until {first}" in people
    page = flat(factories.client_of(coordinator).get(reverse("people:person", args=[officer.public_id])).text)
    assert "suspended: C1-LAB" in page and "missing: C1-LAB" not in page
    with clock.at(clock.start_of(clock.today() + timedelta(days=6))):
        assert numbers(coordinator)["The whole agency"] == (1, 1, 0)


def test_one_suspended_lets_no_other_of_its_qualification_count(curriculum, officer, coordinator, registrar):
    """As at the desk: an officer with one in force and one suspended is not cleared."""
    suspended = tiny.certify(curriculum, officer)
    make_certificate(officer, qualification=suspended.qualification_version.qualification.code)
    assert numbers(coordinator)["The whole agency"] == (1, 0, 0)
    suspend(
        certificate=suspended, reason="name-check", last_day=clock.today() + timedelta(days=5), by=registrar
    )
    [cell] = part(coordinator)["rows"][0]["cells"]
    assert (cell["certified"], cell["due"], cell["suspended"]) == (0, 0, 1)
    for name in ("certified", "due", "suspended", "ending"):
        assert listed(coordinator, cell[f"{name}_href"]) == cell[name], name


def test_what_nobody_can_earn_is_due_from_nobody(curriculum, officer, coordinator, unit):
    tiny.function("F9", 9, "Leads", needs=["C9"], roles=["LAB"])
    tiny.function("F12", 12, "Shelter intake", roles=["SHE"])
    assert [function.code for function, _needed in part(coordinator)["functions"]] == ["F8"]
    assert {value.partition(":")[0] for value, _name in choices()} == {"F8", "F12"}  # of any agency
    page = factories.client_of(coordinator).get(reverse("clearance:staffing_of", args=[unit.public_id]))
    assert "F8" in page.text and "Shelter intake" not in page.text


def test_another_agency_is_not_counted(curriculum, officer, coordinator_other, auditor):
    assert factories.client_of(coordinator_other).get(HOME).context["parts"] == []
    assert factories.client_of(auditor).get(HOME).status_code == 200


def test_queries_do_not_grow_with_people(curriculum, officer, unit, role, coordinator):
    client = factories.client_of(coordinator)
    tiny.certify(curriculum, officer)
    client.get(HOME)
    with factories.counted() as one:
        client.get(HOME)
    for number in range(3):
        tiny.certify(curriculum, factories.make_person(f"Bayramov{number}", unit=unit, role=role))
    with factories.counted() as three:
        client.get(HOME)
    assert len(three) == len(one)


def test_export_of_people_says_when_certificates_end(curriculum, officer, officer2, coordinator):
    certificate = tiny.certify(curriculum, officer)
    answer = factories.client_of(coordinator).post("/en/people/export/", {"form": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heads, *rows = [line.split(";") for line in text.splitlines()]
    assert heads[-3:] == ["Certificate", "Last day", "State"]
    last = day_text(clock.last_day(certificate.valid_to), "en")
    assert sorted(row[-3:-1] for row in rows) == [["", ""], ["C1-LAB", last]]
