"""Administrators' pages of accounts and agencies, from outside."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from people.models import Agency, User
from tests import factories
from tests.elearning.pages import flat
from tests.factories import Position, client_of

pytestmark = pytest.mark.usefixtures("english")


def page(name, *parts):
    return reverse(name, args=parts)


def shown(answer):
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', flat(answer.content))


def test_accounts_are_found_by_name_number_and_address(admin, officer, officer2, outsider):
    client = client_of(admin)
    for text in ("Məmmədova", "LAB-0417", "OFFICER@agency.example"):
        answer = client.post(page("accounts:accounts"), {"q": text}, follow=True)
        assert answer.redirect_chain == [(page("accounts:accounts") + "?searched=yes", 302)]
        assert shown(answer) == ["Aytən Məmmədova"]
    assert len(shown(client.get(page("accounts:accounts"), {"all": "1"}))) == 4


def test_accounts_are_filtered_by_state_and_position(admin, officer, outsider):
    User.objects.filter(pk=outsider.pk).update(is_active=False)
    client = client_of(admin)
    assert shown(client.get(page("accounts:accounts"), {"state": "closed"})) == ["Tural Həsənov"]
    assert shown(client.get(page("accounts:accounts"), {"holders": "on"})) == ["Rəşad Əliyev"]


def test_accounts_take_as_many_queries_for_many_as_for_few(admin):
    client, counts = client_of(admin), []
    for _round in range(2):
        for _more in range(2):
            factories.give(factories.make_person(), Position.TRAINER)
        with factories.counted() as queries:
            client.get(page("accounts:accounts"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16  # seven of them for what the menu counts


def test_administrator_closes_opens_and_signs_out(admin, officer):
    client, theirs = client_of(admin), client_of(officer)
    for change, words in (("sign-out", "All sessions"), ("close", "is closed"), ("open", "open again")):
        address = page("accounts:account_change", officer.public_id, change)
        assert "Say why." in client.post(address, {"reason": ""}).content.decode()
        assert words in client.post(address, {"reason": "order 9"}, follow=True).content.decode()
        assert theirs.get("/en/certificates/").status_code == (200 if change == "open" else 302)
        officer.refresh_from_db()
        assert officer.is_active == (change != "close")
        theirs.force_login(officer)


def test_administrator_does_not_close_the_own_account(admin):
    assert (
        client_of(admin)
        .post(page("accounts:account_change", admin.public_id, "close"), {"reason": "x"})
        .status_code
        == 403
    )


@pytest.mark.parametrize(
    "who", ["officer2", "coordinator", "registrar", "trainer", "duty_officer", "outsider"]
)
def test_others_see_and_change_no_account(request, who, officer):
    client = client_of(request.getfixturevalue(who))
    for address in (
        page("accounts:accounts"),
        page("accounts:account_one", officer.public_id),
        page("people:agencies"),
        page("people:agency_add"),
    ):
        assert client.get(address).status_code == 403
    for change in ("close", "open", "sign-out"):
        address = page("accounts:account_change", officer.public_id, change)
        assert client.post(address, {"reason": "x"}).status_code == 403
    assert client_of(officer).get("/en/certificates/").status_code == 200


def test_auditor_reads_and_changes_nothing(auditor, officer, agency):
    client = client_of(auditor)
    assert client.get(page("accounts:account_one", officer.public_id)).status_code == 200
    assert (
        "Close the account"
        not in client.get(page("accounts:account_one", officer.public_id)).content.decode()
    )
    assert client.get(page("people:agencies")).status_code == 200
    for name, parts in (
        ("accounts:account_change", (officer.public_id, "close")),
        ("people:agency_change", (agency.public_id,)),
    ):
        assert client.post(page(name, *parts), {"reason": "x"}).status_code == 403


# --- agencies -----------------------------------------------------------------------------------------

NEW = {"code": "border", "kind": "border", "name_az": "Sərhəd", "name_en": "Border", "name_ru": "Граница"}


def test_agency_is_added_and_renamed(admin):
    client = client_of(admin)
    assert "The agency is added." in client.post(page("people:agency_add"), NEW, follow=True).content.decode()
    agency = Agency.objects.get(code="border")
    answer = client.post(
        page("people:agency_change", agency.public_id), {**NEW, "name_en": "State Border"}, follow=True
    )
    assert "State Border" in shown(answer)
    agency.refresh_from_db()
    assert (agency.name_en, agency.name_az, agency.code) == ("State Border", "Sərhəd", "border")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"code": "Border"}, "Only small Latin letters"),
        ({"code": "sərhəd"}, "Only small Latin letters"),
        ({"code": "labour-inspection"}, "Another agency has this code."),
        ({"name_ru": ""}, "Every language needs a name."),
        ({"kind": ""}, "Choose a kind."),
    ],
)
def test_agency_is_refused_in_words(admin, agency, changed, words):
    answer = client_of(admin).post(page("people:agency_add"), {**NEW, **changed}).content.decode()
    assert words in answer and Agency.objects.count() == 1


def test_agencies_are_listed_with_their_numbers(admin, officer, officer2, other_agency):
    text = client_of(admin).get(page("people:agencies")).content.decode()
    assert re.findall(r'data-l="People in service">(\d+)<', text) == ["2", "0"]
    client = client_of(admin)
    with factories.counted() as queries:
        client.get(page("people:agencies"))
    assert len(queries) <= 16  # seven of them for what the menu counts


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_open_in_each_language(admin, officer, agency, language):
    client = client_of(admin)
    with override(language):
        for name, parts in (
            ("accounts:accounts", ()), ("accounts:account_one", (officer.public_id,)), ("people:agencies", ()), ("people:agency_add", ()),
            ("accounts:account_change", (officer.public_id, "close")), ("people:agency_change", (agency.public_id,)),
        ):  # fmt: skip
            assert client.get(page(name, *parts)).status_code == 200


def test_frame_of_a_page_about_somebody_names_who_is_signed_in(admin, officer):
    for name in ("accounts:account_one", "people:give_to", "people:propose_registrar"):
        text = client_of(admin).get(page(name, officer.public_id)).content.decode()
        assert f'data-uid="{admin.public_id}"' in text and "Rəşad Əliyev</span></summary>" in flat(text)
