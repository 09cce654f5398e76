from datetime import timedelta

import cbor2
import pytest
from django.test import Client

from certificates import signing, views_public
from certificates.credentials.receipt import verify_receipt
from clearance import actions, actions_recall, receipts
from clearance.models import Decision, DutyFunction
from operations import canonical, clock
from people.actions.postings import end_posting
from tests import factories, tiny
from tests.clearance.golden import frozen
from tests.remembered import remembered
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
@remembered
def decision(curriculum, officer, duty_officer) -> Decision:
    tiny.certify(curriculum, officer)
    return actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )


def see(decision, end: str = "", **more):
    return Client(headers={"accept-language": "en"}).get(f"/receipt/{decision.public_id}{end}", **more)


def test_receipt_says_function_answer_and_instants(decision):
    page = see(decision)
    claims = page.context["reading"].claims
    assert page.status_code == 200
    assert (claims["function"]["code"], claims["answer"]) == ("F8", "cleared")
    assert page.context["reading"].instant == decision.instant
    assert page.context["reading"].until == decision.until


@pytest.mark.parametrize("end", ["", ".json", ".cose"])
def test_receipt_names_neither_person_nor_agency(decision, officer, agency, unit, duty_officer, end):
    content = see(decision, end).content.decode(errors="replace")
    certificate = decision.evidence["certificates"][0]
    for secret in (
        officer.family_name, officer.given_name, "LAB-0417", officer.public_id, duty_officer.public_id,
        agency.code, agency.name, unit.public_id, "ganja", certificate["public_id"], certificate["short_code"],
    ):  # fmt: skip
        assert secret not in content


def test_receipt_is_signed_by_the_key_for_receipts(decision):
    data = see(decision, ".cose").content
    receipt = verify_receipt(data, keyring=signing.keyring())
    assert receipt.kid == decision.key
    assert receipt.claims == see(decision, ".json").json()["claims"]
    assert cbor2.loads(data).tag == 18


@pytest.mark.parametrize(
    "change",
    [{"answer": "not-cleared"}, {"mode": "advise"}, {"until": None}, {"key": "receipt-2026-9"},
     {"evidence": {"a": 1}}, {"evidence": {"requirement": 1}}, {"evidence": []}, {"person": None},
     {"receipt": b"broken"}],
)  # fmt: skip
def test_row_that_was_edited_could_not_be_checked(decision, change):
    tamper(decision, **change)
    page = see(decision)
    assert (page.status_code, page.context["reading"].claims) == (200, None)
    assert "Could not be checked" in page.text
    assert see(decision, ".json").json()["verified"] is False


def test_flipped_byte_could_not_be_checked(decision):
    data = bytearray(decision.receipt)
    data[-1] ^= 1
    tamper(decision, receipt=bytes(data))
    assert see(decision).context["reading"].claims is None


def test_reworded_function_keeps_its_receipt(decision):
    DutyFunction.objects.filter(code="F8").update(name_en="Another name")
    page = see(decision)
    assert page.context["function"] == "Desk review"


