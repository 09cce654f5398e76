import csv
import io
from datetime import timedelta

import pytest

from clearance import actions, aftermath, decision_export
from clearance.aftermath import Aftermath
from clearance.models import Decision
from operations import clock
from operations.models import AuditEntry
from operations.outbox import work_off
from people.actions.grants import revoke_grant
from people.actions.postings import post
from people.models import Posting
from tests import factories, tiny

pytestmark = pytest.mark.usefixtures("keys")
LIST, EXPORT = "/en/desk/decisions/", "/en/desk/decisions/export/"
NUMBERS = "/en/desk/decisions/figures/"


@pytest.fixture
def national(db):
    person = factories.make_person("Vəliyev", "Murad", email="national@agency.example")
    factories.give(person, factories.Position.NATIONAL_COORDINATOR)
    return person


@pytest.fixture
def ask(curriculum, officer, duty_officer):
    def asked(function=None, by=duty_officer, person=officer, at=None) -> Decision:
        with clock.at(at or clock.now()):
            return actions.decide(
                function=function or curriculum.desk_review, person=person, instant=clock.now(), by=by
            )

    return asked


def shown(person, **query) -> list[Decision]:
    page = factories.client_of(person).get(LIST, query)
    return [row["decision"] for row in page.context["rows"]]


def lines(person, **query) -> list[list[str]]:
    response = factories.client_of(person).post(EXPORT, query)
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))


def test_own_questions_are_listed_newest_first(ask, duty_officer):
    first, second = ask(), ask(at=clock.now() + timedelta(minutes=1))
    assert shown(duty_officer) == [second, first]


def test_duty_officer_finds_only_what_they_asked(ask, coordinator, duty_officer):
    theirs = ask(by=coordinator)
    assert shown(duty_officer) == shown(duty_officer, mine="") == []
    assert shown(coordinator) == [theirs]


def test_coordinator_finds_those_of_the_agency_and_auditors_all(
    ask, unit, other_unit, coordinator, coordinator_other, duty_officer_other, auditor, role
):
    abroad = factories.make_person("Bayramov", unit=other_unit, role=role)
    ours, theirs = ask(), ask(by=duty_officer_other, person=abroad, at=clock.now() + timedelta(minutes=1))
    assert (shown(coordinator), shown(coordinator_other), shown(auditor)) == (
        [ours],
        [theirs],
        [theirs, ours],
    )
    agency = other_unit.agency.public_id
    assert (
        shown(auditor, agency=agency) == shown(auditor, agency=agency, unit=other_unit.public_id) == [theirs]
    )


def test_own_questions_are_a_filter_of_what_one_may_read(ask, coordinator, duty_officer):
    theirs, own = ask(), ask(by=coordinator, at=clock.now() + timedelta(minutes=1))
    assert (shown(coordinator), shown(coordinator, mine="1")) == ([own, theirs], [own])


def test_unit_is_found_with_those_below(ask, agency, unit, role, coordinator):
    above = factories.make_unit(agency, "baku")
    below = factories.make_unit(agency, "sub", parent=above)
    person = factories.make_person("Bayramov", unit=below, role=role)
    one, two = ask(), ask(by=coordinator, person=person, at=clock.now() + timedelta(minutes=1))
    assert shown(coordinator, unit=unit.public_id) == [one]
    assert shown(coordinator, unit=above.public_id) == shown(coordinator, unit=below.public_id) == [two]


def test_list_is_filtered(ask, curriculum, duty_officer):
    one, two = ask(), ask(function=curriculum.first_contact, at=clock.now() + timedelta(days=1))
    assert shown(duty_officer, answer="not-gated") == [two]
    assert shown(duty_officer, function="F8") == [one]
    tomorrow = clock.today() + timedelta(days=1)
    assert shown(duty_officer, since=tomorrow.isoformat()) == [two]
    assert shown(duty_officer, until=clock.today().isoformat()) == [one]
    assert shown(duty_officer, answer="cleared") == []


def test_advice_and_what_is_enforced_are_counted_apart(ask, duty_officer):
    enforced, advised = ask(), ask(function=tiny.function("F9", 9, "Advised", mode="advise"))
    page = factories.client_of(duty_officer).get(LIST)
    assert page.context["counts"].modes == {"advise": 1, "enforce": 1}
    assert (shown(duty_officer, mode="advise"), shown(duty_officer, mode="enforce")) == (
        [advised],
        [enforced],
    )
    assert [line[9] for line in lines(duty_officer)[1:]] == ["advice: nobody is stopped", "enforced"]


