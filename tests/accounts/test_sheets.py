"""Sheets with one-time codes for many: all of a list at once, one PDF, fetched once by who asked for it."""

import io
import re
import time
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts import jobs, sheets
from accounts.actions.invitations import invite, make_sheets
from accounts.invitation_secrets import hash_of, new_codes
from accounts.models import Invitation
from operations import clock, qr, results
from operations.models import AuditEntry, Errand, Job
from operations.outbox import work_off
from operations.scheduled import prune_jobs
from people.actions.persons import add_person
from people.actions.postings import post
from people.models import Agency, Grant, User
from tests import factories
from tests.elearning.pages import tree, with_class, words
from tests.factories import client_of, counted

PAGE = "/az/people/invitations/"
NEW = "yaşıl-dəniz-on-iki"
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}\b")
LANGUAGES = ["az", "en", "ru"]


@pytest.fixture
def crowd(unit: Any, role: Any, agency: Agency, coordinator: User) -> list[User]:
    """Three, invited on paper, each in another language."""
    return invited(3, unit, role, agency, coordinator)


def invited(number: int, unit: Any, role: Any, agency: Agency, by: User, way: str = "sheet") -> list[User]:
    people = [
        factories.make_person(
            "Rzayev" if way == "sheet" else "Babayev", f"Kənan {'abcdefghijklmnopqrstuvwxyz'[each]}", unit=unit,
            role=role, service_number=f"{way}-{each}", language=LANGUAGES[each % 3],
        )
        for each in range(number)
    ]  # fmt: skip
    invite(people=people, agency=agency, way=way, by=by)
    return people


def act(client: Client, what: str, **more: str) -> Any:
    return client.post(f"{PAGE}act/", {"what": what, **more})


def sent_on(page: Any) -> dict[str, str]:
    """Return what the button of a confirmation sends."""
    inputs = tree(page.content).iter("input")
    return {
        one.get("name"): one.get("value") or "" for one in inputs if one.get("name") != "csrfmiddlewaretoken"
    }


def asked_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> Job:
    """The PDF of all sheets, not yet made."""
    monkeypatch.setattr(sheets, "AT_ONCE", 2)
    answer = client.post(f"{PAGE}act/", sent_on(act(client, "print", all="on", state="")))
    job = Job.objects.get(kind=jobs.KIND)
    assert answer.url == reverse("jobs:one", args=[job.public_id])
    return job


