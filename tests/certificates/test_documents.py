"""A certificate's file in other languages: made when the holder or a registrar asks, once, signed like the first."""

import io
import re
import time
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates import actions_acts, actions_documents, documents, issuing, proving, signing
from certificates.actions_life import REVOKE
from certificates.credentials.jsontext import canonical
from certificates.models import Certificate, CertificateCheck, CertificateDocument
from certificates.pdf.document import LAYOUTS
from certificates.pdf.signing import as_asn1
from certificates.pdf.verify import PdfVerdict, verify_pdf
from certificates.pdf.wording import WORDINGS, days_text
from operations import clock, files, outbox
from operations.codes import grouped
from operations.models import AuditEntry, Errand
from people.models import User
from tests import factories
from tests.assessments.test_together import together
from tests.databases import on_postgresql, really_committed
from tests.elearning.pages import flat

from .issuing import Kind, ago, happen, make_certificate
from .pdf.conftest import poppler

pytestmark = [pytest.mark.django_db, pytest.mark.printed]
Layout = CertificateDocument.Layout
MINE, REGISTER = "/en/certificates/", "/en/certificates/register/"
JSON = {"Accept": "application/json"}


def ask(client: Client, certificate: Certificate, layout: str) -> Any:
    return client.post(f"{MINE}{certificate.public_id}/{layout}/make/")


