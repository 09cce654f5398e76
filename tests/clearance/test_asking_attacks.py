"""Attacks on asking: lists as an oracle, people of two agencies, merged records, formulas in exported tables."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from certificates import actions_corrections
from certificates.models import Certificate
from clearance import actions, actions_override, actions_recall, actions_shift, permissions
from clearance.models import Decision, DecisionOverride, DecisionRecall
from clearance.views import shift as view
from merging.actions.merge import confirm_merge, propose_merge
from operations import clock
from operations.models import Notice
from operations.outbox import work_off
from people.actions.postings import end_posting, post
from people.models import User
from tests import factories, tiny
from tests.certificates.correcting import corrected
from tests.certificates.issuing import Kind, happen, make_certificate
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("keys", "curriculum")
SHIFT, LIST, EVIDENCE = "/en/desk/shift/", "/en/desk/decisions/", "/en/desk/evidence/"
NONCE = "a" * 22


@pytest.fixture
def desk(duty_officer):
    return factories.client_of(duty_officer)


# --- a list of numbers as an oracle -------------------------------------------------------------------------------


@pytest.fixture
def beyond(officer, agency, other_unit, unit, role, curriculum) -> list[str]:
    """Numbers of people nobody here may find: another agency, another unit, an account that was closed, a record
    that was erased, and of nobody at all.
    """
    elsewhere = factories.make_person("Nağıyev", unit=other_unit, role=role, service_number="N-1")
    tiny.certify(curriculum, elsewhere)
    factories.make_person(unit=factories.make_unit(agency, "quba"), role=role, service_number="N-2")
    closed = factories.make_person(unit=unit, role=role, service_number="N-3")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    erased = factories.make_person(unit=unit, role=role, service_number="N-4")
    User.objects.filter(pk=erased.pk).update(erased_at=clock.now())
    return ["N-1", "N-2", "N-3", "N-4", "N-5"]


def test_list_says_the_same_of_everybody_it_does_not_reach(desk, beyond):
    page = desk.post(SHIFT, {"functions": ["F8"], "numbers": "\n".join(beyond)})
    said = [
        error.text.replace(number, "…")
        for error, number in zip(page.context["line_errors"], beyond, strict=True)
    ]
    assert set(said) == {"Nobody of your units has the number …."}
    one_by_one = []
    for number in beyond:
        with factories.counted() as queries:
            text = desk.post(SHIFT, {"functions": ["F8"], "numbers": number}).text
        one_by_one.append((len(queries), len(text)))
    assert len(set(one_by_one[1:])) == 1  # the first one fills what a process remembers


def test_list_with_one_wrong_line_tells_nothing_about_the_right_ones(desk, beyond, officer):
    page = desk.post(SHIFT, {"functions": ["F8"], "numbers": f"LAB-0417\n{beyond[0]}"})
    assert page.context["line_errors"] and "tally" not in page.context
    assert officer.get_full_name() not in page.context["summary"][0]["text"]


@pytest.mark.parametrize("path", ["", "take/", "export/csv/"])
def test_public_ids_beyond_reach_and_made_up_ones_are_nobody(desk, beyond, path):
    people = [
        *User.objects.filter(postings__service_number__in=beyond).values_list("public_id", flat=True),
        "x" * 22,
    ]
    answers = set()
    for person in people:
        given = {"people": person, "functions": ["F8"], "nonce": NONCE}
        response = desk.post(f"{SHIFT}{path}", given, follow=True)
        body = b"".join(response) if response.streaming else response.content
        answers.add((response.status_code, len(body.replace(person.encode(), b""))))
    assert len(answers) == 1
    assert not Decision.objects.exists()


def test_lists_one_after_the_other_are_stopped_in_words(desk, officer, monkeypatch):
    monkeypatch.setattr(view, "LISTS", 2)
    sent = {"functions": ["F8"], "numbers": "LAB-0417"}
    assert ["tally" in desk.post(SHIFT, sent).context for _list in range(3)] == [True, True, False]
    page = desk.post(SHIFT, sent)
    assert page.context["form"].errors["numbers"] == [
        "Too many lists were sent within an hour. Tick people, or try again later."
    ]
    assert "tally" in desk.post(SHIFT, {"functions": ["F8"], "p": officer.public_id}).context


def test_limit_of_lists_is_each_persons_own(desk, coordinator, officer, monkeypatch):
    monkeypatch.setattr(view, "LISTS", 1)
    sent = {"functions": ["F8"], "numbers": "LAB-0417"}
    desk.post(SHIFT, sent), desk.post(SHIFT, sent)
    assert "tally" in factories.client_of(coordinator).post(SHIFT, sent).context


# --- a person of two agencies -------------------------------------------------------------------------------------


@pytest.fixture
def serves_twice(officer, other_unit):
    """The officer serves in the other agency too, in another role and under another number."""
    return post(
        person=officer, unit=other_unit, role=factories.make_role("MIG"), service_number="MIG-1",
        valid_from=clock.now(), main=False, by=None,
    )  # fmt: skip


@pytest.fixture
def shift_leader_other(other_unit):
    person = factories.make_person("Babayev", password=factories.PASSWORD)
    factories.give(person, factories.Position.SHIFT_LEADER, unit=other_unit)
    return person


@pytest.fixture
def refused(officer, duty_officer, serves_twice):
    return tiny.refused(officer, duty_officer)


@pytest.mark.parametrize("who", ["coordinator_other", "duty_officer_other", "shift_leader_other"])
def test_other_agency_sees_nothing_of_a_decision_and_overrules_nothing(request, refused, shift_leader, who):
    client = factories.client_of(request.getfixturevalue(who))
    actions_override.override(decision=refused, reason="danger", by=shift_leader)
    made = DecisionOverride.objects.get()
    answers = [
        client.get(f"/en/desk/{refused.public_id}/"),
        client.get(f"/en/desk/{refused.public_id}/paper.pdf"),
        client.post(f"/en/desk/{refused.public_id}/override/", {"reason": "danger"}),
        client.get(f"/en/desk/overrides/{made.public_id}/"),
        client.post(f"/en/desk/overrides/{made.public_id}/", {"finding": "justified"}),
    ]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert [row["decision"] for row in client.get(LIST).context["rows"]] == []
    found = client.post(LIST, {"q": "MIG-1"}, follow=True)
    assert found.context["rows"] == []
    made.refresh_from_db()
    assert made.finding is None


def test_letters_about_an_override_and_a_recall_stay_in_the_agency(
    curriculum,
    officer,
    duty_officer,
    serves_twice,
    coordinator_other,
    shift_leader_other,
    shift_leader,
    coordinator,
):
    actions_override.override(decision=tiny.refused(officer, duty_officer), reason="danger", by=shift_leader)
    tiny.certify(curriculum, officer)
    actions.decide(function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer)
    end_posting(posting=officer.postings.known().get(main=True), valid_to=clock.now(), by=None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert actions_recall.recheck_all(by=None) == 1
        work_off()
    told = set(Notice.objects.filter(kind__startswith="clearance.").values_list("person", flat=True))
    assert told == {duty_officer.pk, coordinator.pk, shift_leader.pk}
    assert told.isdisjoint({coordinator_other.pk, shift_leader_other.pk})


def test_who_asks_for_both_agencies_hands_the_decision_to_one_alone(
    curriculum,
    officer,
    outsider,
    serves_twice,
    shift_leader,
    shift_leader_other,
    coordinator,
    coordinator_other,
):
    """It is read on both postings; the main one's agency answers for it, and the other overrules nothing."""
    factories.give(outsider, factories.Position.DUTY_OFFICER)
    decision = tiny.refused(officer, outsider)
    assert len(decision.evidence["postings"]) == 2
    assert permissions.unit_to_override(shift_leader_other, decision) is None
    with pytest.raises(PermissionDenied):
        actions_override.override(decision=decision, reason="danger", by=shift_leader_other)
    seen = [permissions.visible_to(person).exists() for person in (shift_leader, coordinator)]
    hidden = [permissions.visible_to(person).exists() for person in (shift_leader_other, coordinator_other)]
    assert (seen, hidden) == ([True, True], [False, False])
    assert permissions.unit_to_override(shift_leader, decision) is not None


