"""Addresses for everybody: what a stranger sees, and does not."""

import gzip
import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certificates import lists, public_page, signing
from certificates.credentials import statement
from certificates.credentials.jsontext import read_json
from certificates.models import Certificate, StatusList
from certificates.state import State
from operations import clock
from operations.codes import grouped
from people.models import Agency, User
from tests import factories
from tests.elearning.pages import flat

from .issuing import Kind, ahead, happen, make_certificate

pytestmark = pytest.mark.django_db
ABSENT = "A" * 22
STRANGE_IDS = [
    ABSENT, "A" * 21, "A" * 23, "", "x", "a/b", f"{ABSENT}/", f"/{ABSENT}", "..", "Ə" * 22, "%20" * 7, "A%0A",
    f"{ABSENT}%0A", "x" * 3000, "admin", "'; DROP TABLE people_user;--", "credential", f"{ABSENT}.pdf",
]  # fmt: skip


def text_of(response: Any) -> str:
    return flat(response.content)


# --- the page ----------------------------------------------------------------------------------------


def test_page_of_a_valid_certificate(stranger: Client, certificate: Certificate):
    response = stranger.get(f"/c/{certificate.public_id}")
    page = text_of(response)
    assert response.status_code == 200
    assert '<article class="doc framed"' in page
    assert f"<title>{grouped(certificate.short_code)}: This certificate is valid – Nişanə</title>" in page
    assert '<meta name="robots" content="noindex">' in page
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert page.count('<span class="vh">Yes:</span>') == 8  # seven checks, and that of the QR code, hidden
    assert re.search(r'Checked:<time datetime="[^"]+\+04:00"><b>[^<]+ \(Baku time\)</b></time>', page)


@pytest.mark.parametrize(
    "kind, heading",
    [
        (Kind.REVOKED, "This certificate has been revoked"),
        (Kind.SUSPENDED, "This certificate is suspended"),
        (Kind.SUPERSEDED, "This certificate has been replaced"),
        (Kind.VOIDED, "This certificate is void from the start"),
    ],
)
def test_page_of_one_not_in_force_has_no_frame_and_no_reason(
    stranger: Client, certificate: Certificate, kind: str, heading: str
):
    happen(certificate, kind)
    lists.sign_lists_of([certificate])
    page = text_of(stranger.get(f"/c/{certificate.public_id}"))
    assert f"<h1>{heading}</h1>" in page
    assert "framed" not in page
    assert "complaint" not in page and "in error" not in page
    assert page.count('<span class="vh">No:</span>') == 2  # one check, and that of the QR code, hidden


VALID = {
    "az": r"etibarlıdır",
    "en": r"\bvalid\b|\bis in force\b",
    "ru": r"\bдействителен\b|\bдействует\b(?<!не\sдействует)",
}


@pytest.mark.parametrize("language", VALID)
@pytest.mark.parametrize(
    "kind", [Kind.REVOKED, Kind.SUSPENDED, Kind.SUPERSEDED, Kind.ENDED, Kind.VOIDED, "expired"]
)
def test_page_of_one_not_in_force_calls_it_valid_nowhere_beside_the_answer(
    stranger: Client, certificate: Certificate, kind: str, language: str
):
    if kind != "expired":
        happen(certificate, kind)
        lists.sign_lists_of([certificate])
    with clock.at(certificate.valid_to if kind == "expired" else clock.now()):
        page = text_of(stranger.get(f"/c/{certificate.public_id}?lang={language}"))
    answer = re.search(r"<div data-verdict>.*?</p></div></div></div>", page)
    assert answer is not None
    rest = re.sub("<[^>]+>", " ", page.replace(answer[0], ""))
    assert re.findall(VALID[language], rest.lower()) == []


