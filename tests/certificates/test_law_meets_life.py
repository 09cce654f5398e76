"""Changed rules that end certificates, met by corrections, renewals, revocations and reinstatements, in any order."""

from datetime import datetime

import pytest
from django.core import mail

from certificates import actions_acts, actions_life, expiry
from certificates import actions_law as actions
from certificates.actions_life import REINSTATE, REVOKE
from certificates.models import Certificate, CertificateEvent, LawChange
from certificates.signals import certificate_issued
from certificates.state import State
from clearance import actions as clearance
from operations import clock
from operations.models import Notice, Proposal
from operations.outbox import work_off
from people.models import User
from tests import tiny

from .correcting import corrected, state
from .ending import DAY, announce, end_at, newer_rules, propose
from .issuing import make_award

pytestmark = [pytest.mark.usefixtures("keys", "english")]


@pytest.fixture
def change(older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User) -> LawChange:
    return announce(curriculum.qualification, owner, registrar)


def decide(act: str, certificate: Certificate, first: User, second: User, **more: str) -> None:
    proposal = actions_acts.propose(act=act, certificate=certificate, by=first, **more)  # type: ignore[arg-type]
    actions_acts.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=second)


def revoke(certificate: Certificate, first: User, second: User) -> None:
    decide(REVOKE, certificate, first, second, reason="exam-irregularity", reach="certificate")


def reinstate(certificate: Certificate, first: User, second: User) -> None:
    decide(REINSTATE, certificate, first, second, reason="decided-in-error")


def renew(curriculum: tiny.Curriculum, person: User, at: datetime) -> Certificate:
    """By the exam, under the rules in force then."""
    with clock.at(at):
        tiny.sit_exam(curriculum, person)
        work_off()
    return Certificate.objects.latest("pk")


def test_what_two_reinstated_after_the_day_stays_when_it_is_corrected(
    change: LawChange, older: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    end_at(change.ends_at)
    with clock.at(change.ends_at + DAY):
        reinstate(older, registrar, registrar2)
    with clock.at(change.ends_at + 2 * DAY):
        [new] = corrected(officer, coordinator, registrar)
        assert state(older).state is State.SUPERSEDED
        assert state(new).state is State.VALID
    assert end_at(change.ends_at + 3 * DAY, again=True) == 0


def test_suspended_one_that_is_corrected_is_never_in_force_between(
    older: Certificate, officer: User, coordinator: User, registrar: User
):
    seen = []

    def look(sender: object, certificate: Certificate, **kwargs: object) -> None:
        seen.append(state(certificate).state)

    actions_life.suspend(certificate=older, reason="inquiry", last_day=clock.today() + 20 * DAY, by=registrar)
    certificate_issued.connect(look)
    try:
        corrected(officer, coordinator, registrar)
    finally:
        certificate_issued.disconnect(look)
    assert seen == [State.SUSPENDED]


def test_revoked_before_the_day_and_reinstated_after_it_ends_in_the_same_moment(
    change: LawChange, older: Certificate, registrar: User, registrar2: User, duty_officer: User, officer: User,
    curriculum: tiny.Curriculum,
):  # fmt: skip
    revoke(older, registrar, registrar2)
    end_at(change.ends_at)
    later = change.ends_at + DAY
    with clock.at(later):
        reinstate(older, registrar, registrar2)
        assert state(older).state is State.ENDED
        answer = clearance.decide(
            function=curriculum.desk_review, person=officer, instant=later, by=duty_officer
        )
        assert answer.answer == "not-cleared"


def test_newer_one_taken_away_after_the_day_the_older_ends_in_the_same_moment(
    change: LawChange, older: Certificate, registrar: User, registrar2: User, officer: User,
    curriculum: tiny.Curriculum,
):  # fmt: skip
    newer = renew(curriculum, officer, change.ends_at - DAY)
    end_at(change.ends_at)
    with clock.at(change.ends_at + 5 * DAY):
        revoke(newer, registrar, registrar2)
        assert (state(newer).state, state(older).state) == (State.REVOKED, State.ENDED)


def test_older_one_does_not_outlast_the_newer_whose_holder_is_warned_in_time(
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer: User,
    owner: User,
    registrar: User,
    duty_officer: User,
):
    newer_rules(valid_months=6)
    change = announce(curriculum.qualification, owner, registrar)
    newer = renew(curriculum, officer, change.ends_at - DAY)
    assert newer.valid_to < older.valid_to
    end_at(change.ends_at)
    soon = newer.valid_to - 20 * DAY
    with clock.at(soon):
        told = [(each.pk, days) for each, days in expiry.holders_to_tell(soon)]
        assert told == [(newer.pk, "30")]
        assert (state(older).state, state(older).since) == (State.ENDED, change.ends_at)
    told_of_it = Notice.objects.filter(kind__in=("certificates.lost", "certificates.ended"))
    assert list(told_of_it.values_list("kind", "person")) == [("certificates.ended", officer.pk)]


def test_what_was_earned_only_after_the_day_spares_nothing_however_late_the_worker_comes(
    change: LawChange, older: Certificate, curriculum: tiny.Curriculum, officer: User
):
    renew(curriculum, officer, change.ends_at + DAY)
    end_at(change.ends_at + 2 * DAY)
    with clock.at(change.ends_at + 2 * DAY):
        found = state(older)
        assert (found.state, found.since) == (State.ENDED, change.ends_at)


def test_issued_while_the_others_have_just_ended_it_ends_with_them(
    older: Certificate, curriculum: tiny.Curriculum, officer2: User, owner: User, registrar: User
):
    """The last chunk is through, and nobody has noted yet that all have ended."""
    make_award(officer2)
    newer_rules(valid_months=18)
    change = announce_without_work(curriculum, owner, registrar)
    with clock.at(change.ends_at + DAY):
        work_off(["certificates.issue"])
        late = Certificate.objects.latest("pk")
        assert (late.award.person, state(late).state) == (officer2, State.ENDED)
        assert CertificateEvent.objects.get(certificate=late).effective_at == change.ends_at


def announce_without_work(curriculum: tiny.Curriculum, owner: User, registrar: User) -> LawChange:
    return actions.confirm_end(proposal=propose(curriculum.qualification, owner), by=registrar)


def test_letter_about_changed_rules_tells_a_suspended_holder_when_it_can_be_renewed(
    older: Certificate, curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User
):
    User.objects.filter(pk=officer.pk).update(language="en")
    actions_life.suspend(certificate=older, reason="inquiry", last_day=clock.today() + 20 * DAY, by=registrar)
    announce(curriculum.qualification, owner, registrar)
    [text] = [
        each.body for each in mail.outbox if each.subject.startswith("A certificate of yours ends unless")
    ]
    said = " ".join(str(text).split())
    assert "Until then you cannot renew it. After that you can: pass the exam" in said
    assert "You can renew it now" not in said
