"""Getting in for the first time: by a link, by a printed sheet; once; telling nothing of anybody."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from accounts.actions import invitations as invitation_actions
from accounts.actions.passwords import set_password
from accounts.actions.second_factor import set_up_totp
from accounts.models import Invitation
from locales.dates import day_text
from operations import clock
from operations.models import AuditEntry, Errand
from operations.outbox import work_off
from people.actions.editing import change_address
from people.actions.grants import grant
from people.actions.persons import add_person
from people.actions.postings import PostingValues, correct_posting, post
from people.models import Posting, User
from tests import factories
from tests.certificates.issuing import make_certificate
from tests.elearning.pages import loose_ends, tree, with_class, words
from tests.factories import PASSWORD, Position, client_of, counted, give

NEW = "yaşıl-dəniz-on-iki"
PAGE = "/az/people/invitations/"


@pytest.fixture
def newcomer(unit, role) -> User:
    """Entered by the agency, never signed in."""
    return factories.make_person(
        "Qasımova", "Lalə", father_name="Tahir qızı", email="newcomer@agency.example", unit=unit, role=role,
        service_number="LAB-0500",
    )  # fmt: skip


@pytest.fixture
def without_mail(unit, role) -> User:
    """As above, without an address."""
    person = add_person(family_name="Rzayev", given_name="Kənan", father_name="Elxan oğlu", by=None)
    post(
        person=person,
        unit=unit,
        role=role,
        service_number="LAB-0501",
        valid_from=factories.a_year_ago(),
        by=None,
    )
    return person


def invite(person: User, agency, by, way: str = "mail") -> Invitation:
    [made] = invitation_actions.invite(people=[person], agency=agency, way=way, by=by)
    return made


def link() -> str:
    """The link of the newest mail, as a path."""
    work_off(["accounts.invitation"])
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]


def come_in(path: str, password: str = NEW) -> tuple[Client, Any]:
    client = Client()
    page = client.get(path, follow=True)
    if not page.redirect_chain:
        return client, page
    return client, client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- by e-mail ----------------------------------------------------------------------------------------------


def test_link_leads_to_a_password_and_in(newcomer, agency, coordinator):
    invite(newcomer, agency, coordinator)
    client, response = come_in(link())
    assert (response.status_code, response.url, is_in(client)) == (302, "/az/", True)
    assert Client().post("/az/account/login/", {"login": newcomer.email, "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("language", "subject"),
    [("az", "Nişanəyə giriş"), ("en", "Your way into Nişanə"), ("ru", "Вход в Nişanə")],
)
def test_mail_is_in_the_persons_language_as_html_and_text_without_a_name(
    newcomer, agency, coordinator, language, subject
):
    User.objects.filter(pk=newcomer.pk).update(language=language)
    invite(newcomer, agency, coordinator)
    path = link()
    [message] = mail.outbox
    html = message.alternatives[0][0]
    assert (message.subject, message.to) == (subject, [newcomer.email])
    assert path.startswith(f"/{language}/account/invitation/")
    assert f'lang="{language}"' in html
    assert path in html
    assert newcomer.family_name not in message.subject + message.body + html


def test_link_works_once(newcomer, agency, coordinator):
    invite(newcomer, agency, coordinator)
    path = link()
    come_in(path)
    client, response = come_in(path)
    assert (response.status_code, is_in(client)) == (410, False)


def test_opening_the_link_uses_nothing_up(newcomer, agency, coordinator):
    """Mail filters open links before people do."""
    invite(newcomer, agency, coordinator)
    path = link()
    for _number in range(3):
        assert Client().get(path, follow=True).status_code == 200
    assert is_in(come_in(path)[0])


def test_weak_password_is_refused_and_the_invitation_stays(newcomer, agency, coordinator):
    invite(newcomer, agency, coordinator)
    path = link()
    for weak in ("short", "123456789012", "QasımovaLalə1"):
        client, response = come_in(path, weak)
        assert (response.status_code, is_in(client)) == (200, False)
    assert is_in(come_in(path)[0])


def test_sending_again_ends_the_link_before(newcomer, agency, coordinator):
    one = invite(newcomer, agency, coordinator)
    first = link()
    invitation_actions.send_again(invitations=[one], by=coordinator)
    second = link()
    assert come_in(first)[1].status_code == 410
    assert is_in(come_in(second)[0])


def test_browser_that_came_in_by_the_link_before_is_out_too(newcomer, agency, coordinator):
    one = invite(newcomer, agency, coordinator)
    client = Client()
    page = client.get(link(), follow=True).redirect_chain[-1][0]
    invitation_actions.send_again(invitations=[one], by=coordinator)
    assert client.post(page, {"password1": NEW, "password2": NEW}).status_code == 410


def test_withdrawn_and_expired_links_open_nothing(newcomer, agency, coordinator):
    one = invite(newcomer, agency, coordinator)
    path = link()
    with clock.at(clock.now() + timedelta(days=15)):
        assert Client().get(path, follow=True).status_code == 410
    invitation_actions.revoke_invitations(invitations=[one], by=coordinator)
    assert Client().get(path, follow=True).status_code == 410


def test_every_wrong_link_gets_the_same_page(newcomer, agency, coordinator):
    one = invite(newcomer, agency, coordinator)
    known = Client().get(f"/az/account/invitation/{one.public_id}/{'0' * 40}/")
    unknown = Client().get(f"/az/account/invitation/{'A' * 22}/{'0' * 40}/")
    pages = [words(tree(answer.content).find(".//main")) for answer in (known, unknown)]
    assert (known.status_code, unknown.status_code) == (410, 410)
    assert pages[0] == pages[1]


def test_no_secret_waits_in_the_database(newcomer, agency, coordinator):
    one = invite(newcomer, agency, coordinator)
    assert Errand.objects.get(kind="accounts.invitation").payload == {"invitation": one.public_id}
    assert link().split("/")[-2] not in str(list(Invitation.objects.values()))


def test_address_refused_at_sending_shows_at_the_coordinator(newcomer, agency, coordinator):
    User.objects.filter(pk=newcomer.pk).update(email="not an address\n")
    invite(newcomer, agency, coordinator)
    work_off(["accounts.invitation"])
    page = tree(client_of(coordinator).get(f"{PAGE}?state=refused").content)
    assert [words(tag) for tag in with_class(page, "tag-bad")] == ["çatdırılmayıb"]


def test_session_changes_when_one_comes_in(newcomer, agency, coordinator):
    invite(newcomer, agency, coordinator)
    client = Client()
    page = client.get(link(), follow=True).redirect_chain[-1][0]
    before = client.session.session_key
    client.post(page, {"password1": NEW, "password2": NEW})
    assert client.session.session_key != before


# --- by a printed sheet ------------------------------------------------------------------------------------------


def sheet_of(person: User, agency, by) -> str:
    [(_invitation, code)] = invitation_actions.make_sheets(
        invitations=[invite(person, agency, by, "sheet")], by=by
    )
    return code


def by_sheet(number: str, code: str) -> tuple[Client, Any]:
    client = Client()
    response = client.post("/az/account/first/", {"number": number, "code": code})
    if response.status_code == 302:
        response = client.post(response.url, {"password1": NEW, "password2": NEW})
    return client, response


def test_sheet_opens_with_the_number_and_then_one_signs_in_by_number(without_mail, agency, coordinator):
    code = sheet_of(without_mail, agency, coordinator)
    assert is_in(by_sheet(" lab-0501 ", f"{code[:4]} {code[4:8]}-{code[8:]}".lower())[0])
    client = Client()
    client.post("/az/account/login/", {"login": "LAB-0501", "password": NEW})
    assert is_in(client)


def test_sheet_needs_both_and_opens_once(without_mail, newcomer, agency, coordinator):
    code = sheet_of(without_mail, agency, coordinator)
    told = set()
    for number, typed in [("LAB-0500", code), ("LAB-0501", "0" * 12), ("nobody", "x")]:
        client, response = by_sheet(number, typed)
        told.add(words(with_class(tree(response.content), "errs")[0]))
        assert not is_in(client)
    assert len(told) == 1
    assert [is_in(by_sheet("LAB-0501", code)[0]) for _number in range(2)] == [True, False]


def test_code_is_kept_as_a_hash_alone(without_mail, agency, coordinator):
    code = sheet_of(without_mail, agency, coordinator)
    kept = str(list(Invitation.objects.values())) + str(list(AuditEntry.objects.values()))
    assert code not in kept


def test_printing_again_ends_the_sheet_before(without_mail, agency, coordinator):
    code = sheet_of(without_mail, agency, coordinator)
    [(_one, second)] = invitation_actions.make_sheets(invitations=Invitation.objects.all(), by=coordinator)
    assert [is_in(by_sheet("LAB-0501", each)[0]) for each in (code, second)] == [False, True]


def test_tenth_try_of_one_number_is_slowed_however_it_is_written_and_says_so(
    without_mail, agency, coordinator
):
    code = sheet_of(without_mail, agency, coordinator)
    for written in ("LAB-0501", "lab 0501", "L-A-B-0501") * 3:
        by_sheet(written, "0" * 12)
    client, response = by_sheet("LAB-0501", code)
    assert not is_in(client)
    assert "Bir neçə dəqiqə gözləyib yenidən cəhd edin" in words(
        with_class(tree(response.content), "errs")[0]
    )


@pytest.mark.parametrize("written", ["DƏMX-0501", "dəmx-0501", " Dəmx-0501 "])
def test_who_signs_in_by_number_writes_it_in_large_or_small_letters(unit, role, written):
    person = factories.make_person(
        "Rzayev", "Kənan", unit=unit, service_number="DƏMX-0501", password=PASSWORD
    )
    User.objects.filter(pk=person.pk).update(email=None)
    client = Client()
    client.post("/az/account/login/", {"login": written, "password": PASSWORD})
    assert is_in(client)


def test_writing_the_number_otherwise_does_not_begin_the_count_anew(without_mail, agency, coordinator):
    code = sheet_of(without_mail, agency, coordinator)
    for number in range(9):
        by_sheet(f"lab{' -./'[number % 4] * number}0501", "0" * 12)
    assert not is_in(by_sheet("LAB-0501", code)[0])


def test_who_has_an_address_does_not_sign_in_by_number(officer):
    client = Client()
    response = client.post("/az/account/login/", {"login": "LAB-0417", "password": PASSWORD})
    assert not is_in(client)
    unknown = Client().post("/az/account/login/", {"login": "LAB-9999", "password": PASSWORD})
    assert words(with_class(tree(response.content), "errs")[0]) == words(
        with_class(tree(unknown.content), "errs")[0]
    )


def test_sheet_is_printed_once_in_the_persons_language(without_mail, agency, coordinator):
    one = invite(without_mail, agency, coordinator, "sheet")
    client = client_of(coordinator)
    asked = tree(client.post(f"{PAGE}act/", {"id": one.public_id, "what": "print"}).content)
    points = [words(item) for item in with_class(asked, "bul")[0].iter("li")]
    assert points == [f"{without_mail.get_full_name()}, LAB-0501"]
    sent = {"ids": one.public_id, "what": "print", "sure": "1"}
    page = tree(client.post(f"{PAGE}act/", sent).content)
    [sheet] = with_class(page, "sheet")
    code = words(with_class(sheet, "key")[0])
    assert (sheet.get("lang"), re.fullmatch(r"[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}", code) is not None) == (
        "az",
        True,
    )
    assert is_in(by_sheet("LAB-0501", code)[0])
    [printing] = [one for one in page.iter("button") if one.get("data-print") is not None]
    assert (words(printing), printing.get("hidden") is not None) == (
        "Bu səhifəni çap edin",
        True,
    )  # a script shows it


def test_accepted_invitation_names_no_last_day(without_mail, agency, coordinator):
    one = invite(without_mail, agency, coordinator, "sheet")
    client = client_of(coordinator)
    last = 'data-l="Son gün"'
    assert last in client.get(PAGE).content.decode()
    page = tree(client.post(f"{PAGE}act/", {"ids": one.public_id, "what": "print", "sure": "1"}).content)
    assert is_in(by_sheet("LAB-0501", words(with_class(page, "key")[0]))[0])
    assert last not in client.get(PAGE).content.decode()


# --- who invites ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["officer", "outsider", "coordinator_other", "duty_officer", "registrar", "auditor"]
)
def test_only_the_agencys_coordinator_and_administrators_invite(who, request, newcomer, agency):
    with pytest.raises(PermissionDenied):
        invite(newcomer, agency, request.getfixturevalue(who))
    assert Invitation.objects.count() == 0


def test_coordinator_cannot_invite_who_serves_elsewhere(newcomer, other_agency, coordinator_other):
    with pytest.raises(PermissionDenied):
        invite(newcomer, other_agency, coordinator_other)


@pytest.mark.parametrize(
    "act",
    [invitation_actions.send_again, invitation_actions.revoke_invitations, invitation_actions.make_sheets],
)
@pytest.mark.parametrize("who", ["outsider", "coordinator_other", "officer"])
def test_others_do_nothing_with_an_invitation(act, who, request, newcomer, agency, coordinator):
    one = invite(newcomer, agency, coordinator)
    with pytest.raises(PermissionDenied):
        act(invitations=[one], by=request.getfixturevalue(who))


def test_who_has_a_password_is_not_invited(officer, agency, coordinator):
    with pytest.raises(ValidationError, match="Məmmədova"):
        invite(officer, agency, coordinator)


def test_page_of_another_agency_is_not_shown(newcomer, agency, coordinator, coordinator_other, outsider):
    invite(newcomer, agency, coordinator)
    page = client_of(coordinator_other).get(f"{PAGE}?agency={agency.code}").content.decode()
    assert newcomer.family_name not in page
    assert client_of(outsider).get(PAGE).status_code == 403


def test_invitation_of_another_agency_is_not_touched_by_its_id(
    newcomer, agency, coordinator, coordinator_other
):
    one = invite(newcomer, agency, coordinator)
    sent = {"ids": one.public_id, "what": "revoke", "sure": "1", "agency": agency.code}
    client_of(coordinator_other).post(f"{PAGE}act/", sent)
    assert Invitation.objects.get().revoked_at is None


# --- pages -----------------------------------------------------------------------------------------------------------


def test_bulk_invitation_lists_first_and_mails_where_an_address_is_known(
    newcomer, without_mail, officer, agency, coordinator
):
    client = client_of(coordinator)
    page = tree(client.get(f"{PAGE}new/").content)
    assert loose_ends(page) == []
    asked = tree(client.post(f"{PAGE}new/", {"everybody": "1"}).content)
    assert [words(item) for item in with_class(asked, "bul")[0].iter("li")] == [
        f"{newcomer.get_full_name()}, LAB-0500", f"{without_mail.get_full_name()}, LAB-0501",
    ]  # fmt: skip
    assert Invitation.objects.count() == 0
    sent = {field.get("name"): field.get("value") for field in asked.iter("input") if field.get("name")}
    client.post(f"{PAGE}new/", sent)
    assert dict(Invitation.objects.values_list("person", "way")) == {
        newcomer.pk: "mail", without_mail.pk: "sheet",
    }  # fmt: skip


def take_the_number(person, unit, role) -> None:
    row = Posting.objects.get(user=person)
    said = PostingValues(
        unit=unit, role=role, service_number=None, valid_from=row.valid_from, valid_to=row.valid_to
    )
    correct_posting(posting=row, values=said, by=None)


def test_one_who_cannot_be_invited_leaves_all_uninvited(newcomer, without_mail, unit, role, coordinator):
    """Nobody hears of an invitation of which the page says that it failed."""
    take_the_number(without_mail, unit, role)
    ids = f"{newcomer.public_id} {without_mail.public_id}"
    page = client_of(coordinator).post(f"{PAGE}new/", {"ids": ids, "sure": "1"}, follow=True)
    assert [each.level_tag for each in page.context["messages"]] == ["error"]
    assert not Invitation.objects.exists()


def test_who_has_neither_address_nor_number_is_told_of_and_not_offered(
    newcomer, without_mail, unit, role, coordinator
):
    """Everybody is invited but for them, who otherwise kept all from it; the page leads to where one is entered."""
    take_the_number(without_mail, unit, role)
    desk = client_of(coordinator)
    page = tree(desk.get(f"{PAGE}new/").content)
    offered = [field.get("value") for field in page.iter("input") if field.get("name") == "id"]
    assert offered == [newcomer.public_id]
    assert f"/az/people/{without_mail.public_id}/" in [link.get("href") for link in page.iter("a")]
    desk.post(f"{PAGE}new/", {"everybody": "1", "sure": "1"})
    assert [each.person for each in Invitation.objects.all()] == [newcomer]


def test_page_asked_for_one_person_shows_them_alone_and_ticked(newcomer, without_mail, coordinator):
    page = tree(client_of(coordinator).get(f"{PAGE}new/?person={without_mail.public_id}").content)
    [field] = [field for field in page.iter("input") if field.get("name") == "id"]
    assert (field.get("value"), "checked" in field.attrib) == (without_mail.public_id, True)
    assert not [button for button in page.iter("button") if button.get("name") == "everybody"]


def test_forgotten_password_without_an_address_is_replaced_by_a_new_sheet(
    without_mail, newcomer, coordinator
):
    """From the person's page on: the old password opens until the code of the sheet is used, and no longer."""
    lost_password(without_mail)
    desk = client_of(coordinator)
    person = tree(desk.get(f"/az/people/{without_mail.public_id}/").content)
    [way] = [link for link in person.iter("a") if "invitations/new" in (link.get("href") or "")]
    assert words(way) == "Unudulmuş parol üçün vərəq çap edin"
    page = tree(desk.get(way.get("href")).content)
    assert [words(each) for each in page.iter("h1")] == ["Unudulmuş parol üçün yeni vərəq"]
    [field] = [field for field in page.iter("input") if field.get("name") == "id"]
    assert (field.get("value"), field.get("checked") is not None) == (without_mail.public_id, True)
    assert "way" not in {field.get("name") for field in page.iter("input")}
    asked = desk.post(way.get("href"), {"id": without_mail.public_id}).content.decode()
    assert "Yeni vərəq çap edilsin?" in asked and not Invitation.objects.exists()
    desk.post(way.get("href"), {"ids": without_mail.public_id, "sure": "1"})
    [(_invitation, code)] = invitation_actions.make_sheets(
        invitations=[Invitation.objects.get(person=without_mail)], by=coordinator
    )
    assert is_in(by_sheet("LAB-0501", code)[0])


