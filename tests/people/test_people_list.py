"""The list of people: who sees whom, what the filters find."""

from datetime import timedelta
from html import escape

import pytest

from operations import clock
from operations.pagination import keyset
from people import people_list
from people.actions.leaves import add_leave
from people.actions.postings import end_posting, post
from people.models import Posting
from people.people_list import PeopleQuery, order_of, people_of, places
from tests import factories
from tests.factories import PASSWORD, counted

pytestmark = pytest.mark.django_db
LIST = "/en/people/"


def found(by, **wanted) -> list[str]:
    return [person.given_name for person in people_of(by, PeopleQuery(**wanted))]


def person(unit, family, given, number, **more):
    return factories.make_person(family, given, unit=unit, service_number=number, **more)


# --- what the filters find --------------------------------------------------------------------------------


def test_coordinator_sees_the_own_agency_by_name(unit, other_unit, coordinator):
    person(unit, "Zeynalov", "Zaur", "LAB-1")
    person(unit, "Əliyeva", "Nərmin", "LAB-2")
    person(other_unit, "Babayeva", "Aytən", "MIG-1")
    assert found(coordinator) == ["Nərmin", "Zaur"]


def test_everybody_is_seen_by_auditors_and_administrators(officer, other_unit, auditor, admin):
    person(other_unit, "Babayeva", "Vəfa", "MIG-1")
    assert found(auditor) == found(admin) == ["Vəfa", "Aytən"]


@pytest.mark.parametrize(
    "text, number",
    [
        ("məmmədova", 1), ("MEMMEDOVA", 1), ("Мəммədова", 1), ("aytən məm", 1), ("kamran", 1), ("'Aytən", 1),
        ("dəmx-04", 1), ("DEMX-0417", 1), ("0417", 0), ("%", 0), ("_", 0), ("quliyev", 0), ("MIG", 0), ("", 1),
    ],
)  # fmt: skip
def test_search_by_name_and_number_in_any_spelling(text, number, unit, other_unit, coordinator):
    person(unit, "Məmmədova", "Aytən", "DƏMX-0417", father_name="Kamran qızı")
    person(other_unit, "Quliyev", "Orxan", "MIG-0418")
    assert len(found(coordinator, text=text)) == number


@pytest.mark.parametrize("text", ["Гасанова", "Hasanova", "гасанова айтен", "Айтен Гасан", "Һәсәнова"])
def test_name_is_found_as_russian_and_english_write_it(text, unit, coordinator):
    person(unit, "Həsənova", "Aytən", "LAB-1")
    person(unit, "Hüseynova", "Aysel", "LAB-2")
    assert found(coordinator, text=text) == ["Aytən"]


def test_name_as_it_is_written_comes_before_those_that_sound_alike(unit, coordinator, client_of):
    person(unit, "Məhəmmədov", "Anar", "LAB-1")
    person(unit, "Məmədov", "Elçin", "LAB-2")
    person(unit, "Məmmədov", "Zaur", "LAB-3")
    assert found(coordinator, text="Məmmədov") == ["Zaur", "Elçin"]


def test_pages_of_a_search_follow_each_other(unit, coordinator):
    for number in range(4):
        person(unit, "Məmədov", f"Əli {number}", f"LAB-1{number}")
        person(unit, "Məmmədov", f"Əli {number}", f"LAB-2{number}")
    wanted, token, seen = PeopleQuery(text="Мамедов"), "", []
    for _number in range(3):
        page = keyset(people_of(coordinator, wanted), order=order_of(wanted), token=token, size=3)
        seen += [each.get_full_name() for each in page.rows]
        token = page.next
    assert seen == [each.get_full_name() for each in people_of(coordinator, wanted)] and len(seen) == 8


def test_people_stand_in_the_order_of_the_alphabet(unit, coordinator):
    names = [
        "Cəfərov",
        "Çələbi",
        "Elçin",
        "Əliyev",
        "Fərəc",
        "Gözəlov",
        "Hacı",
        "Xəlil",
        "Iqlim",
        "İsmayıl",
        "Quliyev",
        "Şahin",
    ]
    for number, family in enumerate(reversed(names)):
        person(unit, family, "Zaur", f"LAB-{number}")
    assert [each.family_name for each in people_of(coordinator, PeopleQuery())] == names


def test_unit_is_searched_with_all_below_it(agency, unit, coordinator, officer):
    below = factories.make_unit(agency, parent=factories.make_unit(agency, parent=unit))
    person(below, "Vəliyev", "Elçin", "LAB-9")
    person(factories.make_unit(agency), "Quliyev", "Orxan", "LAB-8")
    assert found(coordinator, unit=unit) == ["Aytən", "Elçin"]
    assert found(coordinator, unit=below) == ["Elçin"]


