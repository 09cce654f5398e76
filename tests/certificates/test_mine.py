"""The holder's own list, file and credential."""

from typing import Any

import pytest
from django.test import Client

from certificates.credentials.jsontext import read_json
from certificates.models import Certificate, CertificateCheck
from operations import clock, files
from operations.codes import grouped
from people.models import User
from tests.elearning.pages import flat

from .issuing import Kind, ago, happen, make_award, make_certificate

pytestmark = pytest.mark.django_db
MINE = "/en/certificates/"


def page_of(client: Client) -> str:
    return flat(client.get(MINE).content)


def test_holder_sees_state_days_and_ways_to_each(certificate: Certificate, officer: User, client_of: Any):
    page = page_of(client_of(officer))
    assert grouped(certificate.short_code) in page
    assert '<span class="tag tag-ok">valid</span>' in page
    for address in (
        f"{MINE}{certificate.public_id}.pdf", f"{MINE}{certificate.public_id}.json",
        (certificate.bearer.qr_text or "").removeprefix("http://localhost:8000"),
    ):  # fmt: skip
        assert f'href="{address}"' in page


def test_holder_sees_all_states_newest_first(keys: None, officer: User, client_of: Any):
    old, new = make_certificate(officer, at=ago(days=800)), make_certificate(officer)
    happen(new, Kind.REVOKED)
    page = page_of(client_of(officer))
    tags = ['<span class="tag tag-bad">revoked</span>', '<span class="tag tag-warn">expired</span>']
    assert [page.index(tag) for tag in tags] == sorted(page.index(tag) for tag in tags)
    assert page.index(grouped(new.short_code)) < page.index(grouped(old.short_code))


def test_certificate_is_being_made_until_its_proofs_are_checked(keys: None, officer: User, client_of: Any):
    client = client_of(officer)
    assert "No certificate yet" in page_of(client)
    make_award(officer)
    page = page_of(client)
    assert "The certificate is being made." in page
    assert "No certificate yet" not in page


def test_certificate_that_takes_too_long_is_said_to(keys: None, officer: User, client_of: Any):
    with clock.at(ago(minutes=11)):
        make_award(officer)
    assert "taking longer than usual" in page_of(client_of(officer))


def test_holder_downloads_the_very_file(certificate: Certificate, officer: User, client_of: Any):
    response = client_of(officer).get(f"{MINE}{certificate.public_id}.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="{grouped(certificate.short_code)}.pdf"'
    )
    assert "no-store" in response["Cache-Control"]
    assert response.content == files.read(certificate.documents.get().sha256 or "", ".pdf")


def test_holder_downloads_the_credential(certificate: Certificate, officer: User, client_of: Any):
    response = client_of(officer).get(f"{MINE}{certificate.public_id}.json")
    assert (response["Content-Type"], "no-store" in response["Cache-Control"]) == ("application/vc", True)
    assert read_json(response.content) == certificate.bearer.credential


def test_nobody_else_downloads_anything(
    certificate: Certificate, officer2: User, coordinator: User, coordinator_other: User, registrar: User,
    auditor: User, admin: User, outsider: User, client_of: Any,
):  # fmt: skip
    for person in (officer2, coordinator, coordinator_other, registrar, auditor, admin, outsider):
        client = client_of(person)
        for ending in ("pdf", "json"):
            unknown = client.get(f"{MINE}{'A' * 22}.{ending}")
            response = client.get(f"{MINE}{certificate.public_id}.{ending}")
            assert (response.status_code, unknown.status_code) == (404, 404)
        assert grouped(certificate.short_code) not in page_of(client)


def test_stranger_signs_in_first(certificate: Certificate):
    for address in (MINE, f"{MINE}{certificate.public_id}.pdf", f"{MINE}{certificate.public_id}.json"):
        assert Client().get(address)["Location"] == f"/en/account/login/?next={address}"


def test_damaged_file_is_not_handed_out(certificate: Certificate, officer: User, client_of: Any):
    files.delete(certificate.documents.get().sha256 or "", ".pdf")
    response = client_of(officer).get(f"{MINE}{certificate.public_id}.pdf", follow=True)
    assert response.redirect_chain == [(MINE, 302)]
    assert "The file cannot be read just now." in response.content.decode()


def test_erased_certificate_offers_no_file(certificate: Certificate, officer: User, client_of: Any):
    everything = ("names", "agency", "salt", "credential", "credential_sha256", "qr_text")
    type(certificate.bearer).objects.update(**dict.fromkeys(everything))
    certificate.documents.update(sha256=None)
    client = client_of(officer)
    assert "Name, agency and file were erased." in page_of(client)
    for ending in ("pdf", "json"):
        assert client.get(f"{MINE}{certificate.public_id}.{ending}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_constant_queries(
    keys: None, officer: User, client_of: Any, django_assert_num_queries: Any, number: int
):
    for place in range(number):
        happen(make_certificate(officer, qualification=f"C{place}"), Kind.SUSPENDED)
    make_award(officer)
    client = client_of(officer)
    with django_assert_num_queries(8):
        page = page_of(client)
    assert page.count('<article class="card">') == number


def test_certificate_that_did_not_verify_is_nowhere_called_valid(
    certificate: Certificate, officer: User, registrar: User, coordinator: User, client_of: Any
):
    """As on its public page."""
    CertificateCheck.objects.update(credential="failed")
    shown = [
        (officer, MINE), (officer, "/en/"), (registrar, f"{MINE}register/"), (coordinator, "/en/people/"),
        (registrar, f"{MINE}register/{certificate.public_id}/"), (coordinator, f"/en/people/{officer.public_id}/"),
    ]  # fmt: skip
    for person, address in shown:
        page = flat(client_of(person).get(address).content)
        assert ("could not be checked" in page, 'tag-ok">valid' in page) == (True, False), address
