"""Figures for the whole country: counted per agency, and nobody to be inferred from them."""

import csv
import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from accounts.actions.invitations import invite
from clearance.country import table, trend
from courses import actions as courses
from operations import clock
from operations.rounding import FEW, Rounded, rounded
from people.actions.postings import end_posting
from people.country import SERVING
from people.models import User
from tests import factories, tiny
from tests.factories import Position, client_of, counted, give

pytestmark = pytest.mark.usefixtures("english")

PAGE = "/en/people/figures/"


@pytest.fixture
def national(db) -> User:
    person = factories.make_person("Nəcəfov", "Ülvi", password=factories.PASSWORD)
    give(person, Position.NATIONAL_COORDINATOR)
    return person


def people_in(unit, number: int, **more) -> list[User]:
    return [factories.make_person(unit=unit, **more) for _number in range(number)]


def cells(agency: str) -> dict[str, str]:
    """{code of the column: what is told} of an agency, a kind or the country, by its name."""
    found = table()
    [row] = [row for row in found.flat() if str(row.title) == agency]
    return {column.code: str(cell) for column, cell in zip(found.columns, row.cells, strict=True)}


# --- what is counted -----------------------------------------------------------------------------------------


def test_people_are_counted_in_each_column(unit, agency, curriculum, keys, coordinator):
    there = people_in(unit, 12)
    for person in there[:6]:
        factories.came_in(person)
        courses.enrol(person=person, course=curriculum.course, by=person)
    invite(people=there[6:], agency=agency, way="mail", by=coordinator)
    for person in people_in(unit, 5):
        [posting] = person.postings.all()
        end_posting(posting=posting, valid_to=clock.now(), by=None)
    told_of = cells(agency.name)
    assert {code: told_of[code] for code in (SERVING, "former", "signed-in", "invited", "courses")} == {
        SERVING: "10–14", "former": "5–9", "signed-in": "5–9", "invited": "5–9", "courses": "5–9",
    }  # fmt: skip
    assert told_of["certified-C1-LAB"] == "0"


def test_certified_and_ending_are_counted_by_qualification(unit, agency, curriculum, keys):
    there = people_in(unit, 11)
    for person in there[:6]:
        tiny.certify(curriculum, person)
    assert (cells(agency.name)["certified-C1-LAB"], cells(agency.name)["ending"]) == ("5–9", "0")
    last = max(person.awards.get().certificate.valid_to for person in there[:6])
    with clock.at(last - timedelta(days=30)):
        assert (cells(agency.name)["certified-C1-LAB"], cells(agency.name)["ending"]) == ("5–9", "5–9")
    with clock.at(last + timedelta(days=1)):
        assert cells(agency.name)["certified-C1-LAB"] == "0"


def test_kind_and_country_add_up_what_is_told(unit, other_unit, agency, other_agency):
    small = factories.make_unit(factories.make_agency("small"))
    people_in(unit, 7)
    people_in(other_unit, 6)
    people_in(small, 2)
    assert cells(agency.name)[SERVING] == "5–9"
    assert cells(small.agency.name)[SERVING] == "fewer than 5"
    found = table()
    country, *kinds = (row.cells[0] for row in found.rows)
    assert (country, kinds) == (Rounded(11, 22), [Rounded(6, 13), Rounded(5, 9)])


# --- what is not told ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers, said",
    [
        ([0], "0"),
        ([1, 2, 3, 4], "fewer than 5"),
        ([5, 6, 7, 8, 9], "5–9"),
        ([10, 12, 14], "10–14"),
        ([15], "15–19"),
        ([100, 104], "100–104"),
    ],
)
def test_numbers_are_told_in_steps_of_five(numbers, said):
    assert {str(rounded(number)) for number in numbers} == {said}
    assert {str(rounded(number, whole=200)) for number in numbers} == {said}


def test_who_joins_changes_nothing_on_the_page(national, unit, client_of):
    people_in(unit, 12)
    client = client_of(national)
    before = client.get(PAGE).text
    people_in(unit, 1)
    assert "10–14" in before
    assert table_in(client.get(PAGE).text) == table_in(before)


def table_in(page: str) -> str:
    return page[page.index("<table") : page.index("</table>")]


def test_of_few_people_nothing_is_told_not_even_of_none_or_all():
    """Whoever knows the two who serve somewhere would know of each."""
    for whole in range(1, FEW + 1):
        assert {rounded(part, whole=whole) for part in range(whole + 1)} == {Rounded(0, FEW)}
    assert rounded(0, whole=0) == Rounded(0, 0)


def test_total_is_told_from_its_cells_alone(unit, agency):
    """The same page whether three or four serve in the small one: subtraction finds the cell again, no more."""
    small = factories.make_unit(factories.make_agency("small"))
    people_in(unit, 9)
    people_in(small, 3)
    before = [row.cells for row in table().flat()]
    people_in(small, 1)
    assert [row.cells for row in table().flat()] == before


