"""Each language as it is written: its letters, its quotation marks, nothing of another, a length that can be true."""

import re
from collections.abc import Iterable, Iterator

from locales.languages import LANGUAGES

from ..files import FileProblem
from .passages import TextPlace, words_of

QUOTES = {"az": ("«»", "“”"), "en": ("“”", "‘’"), "ru": ("«»", "„“")}  # outer, within
ANY_QUOTE = re.compile('["“”„«»‹›`]')
MARK = {language: re.compile(f"[{''.join(pairs)}]") for language, pairs in QUOTES.items()}
AZ_LETTERS = frozenset("abcçdeəfgğhxıijkqlmnoöprsştuüvyzwć")  # w and ć: in names of other languages
DOTLESS = re.compile(r"\bI(?=[a-zəıöüğşç]*?[eəiöü])[a-zəıöüğşç]+")  # İş, not Iş: vowels agree
WITHOUT_SCHWA = 90  # letters of Azerbaijani in which no ə stands are hardly Azerbaijani
TURKISH_APOSTROPHE = re.compile(r"[^\W\d_]['’][^\W\d_]")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
FOREIGN = {
    "az": re.compile(r"\b(?:the|and|of|is|are|with|not|you|they)\b"),
    "en": re.compile(r"\b(?:və|bu|ilə|üçün|olan|olur|deyil)\b|\b\w*[əğışİ]\w*"),
    "ru": re.compile(r"(?<![\w@./:-])[a-z]{3,}(?![\w@/:-]|\.\w)|\w*[іїєґ]\w*"),
}
TWICE, AND = 1.6, 25  # a text is at most 1.6 times as long as the shortest of the three, and 25 letters


def language_problems(passages: Iterable[TextPlace]) -> Iterator[FileProblem]:
    for passage in passages:
        for language in LANGUAGES:
            text = passage.plain[language]
            told = [*_mixed(text, language), *([] if _is_a_part(passage) else _quotes(text, language))]
            for message in told:
                yield passage.problem(message, language)
        for message in _azerbaijani(passage.plain["az"]):
            yield passage.problem(message, "az")
        yield from _together(passage)


def _is_a_part(passage: TextPlace) -> bool:
    """Return whether the text may be a passage of an exhibit, cut out of its quotation marks."""
    steps = passage.place.steps
    return steps[-1:] == ("text",) and steps[-3:-2] in (("options",), ("statements",), ("facts",))


def _quotes(text: str, language: str) -> Iterator[str]:
    (outer, inner) = QUOTES[language]
    for mark in set(ANY_QUOTE.findall(text)) - set(outer + inner):
        yield f"{mark} is no quotation mark of {language}: {outer[0]}…{outer[1]}, within it {inner[0]}…{inner[1]}"
    open_marks: list[str] = []
    for mark in MARK[language].findall(text):
        closed = outer if mark == outer[1] else inner if mark == inner[1] else None
        if mark == "’" and (not open_marks or open_marks[-1] != "‘"):
            continue  # an apostrophe
        if closed is None or (mark == inner[0] and not (open_marks and open_marks[-1] == inner[0])):
            open_marks.append(mark)
            if mark == inner[0] and len(open_marks) == 1:
                yield f"{inner[0]}…{inner[1]} stands only within {outer[0]}…{outer[1]}"
        elif not open_marks or open_marks.pop() != closed[0]:
            yield f"{mark} closes nothing"
            return
    if open_marks:
        yield f"{open_marks[-1]} is not closed"


def _azerbaijani(text: str) -> Iterator[str]:
    letters = [letter for letter in text.replace("İ", "i").replace("I", "ı").lower() if letter.isalpha()]
    if strange := sorted(set(letters) - AZ_LETTERS):
        yield f"{', '.join(strange)}: no letter of Azerbaijani (look-alikes of ə and i are usual)"
    if len(letters) >= WITHOUT_SCHWA and "ə" not in letters:
        yield f"{len(letters)} letters without ə: is it written with its own letters?"
    if word := DOTLESS.search(text):
        yield f"“{word[0]}”: İ with its dot"
    if "\u0307" in text:
        yield "a dot stands by itself (U+0307): write i or İ as one letter"
    if word := TURKISH_APOSTROPHE.search(text):
        yield f"“{word[0]}”: Azerbaijani has no apostrophe before an ending"


def _mixed(text: str, language: str) -> Iterator[str]:
    has_letters = any(letter.isalpha() for letter in text)
    if has_letters and bool(CYRILLIC.search(text)) != (language == "ru") and not _is_code(text):
        yield f"not written in the script of {language}"
    elif word := FOREIGN[language].search(text):
        yield f"“{word[0]}” is of another language"


def _is_code(text: str) -> bool:
    return not any(letter.islower() for letter in text) and any(letter.isdigit() for letter in text)


def _together(passage: TextPlace) -> Iterator[FileProblem]:
    if len(words_of(passage.plain["az"])) > 2 and passage.plain["az"] == passage.plain["en"]:
        if any(letter.isalpha() for letter in passage.plain["az"].replace("m²", "")):
            yield passage.problem("the same in az and en: one is not translated", "en")
    if passage.is_term or "instrument" in passage.place.steps or passage.place.steps[-1:] == ("name",):
        return
    lengths = {language: len(passage.plain[language]) for language in LANGUAGES}
    longest = max(lengths, key=lambda language: lengths[language])
    if lengths[longest] > TWICE * min(lengths.values()) + AND:
        told = ", ".join(f"{language} {length}" for language, length in lengths.items())
        yield passage.problem(f"letters: {told}; do the three say the same?", longest)
