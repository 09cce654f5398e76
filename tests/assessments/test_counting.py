"""Closing, merging, correction, annulment, release and the next day: whatever comes after what, all that reads them agrees."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from assessments import actions, actions_appeals
from assessments.actions_admission import withdraw_release
from assessments.appeals import OtherWorth
from assessments.models import Attempt, Blueprint, Counts, ExamRelease, WhyOtherwise
from assessments.readiness import Readiness, readiness_of
from assessments.refusals import NotReady, ReleaseNeeded, TooEarly
from assessments.releases import waiting
from assessments.results import result_of
from assessments.views.assessor import why_waits
from courses.assessment_state import assessment_states
from operations import clock
from people.models import User
from tests.share import asked_here

from .appealing import make_appeal
from .walking import answer_all, begun, later, release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, STEPS = timedelta(days=1), 12


class Walk:
    """One officer before one exam, and two assessors."""

    def __init__(self, exam: Blueprint, officer: User, assessors: tuple[User, User, User]) -> None:
        """The third releases: who did has no part in appeals."""
        self.exam, self.officer = exam, officer
        self.first, self.second, self.third = assessors
        self.did: list[str] = []

    def attempts(self) -> list[Attempt]:
        related = ("blueprint", "blueprint_version", "marking")
        return list(Attempt.objects.select_related(*related).order_by("started_at", "pk"))

    def readiness(self) -> Readiness:
        return readiness_of(self.exam.versions.select_related("blueprint").get(), self.officer.pk)

    # --- steps: each does something, or is refused; False where there is nothing to do ------------------

    def begin(self) -> Any:
        return not self.is_open and begun(self.exam, self.officer)

    def fail(self) -> Any:
        return actions.close_attempt(attempt=self.answered_wrong(), by=self.officer)

    def answered_wrong(self) -> Attempt:
        """An open attempt: all is answered, no indicator seen."""
        answer_all(attempt := begun(self.exam, self.officer), q1=[])
        return attempt

    def succeed(self) -> Any:
        attempt = begun(self.exam, self.officer)
        answer_all(attempt)
        return actions.close_attempt(attempt=attempt, by=self.officer)

    def merge(self) -> Any:
        """Close the open attempt as when two records become one."""
        if not self.is_open:
            return False
        actions.close_merged(gone=self.officer, by=None)
        return True

    def correct(self) -> Any:
        """A fail becomes a pass, a pass a fail; the next one may have been begun meanwhile, by the same release."""
        if (attempt := self.appealable()) is None:
            return False
        worth = Counts.NOTHING if attempt.passed else Counts.FULL
        appeal = make_appeal(attempt)
        codes = appeal.attempt.marking.marks.exclude(language="").values_list("question_code", flat=True)
        questions = {code: OtherWorth(worth, WhyOtherwise.UNCLEAR) for code in codes}
        for by in (self.first, self.second):
            actions_appeals.see_answers(appeal=appeal, by=by)
        proposal = actions_appeals.propose_correction(appeal=appeal, questions=questions, by=self.first)
        return actions_appeals.confirm_decision(proposal=proposal, by=self.second)

    def annul(self) -> Any:
        if (attempt := self.appealable()) is None:
            return False
        appeal = make_appeal(attempt)
        proposal = actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=self.first)
        return actions_appeals.confirm_decision(proposal=proposal, by=self.second)

    def release(self) -> Any:
        return release(self.exam, self.officer, self.third, allow_repeat=self.readiness().could_repeat)

    def withdraw(self) -> Any:
        given = ExamRelease.objects.live().first()
        return bool(given) and withdraw_release(release=given, by=self.third) is None

    @property
    def is_open(self) -> bool:
        return Attempt.objects.open().exists()

    def appealable(self) -> Attempt | None:
        """The oldest that may still be appealed."""
        closed = Attempt.objects.filter(closed_at__isnull=False, appeal=None, passed__isnull=False)
        since = clock.now() - 13 * DAY
        return closed.filter(closed_at__gte=since).order_by("closed_at", "pk").first()

    def step(self, acts: list[Callable[[], Any]]) -> None:
        """The first of these that does something."""
        for act in acts:
            try:
                with transaction.atomic():
                    done = act()
            except (ValidationError, ReleaseNeeded, TooEarly, NotReady):
                continue
            if done:
                self.did.append(f"{clock.today()} {act.__name__}")
                return

    # --- what must agree --------------------------------------------------------------------------------

    def check(self) -> None:
        attempts = self.attempts()
        assert list(Attempt.objects.counting().order_by("started_at", "pk")) == [
            each for each in attempts if each.counts
        ]
        for each in attempts:
            marks = list(each.markings.order_by("number"))
            if marks:
                assert (each.marking, each.passed) == (marks[-1], marks[-1].passed)
                assert result_of(each, "en").passed is each.passed
                assert (each.passed_at is None) is not each.passed
        for given in ExamRelease.objects.filter(withdrawn_at=None):
            by_it = [each for each in attempts if each.release_id == given.pk]
            used = any(each.closed_at is None or each.counts for each in by_it)
            assert ExamRelease.objects.live().filter(pk=given.pk).exists() is not used
        self.check_next(attempts)

    def check_next(self, attempts: list[Attempt]) -> None:
        """Readiness, the assessors' list, the course's page and the beginning itself."""
        ready, now = self.readiness(), clock.now()
        closed = [each for each in attempts if each.closed_at is not None]
        counting = sorted((e for e in closed if e.counts), key=lambda each: (each.closed_at, each.pk))
        waits_from = counting[-1].closed_at if counting and not counting[-1].passed else None
        again = now if waits_from is None else waits_from + 7 * DAY
        assert ready.retry_at == (again if again > now else None)
        since = counting[max((n for n, e in enumerate(counting, 1) if e.passed), default=0) :]
        assert ready.attempts_used is (len(since) >= 2)
        state = assessment_states(self.officer.pk, [self.exam.pk])[self.exam.pk]
        assert state.needs_release is ready.needs_release
        assert (state.passed is not None) is any(each.passed for each in closed)
        if state.passed is None:
            assert state.retry_at == ready.retry_at
        is_open = len(closed) < len(attempts)
        unpassed = bool(closed) and not max(closed, key=lambda each: (each.closed_at, each.pk)).passed
        waits = not is_open and ready.release is None and (ready.attempts_used or ready.too_few_cases)
        assert [*waiting(self.first)] == ([self.last(closed)] if waits and unpassed else [])
        if not is_open:
            self.check_beginning(ready)

    @staticmethod
    def last(closed: list[Attempt]) -> int:
        return max(closed, key=lambda each: (each.closed_at, each.pk)).pk

    def check_beginning(self, ready: Readiness) -> None:
        expected = (
            ReleaseNeeded if ready.needs_release
            else TooEarly if ready.retry_at
            else NotReady if not ready.sets
            else None
        )  # fmt: skip
        with transaction.atomic():
            if expected is not None:
                with pytest.raises(expected) as caught:
                    begun(self.exam, self.officer)
                if expected is NotReady:
                    assert caught.value.opens_at == ready.opens_at
            else:
                attempt = begun(self.exam, self.officer)
                assert attempt.release == (ready.release if ready.uses_release else None)
            transaction.set_rollback(True)


@pytest.fixture
def walk(exam_of_four: Blueprint, officer: User, assessor: User, assessor2: User, assessor3: User) -> Walk:
    return Walk(exam_of_four, officer, (assessor, assessor2, assessor3))


@pytest.fixture
def merged(walk: Walk) -> Attempt:
    """Begun by a release after two failed ones, closed by a merging and failed: the release is back."""
    for weeks in (-9, -8):
        with later(weeks):
            walk.fail()
    given = walk.release()
    attempt = walk.answered_wrong()
    walk.merge()
    assert list(ExamRelease.objects.live()) == [given]
    return attempt


def test_merged_attempt_that_an_appeal_lets_pass_has_used_its_release(walk: Walk, merged: Attempt) -> None:
    walk.correct()
    merged.refresh_from_db()
    assert (merged.passed, merged.counts, merged.passed_at == merged.closed_at) == (True, True, False)
    assert not ExamRelease.objects.live().exists()
    walk.check()


def test_it_passes_also_where_the_release_has_been_used_again(walk: Walk, merged: Attempt) -> None:
    again = begun(walk.exam, walk.officer)
    assert again.release == merged.release
    walk.correct()
    merged.refresh_from_db()
    again.refresh_from_db()
    assert (merged.passed, again.closed_at, again.release) == (True, None, merged.release)
    walk.check()
    walk.succeed()
    walk.check()


def test_who_has_met_every_case_in_annulled_exams_stands_before_the_assessors(walk: Walk) -> None:
    """Nothing was failed; new cases come in eighteen months, unless one may come again."""
    for weeks in range(4):
        with later(weeks):
            walk.fail()
            walk.annul()
            walk.check()
    with later(5):
        [waits] = waiting(walk.first).values()
        assert (waits.failed, waits.attempts_used, waits.opens_at) == (0, False, walk.readiness().opens_at)
        assert "failed" not in why_waits(waits)
        assert walk.release().allow_repeat
        assert begun(walk.exam, walk.officer).release is not None


@pytest.mark.parametrize("seed", asked_here(range(12), one_in=3))
def test_everything_that_reads_markings_agrees(walk: Walk, seed: int) -> None:
    random = Random(seed)
    acts = [
        walk.begin, walk.begin, walk.fail, walk.succeed, walk.merge, walk.merge, walk.correct, walk.annul,
        walk.release, walk.withdraw,
    ]  # fmt: skip
    instant = clock.now()
    for _number in range(STEPS):
        instant += random.choice([DAY / 48, DAY, 8 * DAY, 8 * DAY, 200 * DAY])
        with clock.at(instant):
            walk.step(random.sample(acts, len(acts)))
            try:
                walk.check()
            except BaseException:
                print("\n".join(walk.did))  # noqa: T201 - shown when the test fails
                raise