def test_agencies_by_their_signed_name_in_another_language(
    stranger: Client, agency: Agency, django_assert_num_queries: Any
):
    with django_assert_num_queries(1):
        response = stranger.get("/agencies/ru.json")
    assert response.json() == {"labour-inspection": "labour-inspection (ru)"}
    assert response["Cache-Control"] == "public, max-age=3600"
    assert stranger.get("/agencies/de.json").status_code == 404


def test_two_agencies_of_one_signed_name_are_shown_by_it_alone(stranger: Client, agency: Agency):
    other = factories.make_agency("other")
    Agency.objects.filter(pk=other.pk).update(name_az=agency.name_az)
    assert stranger.get("/agencies/ru.json").json() == {}


def test_page_before_and_after_its_days(stranger: Client, certificate: Certificate):
    with clock.at(certificate.valid_to):
        page = text_of(stranger.get(f"/c/{certificate.public_id}"))
    last = certificate.valid_to - timedelta(seconds=1)
    assert "This certificate has expired" in page
    assert f"Its last day was {last.astimezone(clock.BAKU):%-d %B %Y}." in page
    with clock.at(certificate.valid_from - timedelta(seconds=1)):
        page = text_of(stranger.get(f"/c/{certificate.public_id}"))
    assert "This certificate is not yet in force" in page


def test_page_that_could_not_check_says_so_and_shows_what_is_signed(
    stranger: Client, certificate: Certificate
):
    happen(certificate, Kind.REVOKED)  # and the signed list does not say it
    page = text_of(stranger.get(f"/c/{certificate.public_id}"))
    assert "<h1>It could not be checked</h1>" in page
    assert "This page says neither valid nor revoked." in page
    assert grouped(certificate.short_code) in page
    assert "framed" not in page


def test_page_of_an_erased_bearer(stranger: Client, certificate: Certificate):
    everything = ("names", "agency", "salt", "credential", "credential_sha256", "qr_text")
    type(certificate.bearer).objects.update(**dict.fromkeys(everything))
    happen(certificate, Kind.ERASED)
    page = text_of(stranger.get(f"/c/{certificate.public_id}"))
    assert "Erased at the person's request" in page
    assert "This certificate is valid" in page
    assert "still pass the check" in page
    happen(certificate, Kind.REVOKED)
    lists.sign_lists_of([certificate])
    page = text_of(stranger.get(f"/c/{certificate.public_id}"))
    assert "has been revoked" in page and "still pass the check" not in page


def test_page_in_each_language(certificate: Certificate):
    for language, heading in (
        ("az", "Bu sertifikat etibarlıdır"),
        ("en", "This certificate is valid"),
        ("ru", "Сертификат действителен"),
    ):
        page = text_of(Client().get(f"/c/{certificate.public_id}?lang={language}"))
        assert f'<html lang="{language}">' in page
        assert f"<h1>{heading}</h1>" in page


@pytest.mark.parametrize(
    ("language", "not_yet", "confirmed"),
    [
        ("az", "sertifikat veriləndə kursu Azərbaycan hüquqşünası hələ təsdiqləməmişdi", "hüquqşünası təsdiqləyib: "),
        ("en", "not yet confirmed by a national lawyer when it was issued", "confirmed by a national lawyer on "),
        ("ru", "на день выдачи курс ещё не был подтверждён юристом Азербайджана", "подтверждён юристом Азербайджана: "),
    ],
)  # fmt: skip
def test_page_says_whether_a_lawyer_had_confirmed_the_course_when_it_was_issued(
    officer: User, certificate: Certificate, language: str, not_yet: str, confirmed: str
):
    page = text_of(Client().get(f"/c/{certificate.public_id}?lang={language}"))
    assert not_yet in page and confirmed not in page
    later = make_certificate(officer, qualification="C2-LAB", law_confirmed_on="2026-09-01")
    page = text_of(Client().get(f"/c/{later.public_id}?lang={language}"))
    assert confirmed in page and not_yet not in page
    again = text_of(Client().get(f"/c/{certificate.public_id}?lang={language}"))
    assert not_yet in again


