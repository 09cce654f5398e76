"""Verification by the page: whatever is changed behind the product's back, it does not say valid."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from certificates import lists, proving, read_model, signing
from certificates.checking import Examination, ViewCheck, examine, examine_kept
from certificates.models import Certificate, CertificateCheck, StatusList
from certificates.state import State
from operations import clock
from people.models import User

from .issuing import Kind, ago, ahead, happen, make_certificate, without_guards

pytestmark = pytest.mark.django_db
ALL = frozenset(ViewCheck)
OF_LISTS = {ViewCheck.REVOCATION, ViewCheck.SUSPENSION}
UNKNOWN = "Yoxlamaq mümkün olmadı"


def examined(certificate: Certificate) -> Examination:
    found = read_model.read(certificate.public_id)
    assert found is not None
    return examine_kept(found)


def heading(certificate: Certificate) -> str:
    page = Client(headers={"Accept-Language": "az"}).get(f"/c/{certificate.public_id}")
    found = re.search("<h1>(.*?)</h1>", page.content.decode())
    assert found is not None
    return found[1]


def change(table: str, column: str, value: Any, *, of: Any) -> None:
    """As an administrator of the database would, with every guard dropped."""
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE certificates_{table} SET {column} = %s WHERE id = %s", [value, of.pk])
        assert cursor.rowcount == 1


def test_untouched_certificate_holds_in_every_check(certificate: Certificate):
    found = examined(certificate)
    assert found.held == ALL
    assert found.certificate_state is not None
    assert (found.certificate_state.state, found.certificate_state.until) == (
        State.VALID,
        certificate.valid_to,
    )
    assert found.revocation is not None
    assert (found.revocation.number, found.revocation.reports) == (1, False)
    assert found.slow is not None
    assert not found.slow.failed


def test_prepared_queries_read_what_the_models_read(certificate: Certificate, officer2: User):
    happen(certificate, Kind.SUSPENDED, at=ahead(days=1), by=officer2)
    happen(certificate, Kind.REINSTATED, at=ahead(days=2))

    def plain(found: read_model.Kept | None) -> dict[str, Any]:
        assert found is not None
        texts = ("statement", "rules", "names", "agency", "credential", "evidence")

        def read(row: Any) -> dict[str, Any]:
            return {
                name: json.loads(value)
                if name.endswith(texts) and not name.startswith("check_record")
                else value
                for name, value in vars(row).items()
            }

        return {**read(found), "events": [read(event) for event in found.events]}

    model = Certificate.objects.to_examine().get(pk=certificate.pk)
    assert plain(read_model.read(certificate.public_id)) == plain(read_model.Kept.of(model))
    assert examine(model).held == ALL


def test_examining_takes_two_queries(certificate: Certificate, django_assert_num_queries: Any):
    with django_assert_num_queries(2):
        assert examined(certificate).held == ALL


STATEMENT = {"type": "NisaneCertificate"}
ROWS = {
    "certificate": {
        "public_id": "A" * 22,
        "short_code": "0" * 12,
        "valid_from": "2020-01-01 00:00:00",
        "valid_to": "2099-01-01 00:00:00",
        "edition": "2",
        "legal_baseline": "2020-01-01",
        "issued_at": "2020-01-01 00:00:00",
        "bearer_key": "A" * 22,
        "statement": json.dumps(STATEMENT),
    },
    "reservation": {
        "public_id": "A" * 22,
        "short_code": "0" * 12,
        "revocation_index": 5,
        "suspension_index": 5,
    },
    "award": {
        "awarded_at": "2020-01-01 00:00:00",
        "public_id": "A" * 22,
        "cause": "proposal:none",
        "evidence": json.dumps({}),
    },
    "qualificationversion": {"number": 7, "rules": json.dumps({"name": {"az": "Hakim"}})},
    "qualification": {"code": "C1-POL"},
    "certificatebearer": {
        "names": json.dumps({"Latn": "Quliyev Orxan Vaqif oğlu"}),
        "agency": json.dumps({"az": "Başqa qurum"}),
        "salt": "A" * 22,
        "credential": json.dumps({"name": "another"}),
        "credential_sha256": "0" * 64,
        "qr_text": "https://elsewhere.example/c/1#A",
    },
}  # fmt: skip
COLUMNS = [(table, column) for table, columns in ROWS.items() for column in columns]


def row_of(certificate: Certificate, table: str) -> Any:
    version = certificate.qualification_version
    return {
        "certificate": certificate,
        "reservation": certificate.reservation,
        "award": certificate.award,
        "qualificationversion": version,
        "qualification": version.qualification,
        "certificatebearer": certificate.bearer,
    }[table]


@pytest.mark.parametrize("table, column", COLUMNS)
def test_a_row_edited_in_sql_could_not_be_checked(certificate: Certificate, table: str, column: str):
    change(table, column, ROWS[table][column], of=row_of(certificate, table))
    certificate.refresh_from_db(fields=["public_id"])
    assert heading(certificate) == UNKNOWN


@pytest.mark.parametrize("rules", ["{}", "[]", "null", '"name"'])
def test_rules_out_of_shape_could_not_be_checked(certificate: Certificate, rules: str):
    change("qualificationversion", "rules", rules, of=certificate.qualification_version)
    assert heading(certificate) == UNKNOWN


def test_an_edited_row_shows_none_of_its_facts(certificate: Certificate):
    change("certificate", "edition", "99", of=certificate)
    found = examined(certificate)
    assert (found.held, found.facts, found.certificate_state) == ({ViewCheck.STATEMENT}, None, None)


@pytest.mark.parametrize("column", ["award_id", "reservation_id", "qualification_version_id"])
def test_a_row_that_points_elsewhere_could_not_be_checked(
    certificate: Certificate, officer2: User, column: str
):
    """At the award, the reservation or the qualification of a certificate that is itself in order."""
    other = make_certificate(officer2, qualification="C1-POL")
    theirs = getattr(other, column)
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_certificatecheck WHERE certificate_id = %s", [other.pk])
        for table in ("bearer", "document"):
            cursor.execute(
                f"DELETE FROM certificates_certificate{table} WHERE certificate_id = %s", [other.pk]
            )
        cursor.execute("DELETE FROM certificates_certificate WHERE id = %s", [other.pk])
    change("certificate", column, theirs, of=certificate)
    assert heading(certificate) == UNKNOWN


def test_another_certificate_s_genuine_statement_could_not_be_checked(
    certificate: Certificate, officer2: User
):
    change("certificate", "statement", json.dumps(make_certificate(officer2).statement), of=certificate)
    found = examined(certificate)
    assert (found.held, found.certificate_state) == ({ViewCheck.STATEMENT}, None)


@pytest.mark.parametrize("text", ["null", '"text"', "[]", "{}", "1"])
def test_a_statement_out_of_shape_could_not_be_checked(certificate: Certificate, text: str):
    change("certificate", "statement", text, of=certificate)
    assert examined(certificate).held == frozenset()
    assert heading(certificate) == UNKNOWN


def test_a_missing_bearer_could_not_be_checked(certificate: Certificate):
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_certificatebearer")
    assert heading(certificate) == UNKNOWN


def erase(certificate: Certificate) -> None:
    type(certificate.bearer).objects.update(**dict.fromkeys(certificate.bearer.personal_data))


def test_a_bearer_erased_and_nobody_said_so_could_not_be_checked(certificate: Certificate):
    """The database lets these columns be emptied; that the person asked for it stands in an event."""
    erase(certificate)
    assert heading(certificate) == UNKNOWN


def test_an_erased_bearer_leaves_the_certificate_valid(certificate: Certificate):
    erase(certificate)
    happen(certificate, Kind.ERASED)
    found = examined(certificate)
    assert found.held == ALL
    assert found.certificate_state is not None


def test_a_bearer_erased_in_part_could_not_be_checked(certificate: Certificate):
    type(certificate.bearer).objects.update(names=None)
    assert heading(certificate) == UNKNOWN


# --- lists -------------------------------------------------------------------------------------------


def test_an_event_that_the_list_does_not_say_could_not_be_checked(certificate: Certificate):
    happen(certificate, Kind.REVOKED)
    found = examined(certificate)
    assert (found.held, found.certificate_state) == (ALL - {ViewCheck.REVOCATION}, None)


def test_an_event_deleted_in_sql_could_not_be_checked(certificate: Certificate):
    happen(certificate, Kind.SUSPENDED)
    lists.sign_lists_of([certificate])
    assert examined(certificate).held == ALL
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_certificateevent")
    found = examined(certificate)
    assert (found.held, found.certificate_state) == (ALL - {ViewCheck.SUSPENSION}, None)


@pytest.mark.parametrize("number, lost", [(1, ViewCheck.REVOCATION), (2, ViewCheck.SUSPENSION)])
def test_a_list_edited_in_sql_could_not_be_checked(certificate: Certificate, number: int, lost: ViewCheck):
    row = StatusList.objects.get(number=number)
    changed = {**row.credential, "validUntil": "2099-01-01T00:00:00Z"}
    change("statuslist", "credential", json.dumps(changed), of=row)
    found = examined(certificate)
    assert (found.held, found.certificate_state) == (ALL - {lost}, None)
    assert found.facts is not None


def test_the_other_list_in_its_place_could_not_be_checked(certificate: Certificate):
    revocation, suspension = StatusList.objects.order_by("number")
    change("statuslist", "credential", json.dumps(suspension.credential), of=revocation)
    assert examined(certificate).held == ALL - {ViewCheck.REVOCATION}


def test_an_old_list_put_back_could_not_be_checked(certificate: Certificate):
    before = StatusList.objects.get(number=1)
    happen(certificate, Kind.REVOKED)
    lists.sign_lists_of([certificate])
    change("statuslist", "credential", json.dumps(before.credential), of=before)
    assert examined(certificate).held == ALL - {ViewCheck.REVOCATION}


def test_a_list_out_of_date_could_not_be_checked_where_it_cannot_be_signed(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lists, "sign", lambda _row: False)
    ends = StatusList.objects.get(number=1).valid_until
    for instant, held in ((ends - timedelta(seconds=1), ALL), (ends, ALL - OF_LISTS)):
        with clock.at(instant):
            assert examined(certificate).held == held


def test_a_list_out_of_date_could_not_be_checked_though_its_row_says_that_it_holds(certificate: Certificate):
    row = StatusList.objects.get(number=1)
    with clock.at(row.valid_until), without_guards():
        StatusList.objects.update(due_at=ahead(days=1), valid_until=ahead(days=1))
        assert examined(certificate).held == ALL - OF_LISTS


def test_a_list_number_edited_could_not_be_checked(certificate: Certificate):
    change("statuslist", "number", 9, of=StatusList.objects.get(number=1))
    assert heading(certificate) == UNKNOWN


def test_due_lists_are_signed_by_the_view_itself(certificate: Certificate):
    with clock.at(ahead(days=30)):
        assert examined(certificate).held == ALL
    assert StatusList.objects.filter(signed_at__gt=ahead(days=29)).count() == 2


def test_without_keys_nothing_could_be_checked(certificate: Certificate, settings: Any, tmp_path: Any):
    settings.KEYS_DIR = tmp_path
    signing.forget()
    assert examined(certificate).held == frozenset()
    assert heading(certificate) == UNKNOWN
    signing.forget()


def test_with_another_installation_s_keys_nothing_could_be_checked(
    certificate: Certificate, settings: Any, tmp_path: Any
):
    from certificates.credentials.keys import make_keys

    make_keys(tmp_path / "keys", year=2026)
    settings.KEYS_DIR = tmp_path / "keys"
    signing.forget()
    assert examined(certificate).certificate_state is None
    signing.forget()


# --- slow proofs, states -----------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["credential", "document"])
def test_a_failed_slow_proof_could_not_be_checked(certificate: Certificate, column: str):
    CertificateCheck.objects.update(**{column: "failed"})
    found = examined(certificate)
    assert (found.held, found.certificate_state) == (ALL, None)
    assert heading(certificate) == UNKNOWN


def test_one_whose_proofs_never_held_is_valid_nowhere(
    certificate: Certificate, client_of: Any, registrar: User
):
    """The errand stops where what was made does not verify: nothing was given out."""
    CertificateCheck.objects.all().delete()
    found = examined(certificate)
    assert (found.held, found.slow, found.certificate_state) == (ALL, None, None)
    assert heading(certificate) == UNKNOWN
    page = client_of(registrar).get(f"/en/certificates/register/{certificate.public_id}/").text
    assert "It could not be checked" in page and "has not been verified as a whole" in page
    listed = client_of(registrar).get("/en/certificates/register/").text
    assert "could not be checked" in listed and "tag-ok" not in listed


@pytest.mark.parametrize(
    "kind, state",
    [
        (Kind.REVOKED, State.REVOKED), (Kind.SUSPENDED, State.SUSPENDED), (Kind.VOIDED, State.VOID),
        (Kind.SUPERSEDED, State.SUPERSEDED), (Kind.ENDED, State.ENDED), (Kind.ERASED, State.VALID),
    ],
)  # fmt: skip
def test_each_state_is_found_and_agrees_with_the_lists(certificate: Certificate, kind: str, state: State):
    happen(certificate, kind)
    lists.sign_lists_of([certificate])
    found = examined(certificate)
    assert found.held == ALL
    assert found.certificate_state is not None
    assert found.certificate_state.state == state


def test_expired_and_not_yet_valid_agree_with_the_lists(certificate: Certificate):
    for instant, state in ((certificate.valid_to, State.EXPIRED), (ago(days=2), State.NOT_YET)):
        with clock.at(instant):
            found = examined(certificate)
            assert found.certificate_state is not None
            assert found.certificate_state.state == state


def test_night_s_failure_turns_the_page_and_the_next_night_turns_it_back(certificate: Certificate):
    document = certificate.documents.get()
    from operations import files

    content = files.read(document.sha256 or "", ".pdf")
    files.delete(document.sha256 or "", ".pdf")
    for expected in (UNKNOWN, "Bu sertifikat etibarlıdır"):
        with clock.at(clock.now() + timedelta(days=1)):
            proving.keep_outcomes(certificate, proving.prove(certificate))
        assert heading(certificate) == expected
        files.store(content, ".pdf")
