"""Texts of the files with their place, and the words and sentences in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assessments.content_parts import TranslatedText
from locales.languages import LANGUAGES

from .. import schema
from ..files import FileProblem
from ..reading import Curriculum

TAG = re.compile(r"<[^>]*>")
PLACEHOLDER = re.compile(r"\{[^}]*\}")
WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*")
NEW_LINE = re.compile(r"</?(?:li|ul|ol)>|\n\n")
SENTENCE_END = re.compile(r"(?<=[.!?…])[»”“’)]*\s+(?=[«“„(–—-]*\s?[A-ZƏİÖÜĞŞÇА-ЯЁ0-9])")
ONE_LETTER = re.compile(r"(?:^|[\s«“„(])[^\W\d_]\.$")  # an initial ends no sentence: R. gəldi


@dataclass(frozen=True)
class TextPlace:
    """One text in three languages; `written` has its markup."""

    place: schema.Place
    written: dict[str, str]
    is_term: bool  # of the glossary: a name, no statement

    @property
    def file(self) -> str:
        return self.place.document.file

    @cached_property
    def plain(self) -> dict[str, str]:
        """The text without markup and placeholders."""
        return {
            language: PLACEHOLDER.sub(" ", TAG.sub("", NEW_LINE.sub("\n", text)))
            for language, text in self.written.items()
        }

    def problem(self, message: str, *field: str) -> FileProblem:
        return self.place.problem(message, *field)


def passages_of(curriculum: Curriculum) -> list[TextPlace]:
    return [
        TextPlace(
            place,
            {language: getattr(entry, language) for language in LANGUAGES},
            isinstance(entry, schema.TermEntry),
        )
        for entry, place in curriculum.entries
        if isinstance(entry, schema.TextEntry | schema.TermEntry | TranslatedText)
    ]


def words_of(text: str) -> list[str]:
    return WORD.findall(text)


def lowered(text: str, language: str) -> str:
    """Return the text in lower case; Azerbaijani has I ı and İ i."""
    return (text.replace("I", "ı").replace("İ", "i") if language == "az" else text).lower()


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences of a plain text; a line of its own ends one."""
    for line in text.split("\n"):
        begun = ""
        for part in SENTENCE_END.split(line):
            begun = f"{begun} {part}".strip()
            if not ONE_LETTER.search(begun):
                yield begun
                begun = ""
        if begun:
            yield begun