def test_who_has_a_password_is_in_no_list_and_in_no_bulk(without_mail, officer, newcomer, coordinator):
    lost_password(without_mail)
    desk = client_of(coordinator)
    page = tree(desk.get(f"{PAGE}new/").content)
    assert [field.get("value") for field in page.iter("input") if field.get("name") == "id"] == [
        newcomer.public_id
    ]
    desk.post(f"{PAGE}new/", {"everybody": "1", "sure": "1"})
    desk.post(f"{PAGE}new/", {"ids": officer.public_id, "sure": "1"})  # an address: a letter helps
    assert [each.person for each in Invitation.objects.all()] == [newcomer]


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-02", "soon"]
)
def test_page_asked_for_those_entered_at_no_instant_shows_everybody(at, newcomer, coordinator):
    page = client_of(coordinator).get(f"{PAGE}new/?{urlencode({'entered': at})}")
    assert (page.status_code, newcomer.public_id in page.text) == (200, True)


def test_page_asked_for_those_entered_at_an_instant_shows_them_ticked_and_invites_no_other(
    newcomer, unit, role, coordinator
):
    """Where a roster leads: whom it entered, not who was entered a minute later, and not who was never invited."""
    at = clock.start_of(date(2026, 3, 2))
    other = factories.make_person("Rzayev", "Kənan", email="other@agency.example", unit=unit, role=role)
    User.objects.filter(pk=newcomer.pk).update(created_at=at)
    User.objects.filter(pk=other.pk).update(created_at=at + timedelta(minutes=1))
    desk, address = client_of(coordinator), f"{PAGE}new/?{urlencode({'entered': at.isoformat()})}"
    fields = [field for field in tree(desk.get(address).content).iter("input") if field.get("name") == "id"]
    assert [(field.get("value"), "checked" in field.attrib) for field in fields] == [
        (newcomer.public_id, True)
    ]
    assert "everybody" not in desk.get(address).text  # all who are meant are ticked
    desk.post(address, {"everybody": "1", "sure": "1"})
    assert [each.person for each in Invitation.objects.all()] == [newcomer]


