"""Many questions at once, from outside."""

import pytest

from certificates import actions_acts
from certificates.actions_life import REVOKE
from clearance import actions_shift
from clearance.models import Decision
from operations import clock
from operations.models import AuditEntry, Job
from operations.outbox import work_off
from tests import factories, tiny
from tests.elearning.pages import tree

pytestmark = pytest.mark.usefixtures("keys")
SHIFT = "/en/desk/shift/"
NONCE = "a" * 22


@pytest.fixture
def desk(duty_officer):
    return factories.client_of(duty_officer)


@pytest.fixture
def certified(curriculum, officer):
    return tiny.certify(curriculum, officer)


@pytest.fixture
def lead(curriculum):
    """A function that is cleared on a condition alone."""
    return tiny.function("F9", 9, "Leads", needs=["C1-LAB"], conditions=["interpreter"])


def sent(*people, functions=("F8",), **more):
    return {"p": [each.public_id for each in people], "functions": list(functions), **more}


def table(response) -> dict[str, list[tuple[str, str]]]:
    """{name: [(function, answer)]}."""
    return {
        each.row.name: [(cell.function.code, cell.answer) for cell in each.cells]
        for each in response.context["rows"]
    }


def test_people_of_the_unit_are_offered(desk, officer, officer2, curriculum):
    page = desk.get(SHIFT)
    assert [each["name"] for each in page.context["people"]] == ["Orxan Quliyev", "Aytən Məmmədova"]


def test_enter_in_a_field_asks_and_enters_nobody_as_on_duty(desk, officer, curriculum):
    """A browser then presses the first button of the form."""
    page = tree(desk.get(SHIFT).content)
    [form] = [each for each in page.iter("form") if each.get("action") == SHIFT]
    first, *others = form.iter("button")
    assert first.get("formaction") is None
    assert any(each.get("formaction") == "/en/desk/duty/" for each in others)


def test_table_answers_each_person_and_function_and_writes_nothing(desk, officer, officer2, certified):
    before = Decision.objects.count(), AuditEntry.objects.count()
    page = desk.post(SHIFT, sent(officer, officer2, functions=["F1", "F8"]))
    assert table(page) == {
        "Aytən Məmmədova": [("F1", "not-gated"), ("F8", "cleared")],
        "Orxan Quliyev": [("F1", "not-gated"), ("F8", "not-cleared")],
    }
    assert "There is no certificate C1-LAB" in page.text
    assert (Decision.objects.count(), AuditEntry.objects.count()) == before


def test_list_of_numbers_is_read_and_wrong_lines_are_named(desk, officer, officer2, certified):
    page = desk.post(SHIFT, {"functions": ["F8"], "numbers": "lab-0417\n\nLAB-9999\n"})
    assert [(error.line, error.text) for error in page.context["line_errors"]] == [
        (3, "Nobody of your units has the number LAB-9999.")
    ]
    assert page.context["form"]["numbers"].value() == "lab-0417\n\nLAB-9999\n"
    page = desk.post(SHIFT, {"functions": ["F8"], "numbers": "lab-0417\nLAB-0418"})
    assert list(table(page)) == ["Orxan Quliyev", "Aytən Məmmədova"]


def test_more_than_five_hundred_numbers_are_refused(desk, officer, curriculum):
    page = desk.post(SHIFT, {"functions": ["F8"], "numbers": "\n".join(map(str, range(501)))})
    assert [error.line for error in page.context["line_errors"]] == [501]


def test_whole_unit(desk, officer, officer2, curriculum):
    page = desk.post(SHIFT, {"functions": ["F8"], "everybody": "yes"})
    assert list(table(page)) == ["Orxan Quliyev", "Aytən Məmmədova"]


@pytest.mark.parametrize(
    "given", [{}, {"functions": ["F8"]}, {"functions": ["F8"], "p": ["x"], "at": "never"}]
)
def test_what_is_missing_is_said(desk, officer, curriculum, given):
    page = desk.post(SHIFT, given)
    assert page.status_code == 200
    assert page.context["form"].errors


def test_nobody_of_another_agency_is_in_the_table(
    curriculum, officer, duty_officer_other, client_of, other_unit
):
    client = client_of(duty_officer_other)
    assert table(client.post(SHIFT, sent(officer))) == {}
    page = client.post(SHIFT, {"functions": ["F8"], "numbers": "LAB-0417"})
    assert [error.line for error in page.context["line_errors"]] == [1]
    client.post(f"{SHIFT}take/", {"people": officer.public_id, "functions": ["F8"], "nonce": NONCE})
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "officer", "registrar", "auditor", "admin"])
def test_others_are_refused(request, client_of, who, officer, curriculum):
    client = client_of(request.getfixturevalue(who))
    given = {"people": officer.public_id, "functions": ["F8"], "nonce": NONCE}
    posts = [client.post(f"{SHIFT}{path}", given).status_code for path in ("", "take/", "export/csv/")]
    assert [client.get(SHIFT).status_code, *posts] == [403] * 4


def test_taking_over_makes_one_decision_for_each_yes(desk, officer, officer2, certified, duty_officer):
    given = {"people": f"{officer.public_id} {officer2.public_id}", "functions": ["F1", "F8"], "nonce": NONCE}
    for _again in range(2):
        answer = desk.post(f"{SHIFT}take/", given)
        assert (answer.status_code, answer["Location"]) == (302, "/en/desk/decisions/")
    decision = Decision.objects.get()
    assert (decision.person, decision.function.code, decision.answer) == (officer, "F8", "cleared")
    assert desk.get(f"/en/desk/{decision.public_id}/").context["reading"].claims["answer"] == "cleared"