@pytest.mark.parametrize("end", ["", ".json", ".cose", ".svg", "/override.cose"])
def test_too_many_questions_from_one_address_are_slowed_down(decision, monkeypatch, end):
    """Each has its signature checked, or a picture drawn."""
    monkeypatch.setattr(views_public, "LIMIT", 1)
    assert see(decision).status_code == 200
    refused = see(decision, end)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert see(decision, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("public_id", ["AAAAAAAAAAAAAAAAAAAAAA", "x", "%00", "../etc"])
@pytest.mark.parametrize("end", ["", ".json", ".cose", ".svg"])
def test_unknown_and_malformed_ids_get_the_same_answer(db, public_id, end):
    assert Client().get(f"/receipt/{public_id}{end}").status_code == 404


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_receipt_answers_in_the_language_asked_for(decision, language):
    page = see(decision, f"?lang={language}")
    assert page.headers["Content-Language"] == language
    assert page.context["function"] == getattr(decision.function, f"name_{language}")


def test_qr_code_is_a_picture_of_ours(decision):
    response = see(decision, ".svg")
    assert (response.headers["Content-Type"], response.content[:4]) == ("image/svg+xml", b"<svg")


def test_receipt_needs_nobody_signed_in(decision, outsider):
    assert factories.client_of(outsider).get(f"/receipt/{decision.public_id}").status_code == 200


def test_receipt_of_a_recalled_answer_says_so_and_not_why(decision, officer, agency):
    assert "Valid at the latest until" in see(decision).text
    with clock.at(clock.now() + timedelta(minutes=1)):
        end_posting(posting=officer.postings.get(), valid_to=clock.now(), by=None)
    with clock.at(clock.now() + timedelta(minutes=2)):
        found = actions_recall.evaluated_now(decision)
        made = actions_recall.recall(decision=decision, found=found, by=None)
        page, said = see(decision), see(decision, ".json")
    assert "<h1>Recalled</h1>" in page.text and 'data-k="ok"' not in page.text
    assert "was “Cleared”. Do not rely on it." in page.text
    assert "Valid at the latest until" not in page.text
    assert said.json()["recalled_at"] == canonical.plain(made.at)
    assert said.json()["claims"]["answer"] == "cleared"
    for secret in (officer.family_name, officer.public_id, agency.name, "no-posting"):
        assert secret not in page.text + said.text


def test_receipt_that_stands_says_nothing_of_a_recall(decision):
    assert "Recalled" not in see(decision).text
    assert "recalled_at" not in see(decision, ".json").json()


# --- format 2 ----------------------------------------------------------------------------------------------------


def test_claims_are_those_that_were_frozen():
    """A receipt signed in this format is read by the same builder for good."""
    assert frozen.claims() == frozen.kept_claims()
    assert frozen.kept_claims()["format"] == receipts.FORMAT


@pytest.mark.parametrize(
    "part", ["reasons", "mode", "override", "asking_agency", "certificates", "confirmed"]
)
def test_everything_it_rests_on_is_in_the_hash(decision, part):
    changed = {**decision.evidence, part: "other"}
    tamper(decision, evidence=changed)
    assert see(decision).context["reading"].claims is None


def test_another_person_or_agency_in_the_row_could_not_be_checked(decision, officer2, other_agency):
    for change in ({"person": officer2}, {"asking_agency": other_agency}):
        before = {name: getattr(decision, name) for name in change}
        tamper(decision, **change)
        assert see(decision).context["reading"].claims is None
        tamper(decision, **before)
    assert see(decision).context["reading"].claims is not None


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("day", [None, "2027-03-01"])
def test_receipt_says_that_it_is_advice(curriculum, officer, duty_officer, language, day):
    tiny.function("F9", 9, "Advised", roles=["LAB"], mode="advise", enforce_from=day)
    found = actions.decide(
        function=DutyFunction.objects.get(code="F9"), person=officer, instant=clock.now(), by=duty_officer
    )
    claims = receipts.read(found).claims
    assert (claims["answer"], claims["mode"], claims["override"]) == ("not-cleared", "advise", None)
    assert claims["enforce_from"] == (None if day is None else "2027-02-28T20:00:00Z")
    page = see(found, f"?lang={language}")
    assert page.context["advice"]["title"] in page.text
    assert ("2027" in str(page.context["advice"]["text"])) is (day is not None)


def test_receipt_says_that_nobody_can_be_cleared_yet(curriculum, officer, duty_officer):
    function = tiny.function("F9", 9, "Early", roles=["LAB"], needs=["C1-LAB", {"any": ["C4", "C5"]}])
    found = actions.decide(function=function, person=officer, instant=clock.now(), by=duty_officer)
    assert (found.mode, receipts.read(found).claims["not_offered"]) == ("advise", ["C4", "C5"])
    for page in (see(found), factories.client_of(duty_officer).get(f"/en/desk/{found.public_id}/")):
        assert "Nobody can be cleared for this yet: there is no way to earn C4, C5." in page.text
        assert "Advice: nobody is stopped yet" in page.text
