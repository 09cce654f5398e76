"""An answer on paper: one page, what the decision says and nothing else, with receipts that others can verify."""

import base64
import io
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import cbor2
import cwt
import pikepdf
import pytest
from django.utils import translation

from certificates import signing
from clearance import actions, actions_override, actions_recall, case_reference, paper
from clearance.models import DecisionRecall
from clearance.views import paper as view
from locales.dates import day_text, instant_text
from operations import clock
from people.actions.postings import end_posting
from people.models import User
from tests import factories, tiny
from tests.certificates.credentials.test_independent import opened
from tests.clearance.golden.frozen import FOLDER
from tests.tampering import tamper
from tests.type_sizes import sizes_of, too_small

pytestmark = pytest.mark.usefixtures("keys", "curriculum")
CASE = "12-345/2026"


@pytest.fixture
def overridden(officer, duty_officer, shift_leader):
    decision = tiny.refused(officer, duty_officer)
    actions_override.override(decision=decision, reason="danger", by=shift_leader)
    return decision


@pytest.fixture
def conditional(curriculum, officer, duty_officer):
    """Under advice, on a condition, for a case."""
    tiny.certify(curriculum, officer)
    function = tiny.function(
        "F9",
        9,
        "Interview",
        conditions=["interpreter", "second-worker"],
        mode="advise",
        enforce_from="2031-03-01",
    )
    return actions.decide(
        function=function, person=officer, instant=clock.now(), by=duty_officer,
        confirmed=["interpreter", "second-worker"],
        case=case_reference.trace_of(case_reference.digest_of(CASE)),
    )  # fmt: skip


def fetched(person, decision, language: str = "en") -> bytes:
    response = factories.client_of(person).get(f"/{language}/desk/{decision.public_id}/paper.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return bytes(response.content)


def text_of(file: bytes, folder: Path) -> str:
    """The text as another program reads it, without its lines."""
    (folder / "answer.pdf").write_bytes(file)
    command = ["pdftotext", "-enc", "UTF-8", "-raw", "answer.pdf", "-"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return " ".join(said.split())


def without_what_differs(text: str, decision, language: str) -> str:
    """Ids and days of this run as words."""
    with translation.override(language):
        instants = {decision.instant, decision.asked_at, clock.now()}
        override = getattr(decision, "override", None)
        if override is not None:
            instants |= {override.at, override.review_until}
        said = {instant_text(instant) for instant in instants}
        days = {day_text(clock.last_day(decision.until))} if decision.until else set()
    found = re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", "CODE", text.replace(decision.public_id, "ID"))
    for shown in sorted(said | days, key=len, reverse=True):
        found = found.replace(" ".join(shown.split()), "WHEN")
    return found


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("which", ["overridden", "conditional"])
def test_text_is_what_it_was(request, which, language, duty_officer, tmp_path):
    now = clock.now()
    with clock.at(now):
        decision = request.getfixturevalue(which)
        decision.refresh_from_db()
        file = fetched(duty_officer, decision, language)
        assert too_small(file) == []
        said = without_what_differs(text_of(file, tmp_path), decision, language)
    assert said == (FOLDER / f"paper-{which}-{language}.txt").read_text(encoding="utf-8").strip()


def attached(file: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(file)) as document:
        assert [each.AFRelationship for each in document.Root.AF] == ["/Data"] * len(document.attachments)
        return {name: each.get_file().read_bytes() for name, each in document.attachments.items()}


def by_others(data: bytes, kid: str):
    """The claims as a library reads them that the product does not use, with the public key alone."""
    raw = signing.keyring().public_key(kid, "receipt").public_bytes_raw()
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    key = cwt.COSEKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "alg": "EdDSA"})
    return cbor2.loads(cwt.COSE().decode(opened(data), key))


def test_receipts_are_attached_and_verified_by_others(overridden, duty_officer):
    files = attached(fetched(duty_officer, overridden))
    assert set(files) == {f"receipt-{overridden.public_id}.cose", f"override-{overridden.public_id}.cose"}
    assert files[f"receipt-{overridden.public_id}.cose"] == bytes(overridden.receipt)
    receipt = by_others(files[f"receipt-{overridden.public_id}.cose"], overridden.key)
    assert (receipt["answer"], receipt["function"]["code"]) == ("not-cleared", "F21")
    override = by_others(files[f"override-{overridden.public_id}.cose"], overridden.override.key)
    assert (override["overridden"], override["reason"]) == (True, "danger")
    broken = bytearray(overridden.receipt)
    broken[-1] ^= 1
    with pytest.raises(cwt.VerifyError):
        by_others(bytes(broken), overridden.key)


def test_page_is_one_of_a4_whose_metadata_name_nobody(conditional, officer, duty_officer):
    file = fetched(duty_officer, conditional)
    with pikepdf.open(io.BytesIO(file)) as document:
        [page] = document.pages
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]
        described = (
            " ".join(map(str, document.docinfo.values()))
            + bytes(document.Root.Metadata.read_bytes()).decode()
        )
    assert conditional.public_id in described and "Interview" in described
    for secret in (officer.family_name, "LAB-0417", duty_officer.family_name):
        assert secret not in described


