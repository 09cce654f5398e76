import csv
import io
from datetime import timedelta

import pytest

from clearance import actions
from clearance.models import Decision
from operations import clock
from operations.models import AuditEntry
from people.models import Posting
from tests import factories

pytestmark = pytest.mark.usefixtures("keys")
LIST, EXPORT = "/en/desk/decisions/", "/en/desk/decisions.csv"


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
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_own_questions_are_listed_newest_first(ask, duty_officer):
    first, second = ask(), ask(at=clock.now() + timedelta(minutes=1))
    assert shown(duty_officer) == [second, first]


def test_questions_of_others_are_not_listed(ask, coordinator, duty_officer):
    theirs = ask(by=coordinator)
    assert (shown(duty_officer), shown(coordinator)) == ([], [theirs])


def test_list_is_filtered(ask, curriculum, duty_officer):
    one, two = ask(), ask(function=curriculum.first_contact, at=clock.now() + timedelta(days=1))
    assert shown(duty_officer, answer="not-gated") == [two]
    assert shown(duty_officer, function="F8") == [one]
    tomorrow = clock.today() + timedelta(days=1)
    assert shown(duty_officer, since=tomorrow.isoformat()) == [two]
    assert shown(duty_officer, until=clock.today().isoformat()) == [one]
    assert shown(duty_officer, answer="cleared") == []


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
    assert (len(shown(duty_officer)), len(shown(duty_officer, page="2"))) == (25, 1)


def test_queries_of_the_list_do_not_grow(ask, duty_officer):
    client = factories.client_of(duty_officer)
    ask()
    client.get(LIST)
    with factories.counted() as one:
        client.get(LIST)
    ask(), ask()
    with factories.counted() as three:
        client.get(LIST)
    assert len(three) == len(one)


def test_export_says_the_same_as_the_list(ask, duty_officer):
    decision = ask()
    heads, row = lines(duty_officer)
    assert heads[2:6] == ["Function", "Service number", "Name", "Answer"]
    assert row[2:6] == ["8 Desk review", "LAB-0417", "Aytən Məmmədova", "Not cleared"]
    assert row[7].endswith(f"/receipt/{decision.public_id}")
    assert lines(duty_officer, answer="cleared") == [heads]


@pytest.mark.parametrize("number", ["=1+1", "+7", "-7", "@SUM(A1)", "\t=1"])
def test_export_holds_no_formula(ask, duty_officer, unit, number):
    person = factories.make_person("Bayramov", unit=unit, service_number=number)
    assert Posting.objects.get(user=person).service_number == number
    ask(person=person)
    assert lines(duty_officer)[1][3] == f"'{number}"


def test_export_is_in_the_language_of_the_page(ask, duty_officer):
    ask()
    response = factories.client_of(duty_officer).post("/az/desk/decisions.csv")
    assert b"Desk review (az)" in response.getvalue()


@pytest.mark.parametrize("person", ["outsider", "officer", "registrar", "auditor", "trainer", "admin"])
def test_list_and_export_refuse_who_may_not_ask(person, request, db):
    client = factories.client_of(request.getfixturevalue(person))
    assert (client.get(LIST).status_code, client.post(EXPORT).status_code) == (403, 403)


def test_export_leaves_who_took_how_many_in_the_audit_trail(ask, duty_officer):
    ask()
    lines(duty_officer)
    entry = AuditEntry.objects.get(act="clearance.export_decisions")
    assert (entry.by, entry.after) == (duty_officer, {"rows": 1})


def test_list_ends_with_the_grant(ask, duty_officer):
    from people.actions.grants import revoke_grant

    ask()
    revoke_grant(grant=duty_officer.grants.get(), by=None)
    assert factories.client_of(duty_officer).get(LIST).status_code == 403
