"""Asking to be let in: closed by default, only from listed domains, decided by a coordinator, telling nothing."""

import re

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from operations import clock
from operations.models import AuditEntry
from operations.outbox import work_off
from people import actions
from people.actions import sign_ups
from people.models import Invitation, SignUpRequest, User
from tests.elearning.pages import tree, words
from tests.factories import client_of

PAGE = "/az/account/signup/"
ASKED = {
    "email": "new@labour.example",
    "family_name": "Qasımova",
    "given_name": "Lalə",
    "service_number": "LAB-0700",
}


@pytest.fixture(autouse=True)
def listed(settings, agency):
    settings.SIGN_UP_DOMAINS = {"labour.example": agency.code}


def ask(**changes: str):
    return Client().post(PAGE, {**ASKED, **changes})


def confirmed() -> SignUpRequest:
    ask()
    work_off(["people.sign_up"])
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
    Client().post(link)
    return SignUpRequest.objects.get()


def test_nobody_asks_where_no_domain_is_listed(settings):
    settings.SIGN_UP_DOMAINS = {}
    assert "form" not in (ask().context or {})
    assert SignUpRequest.objects.count() == 0


@pytest.mark.parametrize(
    "field, typed",
    [
        ("family_name", "Qasım\u202eova"),
        ("family_name", "Qasımova,=HYPERLINK(1)"),
        ("given_name", "https://evil.example"),
        ("given_name", "Lalə 2"),
        ("father_name", "<b>Akif</b> qızı"),
        ("service_number", "=1+1"),
        ("service_number", "LAB\u202e-0700"),
        ("service_number", "LАB-0700"),  # a Cyrillic А
    ],
)
def test_what_a_roster_refuses_in_a_cell_is_refused_at_the_field(field, typed):
    """Strangers type it, others read it: on pages, in files for a spreadsheet, on certificates."""
    page = ask(**{field: typed})
    assert list(page.context["form"].errors) == [field] and not SignUpRequest.objects.exists()
    assert page.context["form"][field].value() == typed


def test_name_is_kept_without_what_nobody_meant(agency):
    ask(family_name="Qasım\u200bova-Əliyeva", given_name="D’Lalə", father_name="A. qızı")
    kept = SignUpRequest.objects.get()
    assert (kept.family_name, kept.given_name, kept.father_name) == ("Qasımova-Əliyeva", "D’Lalə", "A. qızı")


def test_sign_in_page_leads_here_only_where_one_may_ask(settings):
    def ways() -> list[str]:
        page = tree(Client().get("/az/account/login/").content)
        [first] = [part for part in page.iter("section") if part.get("aria-labelledby") == "first"]
        return [link.get("href") for link in first.iter("a")]

    assert ways() == ["/az/account/first/", PAGE]
    settings.SIGN_UP_DOMAINS = {}
    assert ways() == ["/az/account/first/"]


def test_other_domains_are_refused_in_words():
    assert "labour.example" in words(tree(ask(email="new@elsewhere.example").content).find(".//main"))
    assert SignUpRequest.objects.count() == 0


def test_known_and_unknown_addresses_are_answered_alike(officer):
    User.objects.filter(pk=officer.pk).update(email="known@labour.example")
    pages = [
        words(tree(ask(email=email).content).find(".//main"))
        for email in ("known@labour.example", ASKED["email"])
    ]
    assert pages[0] == pages[1]
    work_off(["people.sign_up"])
    assert [message.to for message in mail.outbox] == [[ASKED["email"]]]


def test_opening_the_link_confirms_nothing():
    ask()
    work_off(["people.sign_up"])
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
    assert Client().get(link).status_code == 200
    assert SignUpRequest.objects.get().confirmed_at is None
    assert Client().get(PAGE + "made-up/").status_code == 410


def test_nobody_is_let_in_before_the_address_answered(coordinator, unit, role):
    ask()
    page = f"/az/people/sign-ups/{SignUpRequest.objects.get().public_id}/"
    assert client_of(coordinator).post(page, {"unit": unit.pk, "role": role.pk}).status_code == 404


def test_coordinator_lets_in_and_the_person_is_invited(coordinator, unit, role):
    found = confirmed()
    client = client_of(coordinator)
    assert "Qasımova" in words(tree(client.get("/az/people/sign-ups/").content).find(".//main"))
    client.post(f"/az/people/sign-ups/{found.public_id}/", {"unit": unit.pk, "role": role.pk})
    person = User.objects.get(email=ASKED["email"])
    assert (person.has_usable_password(), Invitation.objects.open().get().person) == (False, person)
    assert SignUpRequest.objects.get().outcome == "approved"


def test_declined_request_lets_nobody_in(coordinator):
    found = confirmed()
    client_of(coordinator).post(f"/az/people/sign-ups/{found.public_id}/", {"decline": "1"})
    assert (SignUpRequest.objects.get().outcome, User.objects.filter(email=ASKED["email"]).count()) == (
        "declined",
        0,
    )


@pytest.mark.parametrize("who", ["outsider", "coordinator_other", "officer", "registrar", "auditor"])
def test_others_neither_see_nor_decide(who, request, unit, role):
    person, found = request.getfixturevalue(who), confirmed()
    client = client_of(person)
    assert "Qasımova" not in client.get("/az/people/sign-ups/").content.decode()
    assert client.post(f"/az/people/sign-ups/{found.public_id}/", {"decline": "1"}).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.approve_sign_up(request=found, unit=unit, role=role, by=person)


def test_who_is_signed_in_needs_not_ask(officer):
    answer = client_of(officer).post(PAGE, ASKED)
    assert (answer.status_code, SignUpRequest.objects.count()) == (302, 0)


def test_trail_says_where_somebody_asked_and_names_nobody(auditor, agency):
    found = confirmed()
    page = words(tree(client_of(auditor).get("/en/people/audit/").content).find(".//main"))
    assert "request to be let in: labour-inspection (en)" in page
    assert (found.public_id in page, "Qasımova" in page) == (False, False)


def test_one_address_is_not_filled_with_letters():
    answers = {ask(email=email).status_code for email in [ASKED["email"], ASKED["email"].upper()] * 4}
    assert (answers, AuditEntry.objects.filter(act="people.ask_to_be_let_in").count()) == ({200}, 3)


def test_names_given_first_stay_until_the_address_answers(coordinator):
    answers = [
        words(tree(ask(**changes).content).find(".//main")) for changes in ({}, {"given_name": "Başqa"})
    ]
    assert answers[0] == answers[1]
    found = SignUpRequest.objects.get()
    assert (found.family_name, found.given_name, found.service_number) == ("Qasımova", "Lalə", "LAB-0700")
    work_off(["people.sign_up"])
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
    assert "Qasımova Lalə" in Client().get(link).text


def test_names_given_first_end_with_the_time_in_which_the_address_answers():
    ask()
    work_off(["people.sign_up"])
    first = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
    with clock.at(clock.now() + sign_ups.LASTING):
        ask(given_name="Başqa")
    assert SignUpRequest.objects.get().given_name == "Başqa"
    assert Client().post(first).status_code == 410
