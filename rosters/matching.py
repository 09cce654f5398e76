"""Recognises people: what is known of those whom some lines name, in a fixed number of queries for any number of lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.db.models.functions import Lower

from locales.languages import LANGUAGES
from locales.text import fold
from operations import clock
from people import renaming
from people.models import AddressRequest, Agency, Posting, Role, Unit, User
from people.permissions.administration import guarded_among
from people.renaming import KnownNames

from .models import RosterImport, RosterLine
from .values import ParsedLine

BATCH = 500  # values in one IN
# A person by primary key, or somebody new by the key of the line.
type Node = tuple[str, int]


@dataclass
class Vocabulary:
    """Units and roles by what offices call them; None where two are called the same."""

    units: dict[str, Unit | None]
    roles: dict[str, Role | None]

    @classmethod
    def of(cls, agency: Agency) -> "Vocabulary":
        return cls(_by_words(Unit.objects.filter(agency=agency)), _by_words(Role.objects.all()))


def _by_words(things: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    by_code = {fold(thing.code): thing for thing in things}
    for thing in by_code.values():
        for word in {fold(text) for code in LANGUAGES if (text := getattr(thing, f"name_{code}"))}:
            found[word] = None if word in found else thing
    return found | by_code


@dataclass
class KnownPeople:
    """`by_number`: postings of this agency; `postings`: of the people found, in every agency, known now."""

    agency: Agency
    words: Vocabulary
    by_number: dict[str, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, User] = field(default_factory=dict)
    by_national_id: dict[str, User] = field(default_factory=dict)
    postings: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[int, str] = field(default_factory=dict)  # new addresses that wait for their person's word
    names: KnownNames = field(default_factory=lambda: renaming.look([]))  # on which others rely

    @classmethod
    def about(cls, found: list[ParsedLine], agency: Agency, words: Vocabulary) -> "KnownPeople":
        known = cls(agency, words)
        said = [each.values for each in found]
        numbers = {each[key] for each in said for key in ("service_number", "supervisor") if key in each}
        known._take_numbers(numbers)
        known._take_people(
            {each["email"] for each in said if "email" in each},
            {each["national_id"] for each in said if "national_id" in each},
        )
        known._take_postings()
        return known

    def _take_numbers(self, numbers: set[str]) -> None:
        known = Posting.objects.known().filter(agency=self.agency).select_related("user")
        for batch in _batches(numbers):
            for posting in known.filter(service_number__in=batch).order_by("valid_from"):
                self.by_number[posting.service_number or ""].append(posting)

    def _take_people(self, emails: set[str], hashes: set[str]) -> None:
        for batch in _batches(emails):
            with_address = User.objects.people().annotate(lower=Lower("email")).filter(lower__in=batch)
            self.by_email |= {(person.email or "").lower(): person for person in with_address}
        for batch in _batches(hashes):
            with_id = User.objects.people().filter(national_id_hash__in=batch)
            self.by_national_id |= {person.national_id_hash or "": person for person in with_id}

    def _take_postings(self) -> None:
        """Take the postings of everybody found, and of their supervisors in this agency."""
        people = {posting.user_id: posting.user for rows in self.by_number.values() for posting in rows}
        people |= {each.pk: each for each in (*self.by_email.values(), *self.by_national_id.values())}
        supervisors = {each.supervisor_id for each in people.values() if each.supervisor_id}
        for batch in _batches({*people, *supervisors}):
            rows = Posting.objects.known().filter(user__in=batch).select_related("unit", "role")
            for posting in rows.order_by("valid_from"):
                self.postings[posting.user_id].append(posting)
        for batch in _batches(set(people)):
            open_still = AddressRequest.objects.filter(
                person__in=batch, outcome=None, expires_at__gt=clock.now()
            )
            self.asked |= dict(open_still.values_list("person", "email"))
        self.names = renaming.look(list(people.values()))

    def here(self, person: User) -> list[Posting]:
        return [row for row in self.postings[person.pk] if row.agency_id == self.agency.pk]

    def serves_elsewhere(self, person: User, since: datetime) -> bool:
        """Now, or from that instant on: a roster of a later day reaches nobody who still serves elsewhere."""
        since = min(since, clock.now())
        return any(
            row.agency_id != self.agency.pk and (row.valid_to is None or row.valid_to > since)
            for row in self.postings[person.pk]
        )

    def is_ours(self, person: User, since: datetime) -> bool:
        """Serves here, or served here and in no other agency ever, as `can_post`. Nobody else is within reach."""
        rows = self.here(person)
        open_here = any(row.valid_to is None or row.valid_to > since for row in rows)
        gone = person.merged_into_id is not None or person.erased_at is not None
        return bool(rows) and not gone and (open_here or len(rows) == len(self.postings[person.pk]))

    def holders(self, number: str, since: datetime) -> list[Posting]:
        """Return who has the number in this agency at that instant or later."""
        return [row for row in self.by_number.get(number, ()) if row.valid_to is None or row.valid_to > since]

    def last_holder(self, number: str) -> User | None:
        rows = self.by_number.get(number)
        return rows[-1].user if rows else None

    def number_of(self, person_id: int | None) -> str:
        """The newest service number of somebody in this agency."""
        rows = [row for row in self.postings.get(person_id or 0, ()) if row.agency_id == self.agency.pk]
        return (rows[-1].service_number or "") if rows else ""


def _batches(found: set[Any]) -> Iterable[list[Any]]:
    ordered = sorted(found)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))


def open_since(since: datetime) -> Any:
    """Known postings that hold at an instant or begin later."""
    return Posting.objects.known().filter(Q(valid_to=None) | Q(valid_to__gt=since))


def serving(agency: Agency, since: datetime) -> Any:
    """Known postings of the agency that hold at an instant, in one order for good."""
    return (
        Posting.objects.at(since).filter(agency=agency).select_related("user", "unit", "role").order_by("pk")
    )


def must_agree(people: Sequence[int]) -> set[int]:
    """Return who gives the own word for a new address: whoever has signed in, or was ever given a position that
    needs a second step; as people.actions.editing.may_set_address, for many.

    Also who has signed in without any address: with one, the password can be set anew.
    """
    came_in = User.objects.filter(pk__in=people).filter(
        Q(last_login__isnull=False) | ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    )
    return {*guarded_among(people), *came_in.values_list("pk", flat=True)}


# --- supervisors that would go round: A over B over A, by the lines of a file and by what is known already ---
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
    """Return the person who has each number once the file is applied."""
    found: dict[str, Node] = {}
    serving = open_since(roster.valid_from).filter(agency=roster.agency_id)
    for batch in _batches(numbers):
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
        for batch in _batches(asked):
            for pk, boss in User.objects.filter(pk__in=batch).values_list("pk", "supervisor"):
                if boss is not None:
                    found["person", pk] = ("person", boss)
                    bosses.add(boss)
        asked = bosses - seen
    return found


def _round(above: dict[Node, Node]) -> list[Node]:
    """Return everybody who stands in a circle of supervisors."""
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