def test_yes_that_rests_on_the_second_posting_is_not_recalled_without_cause(
    curriculum, officer, outsider, serves_twice
):
    factories.give(outsider, factories.Position.DUTY_OFFICER)
    tiny.certify(curriculum, officer)
    function = tiny.function("F9", 9, "Of the other role", roles=["MIG"])
    decision = actions.decide(function=function, person=officer, instant=clock.now(), by=outsider)
    assert (decision.answer, decision.agency.code) == ("cleared", "labour-inspection")
    assert actions_recall.recheck_all(by=None) == 0
    assert not actions_recall.is_recalled(actions_recall.evaluated_now(decision))
    end_posting(posting=serves_twice, valid_to=clock.now(), by=None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert actions_recall.recheck_all(by=None) == 1
        work_off()
    assert DecisionRecall.objects.get().decision == decision


def file_of(person, **more) -> dict:
    client, today = factories.client_of(person), clock.today()
    sent = {"since": f"{today - timedelta(days=30)}", "until": f"{today}", "reason": "review", **more}
    page = client.post(EVIDENCE, sent)
    assert page.status_code == 302, page.context["form"].errors
    work_off()
    return json.loads(b"".join(client.get(f"{page.url}file/").streaming_content))["contents"]


def test_file_of_the_other_agency_names_neither_decision_nor_agency(
    curriculum,
    officer,
    refused,
    serves_twice,
    coordinator_other,
    duty_officer_other,
    coordinator,
    agency,
    unit,
):
    """It holds the certificate, which is the officer's wherever they serve, without the agency printed on it."""
    certificate = tiny.certify(curriculum, officer)
    theirs = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer_other
    )
    said = file_of(coordinator_other, number="MIG-1")
    assert [each["id"] for each in said["decisions"]] == [theirs.public_id]
    [held] = said["certificates"]
    assert (held["id"], held["bearer"]) == (certificate.public_id, None)
    whole = json.dumps(said, ensure_ascii=False)
    for secret in (agency.code, agency.name_en, unit.public_id, "LAB-0417", refused.public_id):
        assert secret not in whole
    own = file_of(coordinator, number="LAB-0417")
    assert [each["id"] for each in own["decisions"]] == [refused.public_id]
    assert own["certificates"][0]["bearer"]["agency"]["en"] == agency.name_en


