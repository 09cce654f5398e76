"""A case with branches and every kind, on its pages: what is asked, marked, and never told before."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assessments import actions
from assessments.models import Attempt, Blueprint
from assessments.refusals import Undecided
from people.models import User

from . import cases
from .conftest import PRACTICE, make_blueprint, start, titles
from .pages import address, best_fields, fields_for, text_of
from .walking import answer_all, case_of, open_stages, save, saved

pytestmark = pytest.mark.django_db


def publish(scenario: dict[str, Any]) -> Blueprint:
    """A practice of this case alone."""
    use, code, family = "practice", scenario["code"], scenario["family"]
    kept = actions.save_family(code=family, use=use, titles=titles(family), facts=cases.FACTS, by=None)
    row = actions.save_scenario(code=code, family=kept, titles=titles(code), by=None)
    actions.publish_version(scenario=row, content=cases.frozen(scenario), by=None)
    return make_blueprint(f"X-{code}", use, **{**PRACTICE, "draw": [{"from": [family], "take": 1}]})


@pytest.fixture
def attempt(officer: User) -> Attempt:
    return start(publish(cases.branching()), officer)


@pytest.fixture
def client(officer: User, client_of: Callable[..., Client]) -> Client:
    return client_of(officer)


def decide(attempt: Attempt, letter: str) -> dict[str, Any]:
    """Form fields of the first stage, with this decision."""
    _case, content = case_of(attempt)
    branch = content.stages[0].questions[2]
    return {**best_fields(attempt), **fields_for(attempt, branch, f"{branch.code}-{letter}")}


def go(client: Client, attempt: Attempt, letter: str) -> Any:
    page = address("stage", attempt, 1, 1)
    return client.post(page, {**decide(attempt, letter), "act": "close"}, follow=True)


# --- the way ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("letter", "stage"), [("a", "b1-a-s2"), ("b", "b1-a-s3")])
def test_decision_opens_the_stage_it_leads_to_and_is_told_there(
    client: Client, attempt: Attempt, letter: str, stage: str
) -> None:
    response = go(client, attempt, letter)
    assert response.redirect_chain == [(f"{address('stage', attempt, 1, 2)}#decision", 302)]
    assert open_stages(attempt) == [stage]
    assert text_of(response).count(f"Your decision choice -{letter}") == 1
    other = {"b1-a-s2", "b1-a-s3", "b1-a-s4"} - {stage}
    assert [code for code in other if code in response.content.decode()] == []


def test_stages_are_numbered_by_the_way_and_the_others_are_not_found(
    client: Client, attempt: Attempt
) -> None:
    page = go(client, attempt, "b")
    assert text_of(page).count("Stage 2, case B1-a") == 1
    assert re.findall(r'data-question="([^"]+)"\s', page.content.decode()).count("b1-a-s3-q1") == 1
    assert client.get(address("stage", attempt, 1, 3)).status_code == 404
    text = text_of(client.get(address("attempt", attempt)))
    assert text.count(" stage b1-a-s1 Closed 2 stage b1-a-s3 Open") == 1


def test_undecided_stage_is_not_closed_and_says_why(client: Client, attempt: Attempt) -> None:
    page, fields = address("stage", attempt, 1, 1), best_fields(attempt)
    del fields["b1-a-s1-q3"]
    for act in ("close", "close-anyway"):
        response = client.post(page, {**fields, "act": act})
        text = text_of(response)
        assert text.count("Question 3: decide first, what happens next depends on it") == 1
        assert text.count("Decide and go on") == 1
        assert response.content.decode().count('value="close-anyway"') == 0
    assert open_stages(attempt) == ["b1-a-s1"]
    assert len(saved(attempt)["b1-a-s1-q2"]) == 3  # nothing is lost


def test_action_refuses_to_close_an_undecided_stage(attempt: Attempt) -> None:
    for value in (None, "b1-a-s1-q3-a"):
        save(attempt, {"b1-a-s1-q3": value}, stage="b1-a-s1")
        if value is None:
            with pytest.raises(Undecided):
                actions.close_stage(attempt=attempt, stage_code="b1-a-s1", by=attempt.person)
    following = actions.close_stage(attempt=attempt, stage_code="b1-a-s1", by=attempt.person)
    again = actions.close_stage(attempt=attempt, stage_code="b1-a-s1", by=attempt.person)
    assert following == again
    assert open_stages(attempt) == ["b1-a-s2"]


def test_other_gaps_may_be_closed_once_decided(client: Client, attempt: Attempt) -> None:
    fields = decide(attempt, "b")
    del fields["b1-a-s1-q1"]
    page = address("stage", attempt, 1, 1)
    assert (
        text_of(client.post(page, {**fields, "act": "close"})).count("Close with 1 question not answered")
        == 1
    )
    client.post(page, {**fields, "act": "close-anyway"})
    assert open_stages(attempt) == ["b1-a-s3"]


def test_decision_that_ends_the_case_leads_on(client: Client, officer: User) -> None:
    scenario = cases.branching()
    del scenario["stages"][1:]
    scenario["critical_errors"] = []
    for option in scenario["stages"][0]["questions"][2]["options"]:
        option["leads_to"] = "end"
    attempt = start(publish(scenario), officer)
    text = text_of(client.get(address("close", attempt)))
    assert text.count("The case is not at its end") == 1
    response = client.post(
        address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "close"}, follow=True
    )
    assert response.redirect_chain == [(address("close", attempt), 302)]
    assert text_of(response).count("Every question is answered.") == 1


def test_both_ways_are_marked_out_of_the_same_points(client: Client, attempt: Attempt) -> None:
    go(client, attempt, "a")
    actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    attempt.refresh_from_db()
    assert attempt.points_max == 24
    assert attempt.marking is not None
    assert set(attempt.marking.marks.values_list("question_code", flat=True)) == {
        "b1-a-s1-q1", "b1-a-s1-q2", "b1-a-s1-q3", "b1-a-s2-q1", "b1-a-s4-q1", "b1-a-s4-q2", "b1-a-s4-q3",
    }  # fmt: skip


def test_right_way_answered_by_the_key_earns_everything(attempt: Attempt) -> None:
    answer_all(attempt)
    actions.close_attempt(attempt=attempt, by=attempt.person)
    attempt.refresh_from_db()
    assert (attempt.points, attempt.points_max) == (24, 24)


# --- kinds on the page --------------------------------------------------------------------------------


def test_passages_are_ticked_in_the_material_and_stay_marked(client: Client, attempt: Attempt) -> None:
    page = client.get(address("stage", attempt, 1, 1)).content.decode()
    boxes = re.findall(r'<label class="mk"><input[^>]*><span>([^<]*)</span></label>', page)
    assert boxes == ["I said", "and I signed"]
    assert page.count('form="questions"') == 2
    assert page.count('href="#material-A"') == 2  # of the question, of the list of materials
    response = go(client, attempt, "b")
    kept = re.findall(r'<input[^>]*data-question="b1-a-s1-q1"[^>]*>', response.content.decode())
    assert [("checked" in box, "disabled" in box) for box in kept] == [(True, True), (False, True)]


def test_text_around_passages_is_whole(client: Client, attempt: Attempt) -> None:
    page = client.get(address("stage", attempt, 1, 1).replace("/en/", "/az/")).content.decode()
    assert "<span>I said (az)</span></label></p>" in page.replace("\n", "")


def test_lists_are_saved_shown_again_and_may_be_half_filled(client: Client, attempt: Attempt) -> None:
    go(client, attempt, "a")
    _case, content = case_of(attempt)
    order = content.stages[1].questions[0]
    for value, said in (
        ({f"{order.code}-1": "1", f"{order.code}-2": "1"}, "Question 4: 1 of 4 answered"),
        ({f"{order.code}-{n}": str(n) for n in range(1, 4)}, "Question 4: 3 of 4 answered"),
    ):
        fields = fields_for(attempt, order, value)
        empty = {name: [""] for name in fields_for(attempt, order, {f"{order.code}-4": "4"})}
        response = client.post(address("stage", attempt, 1, 2), {**fields, **empty, "act": "close"})
        assert saved(attempt)[order.code] == value
        assert [text_of(response).count(words) for words in (said, "each number once")] == [1, 1]
        assert response.content.decode().count(" selected") == len(value)


def test_match_offers_every_indicator_to_every_line_in_one_order(client: Client, attempt: Attempt) -> None:
    page = client.get(address("stage", attempt, 1, 1)).content.decode()
    lists = [
        re.findall(r">\s*([^<>]+?)\s*</option>", one) for one in re.findall(r"(?s)<select.*?</select>", page)
    ]
    assert len(lists) == 3
    assert {tuple(one) for one in lists} == {tuple(lists[0])}
    assert sorted(lists[0]) == ["Choose", "No indicator", "a debt grows", "doors are locked", "papers taken"]


def test_rule_of_marks_stands_beneath_once(client: Client, attempt: Attempt) -> None:
    text = text_of(client.get(address("stage", attempt, 1, 1)))
    assert text.count("How marks are given") == 1
    assert text.count("One choice: all the marks or none.") == 1
    assert text.count("An order: what counts") == 0


# --- after practice -----------------------------------------------------------------------------------


def test_feedback_shows_groups_marks_and_where_the_other_ways_led(client: Client, attempt: Attempt) -> None:
    page = address("stage", attempt, 1, 1)
    _case, content = case_of(attempt)
    passages, match, _branch = content.stages[0].questions
    wrong = {
        **fields_for(attempt, passages, [f"{passages.code}-b"]),
        **fields_for(
            attempt, match, {f"{match.code}-a": "CD1", f"{match.code}-b": "CD3", f"{match.code}-c": "none"}
        ),
    }
    fields = {name: value for name, value in decide(attempt, "a").items() if not name.startswith(match.code)}
    client.post(page, {**fields, **wrong, "act": "close"})
    response = client.post(address("close", attempt), {"confirmed": "yes"}, follow=True)
    text, html = text_of(response), response.content.decode()
    assert text.count("You found 1 choice -a CD1 why b1-a-s1-q2-a") == 1
    assert text.count("You missed 1 A I said CD1 why b1-a-s1-q1-a") == 1
    assert text.count("You saw wrongly 1 A and I signed why b1-a-s1-q1-b") == 1
    pair = "choice -b You: doors are locked. Right: a debt grows CD2 why b1-a-s1-q2-b"
    assert text.count(f"You matched wrongly 1 {pair}") == 1
    assert html.count('<mark class="m-miss">I <span class="nb">said<sup>missed</sup></span></mark>') == 1
    assert (
        html.count('<mark class="m-wrong">and I <span class="nb">signed<sup>wrong</sup></span></mark>') == 1
    )
    led = "Your choice, not right choice -a why b1-a-s1-q3-a This is right choice -b why b1-a-s1-q3-b"
    assert text.count(led) == 1
    assert text.count("stage b1-a-s2") == 1
    assert text.count("b1-a-s3") == 0  # a stage that was not gone through is not told


def test_nothing_is_said_of_pairs_where_all_are_right(client: Client, attempt: Attempt) -> None:
    go(client, attempt, "b")
    text = text_of(client.post(address("close", attempt), {"confirmed": "yes"}, follow=True))
    assert ("You saw wrongly" in text, "You matched wrongly" in text) == (True, False)


def test_order_is_explained_in_its_right_order(client: Client, attempt: Attempt) -> None:
    go(client, attempt, "a")
    _case, content = case_of(attempt)
    order = content.stages[1].questions[0]
    places = {f"{order.code}-{n}": str(5 - n) for n in range(1, 5)}
    client.post(address("stage", attempt, 1, 2), {**fields_for(attempt, order, places), "act": "close"})
    text = text_of(client.post(address("close", attempt), {"confirmed": "yes"}, follow=True))
    lines = " ".join(f"You: {5 - n}. Right: {n} step {n} why {order.code}-{n}" for n in range(1, 5))
    assert text.count(lines) == 1
