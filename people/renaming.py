"""Names that others rely on: another one is put before those who decide about it, instead of taking effect at once.

The app that prints names registers its keeper here; without one every name changes at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .extensions import Link
from .models import User


class NameChange(StrEnum):
    """The fate of a change of somebody's name."""

    FREE = "free"  # nobody relies on it: it holds at once
    PROPOSED = "proposed"  # it becomes a proposal
    WAITS = "waits"  # the same was proposed and waits
    OTHER_WAITS = "other-waits"  # another one waits, which is decided first
    OWN = "own"  # nobody proposes it about themselves


REFUSALS = {
    NameChange.OTHER_WAITS: _(
        "Another change of this name waits for a registrar. It must be decided or withdrawn first."
    ),
    NameChange.OWN: _(
        "You hold a certificate: another coordinator or a registrar proposes a change of your own name."
    ),
}


class KnownNames(Protocol):
    """All that is known about the names of some people: asked once, then no query for each."""

    def change(self, person: User, names: Mapping[str, str], by: User | None) -> NameChange:
        """Return the fate of a change; `names`: the parts that are to be another."""
        ...


@dataclass(frozen=True, kw_only=True)
class NameKeeper:
    """`look`: in as many queries for one person as for many. `propose(person=, names=, by=)` puts a change before others,
    in the caller's transaction; `propose_each(changes=, by=)` the changes of many, (person, names). `waiting`: words about
    a change that waits, and the page of it.
    """

    look: Callable[[Collection[User]], KnownNames]
    propose: Callable[..., object]
    propose_each: Callable[..., object]
    waiting: Callable[[User], Link | None]


class _Nobodys:
    def change(self, person: User, names: Mapping[str, str], by: User | None) -> NameChange:
        return NameChange.FREE


_keepers: list[NameKeeper] = []


def register_keeper(keeper: NameKeeper) -> None:
    if _keepers:
        raise ValueError("Names have a keeper already.")
    _keepers.append(keeper)


def look(people: Collection[User]) -> KnownNames:
    return _keepers[0].look(people) if _keepers else _Nobodys()


def change_of(person: User, names: Mapping[str, str], by: User | None) -> NameChange:
    """Return the fate of a change; `names`: the parts that are to be another. No query where there are none."""
    return look([person]).change(person, names, by) if names else NameChange.FREE


def refuse(change: NameChange, field: str) -> None:
    """ValidationError, at the field, for what can be neither done nor proposed."""
    if change in REFUSALS:
        raise ValidationError({field: REFUSALS[change]})


def propose(*, person: User, names: Mapping[str, str], by: User) -> None:
    for keeper in _keepers:
        keeper.propose(person=person, names=names, by=by)


def propose_each(*, changes: Iterable[tuple[User, Mapping[str, str]]], by: User) -> None:
    for keeper in _keepers:
        keeper.propose_each(changes=changes, by=by)


def waiting(person: User) -> Link | None:
    return next((keeper.waiting(person) for keeper in _keepers), None)
