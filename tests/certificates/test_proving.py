"""The slow proofs: what the holder has in hand is verified as a whole, at issue and every night."""

import json
from typing import Any

import pytest
from django.db import connection

from certificates import proving, scheduled, signing
from certificates.models import Certificate, CertificateBearer, CertificateCheck, CertificateDocument
from certificates.proving import Outcome, Outcomes
from operations import clock, files, health
from operations.models import Errand
from operations.outbox import work_off
from people.models import User

from .issuing import ago, ahead, make_award, make_certificate, without_guards

pytestmark = pytest.mark.django_db
GENUINE = Outcomes(credential=Outcome.GENUINE, document=Outcome.GENUINE)


def proved(certificate: Certificate) -> Outcomes:
    fresh = Certificate.objects.to_examine().prefetch_related("documents").get(pk=certificate.pk)
    return proving.prove(fresh)


def change_bearer(column: str, value: Any) -> None:
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE certificates_certificatebearer SET {column} = %s", [value])


def put_file(content: bytes) -> None:
    with without_guards():
        CertificateDocument.objects.update(sha256=files.store(content, ".pdf"))


def test_what_was_issued_is_genuine(certificate: Certificate):
    assert proved(certificate) == GENUINE
    record = CertificateCheck.objects.get()
    assert (record.certificate, record.credential, record.document) == (certificate, "genuine", "genuine")


def test_credential_changed_in_one_value_fails(certificate: Certificate):
    credential = json.loads(json.dumps(certificate.bearer.credential))
    credential["credentialSubject"]["licenseNumber"] = "0000-0000-0000"
    change_bearer("credential", json.dumps(credential))
    assert proved(certificate).credential == Outcome.FAILED


def test_somebody_else_s_genuine_credential_and_code_fail(certificate: Certificate, officer2: User):
    other = make_certificate(officer2).bearer
    for column, value in (
        ("credential", json.dumps(other.credential)),
        ("qr_text", other.qr_text),
        ("credential_sha256", other.credential_sha256),
    ):
        mine = getattr(certificate.bearer, column)
        with without_guards(), connection.cursor() as cursor:
            sql = f"UPDATE certificates_certificatebearer SET {column} = %s WHERE id = %s"
            cursor.execute(sql, [value, certificate.bearer.pk])
        assert proved(certificate).credential == Outcome.FAILED
        with without_guards(), connection.cursor() as cursor:
            back = json.dumps(mine) if column == "credential" else mine
            cursor.execute(sql, [back, certificate.bearer.pk])
    assert proved(certificate) == GENUINE


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_file_with_a_flipped_byte_fails(certificate: Certificate, place: float):
    content = bytearray(files.read(certificate.documents.get().sha256 or "", ".pdf"))
    content[int(len(content) * place)] ^= 1
    put_file(bytes(content))
    assert proved(certificate) == Outcomes(credential=Outcome.GENUINE, document=Outcome.FAILED)


def test_somebody_else_s_genuine_file_fails(certificate: Certificate, officer2: User):
    other = make_certificate(officer2).documents.get()
    with without_guards():
        CertificateDocument.objects.filter(certificate=certificate).update(sha256=other.sha256)
    assert proved(certificate).document == Outcome.FAILED


def test_missing_file_and_missing_row_fail(certificate: Certificate):
    files.delete(certificate.documents.get().sha256 or "", ".pdf")
    assert proved(certificate).document == Outcome.FAILED
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_certificatedocument")
    assert proved(certificate).document == Outcome.FAILED


def test_erased_is_neither_genuine_nor_failed(certificate: Certificate):
    everything = ("names", "agency", "salt", "credential", "credential_sha256", "qr_text")
    CertificateBearer.objects.update(**dict.fromkeys(everything))
    CertificateDocument.objects.update(sha256=None)
    assert proved(certificate) == Outcomes(credential=Outcome.ERASED, document=Outcome.ERASED)


def test_a_file_or_credential_that_is_gone_is_not_called_erased(certificate: Certificate):
    CertificateDocument.objects.update(sha256=None)
    CertificateBearer.objects.update(credential=None)
    assert proved(certificate) == Outcomes(credential=Outcome.FAILED, document=Outcome.FAILED)


