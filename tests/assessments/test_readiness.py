"""Beginning again: attempts, the days between them, families that are not drawn again, releases, extra time."""

from datetime import timedelta

import pytest

from assessments import actions
from assessments.actions_admission import (
    end_extra_time,
    give_extra_time,
    record_key_seen,
    withdraw_release,
)
from assessments.models import Attempt, Blueprint, ExamRelease, KeySeen, ScenarioFamily
from assessments.readiness import Readiness, readiness_of
from assessments.refusals import NotReady, ReleaseNeeded, TooEarly
from operations import clock
from people.models import User
from tests.factories import merged

from .conftest import PRACTICE, make_blueprint, publish, start
from .walking import answer_all, fail, later, release, succeed

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def ready(blueprint: Blueprint, person: User) -> Readiness:
    return readiness_of(blueprint.versions.select_related("blueprint").latest("number"), person.pk)


def family_of(attempt: Attempt) -> str:
    return str(attempt.cases.select_related("version__scenario__family").get().version.scenario.family.code)


# --- days between -------------------------------------------------------------------------------------


def test_next_attempt_waits_seven_days_from_the_last_that_counts(
    exam_of_four: Blueprint, officer: User
) -> None:
    closed = fail(exam_of_four, officer).closed_at
    assert closed is not None
    with clock.at(closed + WEEK - timedelta(seconds=1)):
        with pytest.raises(TooEarly) as caught:
            start(exam_of_four, officer)
        assert caught.value.retry_at == closed + WEEK
    with clock.at(closed + WEEK):
        assert start(exam_of_four, officer).release is None


# --- attempts -----------------------------------------------------------------------------------------


def test_after_two_failed_attempts_an_assessor_decides(
    exam_of_four: Blueprint, officer: User, officer2: User, english: None
) -> None:
    fail(exam_of_four, officer)
    with later(1):
        fail(exam_of_four, officer)
    with later(8), pytest.raises(ReleaseNeeded, match="An assessor decides about the next one"):
        start(exam_of_four, officer)
    assert start(exam_of_four, officer2).release is None  # the attempts of others count for nobody


def test_attempts_are_counted_anew_after_a_pass(exam_of_four: Blueprint, officer: User) -> None:
    fail(exam_of_four, officer)
    with later(1):
        succeed(exam_of_four, officer)
    with later(104):
        fail(exam_of_four, officer)
    with later(105):
        assert start(exam_of_four, officer).release is None


def test_blueprint_without_a_number_of_attempts_asks_no_assessor(officer: User) -> None:
    publish("P1-a", "P1", use="practice", stages=1)
    practice = make_blueprint("T-practice", "practice", **PRACTICE)
    for _number in range(4):
        fail(practice, officer)
    assert ready(practice, officer).needs_release is False
    assert ready(practice, officer).bars == []


def test_attempts_under_a_record_that_was_merged_are_the_persons(
    exam_of_four: Blueprint, officer: User, officer2: User
) -> None:
    fail(exam_of_four, officer)
    with later(1):
        fail(exam_of_four, officer2)
        merged(officer2, into=officer)
    with later(3), pytest.raises(ReleaseNeeded):
        start(exam_of_four, officer)


# --- a release ----------------------------------------------------------------------------------------


def test_released_attempt_names_its_release_and_uses_it_up(
    exam_of_four: Blueprint, used_up: User, assessor: User
) -> None:
    given = release(exam_of_four, used_up, assessor)
    attempt = start(exam_of_four, used_up)
    assert attempt.release == given
    actions.close_attempt(attempt=attempt, by=used_up, confirmed=True)
    assert not ExamRelease.objects.live().exists()
    with later(2), pytest.raises(ReleaseNeeded):
        start(exam_of_four, used_up)