def test_agency_that_somebody_has_left_gets_no_certificate_from_afterwards(
    officer, unit, other_unit, role, duty_officer, coordinator, auditor
):
    before = make_certificate(officer, qualification="C1-LAB")
    tiny.refused(officer, duty_officer)
    end_posting(posting=officer.postings.known().get(), valid_to=clock.now() + timedelta(hours=1), by=None)
    with clock.at(clock.now() + timedelta(hours=2)):
        post(
            person=officer, unit=other_unit, role=role, service_number="MIG-1", valid_from=clock.now(), by=None,
        )  # fmt: skip
        later = make_certificate(officer, qualification="C2-LAB")
        held = [each["id"] for each in file_of(coordinator, number="LAB-0417")["certificates"]]
        assert held == [before.public_id]
        held = [each["id"] for each in file_of(auditor, number="LAB-0417")["certificates"]]
        assert held == [before.public_id, later.public_id]


@pytest.mark.parametrize("what", ["name", "agency"])
def test_corrected_one_names_no_agency_that_the_file_must_not_name(
    what, officer, unit, other_unit, role, agency, other_agency, coordinator_other, registrar, registrar2, curriculum,
):  # fmt: skip
    """A correction takes over what was printed: where the officer served then, not where at the correction."""
    before = tiny.certify(curriculum, officer)
    end_posting(posting=officer.postings.known().get(), valid_to=clock.now() + timedelta(hours=1), by=None)
    with clock.at(clock.now() + timedelta(hours=2)):
        post(
            person=officer, unit=other_unit, role=role, service_number="MIG-1", valid_from=clock.now(), by=None,
        )  # fmt: skip
        if what == "name":
            [new] = corrected(officer, registrar, registrar2)
        else:
            proposal = actions_corrections.propose_agency(
                certificate=before, agency=other_agency, by=registrar
            )
            [new] = actions_corrections.confirm_correction(proposal=proposal, by=registrar2)
        said = file_of(coordinator_other, number="MIG-1")
    assert agency.name_en not in json.dumps(said, ensure_ascii=False)
    held = {each["id"]: each["bearer"] for each in said["certificates"]}
    assert held[before.public_id] is None
    assert (held[new.public_id] or {}).get("agency", {}).get("en") == (
        other_agency.name_en if what == "agency" else None
    )


# --- merged records -----------------------------------------------------------------------------------------------


@pytest.fixture
def twin(unit, role, curriculum) -> User:
    """The officer once more, certified; not yet merged."""
    gone = factories.make_person(
        "Məmmədova", "Aytən", father_name="Kamran qızı", unit=unit, role=role, service_number="LAB-9999"
    )
    tiny.certify(curriculum, gone)
    return gone


@pytest.fixture
def merge(officer, twin, coordinator, admin):
    def perform() -> None:
        confirm_merge(proposal=propose_merge(kept=officer, gone=twin, by=coordinator), by=admin)

    return perform