def test_role(officer, unit, coordinator):
    person(unit, "Quliyev", "Orxan", "LAB-8", role=factories.make_role("SHE"))
    assert (found(coordinator, role="SHE"), found(coordinator, role="POL")) == (["Orxan"], [])


def test_state_of_service(unit, coordinator, officer, agency):
    day = timedelta(days=1)
    left = person(unit, "Quliyev", "Orxan", "LAB-8")
    row = Posting.objects.get(user=left)
    end_posting(posting=row, valid_to=clock.now() - day, by=None)
    person(unit, "Rəhimova", "Günel", "LAB-7", posted_from=clock.now() + day)
    away = person(unit, "Sadıqov", "Rəşad", "LAB-6")
    now = clock.now()
    add_leave(person=away, agency=agency, valid_from=now - day, valid_to=now + day, by=None)
    assert found(coordinator) == ["Aytən", "Rəşad"]
    assert found(coordinator, state="away") == ["Rəşad"]
    assert found(coordinator, state="coming") == ["Günel"]
    assert found(coordinator, state="left") == ["Orxan"]


def test_who_came_back_has_not_left(unit, coordinator, officer, role):
    row = Posting.objects.get(user=officer)
    end_posting(posting=row, valid_to=clock.now() - timedelta(days=9), by=None)
    post(person=officer, unit=unit, role=role, service_number="LAB-0417", valid_from=clock.now(), by=None)
    assert (found(coordinator, state="left"), found(coordinator)) == ([], ["Aytən"])


def test_without_a_posting_only_for_who_sees_everybody(outsider, coordinator, admin):
    assert "Tural" in found(admin, state="nowhere")
    assert found(coordinator, state="nowhere") == []


def test_place_is_that_of_an_agency_that_is_seen(officer, other_unit, role, coordinator, coordinator_other):
    post(
        person=officer, unit=other_unit, role=role, service_number="MIG-1", valid_from=clock.now(), main=False,
        by=None,
    )  # fmt: skip
    for by, number in ((coordinator, "LAB-0417"), (coordinator_other, "MIG-1")):
        assert places([officer], by, PeopleQuery())[officer.pk].service_number == number


# --- the page -----------------------------------------------------------------------------------------


def test_page_shows_name_number_and_unit(officer, coordinator, client_of):
    page = client_of(coordinator).get(LIST)
    for text in ("Məmmədova Aytən Kamran qızı", "LAB-0417", "ganja (en)", "1 person"):
        assert text in page.text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_page_stands_in_every_language(language, officer, coordinator, client_of):
    assert client_of(coordinator).get(f"/{language}/people/").status_code == 200


def test_search_is_kept_out_of_the_address(officer, officer2, coordinator, client_of):
    client = client_of(coordinator)
    page = client.post(LIST, {"q": "quliyev", "role": "LAB"}, follow=True)
    assert page.redirect_chain == [("/en/people/?role=LAB&searched=yes", 302)]
    assert ("LAB-0418" in page.text, "LAB-0417" in page.text) == (True, False)
    assert "LAB-0417" in client.get(f"{LIST}?all=1").text


def test_who_comes_back_from_a_person_finds_search_and_filters_as_they_were(
    officer, officer2, coordinator, client_of
):
    client = client_of(coordinator)
    client.post(LIST, {"q": "məmmədova", "role": "LAB"}, follow=True)
    page = client.get(f"{LIST}{officer.public_id}/")
    [back] = page.context["crumbs"]
    assert back["href"] == f"{LIST}?role=LAB&searched=yes" and escape(back["href"]) in page.text
    again = client.get(back["href"])
    assert 'value="məmmədova"' in again.text
    assert [row["person"] for row in again.context["rows"]] == [officer]
    client.get(f"{LIST}?all=1")
    assert client.get(f"{LIST}{officer.public_id}/").context["crumbs"][0]["href"] == LIST


def test_search_is_a_chip_and_applied_by_no_other_way_to_the_list(officer, officer2, coordinator, client_of):
    client = client_of(coordinator)
    page = client.post(LIST, {"q": "quliyev", "role": "LAB"}, follow=True)
    assert [(chip["text"], chip["href"]) for chip in page.context["chips"]] == [
        ("quliyev", f"{LIST}?role=LAB"), ("LAB (en)", f"{LIST}?searched=yes"),
    ]  # fmt: skip
    assert [row["person"] for row in page.context["rows"]] == [officer2]
    for address in (LIST, f"{LIST}?state=serving", f"{LIST}?role=LAB"):
        assert len(client.get(address).context["rows"]) == 2