def test_what_is_erased_while_it_is_proved_has_not_failed(certificate: Certificate):
    CertificateBearer.objects.update(**dict.fromkeys(CertificateBearer.personal_data))
    late = Outcomes(credential=Outcome.GENUINE, document=Outcome.FAILED)  # found just before
    proving.keep_outcomes(certificate, late)
    record = CertificateCheck.objects.get()
    assert (record.credential, record.document) == (Outcome.ERASED, Outcome.ERASED)


def test_new_one_that_does_not_verify_is_not_given_out(certificate: Certificate):
    put_file(b"%PDF-1.7 not ours")
    fresh = Certificate.objects.to_examine().prefetch_related("documents").get(pk=certificate.pk)
    with pytest.raises(proving.ProofsFailed):
        proving.prove_new(fresh)


# --- every night -------------------------------------------------------------------------------------


def nightly() -> int:
    scheduled.check_proofs(clock.now())
    return work_off([proving.NIGHTLY])


def test_night_proves_those_not_proved_lately(keys: None, officer: User, officer2: User):
    old, new = make_certificate(officer, at=ago(days=3)), make_certificate(officer2)
    assert nightly() == 1
    checked = {c.certificate_id: c.checked_at for c in CertificateCheck.objects.all()}
    assert (checked[old.pk] > ago(minutes=1), checked[new.pk] > ago(minutes=1)) == (True, True)
    before = CertificateCheck.objects.get(certificate=new).checked_at
    assert nightly() == 0
    assert CertificateCheck.objects.get(certificate=new).checked_at == before


def test_night_keeps_what_failed_and_the_next_one_what_holds_again(certificate: Certificate):
    sha256 = certificate.documents.get().sha256 or ""
    content = files.read(sha256, ".pdf")
    files.delete(sha256, ".pdf")
    with clock.at(ahead(days=1)):
        nightly()
    assert CertificateCheck.objects.get().document == Outcome.FAILED
    files.store(content, ".pdf")
    with clock.at(ahead(days=2)):
        nightly()
    assert CertificateCheck.objects.get().document == Outcome.GENUINE


@pytest.mark.parametrize("credential", ["[]", "1", '{"proof": 1}', '{"credentialSubject": []}'])
def test_one_out_of_shape_keeps_no_other_from_being_proved(
    certificate: Certificate, officer2: User, credential: str
):
    change_bearer("credential", credential)
    other = make_certificate(officer2)
    with clock.at(ahead(days=1)):
        nightly()
    found = {record.certificate_id: record for record in CertificateCheck.objects.all()}
    assert (found[certificate.pk].failed, found[other.pk].failed) == (True, False)
    assert found[other.pk].checked_at > ahead(hours=23)


def test_night_leaves_alone_what_is_still_being_made(keys: None, officer: User):
    make_award(officer)
    assert nightly() == 0


def test_night_goes_by_chunks(
    keys: None, officer: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
):
    monkeypatch.setattr(proving, "CHUNK", 2)
    for number in range(3):
        make_certificate(officer, qualification=f"C{number}", at=ago(days=2))
    assert nightly() == 2
    chunks = [len(errand.payload["certificates"]) for errand in Errand.objects.filter(kind=proving.NIGHTLY)]
    assert sorted(chunks) == [1, 2]


def test_proofs_hold_after_the_signer_s_certificate_has_ended(certificate: Certificate):
    """A file that we fixed by its hash while the signer was valid stays what it is."""
    with clock.at(ahead(days=365 * 30)):
        assert proved(certificate) == GENUINE


# --- monitoring --------------------------------------------------------------------------------------


def test_ready_with_keys_and_current_lists(certificate: Certificate):
    assert (scheduled.keys(), scheduled.status_lists(), scheduled.proofs()) == (None, None, None)
    assert {"keys", "status lists", "proofs"} <= health.checks.keys()


@pytest.mark.parametrize("proof", ["credential", "document"])
def test_not_ready_while_a_proof_fails(certificate: Certificate, proof: str):
    CertificateCheck.objects.update(**{proof: "failed"})
    assert scheduled.proofs() == "1 not verified"


def test_not_ready_without_keys(certificate: Certificate, settings: Any, tmp_path: Any):
    settings.KEYS_DIR = tmp_path
    signing.forget()
    assert scheduled.keys() == "not in order (KeysMissing)"
    signing.forget()


def test_not_ready_with_a_list_that_nobody_signs(certificate: Certificate):
    with clock.at(ahead(days=4)):
        assert scheduled.status_lists() == "list 1 not signed in time; list 2 not signed in time"
        scheduled.sign_lists(clock.now())
        assert scheduled.status_lists() is None
