"""After practice: what was seen, missed or seen wrongly, in groups and in the materials; where decisions led."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from .answers import Value
from .content import CaseStage
from .content_parts import TranslatedText
from .exhibits import Exhibit, MessagesExhibit, letter_of, texts_to_mark
from .feedback_lines import Judgement, OptionFeedback, judged
from .passages import question_in, split
from .questions import BranchQuestion

# by judgement: the name of its line in the style sheet, and the word beside it
SEEN_WORDS: dict[str, tuple[str, StrOrPromise]] = {
    Judgement.FOUND: ("found", pgettext_lazy("mark", "found")),
    Judgement.MISSED: ("miss", pgettext_lazy("mark", "missed")),
    Judgement.WRONG: ("wrong", pgettext_lazy("mark", "wrong")),
}


@dataclass(frozen=True)
class SeenLine:
    """A line of a group; `letter` of the exhibit that it quotes, or empty."""

    letter: str
    line: OptionFeedback


@dataclass(frozen=True)
class Seen:
    """`wrong`: ticked, and no indicator. `paired`: facts that were matched with something else than their indicator."""

    found: tuple[SeenLine, ...]
    missed: tuple[SeenLine, ...]
    wrong: tuple[SeenLine, ...]
    paired: tuple[SeenLine, ...]


@dataclass(frozen=True)
class SeenPassage:
    text: str
    judgement: str  # of a passage that could be marked; empty between them, or where it was rightly left


@dataclass(frozen=True)
class SeenText:
    """A paragraph, or a message of somebody."""

    pieces: tuple[SeenPassage, ...]
    who: str = ""
    mine: bool = False


@dataclass(frozen=True)
class MarkedExhibit:
    letter: str
    title: str
    talk: bool  # messages
    texts: tuple[SeenText, ...]


@dataclass(frozen=True)
class Way:
    """An option of a decision, and where it led or would have led."""

    text: str
    reason: str
    chosen: bool
    right: bool


def letters_of(stages: Iterable[CaseStage]) -> dict[str, str]:
    """Letters of the exhibits on a way, by code, as its pages gave them."""
    codes = [exhibit.code for stage in stages for exhibit in stage.exhibits]
    return {code: letter_of(place) for place, code in enumerate(codes)}


def groups_of(ticked: Sequence[SeenLine], matched: Sequence[SeenLine]) -> Seen:
    """Lines of what was ticked as an indicator and of what was matched with one, in four groups.

    What was rightly left, or rightly matched with none, is in no group.
    """

    def of(judgement: Judgement) -> tuple[SeenLine, ...]:
        each = (seen for seen in (*ticked, *matched) if seen.line.judgement == judgement)
        return tuple(seen for seen in each if seen.line.indicator)

    def wrong(lines: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
        return tuple(seen for seen in lines if seen.line.judgement == Judgement.WRONG)

    return Seen(of(Judgement.FOUND), of(Judgement.MISSED), wrong(ticked), wrong(matched))


def marked_exhibits(
    stage: CaseStage, answers: Mapping[str, Value], letters: Mapping[str, str], language: str
) -> list[MarkedExhibit]:
    """The exhibits of a stage in which passages were to be marked, with the marks and the key."""
    return [
        _marked(stage, exhibit, answers, letters[exhibit.code], language)
        for exhibit in stage.exhibits
        if question_in(stage, exhibit) is not None
    ]


def _marked(
    stage: CaseStage, exhibit: Exhibit, answers: Mapping[str, Value], letter: str, language: str
) -> MarkedExhibit:
    asked = question_in(stage, exhibit)
    options = asked.options if asked else ()
    chosen = answers.get(asked.code) if asked else None
    ticked = set(chosen) if isinstance(chosen, list) else set()
    judgements = {option.code: judged(right=option.right, chosen=option.code in ticked) for option in options}

    def pieces(text: TranslatedText) -> tuple[SeenPassage, ...]:
        found = split(text, options, language)
        return tuple(SeenPassage(each.text, judgements.get(each.code, "")) for each in found)

    if isinstance(exhibit, MessagesExhibit):
        texts = tuple(
            SeenText(pieces(message.text), message.who.read_in(language), message.mine)
            for message in exhibit.body.messages
        )
    else:
        texts = tuple(SeenText(pieces(text)) for text in texts_to_mark(exhibit))
    return MarkedExhibit(
        letter=letter,
        title=exhibit.title.read_in(language),
        talk=isinstance(exhibit, MessagesExhibit),
        texts=texts,
    )


def ways_of(question: BranchQuestion, value: Value, language: str) -> tuple[Way, ...]:
    """All ways of a decision: the one taken, then the right one, then the others."""
    ways = [
        Way(
            text=option.text.read_in(language),
            reason=option.reason.read_in(language),
            chosen=option.code == value,
            right=option.right,
        )
        for option in question.options
    ]
    return tuple(sorted(ways, key=lambda way: (not way.chosen, not way.right)))
