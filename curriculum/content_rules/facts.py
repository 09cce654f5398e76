"""Facts that three languages say alike, letter for letter: numbers, months, codes, figures, terms explained."""

import re
from collections.abc import Callable, Iterable, Iterator

from locales.languages import LANGUAGES

from ..files import FileProblem
from ..texts import figures_in, terms_in
from .passages import TextPlace

THOUSANDS = re.compile(r"(?<=\d)[\u0020\u00a0\u202f,](?=\d{3}(?!\d))")
FULL_HOUR = re.compile(r"\b(\d{1,2}):00\b")
NUMBER = re.compile(r"\d+")
CODE = re.compile(r"\b[A-Z]+\d*-?\d[\dA-Z]*(?:-\d+)*\b")
AMOUNT = re.compile(r"\d+\s*(?:manat|AZN|₼)|\b(?:152|919)\b", re.IGNORECASE)
MONTHS = {
    "az": "yanvar fevral mart aprel may(?:ı(?:n(?:da|dan)?)?|da(?:n|kı)?|adək)?\\b iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "en": "January February March April (?<=[a-z0-9,;]\\s)May\\b June July August September October November December",
    "ru": "январ феврал март апрел ма(?:й|я|е|ю|ем)\\b июн июл август сентябр октябр ноябр декабр",
}
MONTH_NAMES = {
    language: [re.compile(rf"\b{name}", 0 if language == "en" else re.IGNORECASE) for name in names.split()]
    for language, names in MONTHS.items()
}
OFFICIAL_NAMES = {"instrument"}  # of acts: each language has its own, with or without a year


def fact_problems(passages: Iterable[TextPlace]) -> Iterator[FileProblem]:
    for passage in passages:
        if not passage.is_term and not OFFICIAL_NAMES.intersection(passage.place.steps):
            for what, found in FACTS.items():
                yield from _different(passage, what, found)
        if passage.place.steps[:1] == ("course",):
            for language in LANGUAGES:
                if amount := AMOUNT.search(passage.plain[language]):
                    message = f"“{amount[0]}”: amounts and telephones come from figures, {{figure:code}}"
                    yield passage.problem(message, language)


def _different(
    passage: TextPlace, what: str, found: Callable[[TextPlace, str], set[str]]
) -> Iterator[FileProblem]:
    by_language = {language: found(passage, language) for language in LANGUAGES}
    everywhere = set.intersection(*by_language.values())
    if any(values != everywhere for values in by_language.values()):
        told = "; ".join(
            f"{language} {', '.join(sorted(values - everywhere)) or '–'}"
            for language, values in by_language.items()
        )
        yield passage.problem(f"{what} differ ({told}): write them alike in the three languages")


def numbers_in(text: str) -> set[str]:
    """Return whole numbers in figures: 2 000, 2,000 and 2000 are one, so are 7:00 and 7."""
    joined = FULL_HOUR.sub(r"\1", THOUSANDS.sub("", text))
    return {str(int(number)) for number in NUMBER.findall(joined)}


def _months(passage: TextPlace, language: str) -> set[str]:
    text = passage.plain[language]
    return {str(number) for number, name in enumerate(MONTH_NAMES[language], 1) if name.search(text)}


FACTS: dict[str, Callable[[TextPlace, str], set[str]]] = {
    "numbers": lambda passage, language: numbers_in(passage.plain[language]),
    "months": _months,
    "codes": lambda passage, language: set(CODE.findall(passage.plain[language])),
    "figures": lambda passage, language: set(figures_in(passage.written[language])),
    "terms explained": lambda passage, language: set(terms_in(passage.written[language])),
}