@pytest.fixture
def job(crowd: list[User], coordinator: User, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Made."""
    found = asked_for(client_of(coordinator), monkeypatch)
    work_off([jobs.KIND])
    found.refresh_from_db()
    assert found.state == "done", found.error
    return found


def take(client: Client, job: Job) -> Any:
    return client.post(reverse("jobs:take", args=[job.public_id]))


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def comes_in(number: str, code: str) -> bool:
    client = Client()
    answer = client.post("/az/account/first/", {"number": number, "code": code})
    if answer.status_code == 302:
        client.post(answer.url, {"password1": NEW, "password2": NEW})
    return "_auth_user_id" in client.session


# --- all of a list ------------------------------------------------------------------------------------------


def test_all_of_the_list_are_asked_about_and_then_done_without_ticking(
    crowd, unit, role, agency, coordinator
):
    invited(2, unit, role, agency, coordinator, "mail")
    client = client_of(coordinator)
    page = tree(client.get(PAGE).content)
    assert (
        words(with_class(page, "tick")[0])
        == "Hamısı, siyahının bütün səhifələrində: 5 istifadə olunmamış dəvət"
    )
    asked = act(client, "revoke", all="on", state="")
    assert len(list(with_class(tree(asked.content), "bul")[0].iter("li"))) == 5
    assert not Invitation.objects.exclude(revoked_at=None).exists()
    client.post(f"{PAGE}act/", sent_on(asked))
    assert Invitation.objects.filter(revoked_at=None).count() == 0


def test_all_keeps_to_the_list_that_is_shown(crowd, agency, coordinator, coordinator_other):
    with clock.at(clock.now() + timedelta(days=61)):
        again = Invitation.objects.get(person=crowd[0])
        Invitation.objects.filter(pk=again.pk).update(expires_at=clock.now() + timedelta(days=9))
        asked = act(client_of(coordinator), "revoke", all="on", state="expired")
        points = [words(one) for one in with_class(tree(asked.content), "bul")[0].iter("li")]
        assert points == [
            f"{person.get_full_name()}, sheet-{number}" for number, person in enumerate(crowd) if number
        ]
    assert act(client_of(coordinator_other), "revoke", all="on", agency=agency.code).status_code == 302


@pytest.mark.parametrize(("what", "number"), [("send", 2), ("print", 3)])
def test_confirmation_lists_only_whom_the_act_concerns(what, number, crowd, unit, role, agency, coordinator):
    invited(2, unit, role, agency, coordinator, "mail")
    asked = act(client_of(coordinator), what, all="on", state="")
    assert len(list(with_class(tree(asked.content), "bul")[0].iter("li"))) == number


def test_act_that_concerns_nobody_says_so(crowd, coordinator):
    client = client_of(coordinator)
    answer = client.post("/en/people/invitations/act/", {"what": "send", "all": "on"}, follow=True)
    assert "Tick at least one unused invitation by e-mail." in answer.text


def test_who_has_no_number_is_not_invited_on_paper(unit, role, agency, coordinator):
    held = add_person(family_name="Rzayev", given_name="Kənan", father_name="", by=None)
    post(person=held, unit=unit, role=role, service_number=None, valid_from=factories.a_year_ago(), by=None)
    answer = client_of(coordinator).post(
        "/en/people/invitations/new/", {"ids": held.public_id, "way": "", "sure": "1"}, follow=True
    )
    assert "No service number is known" in answer.text
    assert not Invitation.objects.exists()


# --- the file -------------------------------------------------------------------------------------------------


def test_file_is_a_page_a_person_in_their_language_and_its_codes_open(job, crowd, coordinator):
    pages = pages_of(take(client_of(coordinator), job).getvalue())
    titles = ["Nişanəyə giriş", "Your way into Nişanə", "Вход в Nişanə"]
    assert len(pages) == 3
    for page, person, title, language, number in zip(pages, crowd, titles, LANGUAGES, range(3), strict=True):
        assert title in page
        assert person.get_full_name() in page
        assert f"http://localhost:8000/{language}/account/first/" in page
        assert f"sheet-{number}" in page
        [code] = CODE.findall(page)
        assert comes_in(f"sheet-{number}", code)


def test_picture_leads_to_the_page_and_holds_no_code(job, coordinator):
    pdf = PdfReader(io.BytesIO(take(client_of(coordinator), job).getvalue()))
    read = [
        zxingcpp.read_barcodes(page.images[0].image, zxingcpp.BarcodeFormat.QRCode)[0].text
        for page in pdf.pages
    ]
    assert read == [f"http://localhost:8000/{language}/account/first/" for language in LANGUAGES]


def test_codes_open_nothing_before_the_file_is_kept_and_stand_nowhere_else(
    crowd, coordinator, monkeypatch, caplog
):
    job = asked_for(client_of(coordinator), monkeypatch)
    assert not Invitation.objects.exclude(secret_hash=None).exists()
    work_off([jobs.KIND])
    client = client_of(coordinator)
    codes = CODE.findall(" ".join(pages_of(take(client, job).getvalue())))
    assert len(set(codes)) == 3
    kept = [Invitation, AuditEntry, Job, Errand]
    said = str([list(model.objects.values()) for model in kept]) + caplog.text
    assert [code for code in codes if code in said or code.replace(" ", "") in said] == []


def test_file_is_handed_out_once(job, coordinator):
    client = client_of(coordinator)
    first = take(client, job)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in first.headers["Cache-Control"]
    assert (take(client, job).status_code, client.get(reverse("jobs:download", args=[job.public_id])).status_code) == (
        404, 404,
    )  # fmt: skip


def test_file_is_never_got_by_a_link_alone(job, coordinator):
    assert client_of(coordinator).get(reverse("jobs:download", args=[job.public_id])).status_code == 404
    assert client_of(coordinator).get(reverse("jobs:take", args=[job.public_id])).status_code == 405


def test_file_is_for_who_asked_alone(job, coordinator_other, admin, outsider):
    assert [take(client_of(who), job).status_code for who in (coordinator_other, admin, outsider)] == [
        404
    ] * 3


def test_file_takes_a_fresh_proof(job, coordinator):
    client = client_of(coordinator, proved=time.time() - 3600)
    answer = take(client, job)
    assert (answer.status_code, "/reauthenticate/" in answer.url) == (302, True)
    after = client.post(answer.url, {"password": factories.PASSWORD})
    assert after.headers["Content-Type"] == "application/pdf"


def test_browser_without_the_second_step_does_not_get_it(job, coordinator):
    answer = take(client_of(coordinator, second_factor=False), job)
    assert (answer.status_code, "/second-step/" in answer.url) == (302, True)
    assert Job.objects.get(pk=job.pk).result


def test_file_goes_with_the_position(job, coordinator):
    Grant.objects.filter(person=coordinator).update(revoked_at=clock.now(), revoked_by=coordinator)
    assert take(client_of(coordinator), job).status_code == 404


def test_file_is_deleted_by_who_asked_or_after_a_day(job, coordinator, outsider):
    address = reverse("jobs:discard", args=[job.public_id])
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert take(client_of(coordinator), job).status_code == 404
    assert client_of(outsider).post(address).status_code == 404
    assert Job.objects.get(pk=job.pk).result
    client_of(coordinator).post(address)
    assert Job.objects.get(pk=job.pk).result == ""
    assert take(client_of(coordinator), job).status_code == 404


def test_expired_file_is_gone_from_the_disk(job):
    name = job.result
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        prune_jobs(clock.now())
    assert results.opened(name) is None


def test_position_given_meanwhile_leaves_out_one_and_names_nobody(crowd, coordinator, monkeypatch):
    client = client_of(coordinator)
    job = asked_for(client, monkeypatch)
    factories.give(crowd[1], Grant.Position.TRAINER)
    work_off([jobs.KIND])
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 2, 2), job.error
    with_codes = Invitation.objects.exclude(secret_hash=None).values_list("person", flat=True)
    assert sorted(with_codes) == sorted([crowd[0].pk, crowd[2].pk])
    pages = PdfReader(results.opened(job.result)).pages
    assert [crowd[1].given_name in page.extract_text() for page in pages] == [False, False]
    page = client.get(f"/en/jobs/{job.public_id}/").text
    assert "Not everything is in it" in page and job.error in page
    assert job.error.startswith("1 ") and not any(
        part in job.error for person in crowd for part in (person.family_name, person.given_name)
    )


def test_file_without_a_sheet_is_none_and_says_why(crowd, coordinator, monkeypatch):
    job = asked_for(client_of(coordinator), monkeypatch)
    for person in crowd:
        factories.give(person, Grant.Position.TRAINER)
    work_off([jobs.KIND])
    job.refresh_from_db()
    assert (job.state, job.result, job.error[:2]) == ("failed", "", "3 ")
    assert not Invitation.objects.exclude(secret_hash=None).exists()


def test_expired_ones_are_printed_anew_in_the_file_as_on_the_page(crowd, coordinator, monkeypatch):
    Invitation.objects.update(expires_at=clock.now() - timedelta(days=1))
    job = asked_for(client_of(coordinator), monkeypatch)
    work_off([jobs.KIND])
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 3), job.error
    assert Invitation.objects.open().exclude(secret_hash=None).count() == 3


def test_as_many_as_a_page_holds_are_printed_on_it(crowd, coordinator, monkeypatch):
    monkeypatch.setattr(sheets, "AT_ONCE", 3)
    page = act(client_of(coordinator), "print", all="on", state="", sure="1")
    assert (page.status_code, len(set(CODE.findall(page.text)))) == (200, 3)
    assert not Job.objects.exists()


def test_too_many_for_one_file_are_refused_in_words(crowd, coordinator, monkeypatch):
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    monkeypatch.setattr(jobs, "MOST", 2)
    client = client_of(coordinator)
    sent = {"what": "print", "all": "on", "sure": "1"}
    answer = client.post("/en/people/invitations/act/", sent, follow=True)
    assert "One file holds at most 2 sheets." in answer.text
    assert not Job.objects.exists()


def test_drawing_of_the_page_to_print_needs_no_style():
    assert "style=" not in qr.drawing("http://localhost:8000/az/account/first/")


def test_sheets_cost_the_same_queries_for_one_and_three(crowd, coordinator):
    costs = []
    for number in (1, 3):
        chosen = list(Invitation.objects.select_related("person").order_by("pk")[:number])
        codes = new_codes(chosen)
        with counted() as queries:
            sheets.sheets_of(chosen, codes)
        costs.append(len(queries))
    assert costs == [1, 1]


def test_sheets_are_kept_at_the_same_cost_for_one_and_three(crowd, coordinator):
    costs = []
    for number in (1, 3):
        chosen = list(Invitation.objects.order_by("pk")[:number])
        with counted() as queries:
            assert len(make_sheets(invitations=chosen, by=coordinator)) == number
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("way", ["mail", "sheet"])
def test_one_and_three_are_invited_at_the_same_cost(way, unit, role, agency, coordinator):
    costs = []
    for number in (1, 3):
        people = [
            factories.make_person(
                email=f"{number}-{each}@agency.example", unit=unit, role=role,
                service_number=f"{number}-{each}",
            )
            for each in range(number)
        ]  # fmt: skip
        with counted() as queries:
            invite(people=people, agency=agency, way=way, by=coordinator)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert Errand.objects.filter(kind="accounts.invitation").count() == (4 if way == "mail" else 0)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("az", "yeni kod yaradılmadı"),
        ("en", "their codes work, and no new ones were made"),
        ("ru", "новые не созданы"),
    ],
)
def test_page_of_sheets_that_is_loaded_again_makes_no_new_codes(language, said, crowd, coordinator):
    client, page = client_of(coordinator), f"/{language}/people/invitations/act/"
    sent = sent_on(client.post(page, {"what": "print", "all": "on", "state": ""}))
    code = CODE.search(client.post(page, sent).text)[0]
    again = client.post(page, sent, follow=True)
    assert again.redirect_chain[-1][1] == 302 and said in again.text
    assert CODE.search(again.text) is None
    assert AuditEntry.objects.filter(act="accounts.print_invitation").count() == 1
    owner = Invitation.objects.get(secret_hash=hash_of(code)).person
    assert comes_in(f"sheet-{crowd.index(owner)}", code)
    anew = sent_on(client.post(page, {"what": "print", "all": "on", "state": ""}))
    assert CODE.search(client.post(page, anew).text)  # asked for anew, it is printed anew


@pytest.mark.parametrize("one", ["ı", "i", "İ", "l", "L", "I"])
def test_code_with_a_one_opens_as_each_keyboard_types_it(one, crowd, coordinator):
    invitation = Invitation.objects.get(person=crowd[0])
    codes = new_codes([invitation])
    codes.by_invitation[invitation.public_id] = "1A0B1C0D1E0F"
    make_sheets(invitations=[invitation], codes=codes, by=coordinator)
    assert not comes_in("sheet-0", f"{one}aоb {one}сod")
    assert comes_in("sheet-0", f"{one}aob-{one}сОd {one}eof")
