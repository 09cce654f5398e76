"""Who may act in several agencies chooses in which, in every act."""

import pytest

from people.actions.postings import post
from tests import factories

pytestmark = pytest.mark.django_db
CHOICE = "In which agency?"


@pytest.fixture
def of_two(agency, other_agency, other_unit, coordinator, client_of):
    factories.give(coordinator, "coordinator", agency=other_agency)
    return client_of(coordinator)


@pytest.mark.parametrize(
    "address",
    [
        "/en/people/add/", "/en/people/units/", "/en/people/units/add/", "/en/people/take-over/",
        "/en/people/invitations/new/", "/en/people/staffing/",
    ],
)  # fmt: skip
def test_agency_is_chosen_first(address, of_two, agency, other_agency):
    page = of_two.get(address)
    assert CHOICE in page.text
    for each in (agency, other_agency):
        href = f"?agency={each.public_id}"
        assert f'href="{href}"' in page.text
        chosen = of_two.get(address + href).text
        assert CHOICE not in chosen and each.name_en in chosen


def test_who_is_to_be_invited_stays_chosen(of_two, officer, agency, other_unit):
    post(
        person=officer,
        unit=other_unit,
        role=factories.make_role(),
        service_number="B-2",
        valid_from=factories.a_year_ago(),
        main=False,
        by=None,
    )
    page = of_two.get(f"/en/people/invitations/new/?person={officer.public_id}").text
    assert CHOICE in page and f"?person={officer.public_id}&amp;agency={agency.public_id}" in page


def test_agency_of_the_one_who_is_to_be_invited_is_not_asked_for(of_two, agency, other_agency, other_unit):
    """And "no" leads back to the same page."""
    person = factories.make_person(unit=other_unit, service_number="B-1", email=None)
    address = f"/en/people/invitations/new/?person={person.public_id}"
    page = of_two.get(address).text
    assert CHOICE not in page and other_agency.name_en in page and f'value="{person.public_id}"' in page
    asked = of_two.post(address, {"agency": other_agency.code, "ids": person.public_id}).text
    assert f'href="{address}&amp;agency={other_agency.code}"' in asked


def test_one_agency_is_not_asked_for(coordinator, client_of):
    for address in ("/en/people/add/", "/en/people/take-over/"):
        assert CHOICE not in client_of(coordinator).get(address).text