def test_no_name_and_no_number_of_anybody_is_on_it(national, officer, officer2, outsider, unit, client_of):
    people_in(unit, 6)
    client = client_of(national)
    answers = [
        client.get(PAGE).text,
        b"".join(client.post(f"{PAGE}export/", {"form": "csv"})).decode(),
        str(CalamineWorkbook.from_filelike(workbook(client)).get_sheet_by_index(0).to_python()),
    ]
    for person in User.objects.exclude(pk=national.pk):
        secrets = [person.family_name, person.given_name, person.email, person.public_id]
        secrets += [posting.service_number for posting in person.postings.all()]
        assert [secret for secret in secrets if secret and any(secret in text for text in answers)] == []


def workbook(client) -> io.BytesIO:
    return io.BytesIO(b"".join(client.post(f"{PAGE}export/", {"form": "xlsx"})))


# --- what has changed ----------------------------------------------------------------------------------------


def test_trend_tells_each_month_and_today_in_steps(unit, curriculum, keys):
    there = people_in(unit, 7)
    later = clock.start_of(clock.add_months(clock.today().replace(day=1), 2)) + timedelta(days=10)
    with clock.at(later - timedelta(days=30)):
        for person in there[:6]:
            tiny.certify(curriculum, person)
    people_in(unit, 5, posted_from=later - timedelta(days=1))
    with clock.at(later):
        rows = trend()
    assert [row.day.day for row in rows] == [1] * 6 + [clock.first_day(later).day]
    assert (str(rows[0].serving), str(rows[-1].serving)) == ("5–9", "10–14")
    assert [str(row.certified) for row in rows[-3:]] == ["0", "5–9", "5–9"]


def test_trend_adds_up_what_the_table_tells(unit, agency):
    small = factories.make_unit(factories.make_agency("small"))
    people_in(unit, 7)
    people_in(small, 2)
    [country, *_kinds] = table().rows
    assert trend()[-1].serving == country.cells[0]


def test_page_leaves_out_agencies_without_content_and_the_file_does_not(national, unit, agency):
    people_in(unit, 6)
    empty = factories.make_unit(factories.make_agency("empty")).agency
    client = client_of(national)
    page = client.get(PAGE).text
    assert agency.name in page and empty.name not in page and "1 agency of which nothing is known" in page
    assert "How it has changed" in page
    assert empty.name in b"".join(client.post(f"{PAGE}export/", {"form": "csv"})).decode()


# --- pages ---------------------------------------------------------------------------------------------------


def test_file_says_what_the_page_says(national, unit, other_unit, agency):
    people_in(unit, 6)
    people_in(other_unit, 2)
    client = client_of(national)
    text = b"".join(client.post(f"{PAGE}export/", {"form": "csv"})).decode("utf-8-sig")
    rows = {line[1]: line for line in csv.reader(io.StringIO(text), delimiter=";")}
    assert rows[str(agency.name)][:3] == ["agency", agency.name, "5–9"]
    assert rows["The whole country"][:3] == ["country", "The whole country", "6–13"]
    assert rows["migration service"][2] == "fewer than 5"
    sheet = CalamineWorkbook.from_filelike(workbook(client)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in sheet] == list(rows)
    page = client.get(PAGE).text
    assert "fewer than 5" in page and "6–13" in page
    assert client.post(f"{PAGE}export/", {"form": "pdf"}).status_code == 404


def test_home_and_menu_of_a_national_coordinator_lead_there(national):
    home = client_of(national).get("/en/").text
    assert home.count(f'href="{PAGE}"') >= 2 and "Without names." in home


@pytest.mark.parametrize(
    "who", ["admin", "coordinator", "registrar", "trainer", "reviewer", "duty_officer", "officer", "outsider"]
)
def test_others_see_no_figures(who, request):
    client = client_of(request.getfixturevalue(who))
    assert (client.get(PAGE).status_code, client.post(f"{PAGE}export/").status_code) == (403, 403)


def test_national_coordinator_sees_figures_and_nobody(national, officer):
    client = client_of(national)
    for path in ("", f"{officer.public_id}/", "home/", "units/", "accounts/", "positions/"):
        assert client.get(f"/en/people/{path}").status_code in {403, 404}


def test_three_agencies_take_as_many_queries_as_one(national, unit, other_unit, curriculum):
    client, numbers = client_of(national), []
    people_in(unit, 2)
    for _round in range(2):
        with counted() as queries:
            assert client.get(PAGE).status_code == 200
        numbers.append(len(queries))
        people_in(other_unit, 2)
        people_in(factories.make_unit(factories.make_agency()), 2)
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_page_opens_in_each_language(language, national, unit):
    people_in(unit, 2)
    assert client_of(national).get(f"/{language}/people/figures/").status_code == 200
