"""The register: who sees it, what the filters find, what leaves it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from certificates import actions_acts, register, views_register
from certificates.actions_life import REVOKE
from certificates.models import Certificate, CertificateEvent
from certificates.state import State, state_at
from operations import clock
from operations.codes import grouped
from operations.models import AuditEntry, Proposal
from operations.spreadsheets import no_formula
from people.models import User
from tests import factories
from tests.elearning.pages import flat

from .issuing import Kind, ago, happen, make_certificate

pytestmark = pytest.mark.django_db
REGISTER = "/en/certificates/register/"


def found(**filters: str) -> list[Certificate]:
    chosen = {"text": "", "state": "", "qualification": "", **filters}
    return list(register.search(**chosen, now=clock.now()))


def test_name_is_shown_in_the_readers_script_where_it_is_kept(
    keys: None, officer: User, officer2: User, auditor: User, client_of: Any
):
    User.objects.filter(pk=officer.pk).update(
        family_name_cyrillic="Мамедова", given_name_cyrillic="Айтен", father_name_cyrillic="Камран кызы"
    )
    for person in User.objects.filter(pk__in=[officer.pk, officer2.pk]):
        make_certificate(person)
    client = client_of(auditor)
    for language, shown in (("ru", "Мамедова Айтен Камран кызы"), ("en", "Məmmədova Aytən Kamran qızı")):
        page = client.get(f"/{language}/certificates/register/").content.decode()
        assert shown in page and "Quliyev Orxan Vaqif oğlu" in page
        assert shown in client.get(f"/{language}/people/{officer.public_id}/").content.decode()


# --- search ------------------------------------------------------------------------------------------


def test_newest_stands_first(keys: None, officer: User, officer2: User):
    old, new = make_certificate(officer, at=ago(days=9)), make_certificate(officer2)
    assert found() == [new, old]


@pytest.mark.parametrize(
    "text, number",
    [
        ("məmmədova", 1), ("MEMMEDOVA", 1), ("Мəммədova", 1), ("aytən məmməd", 1), ("Aytən Quliyev", 0),
        ("kamran", 1), ("q", 2), ("xx", 0), ("%", 0), ("_", 0),
    ],
)  # fmt: skip
def test_search_by_parts_of_a_name(keys: None, officer: User, officer2: User, text: str, number: int):
    make_certificate(officer)
    make_certificate(officer2)
    assert len(found(text=text)) == number


def test_search_by_number_however_typed_and_by_id(certificate: Certificate, officer2: User):
    make_certificate(officer2)
    code = certificate.short_code
    for text in (code, grouped(code).lower(), f" {certificate.public_id} "):
        assert found(text=text) == [certificate]


def test_filter_by_qualification(certificate: Certificate, officer: User):
    other = make_certificate(officer, qualification="C1-POL")
    assert (found(qualification="C1-POL"), found(qualification="C1-LAB")) == ([other], [certificate])
    assert found(qualification="C9") == []


# --- who sees it -------------------------------------------------------------------------------------


def test_register_is_for_registrars_and_auditors(
    certificate: Certificate, registrar: User, auditor: User, client_of: Any
):
    for person in (registrar, auditor):
        for address in (REGISTER, f"{REGISTER}proposals/", f"{REGISTER}{certificate.public_id}/"):
            response = client_of(person).get(address)
            assert response.status_code == 200
            assert "no-store" in response["Cache-Control"]


def test_register_is_closed_to_everybody_else(
    certificate: Certificate, registrar: User, officer: User, officer2: User, coordinator: User,
    coordinator_other: User, duty_officer: User, trainer: User, reviewer: User, admin: User, outsider: User,
    client_of: Any,
):  # fmt: skip
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    pages = [
        REGISTER, f"{REGISTER}proposals/", f"{REGISTER}{certificate.public_id}/",
        f"{REGISTER}proposals/{proposal.public_id}/",
    ]  # fmt: skip
    posts = [
        f"{REGISTER}export/", f"{REGISTER}{certificate.public_id}/revoke/",
        f"{REGISTER}{certificate.public_id}/complaint/",
        *(f"{REGISTER}proposals/{proposal.public_id}/{act}/" for act in ("confirm", "decline", "withdraw")),
    ]  # fmt: skip
    people = (
        officer,
        officer2,
        coordinator,
        coordinator_other,
        duty_officer,
        trainer,
        reviewer,
        admin,
        outsider,
    )
    for person in people:
        client = client_of(person)
        assert {client.get(address).status_code for address in pages} == {403}
        assert {client.post(address).status_code for address in posts} == {403}
    for address in pages:
        assert Client().get(address)["Location"] == f"/en/account/login/?next={address}"
    assert Proposal.objects.get().outcome is None


def test_auditor_sees_and_changes_nothing(certificate: Certificate, auditor: User, client_of: Any):
    client = client_of(auditor)
    address = f"{REGISTER}{certificate.public_id}/"
    page = client.get(address).content.decode()
    assert ("/revoke/" in page, "Only a registrar may do this" in page) == (False, True)
    assert client.post(f"{address}revoke/", {"reason": "complaint"}).status_code == 403
    assert client.post(f"{address}revoke/", {"reason": "complaint", "sure": "1"}).status_code == 403


# --- pages -------------------------------------------------------------------------------------------


def test_list_shows_name_number_state_and_last_day(certificate: Certificate, registrar: User, client_of: Any):
    page = flat(client_of(registrar).get(REGISTER).content)
    for text in ("Məmmədova Aytən Kamran qızı", grouped(certificate.short_code), "C1-LAB", "1 certificate<"):
        assert text in page
    assert '<span class="tag tag-ok">valid</span>' in page


def test_list_without_certificates_and_without_a_hit(
    keys: None, officer: User, registrar: User, client_of: Any
):
    client = client_of(registrar)
    assert "No certificates yet" in client.get(REGISTER).content.decode()
    make_certificate(officer)
    page = client.post(REGISTER, {"q": "nobody"}, follow=True).content.decode()
    assert "Nothing found" in page
    assert f'href="{REGISTER}?all=1"' in page
    assert "Nothing found" not in client.get(REGISTER, {"all": "1"}).content.decode()


def test_filters_that_make_no_sense_are_left_out(certificate: Certificate, registrar: User, client_of: Any):
    page = client_of(registrar).get(REGISTER, {"state": "lost", "qualification": "C9", "page": "x"})
    assert grouped(certificate.short_code) in page.content.decode()


def test_pages_keep_the_filters(
    keys: None, officer: User, registrar: User, client_of: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views_register, "A_PAGE", 2)
    for number in range(3):
        make_certificate(officer, qualification=f"C{number}")
    client = client_of(registrar)
    found = client.post(REGISTER, {"q": "aytən", "state": "valid"})
    assert found["Location"] == f"{REGISTER}?state=valid&searched=yes"  # a name has no place in an address
    first = client.get(found["Location"]).content.decode()
    assert "1–2 of 3" in first
    assert "?state=valid&amp;searched=yes&amp;page=2" in first
    second = flat(client.get(REGISTER, {"state": "valid", "searched": "yes", "page": "2"}).content)
    assert second.count('<th scope="row">') == 1


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_constant_queries(
    keys: None, officer: User, registrar: User, client_of: Any, django_assert_num_queries: Any, number: int
):
    for place in range(number):
        happen(make_certificate(officer, qualification=f"C{place}"), Kind.SUSPENDED)
    client = client_of(registrar)
    client.get(REGISTER)
    with django_assert_num_queries(20):  # nine for what the menu counts
        client.get(REGISTER, {"state": "suspended"})


@pytest.mark.parametrize("number", [1, 3])
def test_proposals_take_constant_queries(
    keys: None, officer: User, registrar: User, registrar2: User, client_of: Any,
    django_assert_num_queries: Any, number: int,
):  # fmt: skip
    for place in range(number):
        made = make_certificate(officer, qualification=f"C{place}")
        actions_acts.propose(act=REVOKE, certificate=made, reason="complaint", by=registrar)
    client = client_of(registrar2)
    with django_assert_num_queries(15):  # nine for what the menu counts
        page = client.get(f"{REGISTER}proposals/").content.decode()
    assert page.count("proposed by Rəşad Əliyev") == number


def test_one_certificate_shows_holder_agency_and_what_happened(
    certificate: Certificate, registrar: User, client_of: Any
):
    happen(certificate, Kind.SUSPENDED)
    page = client_of(registrar).get(f"{REGISTER}{certificate.public_id}/").content.decode()
    for text in ("Məmmədova Aytən Kamran qızı", "labour-inspection (en)", "<b>Suspended</b>"):
        assert text in page
    assert "a complaint was upheld" in page


def test_state_as_known_before_it_was_issued_is_none(
    keys: None, officer: User, registrar: User, client_of: Any
):
    """Also of one that replaced another: its days begin before it was issued."""
    certificate = make_certificate(officer)
    day = clock.today()
    asked = {"on": f"{day:%d.%m.%Y}", "known": f"{day - timedelta(days=1):%d.%m.%Y}"}
    page = flat(client_of(registrar).get(f"{REGISTER}{certificate.public_id}/", asked).text)
    assert ": not issued yet.</b>" in page and ": valid.</b>" not in page


def test_unknown_certificate_and_proposal_are_not_found(keys: None, registrar: User, client_of: Any):
    client = client_of(registrar)
    for address in (f"{REGISTER}{'A' * 22}/", f"{REGISTER}proposals/{'A' * 22}/"):
        assert client.get(address).status_code == 404


# --- revoking, by hand --------------------------------------------------------------------------------


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_two_registrars_revoke_by_hand(
    certificate: Certificate, registrar: User, registrar2: User, client_of: Any
):
    first, second = client_of(registrar), client_of(registrar2)
    address = f"{REGISTER}{certificate.public_id}/"
    act = f"{address}revoke/"
    assert "Choose a reason from the list." in first.post(act).content.decode()
    asked = first.post(act, {"reason": "complaint"}).content.decode()
    assert "It applies to the whole qualification C1-LAB" in asked
    assert f"Propose to revoke {grouped(certificate.short_code).replace('-', '‑')}?" in asked
    assert Proposal.objects.count() == 0
    proposed = first.post(act, {"reason": "complaint", "sure": "1"})
    proposal = Proposal.objects.get()
    page = f"{REGISTER}proposals/{proposal.public_id}/"
    assert (proposed["Location"], said(proposed)) == (
        address, ["Proposed. A second registrar must confirm before anything changes."],
    )  # fmt: skip
    assert "Withdraw my proposal" in first.get(page).content.decode()
    assert first.post(f"{page}confirm/").status_code == 403
    assert "1 proposal waits for a second registrar" in second.get(REGISTER).content.decode()
    assert "Confirm the revocation" in second.get(page).content.decode()
    confirmed = second.post(f"{page}confirm/", follow=True)
    assert "The certificate is revoked." in confirmed.content.decode()
    assert state_at(Certificate.objects.get()).state == State.REVOKED
    again = second.post(f"{page}confirm/", follow=True).content.decode()
    assert "This has been decided already." in again
    assert CertificateEvent.objects.count() == 1
    shown = first.get(address).content.decode()
    assert ("/revoke/" in shown, "It is revoked or void already." in shown) == (False, True)


def test_declining_and_withdrawing_by_hand(
    certificate: Certificate, registrar: User, registrar2: User, client_of: Any
):
    for person, act in ((registrar2, "decline"), (registrar, "withdraw")):
        proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
        page = f"{REGISTER}proposals/{proposal.public_id}/"
        assert "stays as it was" in client_of(person).post(f"{page}{act}/", {"sure": "1"}, follow=True).text
    assert state_at(Certificate.objects.get()).state == State.VALID
    assert [each.outcome for each in Proposal.objects.order_by("pk")] == ["declined", "withdrawn"]


def test_unknown_decision_is_not_found(certificate: Certificate, registrar: User, client_of: Any):
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    address = f"{REGISTER}proposals/{proposal.public_id}/explode/"
    assert client_of(registrar).post(address).status_code == 404


def test_holder_who_is_a_registrar_is_offered_nothing(
    certificate: Certificate, officer: User, registrar: User, client_of: Any
):
    factories.give(officer, factories.Position.REGISTRAR)
    client = client_of(officer)
    address = f"{REGISTER}{certificate.public_id}/"
    shown = client.get(address).content.decode()
    assert ("/revoke/" in shown, "Only a registrar may do this" in shown) == (False, True)
    assert client.post(f"{address}revoke/", {"reason": "complaint", "sure": "1"}).status_code == 403
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    page = client.get(f"{REGISTER}proposals/{proposal.public_id}/").content.decode()
    assert "You cannot decide about this certificate." in page


def test_proposal_that_ran_out_says_so(
    certificate: Certificate, registrar: User, registrar2: User, client_of: Any
):
    with clock.at(ago(days=15)):
        factories.give(registrar, factories.Position.REGISTRAR)
        proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    page = f"{REGISTER}proposals/{proposal.public_id}/"
    client = client_of(registrar2)
    assert "<b>Expired</b>" in client.get(page).content.decode()
    assert (
        "The time to decide this has passed." in client.post(f"{page}confirm/", follow=True).content.decode()
    )


# --- the file ----------------------------------------------------------------------------------------


def rows_of(response: Any) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_file_holds_what_the_filters_find(
    certificate: Certificate, officer2: User, registrar: User, client_of: Any
):
    make_certificate(officer2)
    response = client_of(registrar).post(f"{REGISTER}export/", {"q": "məmmədova"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="certificates.csv"'
    first, last = clock.first_day(certificate.valid_from), clock.last_day(certificate.valid_to)
    assert rows_of(response) == [
        ["Certificate number", "Qualification", "Holder", "State", "Valid from", "Last day", "Earned by"],
        [grouped(certificate.short_code), "C1-LAB", "Məmmədova Aytən Kamran qızı", "valid",
         first.isoformat(), last.isoformat(), "what the rules require"],
    ]  # fmt: skip


def test_who_took_the_file_stands_in_the_audit_trail_but_not_what_was_searched_for(
    certificate: Certificate, auditor: User, client_of: Any
):
    client_of(auditor).post(f"{REGISTER}export/", {"q": "məmmədova", "state": "valid"})
    entry = AuditEntry.objects.get(act="certificates.export_register")
    assert (entry.by, entry.after) == (
        auditor, {"rows": 1, "searched": True, "state": "valid", "qualification": ""},
    )  # fmt: skip


def test_file_is_not_fetched_by_a_link(certificate: Certificate, registrar: User, client_of: Any):
    assert client_of(registrar).get(f"{REGISTER}export/").status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_file_takes_constant_queries(
    keys: None, officer: User, registrar: User, client_of: Any, django_assert_num_queries: Any, number: int
):
    for place in range(number):
        make_certificate(officer, qualification=f"C{place}")
    client = client_of(registrar)
    with django_assert_num_queries(13):
        assert len(rows_of(client.post(f"{REGISTER}export/"))) == number + 1


@pytest.mark.parametrize(
    "name, cell",
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), (" =1", "' =1"),
        ("\t1", "'\t1"), ("Əliyev", "Əliyev"), ("Əl-Məsum", "Əl-Məsum"), ("", ""),
    ],
)  # fmt: skip
def test_spreadsheet_takes_no_name_for_a_formula(name: str, cell: str):
    assert no_formula(name) == cell
