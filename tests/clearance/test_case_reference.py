"""A reference of a case: typed with a question, kept as a salted hash alone, found again by who knows it."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from clearance import actions, actions_register, actions_shift, case_reference
from clearance.models import Decision
from operations import clock, retention
from operations.models import AuditEntry, Job
from operations.outbox import work_off
from tests import factories, tiny
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("keys", "curriculum")
DESK, SHIFT, LIST, EVIDENCE = "/en/desk/", "/en/desk/shift/", "/en/desk/decisions/", "/en/desk/evidence/"
CASE = "12-ƏX/2026.7"
WRONG = "Enter at most 40 letters, digits, hyphens, slashes and dots, for example 12-345/2026."


@pytest.fixture
def desk(duty_officer):
    return factories.client_of(duty_officer)


@pytest.fixture
def asked(curriculum, officer, duty_officer):
    def ask(reference: str = CASE, *, person=officer, by=duty_officer) -> Decision:
        mark = case_reference.trace_of(case_reference.digest_of(reference)) if reference else None
        return actions.decide(
            function=curriculum.desk_review, person=person, instant=clock.now(), by=by, case=mark
        )

    return ask


def search(person_or_client, reference: str, **more) -> list[Decision]:
    client = getattr(person_or_client, "post", None) and person_or_client
    client = client or factories.client_of(person_or_client)
    page = client.post(LIST, {"case": reference, **more}, follow=True)
    assert reference not in "".join(url for url, _status in page.redirect_chain)
    return [row["decision"] for row in page.context["rows"]]


def everything_kept() -> str:
    """Every cell of every table, as text."""
    cells = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            cells += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(cells)


# --- typed ------------------------------------------------------------------------------------------------------


def test_reference_typed_at_the_desk_is_kept_as_a_hash_alone(desk, officer):
    url = desk.post(DESK, {"who": "LAB-0417", "function": "F8", "case": CASE}).url
    decision = Decision.objects.get()
    assert (
        len(decision.evidence["case"]["hmac"]) == 64
        and decision.case_salt
        and decision.case_bucket is not None
    )
    page, receipt = desk.get(url).text, desk.get(f"/receipt/{decision.public_id}.json").text
    assert "A case reference was given" in page
    for text in (everything_kept(), page, receipt):
        assert CASE not in text and "12-ex/2026.7" not in text


def test_decision_without_one_says_nothing_of_a_case(desk, officer):
    page = desk.get(desk.post(DESK, {"who": "LAB-0417", "function": "F8"}).url)
    decision = Decision.objects.get()
    assert (decision.evidence["case"], decision.case_salt, decision.case_bucket) == (None, None, None)
    assert "case reference" not in page.text


@pytest.mark.parametrize(
    "wrong", ["x" * 41, "-12", "12/2026; Leyla", "1#2", "a_b", "=1+1", "\N{RIGHT-TO-LEFT OVERRIDE}12"]
)
def test_what_is_no_reference_is_told_at_its_field_and_decides_nothing(desk, officer, wrong):
    page = desk.post(DESK, {"who": "LAB-0417", "function": "F8", "case": wrong})
    assert page.context["form"].errors["case"] == [WRONG]
    assert page.text.count(WRONG) == 2
    assert not Decision.objects.exists()


@pytest.mark.parametrize("right", ["1", "x" * 40, " 12 / 2026 ", "Ə-1.2/3", "12345"])
def test_what_may_be_a_reference_is_taken(desk, officer, right):
    assert desk.post(DESK, {"who": "LAB-0417", "function": "F8", "case": right}).status_code == 302
    assert case_reference.is_carried(Decision.objects.get())


def test_reference_comes_along_while_conditions_are_confirmed(desk, officer, curriculum):
    tiny.certify(curriculum, officer)
    tiny.function("F9", 9, "Leads", needs=["C1-LAB"], conditions=["interpreter"])
    sent = {"who": "LAB-0417", "function": "F9", "case": CASE}
    page = desk.post(DESK, sent)
    assert f'name="case"\n            value="{CASE}"' in page.text
    desk.post(DESK, {**sent, "confirmed": "interpreter"})
    assert search(desk, CASE) == [Decision.objects.get()]


def test_same_question_for_another_case_is_another_question(desk, officer):
    sent = {"who": "LAB-0417", "function": "F8", "nonce": "n" * 22}
    for case in (CASE, CASE, "13/2026"):
        desk.post(DESK, {**sent, "case": case})
    assert Decision.objects.count() == 2
    assert [len(search(desk, case)) for case in (CASE, "13/2026")] == [1, 1]


def test_table_is_taken_over_for_a_case(desk, officer, officer2, curriculum):
    for person in (officer, officer2):
        tiny.certify(curriculum, person)
    given = {"people": f"{officer.public_id} {officer2.public_id}", "functions": ["F8"], "nonce": "a" * 22}
    page = desk.post(f"{SHIFT}take/", {**given, "case": "no case; at all"})
    assert page.context["case_form"].errors["case"] == [WRONG]
    assert not Decision.objects.exists()
    desk.post(f"{SHIFT}take/", {**given, "case": CASE})
    decisions = set(Decision.objects.all())
    assert len(decisions) == 2 and set(search(desk, CASE)) == decisions
    assert len({decision.case_salt for decision in decisions}) == 2
    assert len({decision.evidence["case"]["hmac"] for decision in decisions}) == 2


def test_job_that_takes_over_knows_no_reference_and_forgets_what_it_kept(
    desk, officer, officer2, curriculum, monkeypatch
):
    for person in (officer, officer2):
        tiny.certify(curriculum, person)
    monkeypatch.setattr(actions_shift, "AT_ONCE", 1)
    given = {"people": f"{officer.public_id} {officer2.public_id}", "functions": ["F8"], "nonce": "a" * 22}
    desk.post(f"{SHIFT}take/", {**given, "case": CASE})
    payload = json.dumps(Job.objects.get().payload, ensure_ascii=False)
    assert CASE not in payload and case_reference.digest_of(CASE) not in payload
    work_off()
    assert len(search(desk, CASE)) == 2
    kept = everything_kept()
    job = json.dumps(Job.objects.get().payload)
    for decision in Decision.objects.all():
        assert decision.case_salt in kept and decision.case_salt not in job


# --- searched ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [CASE, "12-əx/2026.7", " 12 - ƏX / 2026.7", "12-EX/2026.7", "12-эх/2026.7"])
def test_who_knows_the_reference_finds_the_decisions_however_it_is_typed(asked, coordinator, typed):
    one, two = asked(), asked()
    asked("12-ƏX/2026"), asked("")
    assert search(coordinator, typed) == [two, one]


@pytest.mark.parametrize("typed", ["12", "12-ƏX/2026", "12-ƏX/2026.", "2026.7", "%", "*"])
def test_part_of_a_reference_finds_nothing(asked, coordinator, typed):
    asked()
    assert search(coordinator, typed) == []


def test_search_reaches_no_further_than_the_register(
    asked, coordinator, coordinator_other, duty_officer, auditor, other_unit, duty_officer_other, role
):
    abroad = factories.make_person("Bayramov", unit=other_unit, role=role)
    ours, theirs = asked(), asked(person=abroad, by=duty_officer_other)
    by_coordinator = asked(by=coordinator)
    assert search(coordinator, CASE) == [by_coordinator, ours]
    assert search(coordinator_other, CASE) == [theirs]
    assert search(duty_officer, CASE) == [ours]
    assert len(search(auditor, CASE)) == 3


@pytest.mark.parametrize("who", ["outsider", "officer", "registrar", "trainer", "admin"])
def test_nobody_else_searches(request, asked, who):
    asked()
    assert factories.client_of(request.getfixturevalue(who)).post(LIST, {"case": CASE}).status_code == 403
    assert not AuditEntry.objects.filter(act="clearance.search_case").exists()


def test_what_was_found_stays_until_all_is_shown_and_is_exported(asked, coordinator):
    one, other = asked(), asked("13/2026")
    client = factories.client_of(coordinator)
    assert search(client, CASE) == [one]
    assert [row["decision"] for row in client.get(f"{LIST}?searched=yes").context["rows"]] == [one]
    assert len(client.get(LIST).context["rows"]) == 2
    export = client.post(f"{LIST}export/", {"form": "csv", "searched": "yes"}).getvalue().decode("utf-8-sig")
    assert [row[-1][-22:] for row in csv.reader(io.StringIO(export), delimiter=";")][1:] == [one.public_id]
    assert AuditEntry.objects.get(act="clearance.export_decisions").after["filters"] == {"case": True}
    for text in (client.get(LIST).text, export, everything_kept()):
        assert CASE not in text and case_reference.digest_of(CASE) not in text
    again = client.post(LIST, {"case": "", "keep_case": "on", "answer": "cleared"}, follow=True)
    assert again.context["rows"] == []
    assert len(client.post(LIST, {"case": ""}, follow=True).context["rows"]) == 2
    assert search(client, CASE) == [one]
    assert [row["decision"] for row in client.get(f"{LIST}?all=1").context["rows"]] == [other, one]
    assert len(client.get(LIST).context["rows"]) == 2


def test_what_is_no_reference_is_told_in_the_register_too(asked, coordinator):
    page = factories.client_of(coordinator).post(LIST, {"case": "no; case"})
    assert page.context["form"].errors["case"] == [WRONG]


def test_search_for_a_case_is_noted_without_the_case(asked, coordinator, duty_officer):
    asked()
    search(coordinator, CASE), search(duty_officer, CASE)
    entry = AuditEntry.objects.get(act="clearance.search_case")
    assert (entry.by, entry.subject_id, entry.after) == (coordinator, coordinator.public_id, {"found": 1})


def test_who_tries_one_reference_after_the_other_is_stopped_in_words(asked, coordinator, monkeypatch):
    monkeypatch.setattr(actions_register, "MOST_CASES", 2)
    asked()
    client = factories.client_of(coordinator)
    assert [len(search(client, each)) for each in ("1", "2")] == [0, 0]
    page = client.post(LIST, {"case": CASE})
    assert page.context["form"].errors["case"] == [
        "Too many case references were tried within an hour. Try again later, or search by service number."
    ]
    assert factories.client_of(coordinator).post(EVIDENCE, evidence_fields()).status_code == 200


def test_search_costs_the_same_however_many_and_reads_one_bucket(asked, auditor, django_assert_num_queries):
    digest = case_reference.digest_of(CASE)
    for _number in range(2):
        asked(), asked("13/2026")
        with factories.counted() as queries:
            case_reference.decisions_of_case(Decision.objects.all(), digest)
        assert len(queries) == 1 and '"case_bucket" = ' in queries[0]["sql"]


# --- what is kept -----------------------------------------------------------------------------------------------


def test_mark_carried_over_to_another_decision_finds_nothing(asked, coordinator):
    one, other = asked(), asked("")
    tamper(other, case_salt=one.case_salt, case_bucket=one.case_bucket)
    assert search(coordinator, CASE) == [one]


@pytest.mark.parametrize("change", [{"case_salt": "x"}, {"case_bucket": 1}])
def test_database_keeps_the_mark(asked, change):
    asked()
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(**change)


def test_without_its_salt_nobody_finds_it_and_the_receipt_still_holds(asked, coordinator, client):
    decision = asked()
    with clock.at(clock.now() + timedelta(days=366 * 20)):
        retention.apply(clock.now(), by=None)
    decision.refresh_from_db()
    assert (decision.personal, decision.case_salt, decision.case_bucket) == (None, None, None)
    assert search(coordinator, CASE) == []
    assert client.get(f"/receipt/{decision.public_id}.json").json()["verified"] is True
    assert case_reference.is_carried(decision)


# --- evidence ---------------------------------------------------------------------------------------------------


def evidence_fields(**more):
    today = clock.today()
    return {
        "since": (today - timedelta(days=30)).isoformat(), "until": today.isoformat(), "reason": "authority",
        "case": CASE, **more,
    }  # fmt: skip


def made(person, **more) -> bytes:
    client = factories.client_of(person)
    page = client.post(EVIDENCE, evidence_fields(**more))
    assert page.status_code == 302, page.context["form"].errors
    work_off()
    return b"".join(client.get(f"{page.url}file/").streaming_content)


def test_file_of_evidence_says_which_decisions_carry_one(asked, auditor):
    asked(), asked("")
    content = made(auditor, case="")
    said = json.loads(content)["contents"]
    assert [each["case_reference"] for each in said["decisions"]] == [True, False]
    assert said["about"]["case"] is False
    assert CASE.encode() not in content


def test_file_of_evidence_about_one_case_holds_its_decisions_alone(asked, auditor, officer):
    one = asked()
    asked("13/2026"), asked("")
    content = made(auditor)
    said = json.loads(content)["contents"]
    assert [each["id"] for each in said["decisions"]] == [one.public_id]
    assert said["about"]["case"] is True
    assert CASE.encode() not in content and CASE not in everything_kept()
    entry = AuditEntry.objects.get(act="clearance.make_evidence")
    assert (entry.after["people"], entry.after["case"]) == (1, True)


def test_case_that_nobody_asked_for_makes_no_file(asked, auditor, coordinator_other):
    asked()
    for person, case in ((auditor, "99/2026"), (coordinator_other, CASE)):
        page = factories.client_of(person).post(EVIDENCE, evidence_fields(case=case))
        assert page.context["form"].errors["case"] == [
            "No decision that you may read was given this reference."
        ]
    assert not Job.objects.exists()