def test_release_is_not_used_where_none_is_needed(
    exam_of_four: Blueprint, used_up: User, assessor: User
) -> None:
    given = release(exam_of_four, used_up, assessor)
    attempt = start(exam_of_four, used_up)
    answer_all(attempt)
    actions.close_attempt(attempt=attempt, by=used_up)
    assert attempt.release == given
    with later(100):
        assert start(exam_of_four, used_up).release is None


def test_days_between_hold_for_a_released_attempt_too(
    exam_of_four: Blueprint, officer: User, assessor: User
) -> None:
    with later(-1):
        fail(exam_of_four, officer)
    fail(exam_of_four, officer)
    release(exam_of_four, officer, assessor)
    with pytest.raises(TooEarly):
        start(exam_of_four, officer)


def test_withdrawn_release_opens_nothing(exam_of_four: Blueprint, used_up: User, assessor: User) -> None:
    withdraw_release(release=release(exam_of_four, used_up, assessor), by=assessor)
    with pytest.raises(ReleaseNeeded):
        start(exam_of_four, used_up)
    assert release(exam_of_four, used_up, assessor).withdrawn_at is None  # it can be released again


def test_release_is_back_when_a_merging_closed_its_attempt(
    exam_of_four: Blueprint, used_up: User, officer2: User, assessor: User
) -> None:
    given = release(exam_of_four, used_up, assessor)
    start(exam_of_four, used_up)
    merged(used_up, into=officer2)
    actions.close_merged(gone=used_up, by=None)
    assert list(ExamRelease.objects.live()) == [given]
    assert start(exam_of_four, officer2).release == given


# --- families that do not come again --------------------------------------------------------------------


def fail_all_four(exam_of_four: Blueprint, person: User, assessor: User) -> list[Attempt]:
    """Two attempts, then two that were released, a fortnight apart."""
    attempts = []
    for number in range(4):
        with later(2 * number):
            if ready(exam_of_four, person).needs_release:
                release(exam_of_four, person, assessor)
            attempts.append(fail(exam_of_four, person))
    return attempts


def test_no_family_comes_twice_within_eighteen_months(
    exam_of_four: Blueprint, officer: User, assessor: User
) -> None:
    drawn = [family_of(attempt) for attempt in fail_all_four(exam_of_four, officer, assessor)]
    assert sorted(drawn) == ["T1", "T2", "T3", "T4"]


def test_exam_says_from_which_day_it_opens_and_then_it_does(
    exam_of_four: Blueprint, officer: User, assessor: User, english: None
) -> None:
    attempts = fail_all_four(exam_of_four, officer, assessor)
    opens = clock.start_of(clock.add_months(clock.first_day(attempts[0].started_at), 18))
    with later(9):
        release(exam_of_four, officer, assessor)
        with pytest.raises(NotReady, match="it opens for you on") as caught:
            start(exam_of_four, officer)
        assert caught.value.opens_at == opens
    with clock.at(opens - timedelta(seconds=1)), pytest.raises(NotReady):
        start(exam_of_four, officer)
    with clock.at(opens):
        assert family_of(start(exam_of_four, officer)) == family_of(attempts[0])


def test_release_may_let_the_family_drawn_longest_ago_come_again(
    exam_of_four: Blueprint, officer: User, assessor: User
) -> None:
    attempts = fail_all_four(exam_of_four, officer, assessor)
    with later(9):
        given = release(exam_of_four, officer, assessor, allow_repeat=True)
        attempt = start(exam_of_four, officer)
        assert (family_of(attempt), attempt.release) == (family_of(attempts[0]), given)


def test_family_whose_key_the_person_opened_is_not_drawn_for_a_year(
    exam_of_four: Blueprint, officer: User
) -> None:
    for code in ("T1", "T2", "T3"):
        record_key_seen(person=officer, family=ScenarioFamily.objects.get(code=code), by=officer)
    assert family_of(start(exam_of_four, officer)) == "T4"


