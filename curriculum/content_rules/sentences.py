"""Azerbaijani that is read once: sentences of a length that is understood, and minutes that are true."""

from collections.abc import Iterable, Iterator
from statistics import mean

from ..files import FileProblem
from ..reading import Curriculum
from .passages import TextPlace, sentences_of, words_of

LONGEST = 35  # words of a sentence
MEAN = 16  # of a file, below
WORDS_A_MINUTE = 80
APART = 0.25  # of the minutes that words and checks take


def sentence_problems(passages: Iterable[TextPlace]) -> Iterator[FileProblem]:
    lengths: dict[str, list[int]] = {}
    first: dict[str, TextPlace] = {}
    for passage in passages:
        for sentence in sentences_of(passage.plain["az"]):
            if not (length := len(words_of(sentence))):
                continue
            lengths.setdefault(passage.file, []).append(length)
            first.setdefault(passage.file, passage)
            if length > LONGEST:
                message = f"a sentence of {length} words (most: {LONGEST}): make two of “{sentence[:60]}…”"
                yield passage.problem(message, "az")
    for file, counts in lengths.items():
        if (average := mean(counts)) >= MEAN:
            message = f"sentences of this file have {average:.1f} words on average: stay below {MEAN}"
            yield first[file].problem(message, "az")


def minute_problems(curriculum: Curriculum, passages: Iterable[TextPlace]) -> Iterator[FileProblem]:
    """A lesson takes its Azerbaijani words by 80 a minute, and a minute for each check."""
    words = words_of_lessons(passages)
    for course in curriculum.courses:
        for lesson in course.lessons:
            place = curriculum.places[id(lesson)]
            count = words.get((place.document.file, place.steps), 0)
            checks = sum(block.check is not None for block in lesson.body)
            needed = count / WORDS_A_MINUTE + checks
            if abs(lesson.minutes - needed) > APART * needed:
                message = (
                    f"{count} words in az and {checks} checks take {needed:.0f} minutes: write {needed:.0f}"
                )
                yield place.problem(message, "minutes")


def words_of_lessons(
    passages: Iterable[TextPlace], language: str = "az"
) -> dict[tuple[str, tuple[str | int, ...]], int]:
    """Return the number of words of each lesson by its file and the steps to it."""
    counts: dict[tuple[str, tuple[str | int, ...]], int] = {}
    for passage in passages:
        steps = passage.place.steps
        if steps[:1] == ("course",) and "pages" in steps:
            lesson = (passage.file, steps[: steps.index("pages") + 2])
            counts[lesson] = counts.get(lesson, 0) + len(words_of(passage.plain[language]))
    return counts
