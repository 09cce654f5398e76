"""Releases and extra time: who may, what is refused, what stays in the trail, who is told."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from assessments.actions_admission import (
    end_extra_time,
    give_extra_time,
    record_key_seen,
    release_exam,
    withdraw_release,
)
from assessments.models import Blueprint, ExamRelease, ExtraTime, KeySeen, ScenarioFamily
from locales.dates import instant_text
from operations import clock
from operations.mail import compose
from operations.models import AuditEntry, AuditValue, Notice
from people.models import Agency, User
from tests import factories

from .conftest import start
from .walking import fail, later, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def of_the_agency(agency: Agency) -> User:
    """An assessor of the officer's agency alone."""
    person = factories.make_person()
    factories.give(person, factories.Position.ASSESSOR, agency=agency)
    return person


@pytest.fixture
def of_another(other_agency: Agency) -> User:
    person = factories.make_person()
    factories.give(person, factories.Position.ASSESSOR, agency=other_agency)
    return person


# --- releasing ----------------------------------------------------------------------------------------


def test_release_is_told_at_once_and_stays_in_the_trail(
    exam_of_four: Blueprint, used_up: User, assessor: User
) -> None:
    given = release(exam_of_four, used_up, assessor)
    notice = Notice.objects.get(person=used_up, kind="assessments.exam_released")
    assert notice.urgency == Notice.Urgency.NOW
    entry = AuditEntry.objects.get(act="assessments.release")
    assert (entry.by, entry.subject_id, entry.reason) == (assessor, used_up.public_id, "prepared")
    assert entry.after == {"exam": exam_of_four.code, "release": given.public_id, "allow_repeat": False}


def test_letter_says_from_when_the_released_attempt_can_begin(
    exam_of_four: Blueprint, officer: User, assessor: User
) -> None:
    with later(-3):
        fail(exam_of_four, officer)
    attempt = fail(exam_of_four, officer)
    release(exam_of_four, officer, assessor)
    letter = compose([Notice.objects.get(kind="assessments.exam_released")], message_id="<1@x>")
    with override("az"):
        assert instant_text(attempt.again_from()) in letter.body


def test_withdrawing_is_told_and_stays_in_the_trail(
    exam_of_four: Blueprint, used_up: User, assessor: User
) -> None:
    withdraw_release(release=release(exam_of_four, used_up, assessor), by=assessor)
    assert Notice.objects.filter(person=used_up, kind="assessments.release_withdrawn").count() == 1
    entry = AuditEntry.objects.get(act="assessments.withdraw_release")
    assert (entry.by, entry.subject_id) == (assessor, used_up.public_id)


def test_assessor_of_the_agency_may(exam_of_four: Blueprint, used_up: User, of_the_agency: User) -> None:
    withdraw_release(release=release(exam_of_four, used_up, of_the_agency), by=of_the_agency)


@pytest.mark.parametrize(
    "cast",
    ["of_another", "used_up", "officer2", "coordinator", "registrar", "trainer", "reviewer", "auditor", "admin",
     "outsider"],
)  # fmt: skip
def test_nobody_else_releases_or_withdraws(
    exam_of_four: Blueprint, used_up: User, assessor: User, cast: str, request: pytest.FixtureRequest
) -> None:
    stranger = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        release(exam_of_four, used_up, stranger)
    given = release(exam_of_four, used_up, assessor)
    with pytest.raises(PermissionDenied):
        withdraw_release(release=given, by=stranger)


def test_nobody_releases_themselves(exam_of_four: Blueprint, used_up: User) -> None:
    factories.give(used_up, factories.Position.ASSESSOR)
    with pytest.raises(PermissionDenied):
        release(exam_of_four, used_up, used_up)


def test_nobody_withdraws_what_their_merged_record_was_given(
    exam_of_four: Blueprint, used_up: User, officer2: User, assessor: User
) -> None:
    given = release(exam_of_four, used_up, assessor)
    factories.give(officer2, factories.Position.ASSESSOR)
    factories.merged(used_up, into=officer2)
    with pytest.raises(PermissionDenied):
        withdraw_release(release=given, by=officer2)


def test_what_needs_no_release_gets_none(
    exam_of_four: Blueprint, officer: User, assessor: User, english: None
) -> None:
    with pytest.raises(ValidationError, match="may begin without a release"):
        release(exam_of_four, officer, assessor)
    fail(exam_of_four, officer)
    with pytest.raises(ValidationError, match="may begin without a release"):
        release(exam_of_four, officer, assessor)


def test_released_twice_is_refused(
    exam_of_four: Blueprint, used_up: User, assessor: User, english: None
) -> None:
    release(exam_of_four, used_up, assessor)
    with pytest.raises(ValidationError, match="released already"):
        release(exam_of_four, used_up, assessor)


