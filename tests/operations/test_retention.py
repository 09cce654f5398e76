"""Periods end: what the report counts is what applying it takes, and nothing younger."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from clearance import actions as clearance
from clearance.models import Decision
from operations import audit, clock, retention
from operations.models import AuditEntry, AuditValue, Notice
from people.models import User
from privacy.actions.corrections import answer_correction, ask_correction
from privacy.models import CorrectionRequest

YEARS = timedelta(days=365)


def old_and_young(person: User) -> None:
    for kind, years in (("certificates.issued", 2), ("certificates.revoked", 0)):
        Notice.objects.create(
            person=person,
            kind=kind,
            subject_id="x",
            created_at=clock.now() - years * YEARS,
            sent_at=clock.now(),
        )


def counts(now) -> dict[str, int]:
    return {ended.period.name: ended.count for ended in retention.report(now) if ended.count}


def test_report_counts_and_changes_nothing(officer):
    old_and_young(officer)
    assert counts(clock.now()) == {"notices": 1}
    assert Notice.objects.count() == 2


def test_applying_takes_what_has_ended_and_leaves_one_entry(officer):
    old_and_young(officer)
    retention.apply(clock.now(), by=None)
    assert [notice.kind for notice in Notice.objects.all()] == ["certificates.revoked"]
    assert AuditEntry.objects.get(act="operations.retention").after == {"notices": 1}
    retention.apply(clock.now(), by=None)
    assert AuditEntry.objects.filter(act="operations.retention").count() == 1


def test_zero_days_keep_for_ever(officer, settings):
    old_and_young(officer)
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "notices": 0}
    retention.apply(clock.now(), by=None)
    assert Notice.objects.count() == 2
    assert "notices" not in [period.name for period in retention.periods()]


def test_each_period_has_its_days_and_its_words():
    from django.conf import settings

    assert set(settings.RETENTION_DAYS) == set(retention.registered)
    assert all(str(period.text) for period in retention.periods())


@pytest.mark.usefixtures("keys")
def test_decision_forgets_the_name_and_the_trail_the_values(curriculum, officer, duty_officer):
    clearance.decide(function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer)
    retention.apply(clock.now() + 11 * YEARS, by=None)
    assert Decision.objects.get().personal is None
    assert not AuditValue.objects.exclude(salt=None).exists()
    assert all(map(audit.stands, AuditEntry.objects.all()))


def test_open_request_is_never_forgotten(officer, coordinator):
    for _number in range(2):
        asked = ask_correction(person=officer, about="name", text="x", by=officer)
    answer_correction(request=asked, outcome="declined", answer="y", by=coordinator)
    retention.apply(clock.now() + 4 * YEARS, by=None)
    assert [request.outcome for request in CorrectionRequest.objects.all()] == [None]


def test_who_left_long_ago_is_only_reported(officer, officer2):
    later = clock.now() + 11 * YEARS
    assert "left" not in counts(later)
    posting = officer.postings.get()
    from operations.history import revise

    revise(withdraw=[posting], insert=[posting.revised(valid_to=clock.now())], by=None)
    assert counts(later)["left"] == 1
    retention.apply(later, by=None)
    officer.refresh_from_db()
    assert officer.erased_at is None and officer.family_name


def test_command_reports_and_applies_only_when_told(officer):
    old_and_young(officer)
    said = StringIO()
    call_command("retention", stdout=said)
    assert "Nothing was changed" in said.getvalue() and Notice.objects.count() == 2
    call_command("retention", "--apply", stdout=said)
    assert Notice.objects.count() == 1