@pytest.mark.parametrize(
    "at", ["2026-03-02T00:00:01+04:00", "2026-03-02", "2026-03-02T00:00:00", "heute", "9999-99-99", ""]
)
def test_page_asked_for_an_instant_at_which_nobody_was_entered_shows_everybody(at, newcomer, coordinator):
    User.objects.filter(pk=newcomer.pk).update(created_at=clock.start_of(date(2026, 3, 2)))
    page = tree(client_of(coordinator).get(f"{PAGE}new/", {"entered": at}).content)
    fields = [field for field in page.iter("input") if field.get("name") == "id"]
    assert [(field.get("value"), "checked" in field.attrib) for field in fields] == [
        (newcomer.public_id, False)
    ]


def test_nobody_ticked_is_said_at_the_top_and_leads_to_the_first(newcomer, agency, coordinator):
    page = client_of(coordinator).post(f"{PAGE}new/", {"way": "sheet"})
    found = tree(page.content)
    [link] = with_class(found, "errs")[0].iter("a")
    assert [
        field.get("value") for field in found.iter("input") if f"#{field.get('id')}" == link.get("href")
    ] == [newcomer.public_id]
    [chosen] = [
        field for field in found.iter("input") if field.get("type") == "radio" and "checked" in field.attrib
    ]
    assert chosen.get("value") == "sheet"


