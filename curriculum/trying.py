"""Every exam that the files can draw, answered by officers with a habit. Pure; touches no database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from random import Random
from typing import Any

from assessments.blueprints import BlueprintRules
from assessments.content import Content
from assessments.drawing import possible_sets
from assessments.marking import QuestionMark, mark_case
from assessments.passing import verdict_of
from assessments.simulated_officers import (
    ELEMENTS_OF,
    HABITS,
    Exam,
    Officer,
    Trial,
    at_random,
    by_key,
    by_length,
    careful,
    leaves_blank,
    one_verdict,
    right_verdict,
    tried,
)
from locales.languages import LANGUAGES

from .checks_cases import content_of, words_of
from .reading import Curriculum
from .schema import BlueprintEntry
from .wording import acts_of, by_wording

BY_CHANCE = 0.01  # of the exams of whoever does not know the key, fewer may be passed
ALIKE = 0.85  # of two sittings of a careful officer, so many must end alike
LINES, CRITICAL_LINES = 0.95, 0.99  # what a careful officer gets right
CAREFUL = 0.9  # of a careful officer's exams, so many must be passed: one that all fail ends alike, too
SITTINGS, COMBINED = 400, 4000  # a careful officer's of each case, and exams put together from them
BY_WORDING = (
    1 / 3
)  # of the exams of who knows all but the acts, and goes by their wording, no more may be passed

# Acts towards people: talks apart, screens, refers (a child too), tells rights. Records and preparation are not of them.
REFERRING_ASKING_TELLING = frozenset(
    {
        *("FND-03", "FND-07", "FND-08", "FND-09", "FND-10"),
        *("LAB-06", "LAB-07", "LAB-09", "LAB-10", "LAB-11", "LAB-12"),
        *("POL-06", "POL-07", "POL-08", "POL-09"),
        *("MIG-02", "MIG-03", "MIG-06", "MIG-08", "MIG-10"),
        *("SHE-01", "SHE-02", "SHE-05", "SHE-08", "SHE-09"),
    }
)
ALL_HABITS: dict[str, Officer] = {
    **HABITS,
    "leaves referral, asking, telling blank": leaves_blank(
        lambda option: option.competence in REFERRING_ASKING_TELLING
    ),
}


def exams_of(entry: BlueprintEntry, curriculum: Curriculum) -> list[Exam]:
    """Return every set of cases that the blueprint can draw, each in one order."""
    rules = BlueprintRules.model_validate(rules_of(entry))
    outcomes = {family.code: family.outcome for family in curriculum.families}
    words = words_of(curriculum)
    cases: dict[str, list[Content]] = {}
    for scenario in curriculum.scenarios:
        if scenario.family in rules.families:
            cases.setdefault(scenario.family, []).append(content_of(curriculum, scenario, words))
    sets = possible_sets(rules.pools, outcomes, rules.outcomes)
    return [exam for families in sets for exam in product(*(cases.get(family, []) for family in families))]


def rules_of(entry: BlueprintEntry) -> dict[str, Any]:
    return entry.model_dump(by_alias=True, exclude={"code", "use", "title"})


@dataclass(frozen=True)
class Report:
    """`faults`: in words, what an exam must not do; empty where it tells who knows from who does not."""

    exams: int
    key: Trial
    habits: list[Trial]
    guesses: list[Trial]
    wordings: list[Trial]
    careful: Trial
    alike: float
    faults: list[str]

    @property
    def trials(self) -> list[Trial]:
        return [self.key, *self.habits, *self.guesses, *self.wordings, self.careful]


def report_of(entry: BlueprintEntry, curriculum: Curriculum, draws: int, random: Random) -> Report:
    """`draws`: of exams for each officer who answers by chance."""
    exams, rules = exams_of(entry, curriculum), rules_of(entry)
    key = with_key(exams, rules)
    habits = list(with_habits(exams, rules))
    guesses = list(without_key(exams, rules, draws, random))
    wordings = list(with_wording(exams, rules, curriculum))
    careful_officer, alike = sittings_alike(exams, rules, random)
    faults = ["no exam can be drawn"] if not exams else []
    faults += [f"{key.officer}: fails {key.exams - key.passed}"] if key.passed < key.exams else []
    faults += [f"{trial.officer}: passes {trial.passed} of {trial.exams}" for trial in habits if trial.passed]
    faults += [f"{trial.officer}: passes {trial.share:.1%}" for trial in guesses if trial.share >= BY_CHANCE]
    read = [trial for trial in wordings if trial.share > BY_WORDING]
    faults += [f"{trial.officer}: passes {trial.passed} of {trial.exams}" for trial in read]
    faults += [f"two sittings end alike in {alike:.0%}"] if alike < ALIKE else []
    careless = careful_officer.share < CAREFUL
    faults += [f"careful officer: passes only {careful_officer.share:.0%}"] if careless else []
    return Report(len(exams), key, habits, guesses, wordings, careful_officer, alike, faults)


@dataclass(frozen=True)
class _Answered:
    """A case as an officer without chance answers it: the same in every exam."""

    marks: list[QuestionMark]
    by_habit: bool  # otherwise than by the key


def _answered(officer: Officer, exams: Sequence[Exam]) -> dict[str, _Answered]:
    cases = {case.code: case for exam in exams for case in exam}
    answers = {code: officer(case, 0) for code, case in cases.items()}
    return {
        code: _Answered(mark_case(case, answers[code]), answers[code] != by_key(case))
        for code, case in cases.items()
    }


def _tried(name: str, exams: Iterable[Sequence[_Answered]], rules: Mapping[str, Any]) -> Trial:
    results = [verdict_of([case.marks for case in exam], rules).passed for exam in exams]
    return Trial(name, len(results), sum(results))


def with_key(exams: Sequence[Exam], rules: Mapping[str, Any]) -> Trial:
    """The officer who knows: must pass every exam."""
    answered = _answered(by_key, exams)
    return _tried("by the key", ([answered[case.code] for case in exam] for exam in exams), rules)


def with_habits(exams: Sequence[Exam], rules: Mapping[str, Any]) -> Iterator[Trial]:
    """By the key but for one habit: must pass none. An exam in which the habit happens to be right is left out."""
    for name, officer in ALL_HABITS.items():
        answered = _answered(officer, exams)
        shown = [[answered[case.code] for case in exam] for exam in exams]
        yield _tried(name, [exam for exam in shown if any(case.by_habit for case in exam)], rules)
    yield _by_place(exams, rules)


def _by_place(exams: Sequence[Exam], rules: Mapping[str, Any]) -> Trial:
    """The verdicts of one exam, in their order, said in every other, each of its orders; the worst sequence counts."""
    orders = [order for exam in exams for order in permutations(exam)]
    answered = {verdict: _answered(one_verdict(verdict), exams) for verdict in ELEMENTS_OF}
    worst = Trial("verdict by its place", 0, 0)
    for sequence in {tuple(right_verdict(case) or "none" for case in order) for order in orders}:
        shown = [
            [answered[verdict][case.code] for case, verdict in zip(order, sequence, strict=True)]
            for order in orders
        ]
        trial = _tried(worst.officer, [exam for exam in shown if any(case.by_habit for case in exam)], rules)
        worst = max(worst, trial, key=lambda each: (each.passed, each.exams))
    return worst


def without_key(
    exams: Sequence[Exam], rules: Mapping[str, Any], draws: int, random: Random
) -> Iterator[Trial]:
    """Without the key: at random, or by the length of options in one language."""
    drawn = [random.choice(exams) for _number in range(draws)] if exams else []
    yield tried("at random", drawn, at_random(random), rules)
    for language in LANGUAGES:
        for longest in (True, False):
            name = f"{'longest' if longest else 'shortest'} option ({language})"
            yield tried(name, drawn, by_length(random, language, longest=longest), rules)


def with_wording(exams: Sequence[Exam], rules: Mapping[str, Any], curriculum: Curriculum) -> Iterator[Trial]:
    """By the key but for acts, which are judged by their wording in one language."""
    for language in LANGUAGES:
        answered = _answered(by_wording(acts_of(curriculum, language)), exams)
        shown = ([answered[case.code] for case in exam] for exam in exams)
        yield _tried(f"acts by their wording ({language})", shown, rules)


def sittings_alike(exams: Sequence[Exam], rules: Mapping[str, Any], random: Random) -> tuple[Trial, float]:
    """A careful officer, and in which share of two sittings they would be judged alike.

    Each case is answered many times, and exams are put together from these answers: chance then moves the share by less
    than one in a hundred.
    """
    officer = careful(random, LINES, CRITICAL_LINES)
    cases = {case.code: case for exam in exams for case in exam}
    sittings = {
        code: [mark_case(case, officer(case, 0)) for _number in range(SITTINGS)]
        for code, case in cases.items()
    }
    drawn = [random.choice(exams) for _number in range(COMBINED)] if exams else []
    passed = sum(
        verdict_of([random.choice(sittings[case.code]) for case in exam], rules).passed for exam in drawn
    )
    trial = Trial("careful officer", len(drawn), passed)
    return trial, trial.share**2 + (1 - trial.share) ** 2
