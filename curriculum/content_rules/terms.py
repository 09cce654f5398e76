"""Terms of the glossary that have one word in each language: what one language calls so, the others call so too."""

import re
from collections.abc import Iterable, Iterator

from ..files import FileProblem
from ..reading import Curriculum
from .passages import TextPlace, lowered, words_of

# Of the glossary, those that no text needs to say otherwise: victims by how sure one is, bodies, set expressions.
FIXED = (5, 6, 9, 28, 29, 34, 37, 50, 52, 62, 63, 64, 66, 67, 74, 79, 88, 89)
ENDING = {"az": 3, "ru": 3}  # letters at the end of a word that may change
BRACKETS = re.compile(r"\([^)]*\)")


def term_problems(curriculum: Curriculum, passages: Iterable[TextPlace]) -> Iterator[FileProblem]:
    fixed = [term for term in curriculum.terms if term.number in FIXED]
    stems = {
        (term.number, language): _stems(getattr(term, language), language)
        for term in fixed
        for language in ENDING
    }
    for passage in passages:
        if passage.is_term:
            continue
        english = lowered(passage.plain["en"], "en")
        for term in fixed:
            if lowered(term.en, "en") in english:
                for language in ENDING:
                    text = lowered(passage.plain[language], language)
                    if not all(stem in text for stem in stems[term.number, language]):
                        message = f"“{term.en}” is “{getattr(term, language)}” (glossary, term {term.number})"
                        yield passage.problem(message, language)


def _stems(term: str, language: str) -> list[str]:
    words = words_of(lowered(BRACKETS.sub("", term), language))
    return [word[: max(3, len(word) - ENDING[language])] for word in words if len(word) > 3]
