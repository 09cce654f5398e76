"""Looking back at an earlier time, from outside: it clears nobody, and whom it is about reads it."""

from datetime import timedelta

import pytest

from clearance.models import Decision, DecisionRecall
from merging.actions.merge import confirm_merge, propose_merge
from operations import clock
from operations.models import AuditEntry, Errand
from people.actions.leaves import add_leave
from people.actions.postings import post
from tests import factories, tiny
from tests.certificates.issuing import Kind, happen
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("keys", "curriculum")
PAST = "/en/desk/past/"


@pytest.fixture
def certified(curriculum, officer):
    return tiny.certify(curriculum, officer)


@pytest.fixture
def later(certified):
    """The moment at which one looks back: two days after everything was recorded."""
    with clock.at(clock.now() + timedelta(days=2)):
        yield clock.now()


def sent(at, **more):
    local = at.astimezone(clock.BAKU)
    return {
        "number": "LAB-0417", "functions": ["F8"], "at": f"{local:%Y-%m-%dT%H:%M:%S}", "known": "then", **more,
    }  # fmt: skip


def look(person, at, **more):
    return factories.client_of(person).post(PAST, sent(at, **more))


def told(page) -> dict[str, list[tuple[str, str]]]:
    return {
        each.row.name: [(cell.function.code, cell.answer) for cell in each.cells]
        for each in page.context["rows"]
    }


def errors(page) -> dict[str, list[str]]:
    return {name: list(map(str, texts)) for name, texts in page.context["form"].errors.items()}


CLEARED = {"Aytən Məmmədova": [("F8", "cleared")]}


@pytest.mark.parametrize("who", ["coordinator", "auditor"])
def test_answer_of_an_earlier_time_says_that_it_clears_nobody(request, who, agency, later):
    page = look(request.getfixturevalue(who), later - timedelta(days=1), agency=agency.public_id)
    assert told(page) == CLEARED
    for words in (
        "This clears nobody",
        "It clears nobody: there is no decision and no receipt",
        "as it was known then",
    ):
        assert words in page.text
    assert "/receipt/" not in page.text
    assert not Decision.objects.exists() and not DecisionRecall.objects.exists()
    assert not Errand.objects.filter(kind__startswith="clearance").exists()


def test_what_arrived_later_is_known_today_and_was_not_known_then(
    coordinator, officer, agency, certified, later
):
    """Leave that began before, and a revocation from before, were entered after the time asked about."""
    asked = later - timedelta(days=1)
    happen(certified, Kind.REVOKED, at=asked - timedelta(hours=1))
    assert told(look(coordinator, asked)) == CLEARED
    page = look(coordinator, asked, known="today")
    assert told(page) == {"Aytən Məmmədova": [("F8", "not-cleared")]}
    assert "is revoked" in page.text and "as it is known today" in page.text
    add_leave(
        person=officer, agency=agency, valid_from=asked - timedelta(hours=2), valid_to=asked + timedelta(hours=2),
        by=None,
    )  # fmt: skip
    assert told(look(coordinator, asked)) == CLEARED
    assert "on leave at that time" in look(coordinator, asked, known="today").text


def test_before_anything_was_known_nobody_served(coordinator, officer, later):
    """The officer has served for a year; that was entered when the test began."""
    asked = later - timedelta(days=30)
    assert errors(look(coordinator, asked)) == {
        "number": ["The records name nobody who served there at that time."]
    }
    assert told(look(coordinator, asked, known="today")) == {"Aytən Məmmədova": [("F8", "undetermined")]}


def test_unit_and_functions_as_a_table(coordinator, officer2, unit, later):
    page = look(
        coordinator, later - timedelta(days=1), number="", unit=unit.public_id, functions=["F1", "F8"]
    )
    assert told(page) == {
        "Orxan Quliyev": [("F1", "not-gated"), ("F8", "not-cleared")],
        "Aytən Məmmədova": [("F1", "not-gated"), ("F8", "cleared")],
    }


def test_who_looks_back_again_and_again_is_stopped_in_words(coordinator, later, monkeypatch):
    monkeypatch.setattr("clearance.actions_past.MOST_QUESTIONS", 2)
    for _number in range(2):
        assert told(look(coordinator, later - timedelta(days=1))) == CLEARED
    page = look(coordinator, later - timedelta(days=1))
    assert errors(page) == {"__all__": ["Too many questions within the hour. Try again later."]}
    assert AuditEntry.objects.filter(act="clearance.look_back").count() == 2


def test_never_in_the_future(coordinator, later):
    page = look(coordinator, later + timedelta(seconds=2))
    assert errors(page) == {"at": ["Only about the past. For a time to come ask at the desk."]}
    assert not AuditEntry.objects.filter(act="clearance.look_back").exists()


def test_what_is_missing_is_told_at_its_field(coordinator, later):
    page = factories.client_of(coordinator).post(PAST, {"known": "perhaps"})
    assert set(errors(page)) == {"number", "functions", "at", "known"}
    assert page.text.count("Enter a service number, or choose a unit.") == 2


def test_nobody_looks_back_at_themselves(officer, officer2, unit, agency, later, admin):
    factories.give(officer, factories.Position.COORDINATOR, agency=agency)
    asked = later - timedelta(days=1)
    assert errors(look(officer, asked)) == {
        "number": ["Nobody asks about themselves. Let somebody else ask."]
    }
    assert not AuditEntry.objects.filter(act="clearance.look_back").exists()
    page = look(officer, asked, number="", unit=unit.public_id)
    assert told(page) == {"Orxan Quliyev": [("F8", "not-cleared")], "Aytən Məmmədova": []}
    assert "Nobody asks about themselves: somebody else does." in page.text