def test_file_holds_what_was_searched_for_where_the_page_shows_it(officer, officer2, coordinator, client_of):
    client = client_of(coordinator)
    client.post(LIST, {"q": "quliyev"})
    files = [
        b"".join(client.post(f"{LIST}export/", {"form": "csv", **sent}).streaming_content).decode()
        for sent in ({}, {"searched": "yes"})
    ]
    assert ["LAB-0417" in file for file in files] == [True, False]


def test_nobody_found_says_so(officer, coordinator, client_of):
    page = client_of(coordinator).post(LIST, {"q": "nobody"}, follow=True)
    assert "Nobody fits these filters." in page.text


def test_filter_of_another_agencys_unit_finds_nothing_of_it(officer, other_unit, coordinator, client_of):
    person(other_unit, "Babayeva", "Vəfa", "MIG-1")
    page = client_of(coordinator).get(
        f"{LIST}?unit={other_unit.public_id}&agency={other_unit.agency.public_id}"
    )
    assert ("MIG-1" in page.text, "LAB-0417" in page.text) == (False, True)


def test_nonsense_in_the_address_is_left_out(officer, coordinator, client_of):
    page = client_of(coordinator).get(f"{LIST}?unit=x&role=none&state=y&page=z&agency=%27")
    assert (page.status_code, "LAB-0417" in page.text) == (200, True)


def test_long_list_has_pages(unit, coordinator, client_of):
    for number in range(52):
        person(unit, f"Soyad{number:02}", "Ad", f"LAB-{number:03}")
    client = client_of(coordinator)
    first = client.get(LIST)
    assert ("LAB-049" in first.text, "LAB-050" in first.text) == (True, False)
    second = client.get(LIST + "?page=" + first.context["page"].next)
    assert ("LAB-049" in second.text, "LAB-051" in second.text) == (False, True)
    assert "Soyad" not in first.context["page"].next


def test_many_are_not_counted_to_the_end(unit, coordinator, client_of, monkeypatch):
    for number in range(52):
        person(unit, "Əliyev", f"Əli {number}", f"LAB-{number}")
    client = client_of(coordinator)
    assert "52 people" in client.get(LIST).text
    monkeypatch.setattr(people_list, "COUNTED_TO", 51)
    assert "more than 51 people" in client.get(LIST).text


def test_list_asks_as_often_for_three_as_for_one(unit, coordinator, client_of):
    client = client_of(coordinator)
    person(unit, "Soyad", "Ad", "LAB-1")
    client.get(LIST)
    with counted() as one:
        client.get(LIST)
    for number in (2, 3):
        person(unit, "Soyad", "Ad", f"LAB-{number}")
    with counted() as three:
        client.get(LIST)
    assert len(one) == len(three)


@pytest.mark.parametrize("by", ["outsider", "officer", "duty_officer", "registrar", "trainer", "reviewer"])
def test_list_is_closed_to_everybody_else(by, request, officer, client_of):
    client = client_of(request.getfixturevalue(by))
    assert [client.get(LIST).status_code, client.post(LIST, {"q": "a"}).status_code] == [403, 403]


def test_stranger_is_led_to_the_sign_in(client, officer):
    assert client.get(LIST)["Location"].startswith("/en/account/login/")


def test_grant_for_a_unit_alone_shows_nobody(unit, officer, client_of):
    someone = factories.make_person("Kərimov", "Fuad", password=PASSWORD)
    factories.give(someone, "coordinator", unit=unit)
    assert client_of(someone).get(LIST).status_code == 403


@pytest.mark.parametrize("few", [0, 100])
def test_few_and_many_are_found_alike(few, unit, other_unit, coordinator, auditor, monkeypatch):
    """Few are fetched by their postings, of many the names are read in order: the same people, once each."""
    monkeypatch.setattr(people_list, "FEW", few)
    person(unit, "Zeynalov", "Zaur", "LAB-1")
    person(unit, "Əliyeva", "Nərmin", "LAB-2")
    person(other_unit, "Babayeva", "Aytən", "MIG-1")
    assert found(coordinator) == ["Nərmin", "Zaur"]
    assert found(auditor) == ["Aytən", "Nərmin", "Zaur"]
    assert found(coordinator, text="LAB-1") == ["Zaur"]
