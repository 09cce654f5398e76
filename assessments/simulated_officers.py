"""Officers who answer by habit, and what becomes of them in an exam. Pure; chance comes in from outside.

An exam that certifies tells them from officers who know: whoever knows the key but for one habit fails in every
exam that can be drawn. `manage.py try_exams` prints the table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any, assert_never

from .answers import SIDES, Value
from .content import Content
from .marking import best_answer, mark_case
from .passing import verdict_of
from .questions import (
    ELEMENT_STATES,
    ELEMENTS,
    NONE,
    ActionOption,
    ActionsQuestion,
    BranchQuestion,
    ChoiceQuestion,
    ElementsQuestion,
    ElementState,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    StandsFor,
    VerdictOption,
    VerdictQuestion,
)

type Answers = dict[str, Value]
type Officer = Callable[[Content, int], Answers]  # (a case, its place in the exam from 0) -> answers
type Exam = Sequence[Content]

# Verdicts in the order in which such an officer takes another one where their own is not offered.
NEAREST: dict[StandsFor, tuple[StandsFor, ...]] = {
    "trafficking": ("presumed", "potential", "exploited"),
    "presumed": ("trafficking", "potential", "exploited"),
    "potential": ("presumed", "too-early", "trafficking"),
    "exploited": ("labour-breach", "potential"),
    "too-early": ("potential", "none"),
    "labour-breach": ("exploited", "none"),
    "smuggling": ("none", "fraud", "labour-breach"),
    "violence": ("none", "labour-breach"),
    "fraud": ("none", "labour-breach"),
    "none": ("labour-breach", "too-early"),
}
# What an officer who always gives one verdict says of act, means and purpose, so that it agrees with the verdict.
ELEMENTS_OF: dict[StandsFor, tuple[ElementState, ElementState, ElementState]] = {
    "trafficking": ("present", "present", "present"),
    "presumed": ("present", "present", "present"),
    "potential": ("present", "unknown", "unknown"),
    "exploited": ("present", "absent", "present"),
    "too-early": ("unknown", "unknown", "unknown"),
    "labour-breach": ("present", "absent", "absent"),
    "smuggling": ("present", "absent", "absent"),
    "violence": ("absent", "present", "absent"),
    "fraud": ("present", "present", "absent"),
    "none": ("absent", "absent", "absent"),
}


def passes(exam: Exam, officer: Officer, rules: Mapping[str, Any]) -> bool:
    """Return whether the officer passes an exam of these cases by the rules of its blueprint."""
    marks = [mark_case(content, officer(content, place)) for place, content in enumerate(exam)]
    return verdict_of(marks, rules).passed


# --- by the key but for one habit ---------------------------------------------------------------------


def by_key(content: Content, place: int = 0) -> Answers:
    return {question.code: best_answer(question) for question in content.questions()}


def _but(change: Callable[[Question], Value]) -> Officer:
    """The key, but for what `change` makes of a question; a habit that has no say returns the best answer."""
    return lambda content, place: {question.code: change(question) for question in content.questions()}


def _does_nothing(question: Question) -> Value:
    if isinstance(question, ActionsQuestion):
        return {option.code: "do-not" for option in question.options}
    return best_answer(question)


def _does_everything(question: Question) -> Value:
    if isinstance(question, ActionsQuestion):
        return {option.code: "do" for option in question.options}
    return best_answer(question)


def leaves_blank(left: Callable[[ActionOption], bool]) -> Officer:
    """Leave blank the acts to be done that `left` names, and answer every other line by the key."""

    def change(question: Question) -> Value:
        if not isinstance(question, ActionsQuestion):
            return best_answer(question)
        lines = (option for option in question.options if option.right == "do-not" or not left(option))
        return {option.code: option.right for option in lines} or None

    return _but(change)


def _sees_everything(question: Question) -> Value:
    match question:
        case IndicatorsQuestion():
            return sorted(option.code for option in question.options)
        case MatchQuestion():
            first = question.indicators[0]
            return {s.code: first if s.right == NONE else s.right for s in question.statements}
        case _:
            return best_answer(question)


def _sees_nothing(question: Question) -> Value:
    match question:
        case IndicatorsQuestion():
            return []
        case MatchQuestion():
            return {statement.code: NONE for statement in question.statements}
        case _:
            return best_answer(question)


def one_verdict(*said: StandsFor) -> Officer:
    """The same verdict in every case, with its elements; more than one: by the place of the case in the exam.

    Where a verdict is not offered the officer takes the nearest that is; where it is right, the key.
    """

    def answers(content: Content, place: int) -> Answers:
        wanted = said[place % len(said)]
        chosen = by_key(content)
        for verdict in _verdicts(content):
            option = _nearest(verdict, wanted)
            if option.right:
                return by_key(content)
            chosen[verdict.code] = option.code
            wanted = option.stands_for
        for question in content.questions():
            if isinstance(question, ElementsQuestion):
                chosen[question.code] = dict(zip(ELEMENTS, ELEMENTS_OF[wanted], strict=True))
        return chosen

    return answers


def _nearest(question: VerdictQuestion, wanted: StandsFor) -> VerdictOption:
    offered = {option.stands_for: option for option in question.options}
    return next(offered[each] for each in (wanted, *NEAREST[wanted], *offered) if each in offered)


def _verdicts(content: Content) -> list[VerdictQuestion]:
    return [question for question in content.questions() if isinstance(question, VerdictQuestion)]


def right_verdict(content: Content) -> StandsFor | None:
    rights = (o.stands_for for question in _verdicts(content) for o in question.options if o.right)
    return next(rights, None)


HABITS: dict[str, Officer] = {
    "does nothing": _but(_does_nothing),
    "does everything": _but(_does_everything),
    "leaves what is critical blank": leaves_blank(lambda option: option.critical is not None),
    "ticks every indicator": _but(_sees_everything),
    "ticks no indicator": _but(_sees_nothing),
    **{f"calls every case {said}": one_verdict(said) for said in ELEMENTS_OF},
}


# --- without the key -----------------------------------------------------------------------------------


def at_random(random: Random) -> Officer:
    return _but(lambda question: _random(question, random))


def by_length(random: Random, language: str, *, longest: bool) -> Officer:
    """Choose the longest (or shortest) option, the longer (or shorter) half where many are chosen; the rest at random."""

    def change(question: Question) -> Value:
        match question:
            case VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
                return ranked(question)[0]
            case IndicatorsQuestion():
                return sorted(ranked(question)[: len(question.options) // 2])
            case ActionsQuestion():
                half = len(question.options) // 2
                return {code: SIDES[place >= half] for place, code in enumerate(ranked(question))}
            case ElementsQuestion() | MatchQuestion() | OrderQuestion():
                return _random(question, random)
            case _:
                assert_never(question)

    def ranked(
        question: VerdictQuestion | ChoiceQuestion | BranchQuestion | IndicatorsQuestion | ActionsQuestion,
    ) -> list[str]:
        options = [
            (len(option.text.read_in(language)), random.random(), option.code) for option in question.options
        ]
        return [code for _length, _chance, code in sorted(options, reverse=longest)]

    return _but(change)


def _random(question: Question, random: Random) -> Value:
    match question:
        case VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            return random.choice(question.options).code
        case IndicatorsQuestion():
            return sorted(option.code for option in question.options if random.random() < 0.5)
        case ActionsQuestion():
            return {option.code: random.choice(SIDES) for option in question.options}
        case ElementsQuestion():
            return {element.code: random.choice(ELEMENT_STATES) for element in question.elements}
        case MatchQuestion():
            return {s.code: random.choice([*question.indicators, NONE]) for s in question.statements}
        case OrderQuestion():
            places = list(range(1, len(question.items) + 1))
            random.shuffle(places)
            return {item.code: str(place) for item, place in zip(question.items, places, strict=True)}
        case _:
            assert_never(question)


# --- who knows, and slips ------------------------------------------------------------------------------


def careful(random: Random, right: float, right_where_critical: float) -> Officer:
    """Right on so many lines; slips are independent of each other, and rarer where a critical error stands."""

    def slips(critical: bool) -> bool:
        return random.random() >= (right_where_critical if critical else right)

    return _but(lambda question: _with_slips(question, slips, random))


def _with_slips(question: Question, slips: Callable[[bool], bool], random: Random) -> Value:
    match question:
        case VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            if slips(any(option.critical for option in question.options)):
                return random.choice([option.code for option in question.options if not option.right])
            return best_answer(question)
        case IndicatorsQuestion():
            return sorted(option.code for option in question.options if option.right != slips(False))
        case ActionsQuestion():
            return {
                option.code: _other(option.right) if slips(option.critical is not None) else option.right
                for option in question.options
            }
        case ElementsQuestion():
            return {
                element.code: random.choice([s for s in ELEMENT_STATES if s != element.right])
                if slips(False)
                else element.right
                for element in question.elements
            }
        case MatchQuestion():
            return {
                s.code: random.choice([c for c in (*question.indicators, NONE) if c != s.right])
                if slips(False)
                else s.right
                for s in question.statements
            }
        case OrderQuestion():
            places = list(range(1, len(question.items) + 1))
            for place, (first, then) in enumerate(pairwise(places.copy())):
                if slips(False):
                    places[place], places[place + 1] = then, first
            return {item.code: str(place) for item, place in zip(question.items, places, strict=True)}
        case _:
            assert_never(question)


def _other(side: str) -> str:
    return SIDES[1 - SIDES.index(side)]


# --- the table -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """An officer's exams, and how many of them were passed."""

    officer: str
    exams: int
    passed: int

    @property
    def share(self) -> float:
        return self.passed / self.exams if self.exams else 0.0


def tried(officer: str, exams: Iterable[Exam], answering: Officer, rules: Mapping[str, Any]) -> Trial:
    results = [passes(exam, answering, rules) for exam in exams]
    return Trial(officer, len(results), sum(results))
