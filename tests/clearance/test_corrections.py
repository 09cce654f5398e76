"""A corrected certificate and its successor are one to clearance: no gap, no warning, no recall."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from certificates import actions_corrections, actions_life
from certificates.models import Certificate
from clearance import actions
from clearance.evidence import certificates_of
from clearance.models import DecisionRecall
from operations import clock
from operations.outbox import work_off
from people.models import User
from tests import factories, tiny
from tests.certificates.correcting import NAMES, corrected, propose
from tests.certificates.issuing import happen

from .test_evaluation import CERTIFICATE, ask, whys
from .test_past import look, told

pytestmark = pytest.mark.usefixtures("keys")
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def certificate(curriculum: tiny.Curriculum, officer: User) -> Certificate:
    return tiny.certify(curriculum, officer)


def decided(
    curriculum: tiny.Curriculum, officer: User, by: User, instant: Any = None
) -> tuple[str, list[str]]:
    officer = User.objects.get(pk=officer.pk)
    found = actions.decide(
        function=curriculum.desk_review, person=officer, instant=instant or clock.now(), by=by
    )
    return found.answer, found.evidence["relied_on"]


def test_cleared_before_at_and_after_the_confirmation(
    curriculum, certificate, officer, duty_officer, coordinator, registrar
):
    proposal = propose(officer, coordinator)
    at = clock.now() + timedelta(minutes=10)
    with clock.at(at - MOMENT):
        assert decided(curriculum, officer, duty_officer) == ("cleared", [certificate.public_id])
    with clock.at(at):
        [new] = actions_corrections.confirm_correction(proposal=proposal, by=registrar)
        assert decided(curriculum, officer, duty_officer) == ("cleared", [new.public_id])
        row = {each.public_id: each for each in certificates_of([officer], ["C1-LAB"], at)[officer.pk]}
        assert (row[certificate.public_id].state, row[new.public_id].state) == ("superseded", "valid")
    with clock.at(at + timedelta(days=3)):
        assert decided(curriculum, officer, duty_officer) == ("cleared", [new.public_id])
        assert decided(curriculum, officer, duty_officer, at - timedelta(minutes=1))[0] == "cleared"


def test_an_answer_of_the_same_day_is_not_recalled(
    curriculum, certificate, officer, duty_officer, coordinator, registrar, django_capture_on_commit_callbacks
):
    decided(curriculum, officer, duty_officer)
    with django_capture_on_commit_callbacks(execute=True):
        corrected(officer, coordinator, registrar)
    work_off()
    assert not DecisionRecall.objects.exists()


def test_home_says_what_it_said_before(curriculum, certificate, officer, coordinator, registrar):
    before = factories.client_of(officer).get("/en/").context["overview"]
    [new] = corrected(officer, coordinator, registrar)
    after = factories.client_of(officer).get("/en/").context["overview"]
    assert [each.function for each in after.may] == [each.function for each in before.may]
    assert (after.due, after.being_made) == (before.due, before.being_made) == ([], [])
    first, second = after.held
    assert (first.certificate, first.certificate_state.state) == (new, "valid")
    assert (second.certificate, second.certificate_state.state) == (certificate, "superseded")
    assert (first.warning, first.holds_until) == (before.held[0].warning, before.held[0].holds_until)


def test_the_result_of_the_exam_shows_the_successor_alone(
    curriculum, certificate, officer, coordinator, registrar
):
    [new] = corrected(officer, coordinator, registrar)
    attempt = certificate.award.cause.split(":")[1]
    context = factories.client_of(officer).get(f"/en/attempts/{attempt}/result/").context
    outcome = context["outcome"]
    assert [held.certificate for held in outcome.earned] == [new]
    assert (outcome.being_made, [held.certificate for held in outcome.in_force]) == (False, [])


def test_taken_away_with_the_new_one_it_says_why(curriculum, certificate, officer, coordinator, registrar):
    """The old one, which ends the same day, does not hide it."""
    [new] = corrected(officer, coordinator, registrar)
    happen(new, "revoked")
    [old_row, new_row] = certificates_of([officer], ["C1-LAB"], clock.now())[officer.pk]
    for rows in ([old_row, new_row], [new_row, old_row]):
        plain = [replace(CERTIFICATE, state=row.state, public_id=row.public_id) for row in rows]
        assert whys(ask(certificates=plain)) == ["revoked"]


def test_a_suspension_that_goes_along_clears_nobody(
    curriculum, certificate, officer, duty_officer, coordinator, registrar
):
    event = actions_life.suspend(
        certificate=certificate, reason="name-check", last_day=clock.today() + timedelta(days=2), by=registrar
    )
    corrected(officer, coordinator, registrar)
    assert decided(curriculum, officer, duty_officer)[0] == "not-cleared"
    with clock.at(event.until):
        assert decided(curriculum, officer, duty_officer)[0] == "cleared"


def test_the_name_of_today_is_that_of_the_certificate(
    curriculum, certificate, officer, coordinator, registrar
):
    corrected(officer, coordinator, registrar)
    named = User.objects.get(pk=officer.pk)
    rows = certificates_of([named], ["C1-LAB"], clock.now())[officer.pk]
    assert [(row.state, row.other_name) for row in rows] == [("superseded", True), ("valid", False)]
    assert named.family_name == NAMES["family_name"]


def test_as_known_then_the_earlier_name_was_cleared_and_today_the_new_one(
    curriculum, certificate, officer, coordinator, registrar
):
    proposal = propose(officer, coordinator)
    at = clock.now() + timedelta(days=1)
    with clock.at(at):
        actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    with clock.at(at + timedelta(days=1)):
        asked = at - timedelta(seconds=2)
        assert told(look(coordinator, asked)) == {"Aytən Məmmədova": [("F8", "cleared")]}
        assert told(look(coordinator, asked, known="today")) == {"Aytən Həsənova": [("F8", "cleared")]}
        after = at + timedelta(seconds=2)
        assert told(look(coordinator, after)) == {"Aytən Həsənova": [("F8", "cleared")]}