@pytest.mark.parametrize(
    "filters, words",
    [
        ({"since": "yesterday"}, "Enter a day, for example 24.11.2026."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "The last day comes before the first."),
        ({"answer": "perhaps"}, "Select a valid choice"),
    ],
)
def test_filter_that_makes_no_sense_is_said_at_its_field(ask, duty_officer, filters, words):
    """Nothing is listed and nothing exported: neither would be what was asked for."""
    ask()
    client = factories.client_of(duty_officer)
    for answer in (client.get(LIST, filters), client.post(EXPORT, filters, follow=True)):
        assert (answer.context["rows"], answer.text.count(words)) == ([], 2)
    assert not AuditEntry.objects.filter(act="clearance.export_decisions").exists()


def test_list_has_pages(ask, duty_officer):
    for number in range(26):
        ask(at=clock.now() + timedelta(minutes=number))
    page = factories.client_of(duty_officer).get(LIST).context["page"]
    assert (len(page.rows), len(shown(duty_officer, page=page.next))) == (25, 1)


@pytest.mark.parametrize("reader", ["duty_officer", "coordinator", "auditor"])
def test_queries_of_the_list_do_not_grow(ask, reader, request):
    client = factories.client_of(request.getfixturevalue(reader))
    ask()
    client.get(LIST)
    with factories.counted() as one:
        client.get(LIST)
    ask(), ask()
    with factories.counted() as three:
        client.get(LIST)
    assert len(three) == len(one)


def search(person, number: str) -> list[Decision]:
    page = factories.client_of(person).post(LIST, {"q": number}, follow=True)
    assert page.redirect_chain and number not in "".join(url for url, _status in page.redirect_chain)
    return [row["decision"] for row in page.context["rows"]]


def test_person_is_searched_by_number_which_no_address_holds(ask, unit, role, coordinator, auditor):
    other = factories.make_person("Bayramov", unit=unit, role=role, service_number="LAB-0999")
    one, two = ask(), ask(person=other)
    assert search(coordinator, "lab-0417") == search(auditor, "LAB-0417") == [one]
    assert (search(coordinator, "LAB-0999"), search(coordinator, "LAB-1")) == ([two], [])


def test_number_of_another_agency_finds_nobody_the_reader_may_not_find(
    ask, officer, other_unit, role, coordinator, auditor
):
    """The officer also serves elsewhere: under which number is not this coordinator's to try out."""
    decision = ask()
    post(
        person=officer, unit=other_unit, role=role, service_number="MIG-1", valid_from=clock.now(), main=False,
        by=None,
    )  # fmt: skip
    assert (search(coordinator, "MIG-1"), search(auditor, "MIG-1")) == ([], [decision])


def test_duty_officer_of_the_whole_country_finds_own_questions_by_number(ask, officer, outsider):
    factories.give(outsider, factories.Position.DUTY_OFFICER)
    decision = ask(by=outsider)
    assert search(outsider, "LAB-0417") == [decision]


def test_who_searches_for_others_is_written_down_and_the_person_reads_it(
    ask, officer, coordinator, duty_officer
):
    ask()
    search(duty_officer, "LAB-0417")  # one's own questions are nobody else's to know
    search(coordinator, "LAB-0417")
    entry = AuditEntry.objects.get(act="clearance.search_decisions")
    assert (entry.by, entry.subject_id) == (coordinator, officer.public_id)
    trail = factories.client_of(officer).get("/en/people/my-trail/")
    assert "Decisions about a person searched for" in trail.text


@pytest.fixture
def recalled(monkeypatch):
    """Something became of every decision that a duty officer asked for."""
    each = Aftermath(
        code="recalled", text="recalled", kind="bad",
        narrow=lambda found: found.filter(asked_by__grants__position="duty-officer"),
    )  # fmt: skip
    monkeypatch.setitem(aftermath.registered, "recalled", each)


def test_what_became_of_a_decision_stands_beside_its_answer(recalled, ask, coordinator):
    theirs = ask()
    ask(by=coordinator, at=clock.now() + timedelta(minutes=1))
    page = factories.client_of(coordinator).get(LIST)
    assert [[each.code for each in row["became"]] for row in page.context["rows"]] == [[], ["recalled"]]
    assert [row["kind"] for row in page.context["rows"]] == [
        "bad",
        "none",
    ]  # what was recalled is no answer any more
    assert shown(coordinator, became="recalled") == [theirs]
    assert page.context["counts"].became == {"overridden": 0, "recalled": 1}
    assert [line[8] for line in lines(coordinator)[1:]] == ["", "recalled"]