@pytest.mark.parametrize(
    "address",
    [
        "invitations/",
        "invitations/?state=used",
        "corrections/",
        "corrections/?state=answered",
        "rosters/",
    ],
)
def test_empty_list_says_what_will_stand_there(address, coordinator):
    found = tree(client_of(coordinator).get(f"/az/people/{address}").content)
    [empty] = with_class(found, "empty")
    assert len([words(part) for part in empty.findall("p") if words(part)]) >= 2


def test_bulk_invitation_is_one_entry_an_invitation_way(newcomer, agency, coordinator):
    invite(newcomer, agency, coordinator)
    [entry] = AuditEntry.objects.filter(act="accounts.invite")
    assert (entry.by, entry.after["way"], len(entry.after["invitations"])) == (coordinator, "mail", 1)


def test_list_costs_the_same_for_one_and_three(agency, coordinator, unit, role):
    numbers = []
    for total in (1, 3):
        while Invitation.objects.count() < total:
            invite(
                factories.make_person(
                    "Əliyev",
                    "Samir",
                    email=f"n{Invitation.objects.count()}@agency.example",
                    unit=unit,
                    role=role,
                ),
                agency,
                coordinator,
            )
        client = client_of(coordinator)
        with counted() as queries:
            assert client.get(PAGE).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_inviting_asks_again_who_one_is(coordinator):
    assert client_of(coordinator, proved=0).get(f"{PAGE}new/").status_code == 302