def test_what_was_decided_about_a_merged_record_stays_seen_and_is_not_recalled(
    curriculum, officer, twin, merge, duty_officer, shift_leader, coordinator
):
    decision = actions.decide(
        function=curriculum.desk_review, person=twin, instant=clock.now(), by=duty_officer
    )
    merge()
    with clock.at(clock.now() + timedelta(minutes=1)):
        for person in (duty_officer, shift_leader, coordinator):
            assert list(permissions.visible_to(person)) == [decision]
        assert actions_recall.recheck_all(by=None) == 0
        page = factories.client_of(coordinator).post(LIST, {"q": "LAB-0417"}, follow=True)
        assert [row["decision"] for row in page.context["rows"]] == [decision]


def test_loss_of_a_certificate_earned_under_a_merged_record_recalls(
    curriculum, officer, twin, merge, duty_officer, duty_officer_other
):
    merge()
    with clock.at(clock.now() + timedelta(minutes=1)):
        decision = actions.decide(
            function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
        )
        assert decision.answer == "cleared"
        happen(Certificate.objects.get(award__person=twin), Kind.REVOKED)
        assert actions_recall.refused_now([decision]) == [decision]


def test_merged_record_is_asked_about_by_nobody(curriculum, officer, twin, merge, duty_officer, desk):
    merge()
    with clock.at(clock.now() + timedelta(minutes=1)):
        with pytest.raises(PermissionDenied):
            actions.decide(function=curriculum.desk_review, person=twin, instant=clock.now(), by=duty_officer)
        question = actions_shift.TableQuestion(person=twin.public_id, function="F8")
        taken = actions_shift.take_over(questions=[question], instant=None, nonce=NONCE, by=duty_officer)
        assert (list(taken.decisions), taken.changed) == ([], 1)
        page = desk.post(SHIFT, {"functions": ["F8"], "p": twin.public_id})
        assert page.context["rows"] == []
        page = desk.post(SHIFT, {"functions": ["F8"], "p": officer.public_id})
        assert [[cell.answer for cell in row.cells] for row in page.context["rows"]] == [["cleared"]]


def test_nobody_decides_for_themselves_under_a_merged_record(
    curriculum, officer, twin, unit, coordinator, admin, duty_officer
):
    factories.give(officer, factories.Position.DUTY_OFFICER, unit=unit)
    confirm_merge(proposal=propose_merge(kept=officer, gone=twin, by=coordinator), by=admin)
    for person in (officer, User.objects.get(pk=twin.pk)):
        with pytest.raises(actions.OwnQuestion):
            actions.decide(function=curriculum.desk_review, person=person, instant=clock.now(), by=officer)
    page = factories.client_of(officer).post(SHIFT, {"functions": ["F8"], "numbers": "LAB-0417"})
    assert [row.cells for row in page.context["rows"]] == [[]]


@pytest.mark.parametrize("evidence", [{}, [], {"postings": None}, {"postings": ["x"]}, {"postings": [{}]}])
def test_decision_whose_evidence_lost_its_shape_stops_no_pass(
    curriculum, officer, officer2, duty_officer, evidence
):
    for person in (officer, officer2):
        tiny.certify(curriculum, person)
    broken, other = (
        actions.decide(function=curriculum.desk_review, person=person, instant=clock.now(), by=duty_officer)
        for person in (officer, officer2)
    )
    tamper(broken, evidence=evidence)
    end_posting(posting=officer2.postings.get(), valid_to=clock.now(), by=None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert actions_recall.recheck_all(by=None) == 2
        work_off()
    assert set(DecisionRecall.objects.values_list("decision", flat=True)) == {broken.pk, other.pk}


# --- formulas in the table's export -------------------------------------------------------------------------------

HOSTILE = ["=1+1", "+7", "-7", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0"]


@pytest.mark.parametrize("number", HOSTILE)
def test_export_of_the_table_holds_no_formula(desk, unit, role, number):
    person = factories.make_person("Bayramov", unit=unit, role=role, service_number=number)
    User.objects.filter(pk=person.pk).update(family_name=number, given_name=number, father_name="")
    tiny.function("F9", 9, number)
    given = {"people": person.public_id, "functions": ["F8", "F9"], "nonce": NONCE}
    text = b"".join(desk.post(f"{SHIFT}export/csv/", given)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 3
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
        assert cell[:1] not in {"\t", "\r"}
    assert rows[1][0] == f"'{number}"
    sheet = b"".join(desk.post(f"{SHIFT}export/xlsx/", given))
    with zipfile.ZipFile(io.BytesIO(sheet)) as book:
        parts = b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/"))
    assert b"<f>" not in parts and b"hyperlink" not in parts