def test_reference_of_the_case_is_not_on_it(conditional, duty_officer, tmp_path):
    file = fetched(duty_officer, conditional)
    assert CASE not in text_of(file, tmp_path)
    with pikepdf.open(io.BytesIO(file)) as document:
        flat = io.BytesIO()
        document.save(flat, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    assert CASE.encode() not in flat.getvalue()


def test_recalled_answer_says_so(curriculum, officer, duty_officer, tmp_path):
    tiny.certify(curriculum, officer)
    decision = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    assert "Recalled" not in text_of(fetched(duty_officer, decision), tmp_path)
    end_posting(posting=officer.postings.get(), valid_to=clock.now(), by=None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        found = actions_recall.evaluated_now(decision)
        assert found is not None
        actions_recall.recall(decision=decision, found=found, by=None)
    assert DecisionRecall.objects.exists()
    page = factories.client_of(duty_officer).get(f"/en/desk/{decision.public_id}/").text
    said = text_of(fetched(duty_officer, decision), tmp_path)
    assert "Recalled: today the answer would be another one" in said
    for each in (page, said):
        assert "On what it rested when it was asked" in each
        assert "Valid at the latest until" not in each and "Last day of this answer" not in each
    assert 'class="checks"' not in page  # nothing is ticked on it any more


def test_review_stands_beside_the_override(overridden, coordinator, duty_officer, tmp_path):
    assert "Somebody else reviews it until" in text_of(fetched(duty_officer, overridden), tmp_path)
    actions_override.review(override=overridden.override, finding="not-justified", by=coordinator)
    assert "not justified" in text_of(fetched(duty_officer, overridden), tmp_path)


@pytest.mark.parametrize(
    ("who", "status"),
    [("duty_officer", 200), ("coordinator", 200), ("shift_leader", 200), ("auditor", 200), ("outsider", 403),
     ("officer", 403), ("officer2", 403), ("duty_officer_other", 403), ("coordinator_other", 403),
     ("registrar", 403), ("admin", 403)],
)  # fmt: skip
def test_paper_is_for_whoever_may_see_the_decision(request, overridden, who, status):
    client = factories.client_of(request.getfixturevalue(who))
    assert client.get(f"/en/desk/{overridden.public_id}/paper.pdf").status_code == status


def test_stranger_is_led_to_sign_in(overridden, client):
    assert client.get(f"/en/desk/{overridden.public_id}/paper.pdf").url.startswith("/en/account/login/")
    assert client.get(f"/en/desk/{'A' * 22}/paper.pdf").status_code == 302


@pytest.mark.parametrize("what", ["decision", "override"])
def test_what_does_not_verify_is_not_put_on_paper(overridden, duty_officer, what):
    tamper(overridden if what == "decision" else overridden.override, receipt=b"broken")
    page = factories.client_of(duty_officer).get(f"/en/desk/{overridden.public_id}/paper.pdf", follow=True)
    assert page.redirect_chain == [(f"/en/desk/{overridden.public_id}/", 302)]
    assert "This receipt could not be checked, so it is not put on paper." in page.text


def test_pages_without_end_are_refused_in_words(overridden, duty_officer, monkeypatch):
    monkeypatch.setattr(view, "LIMIT", 1)
    fetched(duty_officer, overridden)
    page = factories.client_of(duty_officer).get(f"/en/desk/{overridden.public_id}/paper.pdf", follow=True)
    assert "Too many pages were made within an hour. Try again later." in page.text


def test_long_answer_is_set_smaller_on_one_page(duty_officer, unit, role, curriculum):
    """The longest names, every condition, and a dozen certificates that are missing."""
    long = factories.make_person("Ə" * 55, "Ş" * 55, father_name="Ğ" * 55 + " qızı", unit=unit, role=role)
    User.objects.filter(pk=long.pk).update(family_name="Ə" * 60)
    codes = [f"C{number}-LONGEST-CODE" for number in range(20, 40)]
    function = tiny.function("F30", 30, "ü" * 190, needs=codes)
    decision = actions.decide(function=function, person=long, instant=clock.now(), by=duty_officer)
    file = fetched(duty_officer, decision)
    assert (len(sizes_of(file)), too_small(file)) == (1, [])


def test_whatever_names_hold_an_answer_is_printed(duty_officer, agency, unit, role, curriculum):
    """As many of the widest letters as each field takes, and forty certificates that are missing."""
    person = factories.make_person("W" * 60, "W" * 60, father_name="W" * 70, unit=unit, role=role)
    for place in (agency, unit):
        type(place).objects.filter(pk=place.pk).update(name_az="W" * 160, name_en="W" * 160)
    codes = [f"C{number}-LONGEST-CODE-WWW" for number in range(20, 60)]
    function = tiny.function("F30", 30, "W" * 190, needs=codes)
    decision = actions.decide(function=function, person=person, instant=clock.now(), by=duty_officer)
    assert len(sizes_of(fetched(duty_officer, decision))) == 1


def test_page_that_would_need_two_is_an_error_and_no_page(overridden, duty_officer, monkeypatch):
    monkeypatch.setattr(paper, "SIZES", (60,))
    with pytest.raises(paper.pdf.RenderError):
        paper.paper_of(type(overridden).objects.with_all().get(pk=overridden.pk), by=duty_officer)


def test_name_of_the_file_and_link(overridden, duty_officer):
    client = factories.client_of(duty_officer)
    page = client.get(f"/en/desk/{overridden.public_id}/").text
    assert f"/en/desk/{overridden.public_id}/paper.pdf" in page
    header = client.get(f"/en/desk/{overridden.public_id}/paper.pdf")["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="answer-{overridden.public_id}.pdf"', header)
