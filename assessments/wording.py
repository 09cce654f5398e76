"""Words: of elements, states and sides in the interface; frozen ones of a case in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from standards.models import Indicator

from .content import CriticalErrorWords, IndicatorWords, SourceWords

ELEMENT_WORDS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "act": (_("Act"), _("recruiting, transporting, receiving, harbouring")),
    "means": (_("Means"), _("deception, threat, force, abuse of vulnerability")),
    "purpose": (_("Purpose"), _("forced labour or other exploitation")),
}
STATE_WORDS: dict[str, StrOrPromise] = {
    "present": _("Present"),
    "absent": _("Absent"),
    "not-needed": _("Not required"),
    "unknown": _("Not known yet"),
}
SIDE_WORDS: dict[str, StrOrPromise] = {"do": _("I do"), "do-not": _("I do not")}


class Words(Protocol):
    """Words for explanations, by code: of a frozen case, or of a lesson."""

    @property
    def indicators(self) -> Mapping[str, IndicatorWords]: ...
    @property
    def critical_errors(self) -> Mapping[str, CriticalErrorWords]: ...
    @property
    def sources(self) -> Mapping[str, SourceWords]: ...


@dataclass(frozen=True)
class SourceInWords:
    """`state_on`: the date of the text that was read; `note`: what about it must be told."""

    instrument: str
    article: str
    state_on: date
    note: str


@dataclass(frozen=True)
class ErrorInWords:
    """`story`: what would have happened to a person."""

    code: str
    title: str
    story: str
    rule: str
    source: SourceInWords


@dataclass(frozen=True)
class IndicatorInWords:
    """`strength` is empty where the set gives no weights."""

    code: str
    text: str
    dimension: str
    strength: str


def source_in_words(words: Words, code: str, language: str) -> SourceInWords:
    source = words.sources[code]
    return SourceInWords(
        instrument=source.instrument.read_in(language),
        article=source.article,
        state_on=date.fromisoformat(source.state_on),
        note=source.state_note.read_in(language) if source.state_note else "",
    )


def error_in_words(words: Words, code: str, language: str) -> ErrorInWords:
    error = words.critical_errors[code]
    return ErrorInWords(
        code=code,
        title=error.title.read_in(language),
        story=error.story.read_in(language),
        rule=error.rule.read_in(language),
        source=source_in_words(words, error.source, language),
    )


def indicator_in_words(words: Words, code: str, language: str) -> IndicatorInWords:
    indicator = words.indicators[code]
    strength = Indicator.Strength(indicator.strength)
    return IndicatorInWords(
        code=code,
        text=indicator.text.read_in(language),
        dimension=str(Indicator.Dimension(indicator.dimension).label),
        strength="" if strength == Indicator.Strength.NONE else str(strength.label),
    )
