"""Leave: who is away is neither cleared nor proposed instead; nothing is told of why or how long."""

from datetime import timedelta

import pytest

from clearance import actions, substitutes
from clearance.evaluation import Answer
from clearance.overview import overview_of
from operations import clock
from people.actions.leaves import add_leave, withdraw_leave
from people.models import Leave
from tests import tiny
from tests.clearance.test_decide import ask, codes

pytestmark = pytest.mark.usefixtures("keys")
DAY = timedelta(days=1)


def away(person, agency, start, end=None) -> Leave:
    return add_leave(person=person, agency=agency, valid_from=start, valid_to=end, by=None)


def test_who_is_on_leave_is_not_cleared(curriculum, officer, duty_officer, agency):
    tiny.certify(curriculum, officer)
    away(officer, agency, clock.now() - DAY)
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.answer, codes(decision)) == (Answer.NOT_CLEARED, ["on-leave", "holds"])
    assert decision.reasons[0] == {"code": "on-leave"}


def test_leave_to_come_ends_a_clearance(curriculum, officer, duty_officer, agency):
    tiny.certify(curriculum, officer)
    start = clock.now() + 3 * DAY
    away(officer, agency, start, start + DAY)
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.answer, decision.until) == (Answer.CLEARED, start)


def test_leave_that_is_over_or_taken_back_says_nothing(curriculum, officer, duty_officer, agency):
    tiny.certify(curriculum, officer)
    away(officer, agency, clock.now() - 9 * DAY, clock.now() - DAY)
    wrong = away(officer, agency, clock.now() - DAY / 2)
    withdraw_leave(leave=wrong, agency=agency, by=None)
    assert ask(curriculum, officer, duty_officer).answer == Answer.CLEARED


def test_leave_of_somebody_else_says_nothing(curriculum, officer, officer2, duty_officer, agency):
    tiny.certify(curriculum, officer)
    away(officer2, agency, clock.now() - DAY)
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.answer, codes(decision)) == (Answer.CLEARED, ["holds"])
    assert [found.function for found in overview_of(officer).may] == [curriculum.desk_review]


def test_first_contact_does_not_wait_for_anybody_to_come_back(curriculum, officer, duty_officer, agency):
    away(officer, agency, clock.now() - DAY)
    decision = ask(curriculum, officer, duty_officer, function=curriculum.first_contact)
    assert decision.answer == Answer.NOT_GATED


def test_who_is_on_leave_is_not_proposed_instead(curriculum, officer, officer2, duty_officer, agency):
    tiny.certify(curriculum, officer2)

    def asked():
        found = substitutes.colleagues(
            curriculum.desk_review, by=duty_officer, instant=clock.now(), besides=officer
        )
        return [colleague.user for colleague in found]

    assert asked() == [officer2]
    away(officer, agency, clock.now() - DAY)
    assert asked() == [officer2]
    away(officer2, agency, clock.now() - DAY)
    assert asked() == []


def test_decision_about_the_past_goes_by_the_leave_of_then(curriculum, officer, duty_officer, agency):
    tiny.certify(curriculum, officer)
    away(officer, agency, clock.now() + DAY, clock.now() + 2 * DAY)
    for days, answer in ((0, Answer.CLEARED), (1.5, Answer.NOT_CLEARED), (3, Answer.CLEARED)):
        decision = ask(curriculum, officer, duty_officer, instant=clock.now() + days * DAY)
        assert decision.answer == answer


def test_home_says_what_one_may_not_do_while_away(curriculum, officer, agency):
    tiny.certify(curriculum, officer)
    assert [found.function for found in overview_of(officer).may] == [curriculum.desk_review]
    away(officer, agency, clock.now() - DAY)
    assert overview_of(officer).may == []


def test_words_name_the_remedy(curriculum, officer, duty_officer, agency, client_of):
    away(officer, agency, clock.now() - DAY)
    decision = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    page = client_of(duty_officer).get(f"/en/desk/{decision.public_id}/")
    assert "The officer is on leave at that time" in page.text and "Choose somebody else" in page.text
