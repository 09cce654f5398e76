"""The tree of units: who changes it, what it refuses."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from operations.models import AuditEntry
from people.actions.agencies import add_agency
from people.actions.units import edit_unit, free_code
from people.models import Agency, Unit
from people.people_list import tree_of
from tests import factories
from tests.factories import counted, names

pytestmark = pytest.mark.django_db
UNITS = "/en/people/units/"


def edit(unit, by=None, **changed) -> None:
    given = {
        "names": names(unit.code), "kind": unit.kind, "parent": unit.parent, "district": unit.district,
        "duty_telephone": unit.duty_telephone, **changed,
    }  # fmt: skip
    edit_unit(unit=unit, by=by, **given)


def data(**more) -> dict[str, str]:
    return {
        "name_az": "Şəki şöbəsi", "name_en": "Sheki office", "name_ru": "Шекинское отделение", "kind": "local",
        "duty_telephone": "024 000 00 00", **more,
    }  # fmt: skip


def test_tree_puts_each_unit_above_those_below_it(agency, unit):
    second = factories.make_unit(agency, "baku")
    below = factories.make_unit(agency, "below", parent=unit)
    lowest = factories.make_unit(agency, "a-lowest", parent=below)
    assert tree_of(agency) == [(second, 0), (unit, 0), (below, 1), (lowest, 2)]


def test_unit_is_renamed_moved_and_its_telephone_changed(agency, unit):
    above = factories.make_unit(agency)
    edit(unit, names=names("quba"), parent=above, duty_telephone="012 000 00 01")
    unit.refresh_from_db()
    assert (unit.name_az, unit.parent, unit.duty_telephone) == ("quba", above, "012 000 00 01")
    entry = AuditEntry.objects.get(act="people.edit_unit")
    assert entry.after["parent"] == above.public_id and entry.before["name_az"] == "ganja"


def test_nothing_changed_leaves_no_trace(unit):
    edit(unit)
    assert not AuditEntry.objects.filter(act="people.edit_unit").exists()


def test_unit_stands_below_neither_itself_nor_what_is_below_it(agency, unit):
    below = factories.make_unit(agency, parent=factories.make_unit(agency, parent=unit))
    for parent in (unit, below):
        with pytest.raises(ValidationError):
            edit(unit, parent=parent)
    assert Unit.objects.get(pk=unit.pk).parent is None


def test_unit_of_another_agency_is_not_above(unit, other_unit):
    with pytest.raises(ValidationError):
        edit(unit, parent=other_unit)


def test_agency_whose_name_no_certificate_could_print_is_refused(db):
    names = {"az": "Mərkəz → Bakı 漢", "en": "Centre", "ru": "Центр"}
    with pytest.raises(ValidationError, match="sertifikatda çap etmək mümkün deyil"):
        add_agency(code="hub", kind=Agency.Kind.OTHER, names=names, by=None)


def test_code_is_made_of_the_name_and_free(agency):
    assert free_code(agency, "Şəki şöbəsi") == "seki-sobesi"
    factories.make_unit(agency, "seki-sobesi")
    assert free_code(agency, "Şəki şöbəsi") == "seki-sobesi-2"


def test_coordinator_adds_and_changes_after_being_asked(agency, unit, coordinator, client_of):
    client = client_of(coordinator)
    asked = client.post(UNITS + "add/", data(parent=unit.public_id))
    assert "Add this unit?" in asked.text and not Unit.objects.filter(code="seki-sobesi").exists()
    client.post(UNITS + "add/", data(parent=unit.public_id, sure="1"))
    made = Unit.objects.get(code="seki-sobesi")
    assert (made.parent, made.agency, made.name_ru) == (unit, agency, "Шекинское отделение")
    client.post(f"{UNITS}{made.public_id}/", data(name_az="Şəki bölməsi", sure="1"))
    made.refresh_from_db()
    assert (made.name_az, made.parent, made.code) == ("Şəki bölməsi", None, "seki-sobesi")


def test_refusal_stands_beside_its_field(agency, unit, coordinator, client_of):
    page = client_of(coordinator).post(f"{UNITS}{unit.public_id}/", data(parent=unit.public_id, sure="1"))
    assert page.text.count("A unit cannot stand below itself.") == 2


@pytest.mark.parametrize("number", ["abc", "012", "12345", "+7 495 000 00 00", "012 000 00 0x", "()", "+102"])
def test_telephone_that_cannot_be_called_is_refused_at_its_field(
    number, agency, unit, coordinator, client_of
):
    page = client_of(coordinator).post(f"{UNITS}{unit.public_id}/", data(duty_telephone=number))
    assert list(page.context["form"].errors) == ["duty_telephone"] and f'value="{number}"' in page.text


@pytest.mark.parametrize(
    "number",
    ["", "102", "152", "1545", "012 000 04 12", "(012) 000-04-12", "+994 12 000 04 12", "+994120000412"],
)
def test_telephone_that_can_be_called_is_kept_as_it_is_written(number, agency, unit, coordinator, client_of):
    client_of(coordinator).post(f"{UNITS}{unit.public_id}/", data(duty_telephone=number, sure="1"))
    unit.refresh_from_db()
    assert unit.duty_telephone == number


def test_page_shows_the_tree_with_numbers(officer, unit, coordinator, client_of):
    text = client_of(coordinator).get(UNITS).text
    assert ("ganja (en)" in text, "1 person" in text, "012 000 04 12" in text) == (True, True, True)


def test_tree_asks_as_often_for_three_units_as_for_one(agency, unit, coordinator, client_of):
    client = client_of(coordinator)
    client.get(UNITS)
    with counted() as one:
        client.get(UNITS)
    factories.make_unit(agency, parent=factories.make_unit(agency, parent=unit))
    with counted() as three:
        client.get(UNITS)
    assert len(one) == len(three)


def test_administrator_chooses_the_agency(agency, unit, other_unit, admin, client_of):
    client = client_of(admin)
    assert client.get(UNITS).text.count("?agency=") >= 2
    assert "baku (en)" in client.get(f"{UNITS}?agency={other_unit.agency.public_id}").text


def test_units_of_another_agency_are_not_found(unit, coordinator_other, client_of):
    client = client_of(coordinator_other)
    assert client.get(f"{UNITS}{unit.public_id}/").status_code == 404
    assert client.post(f"{UNITS}{unit.public_id}/", data(sure="1")).status_code == 404
    assert "ganja" not in client.get(f"{UNITS}?agency={unit.agency.public_id}").text


@pytest.mark.parametrize("by", ["outsider", "officer", "duty_officer", "registrar", "trainer"])
def test_units_are_closed_to_everybody_else(by, request, unit, client_of):
    by = request.getfixturevalue(by)
    client = client_of(by)
    assert [client.get(UNITS + rest).status_code for rest in ("", "add/", f"{unit.public_id}/")] == [403] * 3
    with pytest.raises(PermissionDenied):
        edit(unit, by, names=names("x"))


def test_auditor_reads_units_only(unit, auditor, agency, client_of):
    client = client_of(auditor)
    assert client.get(f"{UNITS}?agency={agency.public_id}").status_code == 200
    assert client.post(f"{UNITS}{unit.public_id}/", data(sure="1")).status_code == 403
