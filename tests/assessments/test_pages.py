"""Pages of an attempt, without script: what they show, save, refuse and lead to."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from assessments import actions
from assessments.models import Attempt, Blueprint
from operations import clock
from people.models import User
from tests.elearning.pages import flat

from .conftest import make_blueprint, publish, start
from .pages import address, best_fields, send, text_of
from .test_public import found_in, key_of
from .walking import answer_all, case_of, open_stages, save, saved, stage_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(officer: User, client_of: Callable[..., Client]) -> Client:
    return client_of(officer)


PAGES = [("attempt", ()), ("stage", (1, 1)), ("close", ()), ("feedback", ())]


# --- who ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "place"), PAGES)
def test_visitor_is_led_to_sign_in(attempt: Attempt, name: str, place: tuple[int, ...]) -> None:
    page = address(name, attempt, *place)
    response = Client().get(page)
    assert (response.status_code, response["Location"]) == (302, f"/en/account/login/?next={page}")


@pytest.mark.parametrize(("name", "place"), PAGES)
@pytest.mark.parametrize("cast", ["officer2", "coordinator", "coordinator_other", "outsider"])
def test_nobody_else_is_let_in(
    attempt: Attempt,
    name: str,
    place: tuple[int, ...],
    cast: str,
    request: pytest.FixtureRequest,
    client_of: Callable[..., Client],
) -> None:
    stranger = client_of(request.getfixturevalue(cast))
    assert stranger.get(address(name, attempt, *place)).status_code == 403
    assert stranger.post(address("close", attempt), {"confirmed": "yes"}).status_code == 403
    assert stranger.post(address("stage", attempt, 1, 1), {"act": "close-anyway"}).status_code == 403
    assert open_stages(attempt) == [stage_code(attempt)]


def test_attempt_that_does_not_exist_is_not_found(client: Client) -> None:
    nothing = Attempt(public_id="there-is-no-attempt-00")
    for name, place in PAGES:
        path = address(name, nothing, *place)
        malformed = path.replace(nothing.public_id, "%00")  # PostgreSQL keeps no such text
        assert [client.get(each).status_code for each in (path, malformed)] == [404, 404]


# --- what is shown --------------------------------------------------------------------------------------


def test_way_shows_cases_and_stages_with_their_states(client: Client, attempt: Attempt) -> None:
    text = text_of(client.get(address("attempt", attempt)))
    case, _content = case_of(attempt)
    code = case.version.content["code"]
    assert text.count(f"Case 1 of 1 case {code} threats are told") == 1
    assert text.count(f"1 stage {code.lower()}-s1 Open") == 1
    assert text.count(f"stage {code.lower()}-s2") == 0  # nobody learns what is still to come
    assert text.count("an act that harms the person, or a necessary act left undone.") == 1


def test_stage_shows_materials_beside_questions(client: Client, attempt: Attempt) -> None:
    text = text_of(client.get(address("stage", attempt, 1, 1)))
    for words in ("I said", "and I signed", "pay 600", "Z. Pay and go", "S. 7 to 22", "you are an inspector"):
        assert text.count(words) == 1
    for number in (1, 2, 3, 4):
        assert text.count(f"Question {number} question {stage_code(attempt)}-q{number}") == 1
    assert text.count("After closing the stage these answers cannot be changed") == 1


def test_task_is_the_briefing_and_names_the_list_below_it(client: Client, attempt: Attempt) -> None:
    text = text_of(client.get(address("stage", attempt, 1, 1)))
    _case, content = case_of(attempt)
    names = f"Indicators are those of this list: {content.set_names('en')}"
    assert f"Your task {content.briefing.en} {names}" in text


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_no_page_before_closing_tells_the_key(client: Client, attempt: Attempt, language: str) -> None:
    case, _content = case_of(attempt)
    hidden = key_of(case.version.content) - {"strong", "coercion", "AL", "2009"}
    save(attempt, {f"{stage_code(attempt)}-q1": [f"{stage_code(attempt)}-q1-r0"]})
    actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    for name, place in [*PAGES[:3], ("stage", (1, 2))]:
        page = client.get(address(name, attempt, *place).replace("/en/", f"/{language}/"))
        assert page.status_code == 200
        assert found_in(hidden, page.content.decode()) == []


def test_stage_not_open_yet_is_not_found(client: Client, attempt: Attempt) -> None:
    for place in [(1, 2), (1, 3), (2, 1), (0, 1)]:
        assert client.get(address("stage", attempt, *place)).status_code == 404


def test_later_stage_keeps_the_materials_of_those_before(client: Client, attempt: Attempt) -> None:
    actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    page = client.get(address("stage", attempt, 1, 2)).content.decode()
    letters = re.findall(r'id="material-([A-Z])"( open)?', page)
    assert letters == [(letter, " open" if letter in "EFGH" else "") for letter in "EFGHABCD"]
    assert page.count("Question 5") == 1


def test_closed_stage_is_shown_read_only(client: Client, attempt: Attempt) -> None:
    save(attempt, {f"{stage_code(attempt)}-q3": f"{stage_code(attempt)}-q3-b"})
    actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    page = flat(client.get(address("stage", attempt, 1, 1)).content)
    assert page.count("<fieldset class") == page.count(" disabled") == 4
    assert (page.count(" checked"), page.count("data-outbox"), page.count("outbox.js")) == (1, 0, 0)


def test_time_is_told_with_the_clock(client: Client, attempt: Attempt) -> None:
    assert attempt.due_at is not None
    until = f"{attempt.due_at.astimezone(clock.BAKU):%H:%M}"
    with clock.at(attempt.due_at - timedelta(minutes=31)):
        page = client.get(address("stage", attempt, 1, 1))
    assert page.context["seconds_left"] == 31 * 60
    assert text_of(page).count(f"until {until}") >= 1


def test_practice_without_limit_tells_no_time(client: Client, practice: Blueprint, officer: User) -> None:
    page = client.get(address("stage", start(practice, officer), 1, 1)).content.decode()
    assert page.count("time-left") == 0


# --- saving -----------------------------------------------------------------------------------------------


def test_form_saves_everything_and_shows_it(client: Client, attempt: Attempt) -> None:
    response = client.post(
        address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "save"}, follow=True
    )
    assert response.redirect_chain == [(f"{address('stage', attempt, 1, 1)}#saved", 302)]
    assert len(saved(attempt)) == 4
    page = response.content.decode()
    assert page.count(" checked") == 3 + 3 + 1 + 3
    assert text_of(response).count("4 / 4") == 1
    assert text_of(response).count("Saved on the server, ") == 1


def test_form_opened_before_counts_when_it_is_sent_later(client: Client, attempt: Attempt) -> None:
    """Whoever goes back in the browser and changes an answer means what they send last."""
    code = f"{stage_code(attempt)}-q2"
    for state in ("present", "absent", "present"):
        client.post(address("stage", attempt, 1, 1), {f"{code}.act": state, "act": "save"})
    assert saved(attempt)[code] == {"act": "present"}


def test_question_left_empty_takes_back_no_answer_given_later_elsewhere(
    client: Client, attempt: Attempt
) -> None:
    opened = actions.open_session(attempt=attempt, by=attempt.person)
    send(client, attempt)
    page, code = address("stage", attempt, 1, 1), f"{stage_code(attempt)}-q3"
    client.post(page, {"session": opened, "act": "save"})
    assert saved(attempt)[code] == f"{code}-b"
    newer = actions.open_session(attempt=attempt, by=attempt.person)
    client.post(page, {"session": newer, "act": "save"})
    assert saved(attempt)[code] is None  # this page had shown it


def test_form_whose_answers_are_all_kept_writes_none_over_a_newer_one(
    client: Client, attempt: Attempt
) -> None:
    send(client, attempt)
    old = {f"{stage_code(attempt)}-q1": "none", "session": 1, "saved": "yes", "act": "close-anyway"}
    client.post(address("stage", attempt, 1, 1), old)
    assert saved(attempt) == {f"{stage_code(attempt)}-q3": f"{stage_code(attempt)}-q3-b"}
    assert open_stages(attempt) == [stage_code(attempt, 2)]


def test_contradiction_is_told_at_the_top_and_nothing_typed_is_lost(client: Client, attempt: Attempt) -> None:
    fields = best_fields(attempt)
    code = f"{stage_code(attempt)}-q1"
    fields[code] = [*fields[code], "none"]
    response = client.post(address("stage", attempt, 1, 1), {**fields, "act": "close"})
    assert response.status_code == 200
    words = "Question 1: “None of these” cannot be chosen together with others."
    assert text_of(response).count(f"There is a problem {words}") == 1
    page = flat(response.content)
    assert page.count('<a href="#q-1">') == 1
    beside = page[page.index('<fieldset class="qu bad" id="q-1"') : page.index('id="q-2"')]
    assert "“None of these” cannot be chosen together with others." in beside.partition("</legend>")[2]
    assert 'aria-describedby="q-1-error q-1-hint"' in beside
    assert page.count('class="qu bad"') == 1
    assert page.count(" checked") == 3 + 3 + 1 + 3 + 1  # as typed
    assert sorted(saved(attempt)) == [f"{stage_code(attempt)}-q{n}" for n in (2, 3, 4)]
    assert (page.count("<title>Error: "), page.count('value="close"')) == (1, 1)


def test_option_never_offered_is_refused_in_words(client: Client, attempt: Attempt) -> None:
    code = f"{stage_code(attempt)}-q3"
    response = client.post(address("stage", attempt, 1, 1), {code: f"{code}-b", "act": "save"})
    assert text_of(response).count("Question 3: This option was not offered.") == 1
    assert saved(attempt)[f"{stage_code(attempt)}-q1"] is None


def test_form_for_a_closed_stage_says_that_nothing_was_saved(client: Client, attempt: Attempt) -> None:
    actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    response = client.post(address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "save"})
    assert response.status_code == 409
    assert text_of(response).count("These answers were not saved") == 1
    assert saved(attempt) == {}


def test_form_sent_after_the_end_says_that_it_came_too_late(client: Client, attempt: Attempt) -> None:
    assert attempt.due_at is not None
    with clock.at(attempt.due_at + timedelta(seconds=31)):
        response = client.post(address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "save"})
    assert response.status_code == 409
    assert text_of(response).count("The time is over: the answer came too late.") == 1


# --- closing a stage ----------------------------------------------------------------------------------------


def test_closing_a_full_stage_leads_to_the_next(client: Client, attempt: Attempt) -> None:
    response = client.post(address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "close"})
    assert (response.status_code, response["Location"]) == (302, address("stage", attempt, 1, 2))
    assert open_stages(attempt) == [stage_code(attempt, 2)]


def test_closing_with_gaps_names_them_and_asks_again(client: Client, attempt: Attempt) -> None:
    fields = best_fields(attempt)
    fields.pop(f"{stage_code(attempt)}-q3")
    fields.pop(next(name for name in fields if name.startswith(f"{stage_code(attempt)}-q4.")))
    page = address("stage", attempt, 1, 1)
    response = client.post(page, {**fields, "act": "close"})
    text = text_of(response)
    assert text.count("Question 3 is not answered") == text.count("Question 4: 2 of 3 answered") == 1
    assert text.count("Not everything is answered Question 3") == 1
    assert text.count("Close with 2 questions not answered") == 1
    assert open_stages(attempt) == [stage_code(attempt)]
    again = client.post(page, {**fields, "act": "close-anyway"})
    assert again["Location"] == address("stage", attempt, 1, 2)
    assert saved(attempt)[f"{stage_code(attempt)}-q3"] is None


def test_last_stage_stays_open_and_leads_to_another_case_then_to_the_review(
    client: Client, officer: User
) -> None:
    publish("T1-a", "T1", stages=1)
    publish("T2-a", "T2", stages=1)
    attempt = start(make_blueprint(draw=[{"from": ["T1", "T2"], "take": 2}]), officer)
    first = client.post(address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "go-on"})
    assert first["Location"] == address("stage", attempt, 2, 1)
    second = client.post(address("stage", attempt, 2, 1), {**best_fields(attempt, 2), "act": "go-on"})
    assert second["Location"] == address("close", attempt)
    assert len(open_stages(attempt)) == 2


# --- closing the attempt --------------------------------------------------------------------------------------


def test_review_lists_what_is_not_answered_with_links(client: Client, attempt: Attempt) -> None:
    save(attempt, {f"{stage_code(attempt)}-q3": f"{stage_code(attempt)}-q3-b"})
    actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    response = client.get(address("close", attempt))
    text = text_of(response)
    assert text.count("Answered: 1 of 8") == 1
    assert text.count("The case is not at its end") == 0
    assert text.count("its stage is closed") == 3
    links = re.findall(r'<a href="([^"]*#q-\d)"', response.content.decode())
    assert links == [f"{address('stage', attempt, 1, 2)}#q-{n}" for n in (5, 6, 7, 8)]


def test_question_of_a_stage_not_opened_is_not_told(client: Client, attempt: Attempt) -> None:
    text = text_of(client.get(address("close", attempt)))
    assert text.count("Answered: 0 of 4") == 1
    assert (
        text.count("The case is not at its end: what comes after its open stage counts as not answered.") == 1
    )
    assert text.count("1 case is not at its end") == 1
    assert text.count(f"{stage_code(attempt, 2)}") == 0


def test_case_that_is_not_at_its_end_must_be_confirmed(client: Client, attempt: Attempt) -> None:
    client.post(address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "save"})
    text = text_of(client.get(address("close", attempt)))
    assert text.count("Every question asked so far is answered.") == 1
    assert text.count("I close before the end") == 1
    client.post(address("close", attempt))
    assert Attempt.objects.open().count() == 1


def test_closing_with_gaps_must_be_confirmed(client: Client, attempt: Attempt) -> None:
    response = client.post(address("close", attempt))
    assert text_of(response).count("Say that you close with questions that are not answered") == 1
    assert Attempt.objects.open().count() == 1
    response = client.post(address("close", attempt), {"confirmed": "yes"})
    assert response["Location"] == f"/en/attempts/{attempt.public_id}/result/"
    assert Attempt.objects.open().count() == 0


def test_full_exam_closes_at_once_and_leads_to_its_result(client: Client, attempt: Attempt) -> None:
    answer_all(attempt)
    page = client.get(address("close", attempt))
    assert text_of(page).count("Every question is answered.") == 1
    assert page.content.decode().count('name="confirmed"') == 0
    response = client.post(address("close", attempt))
    assert response["Location"] == f"/en/attempts/{attempt.public_id}/result/"
    attempt.refresh_from_db()
    assert attempt.passed


def test_closed_exam_leads_to_its_result_from_everywhere(client: Client, attempt: Attempt) -> None:
    actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    for name, place in PAGES:
        response = client.get(address(name, attempt, *place))
        assert response["Location"] == f"/en/attempts/{attempt.public_id}/result/"
    assert client.post(address("close", attempt))["Location"].endswith("/result/")


def test_time_over_says_so_while_answers_are_under_way(client: Client, attempt: Attempt) -> None:
    assert attempt.due_at is not None
    with clock.at(attempt.due_at + timedelta(seconds=5)):
        for name, place in PAGES[:3]:
            assert text_of(client.get(address(name, attempt, *place))).count("What was saved counts.") == 1
        response = client.post(address("close", attempt))
    assert response["Location"].endswith("/result/")


def test_unreadable_answers_after_the_end_are_refused_and_show_no_question(
    client: Client, attempt: Attempt
) -> None:
    assert attempt.due_at is not None
    with clock.at(attempt.due_at + timedelta(hours=5)):
        response = client.post(address("stage", attempt, 1, 1), {"act": "save"})
    assert response.status_code == 409
    assert "came too late" in text_of(response)
    assert "<fieldset" not in text_of(response)


def test_who_comes_back_after_the_end_finds_it_closed(client: Client, attempt: Attempt) -> None:
    assert attempt.due_at is not None
    with clock.at(attempt.due_at + timedelta(hours=5)):
        assert client.get(address("attempt", attempt))["Location"].endswith("/result/")
    attempt.refresh_from_db()
    assert attempt.closing == "time"


# --- practice -------------------------------------------------------------------------------------------------


def test_practice_leads_to_feedback_on_everything(client: Client, practice: Blueprint, officer: User) -> None:
    attempt = start(practice, officer)
    prefix = stage_code(attempt)
    save(
        attempt,
        {f"{prefix}-q1": [f"{prefix}-q1-r0", f"{prefix}-q1-w0"], f"{prefix}-q4": {f"{prefix}-q4-b": "do"}},
    )
    response = client.post(address("close", attempt), {"confirmed": "yes"}, follow=True)
    assert response.redirect_chain == [(address("feedback", attempt), 302)]
    text = text_of(response)
    for words in (
        f"Seen wrongly choice w0 why {prefix}-q1-w0",
        f"Missed choice r1 why {prefix}-q1-r1 CD1 papers taken (coercion at destination, strong)",
        f"Found choice r0 why {prefix}-q1-r0",
        f"Rightly left out choice w1 why {prefix}-q1-w1",
        f"You: I do. Right: I do not choice -b why {prefix}-q4-b",
        "S. would have been moved",
        "papers are held CD1 held back on request",
    ):
        assert text.count(words) == 1, words
    assert text.count("Palermo Protocol, article 3 (text of 15 November 2000)") == 2  # of the error, of all


def test_feedback_before_closing_leads_back(client: Client, practice: Blueprint, officer: User) -> None:
    attempt = start(practice, officer)
    assert client.get(address("feedback", attempt))["Location"] == address("attempt", attempt)


# --- how much is asked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["attempt", "stage", "close"])
def test_pages_ask_the_same_for_one_and_three_cases_and_stages(
    name: str,
    officer: User,
    officer2: User,
    client_of: Callable[..., Client],
    django_assert_num_queries: Any,
) -> None:
    asked = {"attempt": 6, "stage": 7, "close": 6}[name]  # a stage opens a session
    for count, person in ((1, officer), (3, officer2)):
        families = [f"T{count}{letter}" for letter in "XYZ"[:count]]
        for family in families:
            publish(f"{family}-a", family, use="practice", stages=count)
        draw = [{"from": families, "take": count}]
        attempt = start(make_blueprint(f"T-{count}", "practice", draw=draw), person)
        for stage in range(1, count):
            code = stage_code(attempt, stage)
            save(attempt, {f"{code}-q2": {"act": "present"}}, stage=code)
            actions.close_stage(attempt=attempt, stage_code=code, by=person)
        place = (1, count) if name == "stage" else ()
        client = client_of(person)
        client.get(address(name, attempt, *place))
        with django_assert_num_queries(asked):
            assert client.get(address(name, attempt, *place)).status_code == 200