@pytest.mark.parametrize("position", [Position.REGISTRAR, Position.TRAINER])
def test_nobody_prints_a_way_in_as_somebody_who_may_more(position, newcomer, agency, coordinator):
    give(newcomer, position)
    with pytest.raises(ValidationError, match="position"), override("en"):
        invite(newcomer, agency, coordinator, "sheet")
    assert invite(newcomer, agency, coordinator).way == "mail"


def test_sheet_is_not_printed_again_after_a_position_was_given(newcomer, agency, coordinator, admin):
    one = invite(newcomer, agency, coordinator, "sheet")
    give(newcomer, Position.TRAINER)
    client = client_of(coordinator)
    answer = client.post(
        "/en/people/invitations/act/", {"what": "print", "id": one.public_id, "sure": "1"}, follow=True
    )
    assert "Holds or held a position" in answer.text
    one.refresh_from_db()
    assert one.secret_hash is None
    with pytest.raises(ValidationError):
        invitation_actions.make_sheets(invitations=[one], by=admin)
    assert len(invitation_actions.make_sheets(invitations=[one], by=None)) == 1  # as at founding


def test_sheet_is_not_for_who_came_in_by_the_agencys_sign_in(newcomer, agency, coordinator):
    """Without a password of ours, but with an address: a printed code would let its printer be them."""
    code = sheet_of(newcomer, agency, coordinator)
    factories.came_in(newcomer)
    assert not is_in(by_sheet("LAB-0500", code)[0])
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()
    for print_ in (
        lambda: invitation_actions.make_sheets(invitations=Invitation.objects.all(), by=coordinator),
        lambda: invite(newcomer, agency, coordinator, "sheet"),
    ):
        with pytest.raises(ValidationError, match="Has an account already|Artıq hesabı"):
            print_()


