"""Wording does not tell which acts are right: a reader of letters alone knows few more than chance would."""

from dataclasses import replace

import pytest

from assessments.simulated_officers import by_key
from curriculum import trying, wording
from curriculum.reading import DATA, read_curriculum
from locales.languages import LANGUAGES


@pytest.fixture(scope="module")
def shipped():
    return read_curriculum(DATA)


def act(case, code, right, *words):
    return wording.ActLine(case, code, right, frozenset(words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_acts_are_not_known_by_their_wording(shipped, language):
    assert wording.known_by_wording(wording.acts_of(shipped, language)) <= wording.CEILING


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_stands_in_right_acts_only_is_found_out(shipped, language):
    acts = wording.acts_of(shipped, language)
    told = [
        replace(each, beginnings=each.beginnings | {"*"}) if each.right == "do" else each for each in acts
    ]
    assert wording.known_by_wording(told) > wording.CEILING


def test_a_case_is_judged_by_the_keys_of_the_others():
    acts = [
        act("a", "a1", "do", "call", "today"), act("a", "a2", "do-not", "sign"),
        act("b", "b1", "do-not", "call"), act("b", "b2", "do", "sign"),
    ]  # fmt: skip
    assert wording.guessed(acts) == {"a1": "do-not", "a2": "do", "b1": "do", "b2": "do-not"}
    assert wording.known_by_wording(acts) == 0.0
    assert wording.known_by_wording([]) == 0.0


def test_lines_are_those_of_acts_in_exams_by_the_beginnings_of_words(shipped):
    acts = wording.acts_of(shipped, "az")
    practices = {family.code for family in shipped.families if family.use == "practice"}
    assert not {each.case.partition("-")[0] for each in acts} & practices
    assert {len(word) for each in acts for word in each.beginnings} <= {1, 2, 3, 4, 5}
    first = next(each for each in acts if each.code == "po1a-q7-a")
    assert {"rəhbə", "xüsus", "polis"} <= first.beginnings


def test_officer_answers_acts_by_wording_and_the_rest_by_the_key(shipped):
    acts = wording.acts_of(shipped, "en")
    officer, guesses = wording.by_wording(acts), wording.guessed(acts)
    entry = next(entry for entry in shipped.blueprints if entry.code == "C0-exam")
    for case in trying.exams_of(entry, shipped)[0]:
        answers, known = officer(case, 0), by_key(case)
        assert answers.keys() == known.keys()
        for code, answer in answers.items():
            if answer != known[code]:
                assert answer == {line: guesses[line] for line in known[code]}


def test_number_of_right_acts_of_a_question_is_not_always_half(shipped):
    exams = {family.code for family in shipped.families if family.use == "exam"}
    asked = [
        [option.right == "do" for option in question.options]
        for case in shipped.scenarios
        if case.family in exams
        for question in case.questions()
        if question.kind == "actions"
    ]
    half = [sum(rights) * 2 == len(rights) for rights in asked]
    assert sum(half) < len(half) * 2 / 3
    assert {sum(rights) for rights in asked if len(rights) == 6} == {2, 3, 4}