def test_export_says_the_same_as_the_list(ask, duty_officer):
    decision = ask()
    heads, row = lines(duty_officer)
    assert heads[2:5] == ["Function", "Service number", "Name"]
    assert row[2:8] == [
        "8 Desk review", "LAB-0417", "Aytən Məmmədova", "labour-inspection (en)", "ganja (en)", "Not cleared",
    ]  # fmt: skip
    assert row[14].endswith(f"/receipt/{decision.public_id}")
    assert lines(duty_officer, answer="cleared") == [heads]


@pytest.mark.parametrize("number", ["=1+1", "+7", "-7", "@SUM(A1)", "\t=1"])
def test_export_holds_no_formula(ask, duty_officer, unit, number):
    person = factories.make_person("Bayramov", unit=unit, service_number=number)
    assert Posting.objects.get(user=person).service_number == number
    ask(person=person)
    assert lines(duty_officer)[1][3] == f"'{number}"


def test_export_is_in_the_language_of_the_page(ask, duty_officer):
    ask()
    response = factories.client_of(duty_officer).post("/az/desk/decisions/export/")
    assert b"Desk review (az)" in response.getvalue()


@pytest.mark.parametrize("person", ["outsider", "officer", "registrar", "trainer", "admin"])
def test_list_and_export_refuse_who_may_not_read(person, request, db):
    client = factories.client_of(request.getfixturevalue(person))
    assert (client.get(LIST).status_code, client.post(EXPORT).status_code) == (403, 403)


def test_export_leaves_who_took_how_many_in_the_audit_trail(ask, duty_officer):
    ask()
    lines(duty_officer)
    entry = AuditEntry.objects.get(act="clearance.export_decisions")
    assert (entry.by, entry.after) == (duty_officer, {"rows": 1, "filters": {}, "format": "csv"})


def test_long_export_is_a_job_that_only_who_still_reads_them_may_fetch(ask, coordinator, monkeypatch):
    monkeypatch.setattr(decision_export, "AT_ONCE", 0)
    decision = ask()
    client = factories.client_of(coordinator)
    job_page = client.post(EXPORT, {"form": "csv"}).url
    work_off()
    text = b"".join(client.get(f"{job_page}file/").streaming_content).decode("utf-8-sig")
    assert decision.public_id in text
    revoke_grant(grant=coordinator.grants.get(), by=None)
    assert client.get(f"{job_page}file/").status_code == 404


@pytest.mark.parametrize("reader", ["national", "auditor"])
def test_numbers_are_told_in_steps_of_five_without_anybody(ask, reader, national, auditor, request):
    for _number in range(6):
        ask()
    person = {"national": national, "auditor": auditor}[reader]
    page = factories.client_of(person).get(NUMBERS)
    [agency] = page.context["agencies"]
    [row] = agency.rows
    assert (str(row.total), [str(cell) for cell in row.cells]) == ("5–9", ["0", "0", "5–9", "0", "0"])
    assert "Məmmədova" not in page.text and "LAB-0417" not in page.text


def test_of_few_decisions_not_even_the_answer_is_told(ask, national):
    ask()
    [agency] = factories.client_of(national).get(NUMBERS).context["agencies"]
    assert {str(cell) for cell in agency.rows[0].cells} == {"0–4"}


def test_numbers_are_those_of_the_month_and_cost_the_same_however_many(ask, curriculum, national):
    client = factories.client_of(national)
    ask()
    client.get(NUMBERS)
    with factories.counted() as one:
        client.get(NUMBERS)
    ask(function=curriculum.first_contact), ask()
    with factories.counted() as three:
        client.get(NUMBERS)
    assert len(three) == len(one)
    before = (clock.today().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    assert client.get(NUMBERS, {"month": before}).context["agencies"] == []


@pytest.mark.parametrize("person", ["outsider", "officer", "coordinator", "duty_officer", "registrar"])
def test_numbers_refuse_who_may_not_see_the_country(person, request, db):
    assert factories.client_of(request.getfixturevalue(person)).get(NUMBERS).status_code == 403


def test_national_coordinator_reads_no_decision(national, db):
    client = factories.client_of(national)
    assert (client.get(LIST).status_code, client.post(EXPORT).status_code) == (403, 403)


def test_list_ends_with_the_grant(ask, duty_officer):
    ask()
    revoke_grant(grant=duty_officer.grants.get(), by=None)
    assert factories.client_of(duty_officer).get(LIST).status_code == 403
