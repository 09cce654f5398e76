"""Files of evidence: made by who may, verified here and by code that knows nothing of ours but a public key."""

import base64
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certificates import signing
from certificates.credentials.errors import ProofError
from certificates.credentials.evidence import MOST_VALUES, make_evidence, verify_evidence
from certificates.credentials.jsontext import write_json
from certificates.credentials.receipt import sign_receipt, verify_receipt
from clearance import actions, evidence_file
from clearance.actions_override import override
from operations import clock
from operations.models import AuditEntry
from operations.outbox import work_off
from people.actions.grants import revoke_grant
from people.actions.postings import end_posting, post
from tests import factories, tiny

from .golden import evidence as golden

pytestmark = pytest.mark.usefixtures("keys")
MAKE, CHECK = "/en/desk/evidence/", "/en/desk/evidence/check/"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"


@pytest.fixture
def decided(curriculum, officer, duty_officer):
    """The officer is certified and was cleared by the duty officer."""
    certificate = tiny.certify(curriculum, officer)
    decision = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    assert decision.answer == "cleared"
    return certificate, decision


def fields(**more):
    today = clock.today()
    return {
        "number": "LAB-0417", "since": (today - timedelta(days=30)).isoformat(), "until": today.isoformat(),
        "reason": "review", **more,
    }  # fmt: skip


def made(person, **more) -> bytes:
    client = factories.client_of(person)
    page = client.post(MAKE, fields(**more))
    assert page.status_code == 302, page.context["form"].errors
    assert CHECK not in client.get(page.url).text  # there is nothing to read yet
    work_off()
    assert "Read and check the file" in client.get(page.url).text
    return b"".join(client.get(f"{page.url}file/").streaming_content)


def checked(person, content: bytes):
    return factories.client_of(person).post(CHECK, {"file": SimpleUploadedFile("evidence.json", content)})


def test_auditor_shows_from_one_file_who_was_let_near_a_case_under_which_rule_and_why(
    decided, officer, duty_officer, auditor
):
    certificate, decision = decided
    content = made(auditor)
    page = checked(auditor, content)
    [row] = page.context["rows"]
    assert (row["who"], row["function"], str(row["title"])) == ("Aytən Məmmədova", "F8", "Cleared")
    assert row["asker"] == "Rəşad Əliyev"
    assert f"F8 <small>{decision.function.name}</small>" in page.text
    assert [str(reason["title"]) for reason in row["why"]] == ["The certificate C1-LAB is valid"]
    assert (row["rule"]["version"], row["rule"]["rules"]["grace_days"]) == (1, 30)
    assert page.context["checked"].ok
    assert "The file is ours and unchanged: every part of it verifies." in page.text
    assert "About: Aytən Məmmədova" in page.text
    said = json.loads(content)["contents"]
    assert said["counts"] == {
        "decisions": 1, "certificates": 1, "status_lists": 2, "requirements": 1, "events": 0,
    }  # fmt: skip
    assert said["certificates"][0]["statement"] == certificate.statement


def code_in_the_docs() -> list[str]:
    """Of the whole file, and of its receipts."""
    return re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def test_file_is_verified_by_the_code_in_the_docs_with_the_public_key_alone(decided, auditor, tmp_path):
    """The code is taken out of docs/evidence.md: it uses cryptography and the standard library, nothing of ours."""
    [code, _receipts] = code_in_the_docs()
    content = made(auditor)
    (tmp_path / "check.py").write_text(code, encoding="utf-8")
    kid = json.loads(content)["proof"]["kid"]
    key = signing.keyring().public_key(kid, "receipt").public_bytes_raw().hex()

    def verify(name: str, data: bytes) -> subprocess.CompletedProcess[str]:
        (tmp_path / name).write_bytes(data)
        command = [sys.executable, "-I", "check.py", name, key]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert verify("file.json", content).stdout.startswith("genuine: {'certificates': 1")
    changed = content.replace(b'"answer":"cleared"', b'"answer":"not-cleared"', 1)
    assert changed != content and verify("changed.json", changed).returncode == 1


def signed_anew(contents) -> bytes:
    """As whoever holds the key of receipts could."""
    return write_json(make_evidence(contents, signer=signing.keyring().signer("receipt")))


def not_in_order(page) -> list[str]:
    return [check.text for check in page.context["checked"].checks if not check.ok]


OVERRULED = "Overruled refusals: each has its own signed receipt, which names the first one"


@pytest.fixture
def overruled(curriculum, officer, officer2, duty_officer, shift_leader):
    """Two refusals of which each was overruled."""
    decisions = [tiny.refused(person, duty_officer) for person in (officer, officer2)]
    for decision in decisions:
        override(decision=decision, reason="danger", by=shift_leader)
    return decisions


def test_receipt_of_an_override_is_checked_too(overruled, auditor, tmp_path):
    content = made(auditor, number="")
    page = checked(auditor, content)
    found = {check.text: (check.good, check.number) for check in page.context["checked"].checks}
    assert page.context["checked"].ok and found[OVERRULED] == (2, 2)
    assert receipts_by_the_docs(tmp_path, content) == (
        0, "receipts in order: 2 and of overruled refusals: 2\n"
    )  # fmt: skip