def lost_password(person: User) -> User:
    """Came in by a sheet long ago, has no address and does not know the password any more."""
    set_password(person=person, password=PASSWORD, by=None)
    return factories.came_in(person)


def test_open_sheet_opens_nothing_once_a_position_is_given(without_mail, agency, coordinator, admin):
    lost_password(without_mail)
    one = invite(without_mail, agency, coordinator, "sheet")
    [(_sheet, code)] = invitation_actions.make_sheets(invitations=[one], by=coordinator)
    client = Client()
    first = client.post("/az/account/first/", {"number": "LAB-0501", "code": code})
    assert first.url == "/az/account/first/password/"
    grant(person=without_mail, position=Position.TRAINER, by=admin)
    assert client.get(first.url).status_code == 410
    assert Client().post("/az/account/first/", {"number": "LAB-0501", "code": code}).status_code == 200
    one.refresh_from_db()
    assert (one.revoked_by, one.secret_hash) == (admin, None)
    assert AuditEntry.objects.get(act="accounts.revoke_invitation").by == admin


def test_duty_officers_sheet_stays(without_mail, agency, unit, coordinator):
    one = invite(without_mail, agency, coordinator, "sheet")
    invitation_actions.make_sheets(invitations=[one], by=coordinator)
    grant(person=without_mail, position=Position.DUTY_OFFICER, unit=unit, by=coordinator)
    one.refresh_from_db()
    assert one.revoked_at is None and one.secret_hash