def test_repeat_is_not_allowed_while_there_are_new_cases(
    exam_of_four: Blueprint, used_up: User, assessor: User, english: None
) -> None:
    with pytest.raises(ValidationError, match="There are new cases"):
        release(exam_of_four, used_up, assessor, allow_repeat=True)


def test_reason_is_one_of_the_list(exam_of_four: Blueprint, used_up: User, assessor: User) -> None:
    with pytest.raises(ValidationError):
        release_exam(person=used_up, blueprint=exam_of_four, reason="a friend", by=assessor)


def test_release_that_was_used_is_not_withdrawn(
    exam_of_four: Blueprint, used_up: User, assessor: User, english: None
) -> None:
    given = release(exam_of_four, used_up, assessor)
    start(exam_of_four, used_up)
    with pytest.raises(ValidationError, match="can no longer be changed"):
        withdraw_release(release=given, by=assessor)


def test_release_is_used_once_whoever_asks_the_database(
    exam_of_four: Blueprint, used_up: User, officer2: User, assessor: User
) -> None:
    attempt = start(exam_of_four, officer2)
    given = release(exam_of_four, used_up, assessor)
    start(exam_of_four, used_up)
    copy = {
        name: getattr(attempt, name) for name in ("blueprint_version", "blueprint", "origin", "started_at")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        type(attempt).objects.create(person=assessor, release=given, **copy)


@pytest.mark.parametrize("change", [{"allow_repeat": True}, {"reason": "disturbed"}])
def test_release_never_changes(exam_of_four: Blueprint, used_up: User, assessor: User, change: Any) -> None:
    release(exam_of_four, used_up, assessor)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExamRelease.objects.update(**change)


# --- extra time ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("cast", ["of_the_agency", "coordinator", "assessor"])
def test_assessors_and_coordinators_of_the_person_give_extra_time(
    officer: User, cast: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(cast)
    give_extra_time(person=officer, percent=25, by=by)
    end_extra_time(person=officer, by=by)
    row = ExtraTime.objects.get()
    assert (row.percent, row.given_by, row.ended_by) == (25, by, by)


@pytest.mark.parametrize(
    "cast",
    ["of_another", "officer", "officer2", "coordinator_other", "registrar", "trainer", "auditor", "outsider"],
)
def test_nobody_else_gives_or_ends_extra_time(
    officer: User, assessor: User, cast: str, request: pytest.FixtureRequest
) -> None:
    stranger = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        give_extra_time(person=officer, percent=25, by=stranger)
    give_extra_time(person=officer, percent=25, by=assessor)
    with pytest.raises(PermissionDenied):
        end_extra_time(person=officer, by=stranger)


def test_trail_says_how_much_and_not_why_and_erasure_clears_it(officer: User, assessor: User) -> None:
    give_extra_time(person=officer, percent=25, by=assessor)
    give_extra_time(person=officer, percent=50, by=assessor)
    end_extra_time(person=officer, by=assessor)
    acts = ["assessments.give_extra_time", "assessments.give_extra_time", "assessments.end_extra_time"]
    entries = AuditEntry.objects.filter(act__contains="extra_time").order_by("pk")
    assert [(entry.act, entry.reason, entry.before, entry.after) for entry in entries] == [
        (act, "", None, None) for act in acts
    ]
    values = AuditValue.objects.filter(field="extra_time").order_by("pk")
    assert [(value.person_id, value.before, value.after) for value in values] == [
        (officer.public_id, None, 25), (officer.public_id, 25, 50), (officer.public_id, 50, None),
    ]  # fmt: skip


@pytest.mark.parametrize("percent", [0, 4, 101])
def test_extra_time_out_of_bounds_is_refused(officer: User, assessor: User, percent: int) -> None:
    with pytest.raises(ValidationError):
        give_extra_time(person=officer, percent=percent, by=assessor)
    row: Any = {"person": officer, "percent": percent, "given_at": clock.now(), "given_by": assessor}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraTime.objects.create(**row)


def test_nothing_to_end_is_said(officer: User, assessor: User) -> None:
    with pytest.raises(ValidationError):
        end_extra_time(person=officer, by=assessor)


# --- keys ---------------------------------------------------------------------------------------------


def test_nobody_says_of_others_that_they_saw_a_key(
    exam_of_four: Blueprint, officer: User, officer2: User
) -> None:
    family = ScenarioFamily.objects.get(code="T1")
    with pytest.raises(PermissionDenied):
        record_key_seen(person=officer, family=family, by=officer2)
    record_key_seen(person=officer, family=family, by=None)
    assert KeySeen.objects.get().person == officer