def receipts_by_the_docs(folder, content: bytes) -> tuple[int, str]:
    [_whole, code] = code_in_the_docs()
    (folder / "receipts.py").write_text(code, encoding="utf-8")
    (folder / "file.json").write_bytes(content)
    command = [sys.executable, "-I", "receipts.py", "file.json"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


def another_receipt(first, second):
    first["override"]["receipt"] = second["override"]["receipt"]


def a_decisions_receipt(first, second):
    first["override"]["receipt"] = first["receipt"]


def another_reason(first, second):
    first["override"]["reason"] = "order"


def another_hour(first, second):
    first["override"]["at"] = first["asked_at"]


def more_time(first, second):
    first["override"]["review_until"] = "2099-01-01T00:00:00Z"


def a_byte(first, second):
    receipt = bytearray(base64.b64decode(first["override"]["receipt"]))
    receipt[-1] ^= 1
    first["override"]["receipt"] = base64.b64encode(receipt).decode()


def no_receipt(first, second):
    first["override"]["receipt"] = None


@pytest.mark.parametrize(
    "change",
    [another_receipt, a_decisions_receipt, another_reason, another_hour, more_time, a_byte, no_receipt],
)
def test_override_that_was_changed_before_the_whole_was_signed_is_refused(
    overruled, auditor, tmp_path, change
):
    contents = json.loads(made(auditor, number=""))["contents"]
    change(*contents["decisions"])
    forged = signed_anew(contents)
    page = checked(auditor, forged)
    assert not_in_order(page) == [OVERRULED]
    assert "The file is ours, but a part of it does not verify." in page.text
    code, said = receipts_by_the_docs(tmp_path, forged)
    assert (code, said) == (1, "")


def test_override_of_a_decision_that_was_signed_anew_names_it_no_more(overruled, auditor):
    """The second receipt names the bytes of the first: another first one, though genuine, is not meant."""
    contents = json.loads(made(auditor, number=""))["contents"]
    [first, _second] = contents["decisions"]
    claims = verify_receipt(base64.b64decode(first["receipt"]), keyring=signing.keyring()).claims
    signer = signing.keyring().signer("receipt")
    receipt = sign_receipt({**claims, "conditions": ["supervisor-note"]}, signer=signer)
    first["receipt"] = base64.b64encode(receipt).decode()
    assert not_in_order(checked(auditor, signed_anew(contents))) == [OVERRULED]


def test_part_that_was_changed_before_the_whole_was_signed_is_found(decided, auditor):
    """Whoever holds the key of receipts alone can make no certificate and no rule."""
    contents = json.loads(made(auditor))["contents"]
    contents["certificates"][0]["statement"]["lastDay"] = "2099-01-01"
    contents["requirements"][0]["rules"]["grace_days"] = 365
    contents["decisions"][0]["answer"] = "conditional"
    assert not_in_order(checked(auditor, signed_anew(contents))) == [
        "Receipts: signed, and the decisions say the same",
        "Rules: the hash matches the text",
        "Certificates: signed statements",
    ]


def test_largest_file_has_fewer_values_than_are_read(decided, auditor):
    content = made(auditor)
    assert sum(content.count(mark) for mark in (b",", b"[", b"{")) * evidence_file.MOST < MOST_VALUES


@pytest.mark.parametrize("content", [
    b"", b"{}", b"[]", b"\xff", b'{"contents": {}, "proof": {}}', b"{" * 99, b'{"contents": [' + b"{}," * 1_500_000,
])  # fmt: skip
def test_what_is_no_file_of_ours_is_told_in_words(content, auditor, db):
    page = checked(auditor, content)
    assert page.status_code == 200
    if content:
        assert page.context["checked"].contents is None
        assert "This is no file of ours, or it was changed." in page.text


def test_everybody_it_is_about_reads_that_it_was_made_and_why(decided, officer, coordinator):
    made(coordinator, number="")
    entry = AuditEntry.objects.get(act="clearance.make_evidence")
    assert (entry.by, entry.reason, entry.after["people"]) == (coordinator, "review", 1)
    trail = factories.client_of(officer).get("/en/people/my-trail/").text
    assert "File of evidence made" in trail and "a review of the agency" in trail


def test_decision_made_after_the_file_was_asked_for_is_not_in_it(
    decided, curriculum, officer2, duty_officer, auditor
):
    """Whom it is about read nothing of the file."""
    client = factories.client_of(auditor)
    page = client.post(MAKE, fields(number=""))
    later = actions.decide(
        function=curriculum.desk_review, person=officer2, instant=clock.now(), by=duty_officer
    )
    work_off()
    said = json.loads(b"".join(client.get(f"{page.url}file/").streaming_content))["contents"]
    assert [each["id"] for each in said["decisions"]] == [decided[1].public_id]
    assert later.public_id not in json.dumps(said) and officer2.public_id not in said["people"]


def test_coordinator_gets_what_the_agency_may_read_and_no_names_of_registrars(
    decided, coordinator, coordinator_other, registrar
):
    said = json.loads(made(coordinator))["contents"]
    assert len(said["decisions"]) == 1
    assert registrar.public_id not in said["people"]
    refused = factories.client_of(coordinator_other).post(MAKE, fields())
    assert "Nobody whose decisions you may read has or had this number." in refused.text
    theirs = json.loads(made(coordinator_other, number=""))["contents"]
    assert (theirs["decisions"], theirs["certificates"]) == ([], [])


def test_number_that_two_had_opens_nothing_that_was_issued_since_one_of_them_left(
    curriculum, unit, other_unit, role, coordinator
):
    """Each of whom a number names is seen as far as that person may be: one serves here now, the other did."""
    here, gone = factories.make_person("Əliyeva", "Lalə"), factories.make_person("Quliyeva", "Nigar")
    begins, left = (clock.now() - timedelta(days=days) for days in (420, 410))
    with clock.at(left):
        was = post(person=gone, unit=unit, role=role, service_number="LAB-0417", valid_from=begins, by=None)
        end_posting(posting=was, valid_to=left, by=None)
        post(person=gone, unit=other_unit, role=role, service_number="MIG-0001", valid_from=left, by=None)
    post(
        person=here,
        unit=unit,
        role=role,
        service_number="LAB-0417",
        valid_from=factories.a_year_ago(),
        by=None,
    )
    own, theirs = tiny.certify(curriculum, here), tiny.certify(curriculum, gone)
    said = json.loads(made(coordinator))["contents"]
    assert [each["id"] for each in said["certificates"]] == [own.public_id]
    assert (theirs.public_id in json.dumps(said), gone.public_id in said["people"]) == (False, False)
    then = {
        name: (clock.today() - timedelta(days=days)).isoformat()
        for name, days in (("since", 425), ("until", 412))
    }
    said = json.loads(made(coordinator, **then))["contents"]
    assert (said["about"]["people"], said["certificates"]) == ([gone.public_id], [])


def test_file_about_one_person_holds_nobody_else_who_has_the_number(
    decided, officer, unit, other_unit, role, auditor
):
    """A number is of an agency, and changes hands: where it names two, neither is meant."""
    elsewhere = factories.make_person(unit=other_unit, service_number="LAB-0417")
    words = "Several people have or had this number."
    page = factories.client_of(auditor).post(MAKE, fields())
    assert page.text.count(words) == 2
    said = json.loads(made(auditor, agency=unit.agency.public_id))["contents"]
    assert said["about"]["people"] == [officer.public_id]
    assert elsewhere.public_id not in json.dumps(said)
    handed_over = clock.now() - timedelta(days=10)
    end_posting(posting=officer.postings.get(), valid_to=handed_over, by=None)
    factories.make_person(unit=unit, service_number="LAB-0417", posted_from=handed_over)
    page = factories.client_of(auditor).post(MAKE, fields(agency=unit.agency.public_id))
    assert page.text.count(words) == 2


def test_file_is_not_fetched_by_who_may_not_read_it_any_more(decided, coordinator):
    client = factories.client_of(coordinator)
    page = client.post(MAKE, fields())
    work_off()
    assert CHECK in client.get(page.url).text  # what is done with it next
    assert client.get(f"{page.url}file/").status_code == 200
    revoke_grant(grant=coordinator.grants.get(), by=None)
    assert client.get(f"{page.url}file/").status_code == 404


@pytest.mark.parametrize(
    "more, words",
    [
        ({"since": ""}, "Enter a day, for example 24.11.2026."),
        ({"since": "2020-01-01"}, "A file holds at most one year."),
        ({"reason": ""}, "Choose a reason from the list."),
        ({"number": "LAB-0000"}, "Nobody whose decisions you may read has or had this number."),
    ],
)
def test_question_that_makes_no_sense_is_told_at_its_field(more, words, auditor, officer):
    page = factories.client_of(auditor).post(MAKE, fields(**more))
    assert page.status_code == 200 and page.text.count(words) == 2
    assert not AuditEntry.objects.filter(act="clearance.make_evidence").exists()


@pytest.mark.parametrize("person", ["outsider", "officer", "duty_officer", "registrar", "admin", "trainer"])
def test_pages_refuse_who_may_not_make_one(person, request, db):
    client = factories.client_of(request.getfixturevalue(person))
    assert [client.get(MAKE).status_code, client.post(MAKE, fields()).status_code, client.get(CHECK).status_code] == [
        403, 403, 403,
    ]  # fmt: skip


def test_format_is_what_it_was(db):
    """A file made otherwise gets a number of its own, and a builder and a frozen file beside this one."""
    document = golden.kept()
    assert golden.made() == document
    assert verify_evidence(document, keyring=golden.KEYRING) == document["contents"]
    document["contents"]["made_at"] = "2027-12-01T00:00:00Z"
    with pytest.raises(ProofError):
        verify_evidence(document, keyring=golden.KEYRING)
