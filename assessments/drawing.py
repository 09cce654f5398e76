"""Drawing the cases of an attempt. Pure: chance and history come in from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random


class NothingToDraw(Exception):
    """A family has fewer cases than the blueprint takes; the text names the family."""


@dataclass(frozen=True)
class FamilyDraw:
    family: str
    take: int


def draw(
    rules: Sequence[FamilyDraw],
    families: Mapping[str, Sequence[str]],
    last_seen: Mapping[str, datetime],
    random: Random,
) -> list[str]:
    """Codes of scenarios, in the order of the rules.

    `families` holds the scenarios that may be drawn, `last_seen` when the person last met one. First
    come those never met, in random order, then the one met longest ago: a retake draws another variant.
    """
    drawn: list[str] = []
    for rule in rules:
        waiting = [code for code in sorted(families.get(rule.family, ())) if code not in drawn]
        if len(waiting) < rule.take:
            raise NothingToDraw(rule.family)
        random.shuffle(waiting)
        met = [code for code in waiting if code in last_seen]
        new = [code for code in waiting if code not in last_seen]
        drawn += [*new, *sorted(met, key=lambda code: last_seen[code])][: rule.take]
    return drawn