def test_language_links_keep_the_part_after_the_hash_by_script(stranger: Client, certificate: Certificate):
    page = text_of(stranger.get(f"/c/{certificate.public_id}"))
    links = re.findall(r'<a lang="(\w+)" hreflang="\w+" href="([^"]+)" data-keep-hash>', page)
    assert links == [(code, f"/c/{certificate.public_id}?lang={code}") for code in ("az", "ru")]


def test_page_asks_the_database_twice(
    stranger: Client, certificate: Certificate, django_assert_num_queries: Any
):
    with django_assert_num_queries(2):
        stranger.get(f"/c/{certificate.public_id}")


def test_page_sets_no_cookie_and_opens_no_session(stranger: Client, certificate: Certificate):
    assert not stranger.get(f"/c/{certificate.public_id}").cookies
    assert not stranger.get("/verify/").cookies


def test_rendered_once_it_is_shown_with_the_instant_of_each_view(stranger: Client, certificate: Certificate):
    pages = []
    for minutes in (1, 2):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            pages.append(text_of(stranger.get(f"/c/{certificate.public_id}")))
    first, second = (re.sub("<time.*?</time>", "", page, count=1) for page in pages)
    assert first == second
    assert pages[0] != pages[1]


def test_kept_compressed_it_is_the_same_page_to_who_takes_it_so(stranger: Client, certificate: Certificate):
    address = f"/c/{certificate.public_id}"
    for minutes in (1, 2):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            plain = stranger.get(address)
            small = stranger.get(address, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(small.content) == plain.content
        assert (small["Content-Encoding"], small["Content-Length"]) == ("gzip", str(len(small.content)))
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in small["Vary"] and "Accept-Encoding" in plain["Vary"]
        assert small["Cache-Control"] == plain["Cache-Control"]


def test_rendered_page_is_not_shown_when_anything_it_says_has_changed(
    stranger: Client, certificate: Certificate
):
    address = f"/c/{certificate.public_id}"
    assert "is valid" in text_of(stranger.get(address))
    happen(certificate, Kind.SUSPENDED)
    lists.sign_lists_of([certificate])
    assert "is suspended" in text_of(stranger.get(address))
    happen(certificate, Kind.REINSTATED)
    lists.sign_lists_of([certificate])
    assert "is valid" in text_of(stranger.get(address))


def test_rendered_page_of_a_stranger_is_not_shown_to_who_is_signed_in(
    stranger: Client, certificate: Certificate, outsider: User, client_of: Any
):
    address = f"/c/{certificate.public_id}"
    assert "Tural Həsənov" not in text_of(stranger.get(address))
    assert "Tural Həsənov" in text_of(client_of(outsider).get(address))
    assert "Tural Həsənov" not in text_of(stranger.get(address))


def test_rendered_pages_stay_few(stranger: Client, certificate: Certificate, monkeypatch: Any):
    monkeypatch.setattr(public_page, "MOST_KEPT", 2)
    public_page._rendered.clear()
    for hours in range(5):
        with clock.at(ahead(days=7 * hours)):  # each with other lists
            stranger.get(f"/c/{certificate.public_id}")
    assert len(public_page._rendered) <= 2


# --- what a stranger does not see --------------------------------------------------------------------


def parts_of_the_bearer(certificate: Certificate) -> list[str]:
    bearer, person = certificate.bearer, certificate.award.person
    names = [part for name in (bearer.names or {}).values() for part in name.split()]
    posting = person.postings.get()
    return [
        *names, *(bearer.agency or {}).values(), bearer.salt or "", certificate.bearer_key, person.public_id,
        person.email or "", posting.service_number or "", posting.unit.name, posting.unit.public_id,
        certificate.award.public_id, certificate.award.cause.split(":")[1],
        (bearer.qr_text or "").partition("#")[2],
    ]  # fmt: skip


def test_no_public_answer_holds_any_part_of_name_or_agency(stranger: Client, certificate: Certificate):
    happen(certificate, Kind.SUSPENDED)
    lists.sign_lists_of([certificate])
    answers = [stranger.get(f"/c/{certificate.public_id}?lang={language}") for language in ("az", "en", "ru")]
    answers += [
        stranger.get(f"/c/{certificate.public_id}.json"),
        stranger.post(f"/c/{certificate.public_id}/credential", {"token": "AAAA"}),
        stranger.post(f"/c/{certificate.public_id}/credential"),
        stranger.post("/verify/", {"q": certificate.short_code}, follow=True),
        stranger.get("/status/1"), stranger.get("/status/2"), stranger.get("/.well-known/did.json"),
    ]  # fmt: skip
    hidden = [part for part in parts_of_the_bearer(certificate) if part]
    assert len(hidden) > 12
    for response in answers:
        said = unescape(text_of(response)) + str(response.headers)
        assert [part for part in hidden if part in said] == []


def test_signed_in_people_see_no_more_than_a_stranger(
    certificate: Certificate,
    officer2: User,
    coordinator: User,
    registrar: User,
    outsider: User,
    client_of: Any,
):
    for person in (officer2, coordinator, registrar, outsider):
        page = unescape(text_of(client_of(person).get(f"/c/{certificate.public_id}")))
        panel, _main, shown = page.partition("<main")
        assert "Məmmədova" not in page
        assert "labour-inspection" not in shown
        assert "labour-inspection" not in panel or person in (
            officer2,
            coordinator,
        )  # their own, in their own panel


# --- unknown and malformed ids -----------------------------------------------------------------------


def without_links(response: Any) -> str:
    """The language links repeat the address; the rest must be the same."""
    return re.sub(r'<nav aria-label="Language">.*?</nav>', "", text_of(response), flags=re.S)


@pytest.mark.parametrize("strange", STRANGE_IDS)
def test_unknown_and_malformed_ids_get_the_same_answer(stranger: Client, keys: None, strange: str):
    with CaptureQueriesContext(connection) as expected:
        plain = stranger.get(f"/c/{ABSENT}")
    with CaptureQueriesContext(connection) as asked:
        response = stranger.get(f"/c/{strange}")
    assert (response.status_code, without_links(response)) == (404, without_links(plain))
    assert [len(asked), len(expected)] == [1, 1]
    assert response.headers.keys() == plain.headers.keys()
    assert "No certificate has this number" in text_of(response)


@pytest.mark.parametrize("strange", STRANGE_IDS)
def test_unknown_and_malformed_documents_get_the_same_answer(stranger: Client, keys: None, strange: str):
    for response in (
        stranger.get(f"/c/{strange}.json"),
        stranger.post(f"/c/{strange}/credential", {"token": "AAAA"}),
    ):
        assert (response.status_code, response.content) == (404, b'{"error": "not known"}')


def test_known_id_with_more_around_it_is_not_known(stranger: Client, certificate: Certificate):
    for address in (f"{certificate.public_id}/", f"{certificate.public_id}%0A", f"/{certificate.public_id}"):
        assert stranger.get(f"/c/{address}").status_code == 404


def test_pages_answer_head_and_refuse_what_they_do_not_know(stranger: Client, certificate: Certificate):
    address = f"/c/{certificate.public_id}"
    assert [stranger.head(address).status_code, stranger.head("/verify/").status_code] == [200, 200]
    assert [stranger.post(address).status_code, stranger.put(address).status_code] == [405, 405]
    assert stranger.get(f"{address}/credential").status_code == 405


# --- documents ---------------------------------------------------------------------------------------


def test_statement_is_signed_shared_and_canonical(stranger: Client, certificate: Certificate):
    response = stranger.get(f"/c/{certificate.public_id}.json")
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert response["Cache-Control"] == "public, max-age=86400"
    document = read_json(response.content)
    assert document == certificate.statement
    found = statement.verify_statement(
        document, keyring=signing.keyring(), base_url=product_settings.BASE_URL
    )
    assert found.facts.code == certificate.short_code


def test_did_document_lists_every_key_for_any_site(stranger: Client, keys: None):
    response = stranger.get("/.well-known/did.json")
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == (
        "application/did+json",
        "*",
    )
    assert response["Cache-Control"] == "public, max-age=3600"
    document = json.loads(response.content)
    assert document["id"] == "did:web:localhost%3A8000"
    kids = {method["id"].partition("#")[2] for method in document["verificationMethod"]}
    assert kids == {key.kid for key in signing.keyring().public_keys}


def test_where_the_keys_are_not_in_order_documents_say_that_nothing_was_checked(
    stranger: Client, certificate: Certificate, settings: Any, tmp_path: Path
):
    token = certificate.bearer.qr_text
    settings.KEYS_DIR = tmp_path
    signing.forget()
    answers = [stranger.get("/.well-known/did.json"), presented(stranger, certificate, token)]
    signing.forget()
    for answer in answers:
        assert (answer.status_code, answer.json()) == (503, {"error": "could not be checked"})
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_status_lists_are_shared_and_may_be_kept_shortly(stranger: Client, certificate: Certificate):
    for number in (1, 2):
        response = stranger.get(f"/status/{number}")
        assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/vc", "*")
        assert response["Cache-Control"] == "public, max-age=300"
        assert read_json(response.content) == StatusList.objects.get(number=number).credential


@pytest.mark.parametrize("number", ["3", "0", "99999999999999999999999"])
def test_status_list_that_does_not_exist(stranger: Client, certificate: Certificate, number: str):
    response = stranger.get(f"/status/{number}")
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (404, "*")


def test_status_list_past_half_its_life_is_served_signed_anew(stranger: Client, certificate: Certificate):
    with clock.at(ahead(days=5)):
        document = json.loads(stranger.get("/status/1").content)
    assert document["validFrom"][:10] == f"{ahead(days=5).date()}"


# --- the credential, for whoever holds the paper ------------------------------------------------------


def presented(client: Client, certificate: Certificate, token: str | None) -> Any:
    data = {} if token is None else {"token": token}
    return client.post(f"/c/{certificate.public_id}/credential", data)


def test_whoever_presents_the_qr_code_gets_the_credential(certificate: Certificate):
    text = certificate.bearer.qr_text or ""
    scripted = Client(enforce_csrf_checks=True)  # from another site: without a cookie of ours
    for token in (text, text.partition("#")[2], f" {text}\n"):
        response = presented(scripted, certificate, token)
        assert (response.status_code, response["Content-Type"]) == (200, "application/vc")
        assert read_json(response.content) == certificate.bearer.credential
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "no-store" in response["Cache-Control"]


def test_whoever_presents_anything_else_gets_nothing(
    stranger: Client, certificate: Certificate, officer2: User
):
    token = (certificate.bearer.qr_text or "").partition("#")[2]
    flipped = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]
    other = (make_certificate(officer2).bearer.qr_text or "").partition("#")[2]
    for wrong in (
        None,
        "",
        "#",
        flipped,
        other,
        token[:-1],
        token.lower(),
        "A" * 5000,
        "Ə",
        certificate.public_id,
    ):
        response = presented(stranger, certificate, wrong)
        assert (response.status_code, response.content) == (404, b'{"error": "not known"}')


def test_credential_of_an_erased_bearer_is_gone(stranger: Client, certificate: Certificate):
    text = certificate.bearer.qr_text
    everything = ("names", "agency", "salt", "credential", "credential_sha256", "qr_text")
    type(certificate.bearer).objects.update(**dict.fromkeys(everything))
    response = presented(stranger, certificate, text)
    assert (response.status_code, response.content) == (410, b'{"error": "erased"}')


def test_every_state_has_words_a_colour_and_a_figure():
    from certificates import words

    assert set(words.STATES) == set(words.SEALS) == set(words.TAGS) == set(State)