def test_sheet_of_a_holder_opens_nothing_without_the_second_step(without_mail, agency, coordinator):
    lost_password(without_mail)
    give(without_mail, Position.TRAINER)
    with pytest.raises(ValidationError):
        invite(without_mail, agency, coordinator, "sheet")
    set_up_totp(person=without_mail, secret="ORSXG5DJNZTQ====", by=None)
    one = invite(without_mail, agency, coordinator, "sheet")
    [(_sheet, code)] = invitation_actions.make_sheets(invitations=[one], by=coordinator)
    client = Client()
    client.post("/az/account/first/", {"number": "LAB-0501", "code": code})
    answer = client.post("/az/account/first/password/", {"password1": NEW, "password2": NEW})
    assert answer.url == "/az/account/second-step/authenticate/"
    assert "_auth_user_id" not in client.session


def test_duty_officers_new_sheet_is_printed_by_an_administrator(
    without_mail, agency, unit, coordinator, admin
):
    lost_password(without_mail)
    give(without_mail, Position.DUTY_OFFICER, unit=unit)
    with pytest.raises(ValidationError):
        invite(without_mail, agency, coordinator, "sheet")
    assert invite(without_mail, agency, admin, "sheet").way == "sheet"


# --- a sheet for an account in use ---------------------------------------------------------------------------


@pytest.fixture
def certified(keys, without_mail) -> User:
    """Holds a certificate, has no address, and came in long ago."""
    make_certificate(lost_password(without_mail))
    return without_mail


def prepared(person: User, agency, by) -> Invitation:
    return invite(person, agency, by, "sheet")


def print_sheet(one: Invitation, by) -> str:
    [(_invitation, code)] = invitation_actions.make_sheets(invitations=[one], by=by)
    return code


def test_new_sheet_works_for_seven_days_and_says_so(without_mail, newcomer, agency, coordinator):
    """The first one for 60: it opens nothing that was there before."""
    lost_password(without_mail)
    both = [prepared(person, agency, coordinator) for person in (without_mail, newcomer)]
    desk = client_of(coordinator)
    sent = {"what": "print", "ids": " ".join(one.public_id for one in both), "sure": "1"}
    page = desk.post(f"{PAGE}act/", sent).content.decode()
    for days, one in zip((7, 60), both, strict=True):
        one.refresh_from_db()
        assert one.expires_at.date() == (clock.now() + timedelta(days=days)).date()
        assert day_text(clock.today() + timedelta(days=days)) in page
    code = print_sheet(both[0], coordinator)
    with clock.at(clock.now() + timedelta(days=7)):
        assert not is_in(by_sheet("LAB-0501", code)[0])


def test_certified_persons_new_sheet_is_printed_by_another_than_who_prepared_it(
    certified, agency, coordinator, admin
):
    one = prepared(certified, agency, coordinator)
    with pytest.raises(ValidationError, match="[Ss]ertifikat|certificate"):
        print_sheet(one, coordinator)
    assert is_in(by_sheet("LAB-0501", print_sheet(one, admin))[0])


@pytest.mark.parametrize("first", ["admin", "puppet"])
def test_one_administrator_and_a_coordinator_made_for_it_are_not_two(
    first, certified, agency, unit, admin, coordinator
):
    """A month later the position counts: others have seen it."""
    puppet = factories.make_person("Yeni", "Nəfər", email="puppet@agency.example", unit=unit)
    User.objects.filter(pk=puppet.pk).update(last_login=clock.now())
    grant(person=puppet, position=Position.COORDINATOR, agency=agency, reason="x", by=admin)
    waiting = "Unudulmuş parol üçün"
    if first == "admin":
        one = prepared(certified, agency, admin)
        with pytest.raises(ValidationError, match="30"):
            print_sheet(one, puppet)
        assert waiting not in client_of(puppet).get("/az/").content.decode()
        assert waiting in client_of(coordinator).get("/az/").content.decode()
    else:
        with pytest.raises(ValidationError, match="30"):
            prepared(certified, agency, puppet)
    with clock.at(clock.now() + timedelta(days=31)):
        one = prepared(certified, agency, admin if first == "admin" else puppet)
        assert print_sheet(one, puppet if first == "admin" else admin)


