"""Reminders before a certificate ends: to its holder, and once a week to coordinators."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from certificates import actions_life, expiry, scheduled
from certificates.models import Certificate
from locales.dates import day_text
from operations import clock
from operations.clock import BAKU
from operations.models import Notice
from operations.outbox import work_off
from people.models import Agency, User
from tests.factories import make_person

from .correcting import corrected
from .issuing import Kind, happen, make_certificate

pytestmark = pytest.mark.usefixtures("keys")
DAY = timedelta(days=1)


@pytest.fixture
def certificate(officer: User) -> Certificate:
    return make_certificate(officer)


def reminded(certificate: Certificate, days: float) -> list[str]:
    """Run the reminder so many days before the end; return the thresholds that were told by then."""
    with clock.at(certificate.valid_to - days * DAY):
        scheduled.remind(clock.now())
    told = Notice.objects.filter(kind=expiry.ENDS, subject_id=certificate.public_id).order_by("pk")
    return list(told.values_list("threshold", flat=True))


def test_holder_is_told_three_times_once_each(certificate: Certificate, officer: User):
    assert reminded(certificate, 91) == []
    assert reminded(certificate, 90) == ["90"]
    assert reminded(certificate, 89) == reminded(certificate, 31) == ["90"]
    assert reminded(certificate, 30) == ["90", "30"]
    assert reminded(certificate, 7) == reminded(certificate, 1) == ["90", "30", "7"]
    assert reminded(certificate, 0) == ["90", "30", "7"]
    assert set(Notice.objects.filter(kind=expiry.ENDS).values_list("person", flat=True)) == {officer.pk}


def test_after_downtime_only_the_nearest_is_told(certificate: Certificate):
    assert reminded(certificate, 5) == ["7"]
    assert reminded(certificate, 4) == ["7"]


@pytest.mark.parametrize("kind", [Kind.REVOKED, Kind.SUSPENDED, Kind.VOIDED])
def test_nobody_is_reminded_of_what_is_not_in_force(certificate: Certificate, kind: str):
    with clock.at(certificate.valid_to - 25 * DAY):
        happen(certificate, kind)
    assert reminded(certificate, 20) == []


def test_nobody_is_reminded_once_renewed(certificate: Certificate, officer: User):
    with clock.at(certificate.valid_to - 80 * DAY):
        make_certificate(officer, first_day=clock.first_day(certificate.valid_to), way="renewal")
    assert reminded(certificate, 20) == []


def test_letter_names_no_qualification_in_its_subject_and_says_when_renewal_opens(
    certificate: Certificate, officer: User
):
    User.objects.filter(pk=officer.pk).update(language="en")
    with clock.at(certificate.valid_to - 80 * DAY):
        scheduled.remind(clock.now())
        work_off()
    [message] = [message for message in mail.outbox if "ready" not in message.subject]
    assert message.subject == "Your certificate ends soon"
    assert "C1-LAB" in message.body and "You can renew it now." in message.body


def test_letter_written_after_the_renewal_says_so(certificate: Certificate, officer: User):
    User.objects.filter(pk=officer.pk).update(language="en")
    with clock.at(certificate.valid_to - 80 * DAY):
        scheduled.remind(clock.now())
        make_certificate(officer, first_day=clock.first_day(certificate.valid_to), way="renewal")
        work_off()
    letters = [message for message in mail.outbox if message.subject == "Your certificate ends soon"]
    assert "there is nothing to do" in letters[0].body


def letter(person: User) -> str:
    """Return the one letter about the end, in English."""
    User.objects.filter(pk=person.pk).update(language="en")
    work_off()
    [found] = [message.body for message in mail.outbox if message.subject == "Your certificate ends soon"]
    return str(found)


def test_certificate_corrected_twice_between_two_thresholds_is_told_of_once(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    assert reminded(certificate, 80) == ["90"]
    for days, given_name in ((70, "Aysel"), (60, "Aynur")):
        with clock.at(certificate.valid_to - days * DAY):
            [newest] = corrected(
                officer, coordinator, registrar, family_name="Həsənova", given_name=given_name
            )
    assert reminded(newest, 50) == []
    assert reminded(newest, 30) == ["30"]


def test_who_is_suspended_since_the_letter_was_promised_is_told_when_to_renew(
    certificate: Certificate, officer: User, registrar: User
):
    with clock.at(certificate.valid_to - 85 * DAY):
        scheduled.remind(clock.now())
        last = clock.today() + 20 * DAY
        actions_life.suspend(certificate=certificate, reason="inquiry", last_day=last, by=registrar)
        text = " ".join(letter(officer).split())
    assert f"is suspended, last day: {day_text(last, 'en')}. Until then you cannot renew it." in text
    assert "After that you can: pass the exam" in text
    assert "You can renew it now" not in text and "nothing to do" not in text


# --- coordinators ---------------------------------------------------------------------------------------------------


def weekly(now: datetime) -> list[tuple[int, str, str]]:
    with clock.at(now):
        scheduled.remind(now)
    told = Notice.objects.filter(kind=expiry.IN_AGENCY).order_by("pk")
    return list(told.values_list("person", "subject_id", "threshold"))


MONDAY = datetime(2028, 9, 4, 7, tzinfo=BAKU)


@pytest.fixture
def ends_in_autumn(officer: User) -> Certificate:
    """On 30 November 2028."""
    return make_certificate(officer, first_day=clock.today().replace(year=2026, month=12, day=1))


def test_coordinators_are_told_once_a_week_of_their_agency(
    ends_in_autumn: Certificate, officer: User, coordinator: User, coordinator_other: User, agency: Agency
):
    first = [(coordinator.pk, agency.public_id, "2028-W36")]
    assert weekly(MONDAY) == weekly(MONDAY + 3 * DAY) == first
    assert weekly(MONDAY + 7 * DAY) == [*first, (coordinator.pk, agency.public_id, "2028-W37")]


def test_nothing_is_sent_where_nothing_ends(coordinator: User, officer: User):
    make_certificate(officer)
    assert weekly(clock.now()) == []


def test_weekly_letter_has_names_in_its_body_alone(
    ends_in_autumn: Certificate, officer: User, coordinator: User
):
    User.objects.filter(pk=coordinator.pk).update(language="en")
    weekly(MONDAY)
    with clock.at(MONDAY):
        work_off()
    [letter] = [message for message in mail.outbox if "within 90 days" in message.subject]
    assert letter.subject == "Certificates that end within 90 days"
    assert letter.to == [coordinator.email]
    assert "Məmmədova" in letter.body and "C1-LAB, 30 November 2028" in letter.body


def test_who_is_coordinator_no_more_reads_no_names(
    ends_in_autumn: Certificate, officer: User, coordinator: User
):
    weekly(MONDAY)
    coordinator.grants.update(revoked_at=clock.now(), revoked_by=None)
    with clock.at(MONDAY):
        work_off()
    assert not any("Məmmədova" in message.body for message in mail.outbox)


def test_three_holders_take_as_many_queries_as_one(
    ends_in_autumn: Certificate, agency: Agency, unit: Any, django_assert_max_num_queries: Any
):
    numbers = []
    for _round in range(2):
        with clock.at(MONDAY), django_assert_max_num_queries(5) as queries:
            expiry.ending_in(agency, MONDAY)
        numbers.append(len(queries))
        for number in range(2):
            person = make_person(f"Ad{number}", unit=unit)
            make_certificate(person, first_day=clock.today().replace(year=2026, month=12, day=1))
    assert numbers[0] == numbers[1]
