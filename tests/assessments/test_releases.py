"""Who waits for a release: those whose attempts are used up, or who have met every case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.actions_admission import record_key_seen
from assessments.models import Attempt, Blueprint, ScenarioFamily
from assessments.permissions import RELEASE, reached
from assessments.readiness import readiness_of
from assessments.refusals import ReleaseNeeded
from assessments.releases import WaitingPerson, _begun_or_released, forget_number, waiting
from operations import clock
from people.models import Agency, Unit, User
from tests import factories

from .conftest import make_blueprint
from .walking import begun, fail, later, release, succeed

pytestmark = pytest.mark.django_db


def told(by: User) -> list[tuple[User, int, bool]]:
    found = waiting(by)
    rows = Attempt.objects.filter(pk__in=found).order_by("pk").select_related("person")
    return [(row.person, found[row.pk].failed, found[row.pk].attempts_used) for row in rows]


def test_who_has_used_the_attempts_waits(exam_of_four: Blueprint, used_up: User, assessor: User) -> None:
    newest = Attempt.objects.latest("closed_at")
    assert newest.closed_at is not None
    assert waiting(assessor) == {newest.pk: WaitingPerson(newest.pk, newest.closed_at, 2, True, None)}


def test_home_and_menu_of_the_assessor_say_how_many_wait_and_for_how_long(
    exam_of_four: Blueprint, used_up: User, officer2: User, assessor: User, assessor2: User
) -> None:
    """Since the last attempt; in as many queries for one as for three."""
    client = factories.client_of(assessor)
    client.get("/en/")
    forget_number(assessor)
    with factories.counted() as one:
        page = client.get("/en/")
    [waits] = page.context["waits"]
    assert (waits.text, waits.age, waits.second) == ("1 release of an exam to decide", "for 14 days", False)
    assert "(1 waits for you)" in page.text
    third = factories.make_person("Quliyev", "Anar", unit=used_up.postings.get().unit)
    for weeks in (-6, -5):
        with later(weeks):
            fail(exam_of_four, officer2)
            fail(exam_of_four, third)
    assert client.get("/en/").context["waits"] == [waits]  # remembered for a minute
    forget_number(assessor)
    with factories.counted() as three:
        page = client.get("/en/")
    [waits] = page.context["waits"]
    assert (waits.number, waits.age) == (3, "for 35 days")
    line = next(line for line in page.context["nav"].lines if line.waits)
    assert (line.url, line.waits) == (waits.href, 3)
    assert len(one) == len(three)
    assert factories.client_of(used_up).get("/en/").context["waits"] == []
    release(exam_of_four, used_up, assessor)
    assert client.get("/en/").context["waits"][0].number == 2


def test_who_has_attempts_and_cases_left_does_not(
    exam_of_four: Blueprint, officer: User, assessor: User
) -> None:
    fail(exam_of_four, officer)
    assert waiting(assessor) == {}


def test_who_has_passed_since_does_not(exam_of_four: Blueprint, officer: User, assessor: User) -> None:
    with later(-3):
        fail(exam_of_four, officer)
    with later(-2):
        succeed(exam_of_four, officer)
    assert waiting(assessor) == {}
    with later(102):
        fail(exam_of_four, officer)
        assert waiting(assessor) == {}
    with later(104):
        fail(exam_of_four, officer)
        assert told(assessor) == [(officer, 2, True)]


def test_who_is_released_or_has_begun_does_not(
    exam_of_four: Blueprint, used_up: User, assessor: User
) -> None:
    release(exam_of_four, used_up, assessor)
    assert waiting(assessor) == {}
    attempt = begun(exam_of_four, used_up)
    assert waiting(assessor) == {}
    with later(1), pytest.raises(ReleaseNeeded):
        begun(exam_of_four, used_up)  # its time is over: it is closed, and the next is not released
    assert list(waiting(assessor)) == [attempt.pk]


def test_who_has_met_every_case_waits_with_the_day_on_which_it_opens(
    exam_of_four: Blueprint, officer: User, assessor: User
) -> None:
    two = make_blueprint(draw=[{"from": ["T1", "T2"], "take": 2}])
    attempt = fail(two, officer)
    opens = clock.start_of(clock.add_months(clock.first_day(attempt.started_at), 18))
    assert attempt.closed_at is not None
    assert waiting(assessor) == {attempt.pk: WaitingPerson(attempt.pk, attempt.closed_at, 1, False, opens)}
    with clock.at(opens):
        assert waiting(assessor) == {}


def test_keys_that_were_seen_count_too(exam_of_four: Blueprint, officer: User, assessor: User) -> None:
    fail(exam_of_four, officer)
    for family in ScenarioFamily.objects.all():
        record_key_seen(person=officer, family=family, by=officer)
    assert told(assessor) == [(officer, 1, False)]


def test_it_says_of_each_what_the_exam_itself_says(
    exam_of_four: Blueprint, officer: User, officer2: User, assessor: User
) -> None:
    version = exam_of_four.versions.select_related("blueprint").get()
    with later(-4):
        fail(exam_of_four, officer)
        fail(exam_of_four, officer2)
    with later(-2):
        fail(exam_of_four, officer2)
    people = {waits.attempt for waits in waiting(assessor).values()}
    for person in (officer, officer2):
        readiness = readiness_of(version, person.pk)
        newest = Attempt.objects.filter(person=person).latest("closed_at")
        assert (newest.pk in people) is (readiness.needs_release or readiness.too_few_cases)


def test_who_has_passed_and_has_no_new_cases_is_found_and_released(
    exam_of_four: Blueprint, officer: User, officer2: User, assessor: User
) -> None:
    """A certificate may fall; the cases of the exam that earned it stay met for 18 months."""
    two = make_blueprint(draw=[{"from": ["T1", "T2"], "take": 2}])
    with later(-3):
        attempt = succeed(two, officer)
        fail(two, officer2)
    assert [person for person, _failed, _used in told(assessor)] == [officer2]
    found = waiting(assessor, who_passed=True)
    assert (found[attempt.pk].failed, found[attempt.pk].attempts_used) == (0, False)
    assert found[attempt.pk].opens_at == readiness_of(two.versions.latest("number"), officer.pk).opens_at
    client = factories.client_of(assessor)
    address = f"/en/assessor/releases/{attempt.public_id}/"
    assert address not in client.get("/en/assessor/").text
    assert address in client.post("/en/assessor/", {"q": "LAB-0417", "state": "waiting"}, follow=True).text
    release(two, officer, assessor, allow_repeat=True)
    assert attempt.pk not in waiting(assessor, who_passed=True)


def test_attempts_of_a_merged_record_are_the_persons(
    exam_of_four: Blueprint, officer: User, officer2: User, assessor: User
) -> None:
    with later(-3):
        fail(exam_of_four, officer)
    with later(-2):
        fail(exam_of_four, officer2)
    factories.merged(officer2, into=officer)
    assert told(assessor) == [(officer2, 2, True)]
    assert Attempt.objects.get(pk=next(iter(waiting(assessor)))).person.surviving == officer


def test_assessor_of_an_agency_sees_who_serves_there(
    exam_of_four: Blueprint, used_up: User, agency: Agency, other_agency: Agency, other_unit: Unit
) -> None:
    elsewhere = factories.make_person(unit=other_unit, service_number="MIG-1")
    nowhere = factories.make_person()
    for weeks in (-3, -2):
        with later(weeks):
            fail(exam_of_four, elsewhere)
            fail(exam_of_four, nowhere)
    here, everywhere = factories.make_person(), factories.make_person()
    factories.give(here, factories.Position.ASSESSOR, agency=agency)
    factories.give(everywhere, factories.Position.ASSESSOR)
    assert [person for person, _failed, _used in told(here)] == [used_up]
    assert {person for person, _failed, _used in told(everywhere)} == {used_up, elsewhere, nowhere}


def test_nobody_is_on_their_own_list(exam_of_four: Blueprint, used_up: User, officer2: User) -> None:
    factories.give(used_up, factories.Position.ASSESSOR)
    assert waiting(used_up) == {}


@pytest.mark.parametrize("cast", ["outsider", "coordinator", "trainer", "registrar", "admin"])
def test_who_is_no_assessor_sees_nobody(
    exam_of_four: Blueprint, used_up: User, cast: str, request: pytest.FixtureRequest
) -> None:
    assert waiting(request.getfixturevalue(cast)) == {}


def test_queries_are_constant_at_one_and_three_people(
    exam_of_four: Blueprint, used_up: User, unit: Unit, assessor: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            waiting(assessor)
        return len(captured)

    first = queries()
    for number in range(2):
        person = factories.make_person(unit=unit, service_number=f"LAB-7{number}")
        for weeks in (-3, -2):
            with later(weeks):
                fail(exam_of_four, person)
    assert len(waiting(assessor)) == 3
    assert queries() == first


def test_attempts_and_releases_out_of_reach_are_not_read(
    exam_of_four: Blueprint, used_up: User, officer2: User, other_unit: Unit, assessor: User
) -> None:
    """However many sit an exam in the country, the page reads what its assessor reaches."""
    factories.give(officer2, factories.Position.ASSESSOR, agency=used_up.postings.get().agency)
    away = factories.make_person(unit=other_unit, service_number="DMX-9")
    with later(-1):
        fail(exam_of_four, away)
    begun(exam_of_four, away)
    reached_now = reached(officer2, RELEASE)
    assert list(_begun_or_released(reached_now)) == []
    begun_here = release(exam_of_four, used_up, assessor)
    assert list(_begun_or_released(reached_now)) == [(used_up.pk, begun_here.blueprint_id)]
