"""A reader of letters, who knows nothing of the field, judges the acts of exam cases: so far wording gives them away.

The reader has seen which acts were right in every other exam case and goes by the beginnings of words (naive Bayes,
each word counted once more than it was met). Pure; touches no database.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log

from assessments.answers import Value
from assessments.content import Content
from assessments.questions import ActionsQuestion, Side
from assessments.simulated_officers import Officer, by_key

from .content_rules.passages import lowered, words_of
from .reading import Curriculum

LETTERS = 5  # of a word: endings fall away
CEILING = 0.65  # of the acts, in each language, no more may be known by their wording; half is chance


@dataclass(frozen=True)
class ActLine:
    """A line of an exam case as the reader meets it."""

    case: str
    code: str
    right: Side
    beginnings: frozenset[str]


def acts_of(curriculum: Curriculum, language: str) -> list[ActLine]:
    """Return the lines of acts of all exam cases in one language."""
    exams = {family.code for family in curriculum.families if family.use == "exam"}
    return [
        ActLine(case.code, option.code, option.right, _beginnings(option.text.read_in(language), language))
        for case in curriculum.scenarios
        if case.family in exams
        for question in case.questions()
        if isinstance(question, ActionsQuestion)
        for option in question.options
    ]


def _beginnings(text: str, language: str) -> frozenset[str]:
    return frozenset(word[:LETTERS] for word in words_of(lowered(text, language)))


def guessed(acts: Sequence[ActLine]) -> dict[str, Side]:
    """Return by code what the reader takes each act for; each case is judged by the keys of the others."""
    found: dict[str, Side] = {}
    for case in {act.case for act in acts}:
        met: dict[Side, Counter[str]] = {"do": Counter(), "do-not": Counter()}
        lines: Counter[Side] = Counter()
        for act in acts:
            if act.case != case:
                met[act.right].update(act.beginnings)
                lines[act.right] += 1
        found |= {act.code: _judged(act, met, lines) for act in acts if act.case == case}
    return found


def _judged(act: ActLine, met: Mapping[Side, Counter[str]], lines: Mapping[Side, int]) -> Side:
    known = [word for word in act.beginnings if met["do"][word] or met["do-not"][word]]

    def weight(side: Side) -> float:
        return fsum(
            [log(lines[side] + 1), *(log((met[side][word] + 1) / (lines[side] + 2)) for word in known)]
        )

    return "do" if weight("do") > weight("do-not") else "do-not"


def known_by_wording(acts: Sequence[ActLine]) -> float:
    """Return the share of acts that the reader gets right; 0 where there are none."""
    guesses = guessed(acts)
    return sum(guesses[act.code] == act.right for act in acts) / len(acts) if acts else 0.0


def by_wording(acts: Sequence[ActLine]) -> Officer:
    """By the key, but acts as the reader of letters takes them."""
    guesses = guessed(acts)

    def answers(content: Content, place: int) -> dict[str, Value]:
        read: dict[str, Value] = {
            question.code: {option.code: guesses[option.code] for option in question.options}
            for question in content.questions()
            if isinstance(question, ActionsQuestion)
        }
        return by_key(content) | read

    return answers
