"""Kinds of things that earn a qualification, by name: an app that knows of one registers it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from people.models import User

from .rules import Source

type Texts = dict[str, str]  # in each language of the signed form
type Shown = dict[
    str, Any
]  # frozen in the evidence of an award; public ids, versions, days, no personal data


@dataclass(frozen=True, kw_only=True)
class SourceQuestion:
    """Of whom, and when, it is asked whether a source is there. It counts from after `since`; `attempt`: public id of
    the exam that was passed just now, which goes before others.
    """

    person: User
    instant: datetime
    since: datetime
    attempt: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceKind:
    """`check` refuses what cannot be required (ValidationError). `offered`: what can. `words` says each of several. `shown`: what shows that it is there, None where
    nothing does. `sentences` and `phrases` say what was shown: for the criteria, and for the document (`criteria`).
    """

    name: str
    check: Callable[[Any], None]
    offered: Callable[[], list[Any]]
    words: Callable[[Sequence[Any]], list[str]]
    shown: Callable[[Any, SourceQuestion], Shown | None]
    sentences: Callable[[Shown], list[Texts]]
    phrases: Callable[[Shown], list[str]]


LATER = ("practical", "practice")  # names that stand for something, and that no app has registered yet
_kinds: dict[str, SourceKind] = {}


def register(kind: SourceKind) -> None:
    if kind.name in _kinds:
        raise ValueError(f"{kind.name} is registered twice.")
    _kinds[kind.name] = kind


def kind_of(name: str) -> SourceKind:
    """ValidationError, in words, for a name that nobody has registered."""
    if name not in _kinds:
        text = _("“%(name)s” cannot be required yet.") if name in LATER else _("“%(name)s” earns nothing.")
        raise ValidationError(text % {"name": name})
    return _kinds[name]


def check(chosen: Collection[Source]) -> None:
    """ValidationError where one of them cannot be required, or stands twice."""
    for source in chosen:
        kind_of(source.name).check(source.value)
    if any(list(chosen).count(source) > 1 for source in chosen):
        raise ValidationError(_("The same is required twice."))


def offered() -> list[Source]:
    """Return all that can be required now, kind by kind."""
    return [Source(kind.name, value) for kind in _kinds.values() for value in kind.offered()]


def in_words(chosen: Iterable[Source]) -> dict[Source, str]:
    """Return each in words of the active language, once, in their order; as many queries for many as for one of each
    kind. A kind that nobody has registered is told by its name.
    """
    found = dict.fromkeys(chosen, "")
    for name in dict.fromkeys(source.name for source in found):
        of_kind = [source for source in found if source.name == name]
        kind = _kinds.get(name)
        texts = kind.words([source.value for source in of_kind]) if kind else [name for _each in of_kind]
        found.update(zip(of_kind, texts, strict=True))
    return found