def test_certified_persons_new_sheet_is_said_to_wait_for_a_second_person_alone(
    certified, agency, coordinator, admin
):
    desk = client_of(coordinator)
    desk.post(f"{PAGE}new/", {"ids": certified.public_id, "way": "sheet", "sure": "1"})
    waiting = "Unudulmuş parol üçün"
    assert waiting in client_of(admin).get("/az/").content.decode()
    assert waiting not in desk.get("/az/").content.decode()
    assert str(coordinator) in desk.get(PAGE).content.decode()


def test_database_refuses_one_hand_for_a_sheet_of_two(certified, agency, coordinator):
    one = prepared(certified, agency, coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=one.pk).update(printed_by=coordinator)


def test_sheet_of_one_hand_ends_once_the_person_holds_a_certificate(keys, without_mail, agency, coordinator):
    lost_password(without_mail)
    code = print_sheet(prepared(without_mail, agency, coordinator), coordinator)
    make_certificate(without_mail)
    assert not is_in(by_sheet("LAB-0501", code)[0])


@pytest.mark.parametrize("page", ["/az/", "/az/people/account/"])
def test_person_reads_who_printed_a_new_sheet_and_whether_it_was_used(
    page, without_mail, agency, coordinator
):
    lost_password(without_mail)
    theirs = client_of(without_mail)
    assert str(coordinator) not in theirs.get(page).content.decode()
    code = print_sheet(prepared(without_mail, agency, coordinator), coordinator)
    told = theirs.get(page).content.decode()
    assert str(coordinator) in told and "İstifadə edilməyib" in told
    used = by_sheet("LAB-0501", code)[0].get(page).content.decode()
    assert str(coordinator) in used and "İstifadə edilməyib" not in used


def test_first_sheet_is_told_to_nobody(without_mail, agency, coordinator):
    client = by_sheet("LAB-0501", sheet_of(without_mail, agency, coordinator))[0]
    assert str(coordinator) not in client.get("/az/people/account/").content.decode()


def test_new_sheet_ends_all_other_sessions_and_has_acts_of_its_own(without_mail, agency, coordinator):
    lost_password(without_mail)
    elsewhere = client_of(without_mail)
    code = print_sheet(prepared(without_mail, agency, coordinator), coordinator)
    assert elsewhere.get("/az/people/account/").status_code == 200
    assert is_in(by_sheet("LAB-0501", code)[0])
    assert elsewhere.get("/az/people/account/").status_code == 302
    about = AuditEntry.objects.filter(subject_id=without_mail.public_id)
    assert about.get(act="accounts.print_new_sheet").by == coordinator
    assert about.get(act="accounts.use_new_sheet").by == without_mail


def test_changed_password_ends_the_sheet_that_would_replace_it(without_mail, agency, coordinator):
    lost_password(without_mail)
    code = print_sheet(prepared(without_mail, agency, coordinator), coordinator)
    client = client_of(without_mail)
    answer = client.post(
        "/az/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 302
    assert not is_in(by_sheet("LAB-0501", code)[0])


def test_first_sheet_replaces_no_password_set_meanwhile(without_mail, agency, coordinator):
    code = sheet_of(without_mail, agency, coordinator)
    lost_password(without_mail)
    assert not is_in(by_sheet("LAB-0501", code)[0])


def test_address_of_a_link_that_is_none_asks_no_database(db):
    with counted() as queries:
        answer = Client().get("/az/account/invitation/%00/%00/")
    assert (answer.status_code, len(queries)) == (404, 0)


def test_link_that_went_to_a_wrong_address_ends_when_it_is_corrected(newcomer, agency, coordinator):
    invite(newcomer, agency, coordinator)
    path = link()
    change_address(person=newcomer, email="right@agency.example", agency=agency, by=coordinator)
    client, page = come_in(path)
    assert (page.status_code, is_in(client)) == (410, False)
    invite(newcomer, agency, coordinator)
    assert mail.outbox[-1].to == ["newcomer@agency.example"] and is_in(come_in(link())[0])
    assert mail.outbox[-1].to == ["right@agency.example"]


def test_who_has_forgotten_the_password_without_an_address_reads_whom_to_ask():
    page = Client().get("/en/account/password/reset/").text
    assert (
        "ask your agency&#x27;s coordinator for it" in page or "ask your agency's coordinator for it" in page
    )
    assert 'href="/en/account/first/"' in page


def test_refused_sheet_says_what_to_do_next(without_mail):
    [text] = (
        Client()
        .post("/en/account/first/", {"number": "LAB-0501", "code": "AAAA"})
        .context["form"]
        .non_field_errors()
    )
    assert text.endswith("ask your agency's coordinator for a new sheet.")