def test_keys_keep_an_exam_closed_for_a_year_and_no_release_opens_it(
    exam_of_four: Blueprint, officer: User, assessor: User
) -> None:
    for family in ScenarioFamily.objects.all():
        record_key_seen(person=officer, family=family, by=officer)
    opens = clock.start_of(clock.add_months(clock.today(), 12))
    with pytest.raises(NotReady) as caught:
        start(exam_of_four, officer)
    assert caught.value.opens_at == opens
    assert ready(exam_of_four, officer).could_repeat is False
    with clock.at(opens):
        start(exam_of_four, officer)


def test_key_seen_again_counts_from_then(exam_of_four: Blueprint, officer: User) -> None:
    family = ScenarioFamily.objects.get(code="T1")
    record_key_seen(person=officer, family=family, by=officer)
    with later(10):
        record_key_seen(person=officer, family=family, by=officer)
        assert KeySeen.objects.get().seen_at == clock.now()


def test_key_seen_under_a_merged_record_counts(
    exam_of_four: Blueprint, officer: User, officer2: User
) -> None:
    record_key_seen(person=officer2, family=ScenarioFamily.objects.get(code="T1"), by=officer2)
    merged(officer2, into=officer)
    assert [bar.family for bar in ready(exam_of_four, officer).bars] == ["T1"]


def test_key_of_practice_does_not_count(officer: User) -> None:
    publish("P1-a", "P1", use="practice")
    record_key_seen(person=officer, family=ScenarioFamily.objects.get(code="P1"), by=officer)
    assert not KeySeen.objects.exists()


# --- practice -----------------------------------------------------------------------------------------


def test_practice_gives_every_family_before_one_comes_again(officer: User) -> None:
    for family in ("P1", "P2", "P3"):
        publish(f"{family}-a", family, use="practice", stages=1)
    rules = {**PRACTICE, "draw": [{"from": ["P1", "P2", "P3"], "take": 1}]}
    practice = make_blueprint("T-practice", "practice", **rules)
    drawn = []
    for number in range(6):
        with clock.at(clock.now() + timedelta(minutes=number)):
            drawn.append(family_of(fail(practice, officer)))
    assert sorted(drawn[:3]) == ["P1", "P2", "P3"]
    assert drawn[3:] == drawn[:3]


# --- extra time ---------------------------------------------------------------------------------------


def minutes_of(attempt: Attempt) -> float:
    assert attempt.due_at is not None
    return (attempt.due_at - attempt.started_at).total_seconds() / 60


def test_extra_time_lengthens_exams_that_begin_from_then_on(
    exam_of_four: Blueprint, officer: User, officer2: User, assessor: User
) -> None:
    running = start(exam_of_four, officer2)
    for person in (officer, officer2):
        give_extra_time(person=person, percent=25, by=assessor)
    assert minutes_of(start(exam_of_four, officer)) == 75
    running.refresh_from_db()
    assert minutes_of(running) == 60


def test_new_extra_time_takes_the_place_of_the_old_and_ends(
    exam_of_four: Blueprint, officer: User, officer2: User, assessor: User
) -> None:
    give_extra_time(person=officer, percent=50, by=assessor)
    give_extra_time(person=officer, percent=10, by=assessor)
    assert minutes_of(start(exam_of_four, officer)) == 66
    give_extra_time(person=officer2, percent=10, by=assessor)
    end_extra_time(person=officer2, by=assessor)
    assert minutes_of(start(exam_of_four, officer2)) == 60


def test_extra_time_of_a_merged_record_is_the_persons(
    exam_of_four: Blueprint, officer: User, officer2: User, assessor: User
) -> None:
    give_extra_time(person=officer, percent=10, by=assessor)
    give_extra_time(person=officer2, percent=30, by=assessor)
    merged(officer2, into=officer)
    assert minutes_of(start(exam_of_four, officer)) == 78


def test_practice_without_limit_has_none_with_extra_time_either(officer: User, assessor: User) -> None:
    publish("P1-a", "P1", use="practice")
    give_extra_time(person=officer, percent=25, by=assessor)
    assert start(make_blueprint("T-practice", "practice", **PRACTICE), officer).due_at is None
