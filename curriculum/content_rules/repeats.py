"""An exam is new: no eight words in a row that a lesson, a practice case or another family has said.

What only says how every case is asked is not compared: briefing, warning, prompts. A name counts as one word: terms
of the glossary, names of sources; so does what stands in brackets about an indicator, (CD14, medium).
"""

import re
from collections.abc import Iterable, Iterator

from locales.languages import LANGUAGES

from ..files import FileProblem
from ..reading import Curriculum
from .passages import TextPlace, lowered, words_of

IN_A_ROW = 8
SAME_IN_EVERY_CASE = {"briefing", "content_note", "prompt"}
CITATION = re.compile(r"\([^()]*\b[A-Z]{1,4}-?\d[^()]*\)")

type Words = tuple[str, ...]
type Owner = tuple[str, str]  # lesson, practice or exam; which: all courses are one


def repeat_problems(curriculum: Curriculum, passages: Iterable[TextPlace]) -> Iterator[FileProblem]:
    owners = _owners(curriculum)
    compared = [
        (owners[passage.file], passage)
        for passage in passages
        if passage.file in owners and not SAME_IN_EVERY_CASE.intersection(passage.place.steps)
    ]
    for language in LANGUAGES:
        yield from _repeats(compared, language, _names(curriculum, language))


def _owners(curriculum: Curriculum) -> dict[str, Owner]:
    """Return whose words a file holds; files of standards are everybody's."""
    uses = {family.code: family.use for family in curriculum.families}
    owners = {curriculum.places[id(course)].document.file: ("lesson", "") for course in curriculum.courses}
    for scenario in curriculum.scenarios:
        use = uses.get(scenario.family, "exam")
        owners[curriculum.places[id(scenario)].document.file] = (use, scenario.family)
    return owners


def _names(curriculum: Curriculum, language: str) -> re.Pattern[str]:
    names = {getattr(term, language) for term in curriculum.terms}
    names |= {getattr(source.instrument, language) for source in curriculum.legal_sources}
    several = sorted((lowered(name, language) for name in names if " " in name), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, several)) or "(?!)")


def _repeats(
    compared: Iterable[tuple[Owner, TextPlace]], language: str, names: re.Pattern[str]
) -> Iterator[FileProblem]:
    said: dict[Words, dict[Owner, list[TextPlace]]] = {}
    for owner, passage in compared:
        for words in _in_a_row(passage.plain[language], language, names):
            said.setdefault(words, {}).setdefault(owner, []).append(passage)
    told: set[tuple[int, int]] = set()
    for words, places in said.items():
        exams = [owner for owner in places if owner[0] == "exam"]
        others = [places[owner][0] for owner in places if exams and owner != exams[-1]]
        for other in others:
            for passage in places[exams[-1]]:
                if (pair := (id(passage), id(other))) not in told:
                    told.add(pair)
                    message = (
                        f"“{' '.join(words)}” stands in {_where(other)} too: say it otherwise in one of them"
                    )
                    yield passage.problem(message, language)


def _where(passage: TextPlace) -> str:
    return str(passage.problem("")).partition(", scenario")[0].partition(", course.")[0]


def _in_a_row(text: str, language: str, names: re.Pattern[str]) -> Iterator[Words]:
    whole = CITATION.sub(" citation ", text)
    words = words_of(names.sub(" name ", lowered(whole, language)))
    for start in range(len(words) - IN_A_ROW + 1):
        yield tuple(words[start : start + IN_A_ROW])
