"""Supervisors that would go round: A over B over A, by the lines of a file and by what is known already."""

from collections.abc import Iterable
from itertools import batched
from typing import Any

from people.models import User

from .models import RosterImport, RosterLine
from .register import open_since

BATCH = 500
# A person by primary key, or somebody new by the key of the line.
type Node = tuple[str, int]


def lines_in_circles(roster: RosterImport) -> set[int]:
    """Primary keys of the lines to refuse, so that nobody is supervised by somebody whom they supervise."""
    good = roster.lines.exclude(kind=RosterLine.Kind.ERROR)
    naming = good.filter(after__has_key="supervisor").values_list("pk", "person", "after__supervisor")
    said = {_node(line, person): (line, number) for line, person, number in naming}
    if not said:
        return set()
    holders = _holders(roster, good, {number for _line, number in said.values()})
    above = {node: holders[number] for node, (_line, number) in said.items() if number in holders}
    known = _known_above({*above, *above.values()})
    refused: set[int] = set()
    while round_ := [node for node in _round(known | above) if node in above]:
        for node in round_:
            del above[node]
            refused.add(said[node][0])
    return refused


def _node(line: int, person: int | None) -> Node:
    return ("person", person) if person else ("line", line)


def _holders(roster: RosterImport, good: Any, numbers: set[str]) -> dict[str, Node]:
    """Who has each number once the file is applied."""
    found: dict[str, Node] = {}
    serving = open_since(roster.valid_from).filter(agency=roster.agency_id)
    for batch in batched(sorted(numbers), BATCH):
        rows = serving.filter(service_number__in=batch).values_list("service_number", "user")
        found |= {number: ("person", person) for number, person in rows}
    given = good.filter(after__has_key="service_number").values_list("pk", "person", "after__service_number")
    return found | {number: _node(line, person) for line, person, number in given if number in numbers}


def _known_above(nodes: Iterable[Node]) -> dict[Node, Node]:
    """Supervisors as they are now, all the way up: a few queries a level."""
    found: dict[Node, Node] = {}
    seen: set[int] = set()
    asked = {pk for kind, pk in nodes if kind == "person"}
    while asked:
        seen |= asked
        bosses: set[int] = set()
        for batch in batched(sorted(asked), BATCH):
            for pk, boss in User.objects.filter(pk__in=batch).values_list("pk", "supervisor"):
                if boss is not None:
                    found["person", pk] = ("person", boss)
                    bosses.add(boss)
        asked = bosses - seen
    return found


def _round(above: dict[Node, Node]) -> list[Node]:
    """Everybody who stands in a circle."""
    found: list[Node] = []
    done: set[Node] = set()
    for start in above:
        way: dict[Node, int] = {}
        node = start
        while node in above and node not in done and node not in way:
            way[node] = len(way)
            node = above[node]
        if node in way:
            found += list(way)[way[node] :]
        done |= set(way)
    return found
