"""Passages of a text that are options of a question: where they begin and end in one language."""

from collections.abc import Sequence
from dataclasses import dataclass

from locales.text import unbroken

from .content import CaseStage
from .content_parts import TranslatedText
from .exhibits import Exhibit
from .questions import IndicatorOption, IndicatorsQuestion


@dataclass(frozen=True)
class Passage:
    """A piece of a text; `code` of the option that it is, or empty."""

    text: str
    code: str = ""


def question_in(stage: CaseStage, exhibit: Exhibit) -> IndicatorsQuestion | None:
    """The question that is answered by marking this exhibit."""
    return next(
        (
            question
            for question in stage.questions
            if isinstance(question, IndicatorsQuestion) and question.exhibit == exhibit.code
        ),
        None,
    )


def split(text: TranslatedText, options: Sequence[IndicatorOption], language: str) -> tuple[Passage, ...]:
    """The text in pieces, in order; together they are the whole text."""
    written = text.written_in(language)
    found = [
        (written.find(words := option.text.written_in(language)), words, option.code) for option in options
    ]
    pieces, here = [], 0
    for start, words, code in sorted(found):
        if start >= here:
            pieces += [Passage(unbroken(written[here:start])), Passage(unbroken(words), code)]
            here = start + len(words)
    pieces.append(Passage(unbroken(written[here:])))
    return tuple(piece for piece in pieces if piece.text)