def test_table_sent_twice_says_the_same_twice(desk, officer, certified):
    given = {"people": officer.public_id, "functions": ["F8"], "nonce": NONCE}
    pages = [desk.post(f"{SHIFT}take/", given, follow=True).text for _click in range(2)]
    assert ["1 answer became a decision with its receipt." in page for page in pages] == [True, True]
    assert Decision.objects.count() == 1


def test_conditions_are_ticked_before_there_is_a_decision(desk, officer, certified, lead):
    given = {"people": officer.public_id, "functions": ["F9"], "nonce": NONCE}
    page = desk.post(f"{SHIFT}take/", given)
    assert "Nobody was cleared" in page.text
    assert not Decision.objects.exists()
    [[value, _text]] = page.context["open_cells"][0][1].asked
    desk.post(f"{SHIFT}take/", {**given, "confirmed": [value]})
    decision = Decision.objects.get()
    assert (decision.answer, decision.evidence["confirmed"]) == ("conditional", ["interpreter"])


def test_answer_that_has_changed_becomes_no_decision(
    curriculum, officer, certified, duty_officer, registrar, registrar2
):
    proposal = actions_acts.propose(act=REVOKE, certificate=certified, reason="complaint", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    question = actions_shift.TableQuestion(person=officer.public_id, function="F8")
    taken = actions_shift.take_over(questions=[question], instant=None, nonce=NONCE, by=duty_officer)
    assert (list(taken.decisions), taken.changed) == ([], 1)
    assert not Decision.objects.exists()


def test_many_become_a_job_once(desk, officer, certified, duty_officer, monkeypatch):
    monkeypatch.setattr(actions_shift, "AT_ONCE", 0)
    given = {"people": officer.public_id, "functions": ["F8"], "nonce": NONCE}
    where = {desk.post(f"{SHIFT}take/", given)["Location"] for _again in range(2)}
    job = Job.objects.get(by=duty_officer)
    assert where == {f"/en/jobs/{job.public_id}/"}
    monkeypatch.setattr(actions_shift, "AT_ONCE", 20)
    work_off()
    job.refresh_from_db()
    assert (job.state, job.done, Decision.objects.count()) == ("done", 1, 1)


def test_more_conditions_ticked_later_become_the_decisions_that_were_left(
    desk, officer, certified, lead, monkeypatch
):
    monkeypatch.setattr(actions_shift, "AT_ONCE", 0)
    given = {"people": officer.public_id, "functions": ["F8", "F9"], "nonce": NONCE}
    more = {**given, "confirmed": f"{officer.public_id}:F9:interpreter"}
    where = [desk.post(f"{SHIFT}take/", each)["Location"] for each in (given, more, more)]
    assert where[0] != where[1] == where[2]
    monkeypatch.setattr(actions_shift, "AT_ONCE", 20)
    work_off()
    assert sorted(Decision.objects.values_list("function__code", flat=True)) == ["F8", "F9"]


def test_export_says_what_the_table_says_and_leaves_an_entry(desk, officer, certified, duty_officer):
    given = {"people": officer.public_id, "functions": ["F8"], "nonce": NONCE}
    lines = b"".join(desk.post(f"{SHIFT}export/csv/", given)).decode().splitlines()
    assert lines[1].startswith("LAB-0417;Aytən Məmmədova;")
    assert ";Cleared;" in lines[1]
    assert b"".join(desk.post(f"{SHIFT}export/xlsx/", given))[:2] == b"PK"
    assert AuditEntry.objects.filter(act="clearance.export_table", by=duty_officer).count() == 2
    assert desk.post(f"{SHIFT}export/pdf/", given).status_code == 404


def test_nobody_decides_for_themselves(client_of, officer, unit, certified):
    factories.give(officer, factories.Position.DUTY_OFFICER, unit=unit)
    client = client_of(officer)
    page = client.post(SHIFT, sent(officer))
    assert table(page) == {"Aytən Məmmədova": []}
    client.post(f"{SHIFT}take/", {"people": officer.public_id, "functions": ["F8"], "nonce": NONCE})
    assert not Decision.objects.exists()


@pytest.mark.parametrize("language", ["az", "ru"])
def test_table_in_other_languages(desk, officer, certified, language):
    page = desk.post(f"/{language}/desk/shift/", sent(officer))
    assert (page.status_code, len(page.context["rows"])) == (200, 1)


def test_number_of_queries_is_constant(desk, curriculum, unit, role):
    people = [factories.make_person(f"Quliyev{number}", unit=unit, role=role) for number in range(3)]
    for person in people:
        tiny.certify(curriculum, person)
    tiny.function("F9", 9, "Leads", needs=["C1-LAB"])
    tiny.function("F10", 10, "Drives", needs=["C1-LAB"])
    counts = []
    for chosen, functions in ((people[:1], ["F8"]), (people[:1], ["F8"]), (people, ["F8", "F9", "F10"])):
        with factories.counted() as queries:
            desk.post(SHIFT, sent(*chosen, functions=functions))
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_question_about_a_day_in_the_past(desk, officer, certified):
    page = desk.post(SHIFT, sent(officer, at=f"{clock.now():%Y}-01-01T00:00"))
    assert table(page) == {"Aytən Məmmədova": [("F8", "undetermined")]} or page.context["form"].errors


def test_nobody_ticked_and_no_function_are_said_at_once(desk, officer, curriculum):
    said = [str(error) for errors in desk.post(SHIFT, {}).context["form"].errors.values() for error in errors]
    assert said == ["Choose at least one function.", "Tick at least one person, or enter service numbers."]


def test_duty_is_entered_below_the_list_of_those_who_are_ticked(desk, officer, curriculum):
    page = desk.get(SHIFT).text
    assert page.index(officer.public_id) < page.index("Enter the ticked as on duty")