def test_nobody_looks_back_at_a_record_of_theirs_that_was_merged(
    officer, officer2, agency, coordinator, admin, later
):
    confirm_merge(proposal=propose_merge(kept=officer, gone=officer2, by=coordinator), by=admin)
    factories.give(officer, factories.Position.COORDINATOR, agency=agency)
    page = look(officer, later - timedelta(days=1), number="LAB-0418")
    assert errors(page) == {"number": ["Nobody asks about themselves. Let somebody else ask."]}


def test_coordinator_reaches_the_own_agency_alone(
    coordinator_other, coordinator, other_agency, agency, later, unit
):
    asked = later - timedelta(days=1)
    nobody = {"number": ["The records name nobody who served there at that time."]}
    for more in ({}, {"agency": agency.public_id}, {"number": "LAB-9999"}):
        assert errors(look(coordinator_other, asked, **more)) == nobody
    page = look(coordinator_other, asked, number="", unit=unit.public_id)
    assert list(errors(page)) == ["unit"]
    assert not AuditEntry.objects.filter(act="clearance.look_back").exists()
    assert told(look(coordinator, asked)) == CLEARED


def test_person_of_two_agencies_is_asked_about_where_they_served(
    officer, other_unit, role, coordinator_other, coordinator, later
):
    with clock.at(later - timedelta(days=1, hours=12)):
        post(
            person=officer, unit=other_unit, role=factories.make_role("MIG"), service_number="MIG-1",
            valid_from=clock.now(), main=False, by=None,
        )  # fmt: skip
    asked = later - timedelta(days=1)
    page = look(coordinator_other, asked, number="MIG-1")
    assert told(page) == {"Aytən Məmmədova": [("F8", "not-cleared")]}
    assert "LAB-0417" not in page.text and "ganja" not in page.text
    assert told(look(coordinator, asked)) == CLEARED


@pytest.mark.parametrize(
    "who", ["outsider", "officer", "duty_officer", "shift_leader", "registrar", "admin", "trainer"]
)
def test_nobody_else_looks_back(request, who, later):
    client = factories.client_of(request.getfixturevalue(who))
    answers = client.get(PAST).status_code, client.post(PAST, sent(later - timedelta(days=1))).status_code
    assert answers == (403, 403)


def test_asking_is_in_the_trail_and_the_person_reads_it(auditor, officer, agency, later):
    asked = later - timedelta(days=1)
    look(auditor, asked, agency=agency.public_id)
    entry = AuditEntry.objects.get(act="clearance.look_back")
    assert (entry.by, entry.subject_id) == (auditor, officer.public_id)
    assert (entry.after["people"], entry.after["known"], entry.after["functions"]) == (1, "then", ["F8"])
    trail = factories.client_of(officer).get("/en/people/my-trail/").text
    assert "Looked back at what would have been answered" in trail


def test_everybody_of_a_unit_reads_it(coordinator, officer2, unit, later):
    look(coordinator, later - timedelta(days=1), number="", unit=unit.public_id)
    assert "Looked back" in factories.client_of(officer2).get("/en/people/my-trail/").text


def test_as_many_queries_for_three_people_as_for_one(coordinator, curriculum, unit, role, certified):
    people = [factories.make_person(f"Quliyev{number}", unit=unit, role=role) for number in range(2)]
    for person in people:
        tiny.certify(curriculum, person)
    tiny.function("F9", 9, "Leads", needs=["C1-LAB"])
    at, counts = clock.now() + timedelta(seconds=1), []  # the form knows whole seconds
    with clock.at(clock.now() + timedelta(days=1)):
        client = factories.client_of(coordinator)
        several = {"number": "", "unit": unit.public_id, "functions": ["F8", "F9"]}
        for more in ({}, {}, several):
            with factories.counted() as queries:
                page = client.post(PAST, sent(at, **more))
            counts.append(len([each for each in queries if "INSERT" not in each["sql"]]))
    assert len(page.context["rows"]) == 3
    assert counts[1] == counts[2]


@pytest.mark.parametrize("language", ["az", "ru"])
def test_pages_in_other_languages(coordinator, later, language):
    client = factories.client_of(coordinator)
    assert client.get(f"/{language}/desk/past/").status_code == 200
    page = client.post(f"/{language}/desk/past/", sent(later - timedelta(days=1)))
    assert len(page.context["rows"]) == 1


def test_register_leads_there_whoever_may(coordinator, auditor, duty_officer, officer):
    seen = [
        PAST in factories.client_of(each).get("/en/desk/decisions/").text
        for each in (coordinator, auditor, duty_officer)
    ]
    assert seen == [True, True, False]


def test_certificate_whose_proof_failed_is_not_relied_on(coordinator, certified, later):
    tamper(certified.check_record, credential="failed")
    page = look(coordinator, later - timedelta(days=1))
    assert told(page) == {"Aytən Məmmədova": [("F8", "undetermined")]}


def test_moment_of_no_calendar_is_told_at_its_field(coordinator, agency, officer):
    """The first instants of year 1 in Baku lie before the calendar of the database."""
    page = factories.client_of(coordinator).post(
        PAST,
        {
            "number": "LAB-0417",
            "functions": ["F8"],
            "at": "01.01.0001, 00:00",
            "known": "today",
            "agency": agency.public_id,
        },
    )
    assert errors(page) == {"at": ["This day is too long ago: not before 1950."]}
