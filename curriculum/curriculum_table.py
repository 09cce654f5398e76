"""The table that ends `check_curriculum`: what there is of each course, and in which words."""

from collections.abc import Iterator, Sequence
from statistics import mean

from locales.languages import LANGUAGES

from . import schema
from .content_rules.exams import course_exams, errors_met
from .content_rules.lessons import checks_of
from .content_rules.passages import TextPlace, passages_of, sentences_of, words_of
from .reading import Curriculum
from .review import WHATS, review_of, told_of

COLUMNS = (
    "course", "role", "lessons", "checks", "minutes", "exam families (positive/open/negative)", "practice",
    "errors treated/met", "words az/en/ru", "words a sentence (az)", "confirmed",
)  # fmt: skip


def overview(curriculum: Curriculum) -> Iterator[str]:
    """Yield the lines of the table, columns by `|`."""
    passages = passages_of(curriculum)
    exams = {exam.course.code: exam for exam in course_exams(curriculum)}
    yield " | ".join(COLUMNS)
    for course in curriculum.courses:
        exam = exams.get(course.code)
        cases = [*exam.cases, *exam.practices] if exam else []
        files = {curriculum.places[id(entry)].document.file for entry in (course, *cases)}
        treated = {code for lesson in course.lessons for code in lesson.critical_errors}
        review = review_of(curriculum, course)
        row = (
            course.code,
            (exam.role or "everybody") if exam else "no exam yet",
            len(course.lessons),
            len(checks_of(course.lessons)),
            sum(lesson.minutes for lesson in course.lessons),
            _outcomes(exam.families) if exam else "–",
            len({case.family for case in exam.practices}) if exam else "–",
            f"{len(treated)}/{len(errors_met(cases))}",
            *_words([passage for passage in passages if passage.file in files]),
            ", ".join(told_of(curriculum, review, what) for what in WHATS),
        )
        yield " | ".join(map(str, row))


def _outcomes(families: Sequence[schema.FamilyEntry]) -> str:
    outcomes = [family.outcome for family in families]
    return "/".join(str(outcomes.count(outcome)) for outcome in ("positive", "open", "negative"))


def _words(passages: Sequence[TextPlace]) -> tuple[str, str]:
    counts = [sum(len(words_of(passage.plain[language])) for passage in passages) for language in LANGUAGES]
    lengths = [
        len(words_of(sentence)) for passage in passages for sentence in sentences_of(passage.plain["az"])
    ]
    return "/".join(map(str, counts)), f"{mean(filter(None, lengths)):.1f}, longest {max(lengths)}"