def got(client: Client, certificate: Certificate, layout: str) -> bytes:
    response = client.get(f"{MINE}{certificate.public_id}/{layout}.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return bytes(response.content)


def made(client: Client, certificate: Certificate, layout: str) -> bytes:
    """Ask for it, let a worker make it, and take it."""
    ask(client, certificate, layout)
    assert outbox.work_off([documents.MAKE]) == 1
    return got(client, certificate, layout)


def page_of(client: Client, certificate: Certificate) -> str:
    return flat(client.get(f"{MINE}{certificate.public_id}/").content)


def text_of(data: bytes) -> str:
    return re.sub(r"\s+", " ", poppler("pdftotext", data, "-").decode())


def test_every_layout_has_its_languages_on_paper() -> None:
    assert set(LAYOUTS) == set(Layout.values)


# --- the whole way -----------------------------------------------------------------------------------


def test_holder_asks_for_a_language_sees_it_being_made_and_takes_it(
    certificate: Certificate, officer: User, client_of: Any
):
    client, address = client_of(officer), f"{MINE}{certificate.public_id}/"
    page = page_of(client, certificate)
    assert f'href="{address}az-en.pdf"' in page
    assert [f'action="{address}{layout}/make/"' in page for layout in ("az", "az-en", "ru")] == [
        True, False, True,
    ]  # fmt: skip
    assert client.get(f"{address}ru.pdf").status_code == 404
    assert ask(client, certificate, "ru")["Location"] == f"{address}#files"
    page = page_of(client, certificate)
    assert "The file is being made and signed." in page and "data-waiting" in page
    assert f'action="{address}ru/make/"' not in page
    assert client.get(address, headers=JSON).json() == {"ready": False}
    outbox.work_off([documents.MAKE])
    assert client.get(address, headers=JSON).json() == {"ready": True}
    page = page_of(client, certificate)
    assert f'href="{address}ru.pdf"' in page and "data-waiting" not in page
    response = client.get(f"{address}ru.pdf")
    assert response["Content-Disposition"] == (
        f'attachment; filename="{grouped(certificate.short_code)}.ru.pdf"'
    )
    assert "no-store" in response["Cache-Control"]


def test_what_is_there_is_taken_at_once(certificate: Certificate, officer: User, client_of: Any):
    client = client_of(officer)
    assert got(client, certificate, "az-en") == client.get(f"{MINE}{certificate.public_id}.pdf").content
    ask(client, certificate, "az-en")
    assert not Errand.objects.filter(kind=documents.MAKE).exists()


def test_registrar_asks_and_takes_it_for_the_holder_and_the_trail_says_so(
    certificate: Certificate, registrar: User, officer: User, client_of: Any
):
    client, address = client_of(registrar), f"{REGISTER}{certificate.public_id}/"
    page = flat(client.get(address).content)
    assert f'action="{address}az-en/take/"' in page and f'action="{address}ru/make/"' in page
    assert client.post(f"{address}ru/take/").status_code == 404
    assert client.post(f"{address}ru/make/")["Location"] == f"{address}#files"
    assert "data-waiting" in flat(client.get(address).content)
    assert client.get(address, headers=JSON).json() == {"ready": False}
    outbox.work_off([documents.MAKE])
    assert client.get(address, headers=JSON).json() == {"ready": True}
    response = client.post(f"{address}ru/take/")
    assert response.content == got(client_of(officer), certificate, "ru")
    assert "no-store" in response["Cache-Control"]
    told = AuditEntry.objects.filter(act__endswith="_document").order_by("pk")
    assert [(entry.act, entry.by, entry.subject_id, entry.after["layout"]) for entry in told] == [
        ("certificates.make_document", registrar, certificate.public_id, "ru"),
        ("certificates.take_document", registrar, certificate.public_id, "ru"),
    ]


def test_registrar_who_proved_who_they_are_long_ago_is_asked_again(
    certificate: Certificate, registrar: User, client_of: Any
):
    client = client_of(registrar, proved=time.time() - 16 * 60)
    response = client.post(f"{REGISTER}{certificate.public_id}/az-en/take/")
    assert response.status_code == 302 and "reauthenticate" in response["Location"]


# --- who may not -------------------------------------------------------------------------------------


def test_nobody_else_asks_for_anything_or_takes_it(
    certificate: Certificate, officer: User, officer2: User, coordinator: User, coordinator_other: User,
    registrar: User, auditor: User, admin: User, outsider: User, client_of: Any,
):  # fmt: skip
    made(client_of(officer), certificate, "ru")
    own, unknown = f"{MINE}{certificate.public_id}/", f"{MINE}{'A' * 22}/"
    for person in (officer2, coordinator, coordinator_other, registrar, auditor, admin, outsider):
        client = client_of(person)
        for address in (own, unknown):
            assert client.get(address).status_code == client.get(f"{address}ru.pdf").status_code == 404
            assert client.get(address, headers=JSON).status_code == 404
            assert client.post(f"{address}az/make/").status_code == 404
    for person in (officer, officer2, coordinator, coordinator_other, auditor, admin, outsider):
        client = client_of(person)
        for act in ("make", "take"):
            response = client.post(f"{REGISTER}{certificate.public_id}/ru/{act}/")
            assert response.status_code == 403
    assert not Errand.objects.filter(kind=documents.MAKE, state=Errand.State.OPEN).exists()
    assert "az-en/take/" not in flat(client_of(auditor).get(f"{REGISTER}{certificate.public_id}/").content)


def test_stranger_signs_in_first(certificate: Certificate):
    for address in (f"{MINE}{certificate.public_id}/", f"{MINE}{certificate.public_id}/ru.pdf"):
        assert Client().get(address)["Location"] == f"/en/account/login/?next={address}"
    assert Client().post(f"{MINE}{certificate.public_id}/ru/make/").status_code == 302
    assert not Errand.objects.filter(kind=documents.MAKE).exists()


def test_address_of_no_language_of_ours_is_not_found(certificate: Certificate, officer: User, client_of: Any):
    client = client_of(officer)
    assert client.get(f"{MINE}{certificate.public_id}/en.pdf").status_code == 404
    assert client.post(f"{MINE}{certificate.public_id}/fr/make/").status_code == 404


# --- what it says ------------------------------------------------------------------------------------


def test_three_files_say_the_same_facts_each_in_its_languages(
    certificate: Certificate, officer: User, client_of: Any
):
    """By a reader of others: number, name, agency, qualification with its version, and both days stand in each."""
    client = client_of(officer)
    both = got(client, certificate, "az-en")
    found = {"az-en": both, "az": made(client, certificate, "az"), "ru": made(client, certificate, "ru")}
    names, agency = certificate.bearer.names or {}, certificate.bearer.agency or {}
    rules = certificate.qualification_version.rules
    days = clock.first_day(certificate.valid_from), clock.last_day(certificate.valid_to)
    for layout, data in found.items():
        text = text_of(data)
        languages = layout.split("-")
        assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 1
        said = [
            grouped(certificate.short_code),
            f"C1-LAB · {certificate.qualification_version.number}",
            *names.values(),
            *(rules["name"][language] for language in languages),
            *(agency[language] for language in languages),
            *(days_text(*days, language).replace("\xa0", " ") for language in languages),
        ]
        assert [each for each in said if each not in text] == [], layout
        titles = {language: wording.title for language, wording in WORDINGS.items()}
        assert [each for each, title in titles.items() if title in text] == languages
    assert len({text_of(data) for data in found.values()}) == 3


def test_other_file_validates_as_a_whole_under_our_root_and_carries_the_same_credential(
    certificate: Certificate, officer: User, client_of: Any
):
    """Judged by a library's own validation, then by ours."""
    data = made(client_of(officer), certificate, "ru")
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    context = ValidationContext(trust_roots=[as_asn1(root) for root in signing.trust_roots()])
    status = validate_pdf_signature(signature, signer_validation_context=context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.sig_object["/Reference"][0]["/TransformParams"]["/P"] == 1
    result = verify_pdf(data, roots=signing.trust_roots())
    row = certificate.documents.get(layout="ru")
    assert (result.verdict, result.signed_at) == (
        PdfVerdict.GENUINE, row.made_at.replace(microsecond=0),
    )  # fmt: skip
    assert result.credential == canonical(certificate.bearer.credential)
    assert (row.generation, row.size, row.sha256) == (1, len(data), files.store(data, ".pdf"))


def test_file_made_long_after_issue_is_dated_when_it_was_asked_for_and_says_the_days_of_issue(
    keys: None, officer: User, client_of: Any
):
    """Later changes, the person's name too, change nothing in it."""
    certificate = make_certificate(officer, at=ago(days=300))
    User.objects.filter(pk=officer.pk).update(family_name="Başqasoyadova")
    before = clock.now()
    data = made(client_of(officer), certificate, "az")
    text = text_of(data)
    assert (certificate.bearer.names or {})["Latn"] in text and "Başqasoyadova" not in text
    assert str(clock.first_day(certificate.valid_from).year) in text
    assert certificate.documents.get(layout="az").made_at >= before


def test_every_night_all_files_are_verified(certificate: Certificate, officer: User, client_of: Any):
    made(client_of(officer), certificate, "ru")
    examined = Certificate.objects.to_examine().prefetch_related("documents")
    assert proving.prove(examined.get()).document == "genuine"
    files.delete(certificate.documents.get(layout="ru").sha256 or "", ".pdf")
    assert proving.prove(examined.get()).document == "failed"


# --- by state ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.REVOKED, Kind.VOIDED, Kind.ENDED, Kind.SUPERSEDED, Kind.SUSPENDED])
def test_nothing_is_signed_anew_of_what_is_not_in_force_and_what_was_made_stays(
    certificate: Certificate, officer: User, registrar: User, client_of: Any, kind: str
):
    client = client_of(officer)
    kept = made(client, certificate, "az")
    happen(certificate, kind)
    page = page_of(client, certificate)
    assert "no new file of it is signed" in page and "ru/make/" not in page
    response = client.post(f"{MINE}{certificate.public_id}/ru/make/", follow=True)
    assert "no new file of it is signed" in response.content.decode()
    response = client_of(registrar).post(f"{REGISTER}{certificate.public_id}/ru/make/", follow=True)
    assert "no new file of it is signed" in response.content.decode()
    assert not Errand.objects.filter(kind=documents.MAKE, state=Errand.State.OPEN).exists()
    assert got(client, certificate, "az") == kept
    assert 'class="tag tag-ok"' not in page


def test_suspended_one_gives_files_again_when_it_is_in_force_again(
    certificate: Certificate, officer: User, client_of: Any
):
    happen(certificate, Kind.SUSPENDED)
    with clock.at(clock.now() + timedelta(days=31)):
        assert b"%PDF" in made(client_of(officer), certificate, "ru")


def test_expired_one_still_gives_files(keys: None, officer: User, client_of: Any):
    certificate = make_certificate(officer, at=ago(days=800))
    assert "expired" in page_of(client_of(officer), certificate)
    assert b"%PDF" in made(client_of(officer), certificate, "ru")


def test_revoked_between_asking_and_making_nothing_is_made(
    certificate: Certificate, officer: User, registrar: User, registrar2: User, client_of: Any
):
    client = client_of(officer)
    ask(client, certificate, "ru")
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    outbox.work_off([documents.MAKE])
    assert [row.layout for row in certificate.documents.all()] == ["az-en"]
    page = page_of(client, certificate)
    assert "data-waiting" not in page and "no new file of it is signed" in page


def test_one_that_could_not_be_checked_gives_no_other_file(
    certificate: Certificate, officer: User, client_of: Any
):
    CertificateCheck.objects.update(credential="failed")
    response = client_of(officer).post(f"{MINE}{certificate.public_id}/ru/make/", follow=True)
    assert "The certificate could not be checked" in response.content.decode()
    assert not Errand.objects.filter(kind=documents.MAKE).exists()


def _erase(certificate: Certificate) -> None:
    everything = ("names", "agency", "salt", "credential", "credential_sha256", "qr_text")
    type(certificate.bearer).objects.update(**dict.fromkeys(everything))
    certificate.documents.update(sha256=None)


def test_erased_person_gets_no_file(certificate: Certificate, officer: User, registrar: User, client_of: Any):
    _erase(certificate)
    client, address = client_of(registrar), f"{REGISTER}{certificate.public_id}/"
    page = flat(client.get(address).content)
    assert "no file is made any more" in page and "/make/" not in page and "/take/" not in page
    assert "no file is made any more" in client.post(f"{address}ru/make/", follow=True).content.decode()
    assert client.post(f"{address}az-en/take/").status_code == 404
    assert "no file is made any more" in page_of(client_of(officer), certificate)
    assert not Errand.objects.filter(kind=documents.MAKE).exists()


def test_erased_while_the_file_is_being_made_nothing_of_it_stays(
    certificate: Certificate, officer: User, client_of: Any, monkeypatch: pytest.MonkeyPatch
):
    ask(client_of(officer), certificate, "ru")
    stored: list[str] = []
    print_document = issuing.print_document

    def slowly(*args: Any, **more: Any) -> issuing.Printed:
        file = print_document(*args, **more)
        stored.append(file.sha256)
        _erase(certificate)
        return file

    monkeypatch.setattr(issuing, "print_document", slowly)
    outbox.work_off([documents.MAKE])
    assert [(sha256, files.exists(sha256, ".pdf")) for sha256 in stored] == [(stored[0], False)]
    assert not CertificateDocument.objects.filter(layout="ru").exists()


# --- once, and not too often -------------------------------------------------------------------------


def test_asked_twice_by_holder_and_registrar_one_is_made(
    certificate: Certificate, officer: User, registrar: User, client_of: Any
):
    client = client_of(officer)
    for _time in range(2):
        ask(client, certificate, "ru")
    client_of(registrar).post(f"{REGISTER}{certificate.public_id}/ru/make/")
    assert outbox.work_off([documents.MAKE]) == 1
    ask(client, certificate, "ru")
    assert outbox.work_off([documents.MAKE]) == 0
    assert AuditEntry.objects.filter(act="certificates.make_document").count() == 1
    assert sorted(certificate.documents.values_list("layout", "generation")) == [("az-en", 1), ("ru", 1)]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["before", "after"])
def test_worker_that_dies_leaves_one_file_when_the_next_has_finished(
    certificate: Certificate, officer: User, client_of: Any, monkeypatch: pytest.MonkeyPatch, moment: str
):
    """Before the row, or with the row written and not committed."""
    ask(client_of(officer), certificate, "az")
    kind = outbox.kinds[documents.MAKE]
    (step,) = kind.steps
    deaths = [RuntimeError("killed")]

    def commit(errand: Errand, prepared: Any) -> None:
        if moment == "before" and deaths:
            raise deaths.pop()
        step.commit(errand, prepared)
        if deaths:
            raise deaths.pop()

    dying = outbox.ErrandStep(step.name, commit=commit, prepare=step.prepare)
    monkeypatch.setitem(
        outbox.kinds, documents.MAKE, outbox.Kind(kind.name, (dying,), kind.lane, kind.tries, kind.on_give_up)
    )
    for _time in range(2):
        outbox.reopen(Errand.objects.get(kind=documents.MAKE))
        claimed = outbox.claim(only=[documents.MAKE])
        assert claimed is not None
        outbox.attend(claimed)
    assert Errand.objects.get(kind=documents.MAKE).state == Errand.State.DONE
    assert certificate.documents.filter(layout="az").count() == 1


def test_file_that_could_not_be_made_says_so_and_may_be_asked_for_again(
    certificate: Certificate, officer: User, client_of: Any
):
    client = client_of(officer)
    ask(client, certificate, "ru")
    Errand.objects.filter(kind=documents.MAKE).update(
        state=Errand.State.GIVEN_UP, closed_at=clock.real_now(), error="PDF"
    )
    page = page_of(client, certificate)
    assert "It could not be made." in page and "data-waiting" not in page
    assert b"%PDF" in made(client, certificate, "ru")
    assert "It could not be made." not in page_of(client, certificate)


def test_one_person_asks_for_thirty_files_an_hour(
    keys: None, officer: User, client_of: Any, monkeypatch: pytest.MonkeyPatch
):
    """Files that are there already, or being made, do not count."""
    cache.clear()
    monkeypatch.setattr(actions_documents, "LIMIT", 3)
    client = client_of(officer)
    certificates = [make_certificate(officer, qualification=f"C{place}") for place in range(2)]
    for layout in ("ru", "ru", "az-en"):
        ask(client, certificates[0], layout)
    ask(client, certificates[0], "az")
    ask(client, certificates[1], "az")
    response = client.post(f"{MINE}{certificates[1].public_id}/ru/make/", follow=True)
    assert "Try again in an hour." in response.content.decode()
    assert Errand.objects.filter(kind=documents.MAKE).count() == 3
    other = factories.make_person()
    factories.give(other, factories.Position.REGISTRAR)
    client_of(other).post(f"{REGISTER}{certificates[1].public_id}/ru/make/")
    assert Errand.objects.filter(kind=documents.MAKE).count() == 4


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_constant_queries(
    keys: None, officer: User, client_of: Any, django_assert_num_queries: Any, number: int
):
    certificates = [make_certificate(officer, qualification=f"C{place}") for place in range(number)]
    client = client_of(officer)
    for layout in ("ru", "az")[: number - 1]:
        made(client, certificates[0], layout)
    with django_assert_num_queries(12):
        page_of(client, certificates[0])


def test_lists_of_certificates_link_each_file_made_at_issue_once(
    certificate: Certificate, officer: User, client_of: Any
):
    client = client_of(officer)
    made(client, certificate, "ru")
    for address in (MINE, "/en/"):
        assert flat(client.get(address).content).count(f"{certificate.public_id}.pdf") == 1


# --- state on a day ----------------------------------------------------------------------------------


def test_holder_asks_for_the_state_on_a_day_as_known_on_a_day(keys: None, officer: User, client_of: Any):
    certificate = make_certificate(officer, at=ago(days=20))
    happen(certificate, Kind.SUSPENDED, at=ago(days=10), recorded_at=ago(days=5), until=ago(days=2))

    def told(**days: int) -> str:
        asked = {name: f"{clock.today() - timedelta(days=number):%d.%m.%Y}" for name, number in days.items()}
        return flat(client_of(officer).get(f"{MINE}{certificate.public_id}/", asked).content)

    assert ": valid.</b>" in told(on=15)
    assert ": suspended until" in told(on=7)
    assert ": valid.</b>" in told(on=7, known=6)
    assert ": valid.</b>" in told(on=1)
    page = flat(client_of(officer).get(f"{MINE}{certificate.public_id}/", {"on": "31.02.2026"}).content)
    assert "errors" in page or "error" in page


# --- two at one instant ------------------------------------------------------------------------------


@on_postgresql
@really_committed
def test_two_clicks_at_one_instant_make_one_file(keys: None) -> None:
    person = factories.make_person()
    certificate = make_certificate(person)
    again = [person, User.objects.get(pk=person.pk)]

    def click(by: User) -> bool:
        return actions_documents.make_document(certificate=certificate, layout=Layout.RU, by=by)

    assert sorted(together(*[lambda by=by: click(by) for by in again])) == [False, True]
    outbox.work_off([documents.MAKE])
    assert certificate.documents.filter(layout="ru").count() == 1
