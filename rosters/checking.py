"""Work out what each line would change: new, changed, transferred, left, unchanged, or an error by column.

Nobody is recognised by a name. A service number counts within the agency alone; an address or a national
id that belongs to somebody the agency has nothing to do with is an error that says no more than that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from locales.text import fold
from operations import clock
from people.models import Agency, Posting, User
from people.models.person import NAMES
from people.renaming import NameChange

from . import values
from .matching import KnownPeople, Vocabulary, serving
from .models import RosterImport, RosterLine
from .reading import FileLine
from .refusing import names_nobody
from .renaming import names_in, proposed_by
from .values import ColumnMap, ParsedLine, RepeatedKeys, parsed, same_but_for_i, undecided

Kind = RosterLine.Kind
PERSONAL = (
    "family_name", "given_name", "father_name", "family_name_latin", "given_name_latin",
    "family_name_cyrillic", "given_name_cyrillic", "father_name_cyrillic", "email", "language", "sex",
    "national_id",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """The question asked of every line of one import: its agency, its day, its columns."""

    roster: RosterImport
    columns: ColumnMap
    repeated: RepeatedKeys
    words: Vocabulary
    today: date

    @property
    def agency(self) -> Agency:
        return self.roster.agency

    @property
    def since(self) -> datetime:
        return self.roster.valid_from


def check(lines: Iterable[FileLine], question: Question) -> list[RosterLine]:
    """The lines judged against the register as it is now; nothing is written."""
    found = list(parsed(lines, question.columns, question.repeated, question.today))
    known = KnownPeople.about(found, question.agency, question.words)
    return [_Judge(each, known, question).line() for each in found]


def missing(question: Question, start: int, number: int) -> tuple[list[RosterLine], int]:
    """Return who serves on that day but is not in the file, of so many postings, and how many were looked at.

    Left out are people whose data were erased (their service has ended) and those who came to the agency on
    that very day: the file may have been written before. While a line does not tell whom it means, nobody has left.
    """
    lines = question.roster.lines.exclude(number=0)
    matched = set(lines.exclude(person=None).values_list("person", flat=True))
    unread = names_nobody(lines)
    rows = list(serving(question.agency, question.since)[start : start + number])
    away = [row for row in rows if row.user_id not in matched and row.user.erased_at is None]
    began = [row.user_id for row in away if row.valid_from >= question.since]
    known = Posting.objects.known().filter(agency=question.agency, user__in=began)
    served = set(known.filter(valid_to=question.since).values_list("user", flat=True))
    came = set(began) - served
    left = [row for row in away if row.user_id not in came]
    return [_missing_line(question, row, unread=unread) for row in left], len(rows)


def _missing_line(question: Question, row: Posting, *, unread: bool) -> RosterLine:
    line = RosterLine(
        roster=question.roster, number=0, kind=Kind.LEFT, person=row.user, service_number=row.service_number or "",
        cells=_names(row.user), before=_posting_values(row), after={"valid_to": question.since.isoformat()},
    )  # fmt: skip
    if code := _why_left_out(question, row) or ("perhaps_in_file" if unread else ""):
        line.kind, line.after = Kind.ERROR, None
        line.errors = [{"column": "", "field": "", "code": code, "value": row.user.get_full_name()}]
    return line


def _why_left_out(question: Question, row: Posting) -> str:
    if row.user_id == question.roster.by_id:
        return "yourself"
    if row.valid_to is not None:
        return "later_changes"
    return "moved_that_day" if row.valid_from >= question.since else ""


def _names(person: User) -> dict[str, str]:
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "father_name": person.father_name,
    }


def _posting_values(row: Posting) -> dict[str, Any]:
    return {"posting": row.pk, "unit": row.unit.public_id, "role": row.role.code}


class _Judge:
    """One line against the register."""

    def __init__(self, asked: ParsedLine, known: KnownPeople, question: Question) -> None:
        self.asked, self.said = asked, asked.values
        self.known, self.question = known, question
        self.person: User | None = None
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}
        self.proposed: list[str] = []

    def line(self) -> RosterLine:
        self._read_words()
        self.person = self._who()
        self._decide_capitals()
        kind = self._kind() if not self.asked.errors else Kind.ERROR
        if self.asked.errors:
            kind = Kind.ERROR
        return RosterLine(
            roster=self.question.roster,
            number=self.asked.number,
            kind=kind,
            cells=self.asked.cells,
            before=self.before or None if kind != Kind.ERROR else None,
            after=self.after or None if kind != Kind.ERROR else None,
            proposed=self.proposed if kind != Kind.ERROR else [],
            errors=self.asked.errors,
            warnings=values.warnings_of(self.after, self.person) if kind != Kind.ERROR else [],
            person=self.person,
            service_number=self.said.get("service_number", ""),
        )

    def _read_words(self) -> None:
        """Unit and role as rows of ours."""
        for name, table, unknown in (
            ("unit", self.question.words.units, "no_unit"),
            ("role", self.question.words.roles, "no_role"),
        ):
            if name not in self.said:
                continue
            word = fold(self.said[name])
            thing: Any = table.get(word)
            if thing is not None:
                self.said[name] = thing
            elif word in table:
                self.asked.refuse(name, "unit_twice")
            else:
                self.asked.refuse(name, unknown)

    # --- who is meant ---------------------------------------------------------------------------
    def _who(self) -> User | None:
        by_number = self._by_number()
        keys = {
            "email": self.known.by_email.get(self.said.get("email", "")),
            "national_id": self.known.by_national_id.get(self.said.get("national_id", "")),
        }
        for key, person in keys.items():
            if person is not None and not self.known.is_ours(person, self.question.since):
                self.asked.refuse(key, "elsewhere")
                return by_number
        people = {person.pk: person for person in (by_number, *keys.values()) if person is not None}
        if len(people) > 1:
            self._disagree(by_number, keys)
            return by_number
        person = next(iter(people.values()), None)
        if person is not None and not self._is_named(person, sure=keys["national_id"] is not None):
            key = "service_number" if by_number else "email"
            self.asked.refuse(key, "of_another", person.get_full_name())
        return person

    def _by_number(self) -> User | None:
        number = self.said.get("service_number")
        if number is None:
            return None
        holders = {row.user_id: row.user for row in self.known.holders(number, self.question.since)}
        if len(holders) > 1:
            self.asked.refuse("service_number", "later_changes")
            return None
        if holders:
            return next(iter(holders.values()))
        last = self.known.last_holder(number)  # the number is free: does its last holder come back?
        if last is None or not self._is_named(last, sure=False):
            return None
        if self.known.is_ours(last, self.question.since):
            return last
        if last.is_current and self._has_whole_name_of(
            last
        ):  # served elsewhere since: no second record of them
            self.asked.refuse("service_number", "elsewhere")
        return None

    def _is_named(self, person: User, *, sure: bool) -> bool:
        """A number or address under a wholly different name is another person's: certificates hang on it."""
        family, given = self.said.get("family_name", ""), self.said.get("given_name", "")
        if sure or not (family or given):
            return True
        return same_person((family, given), (person.family_name, person.given_name))

    def _has_whole_name_of(self, person: User) -> bool:
        said = [self.said.get("family_name", ""), self.said.get("given_name", "")]
        return sorted(map(fold, said)) == sorted(map(fold, (person.family_name, person.given_name)))

    def _decide_capitals(self) -> None:
        """Names in capitals whose I may be ı or i: as we know the person; of anybody else nobody can tell."""
        for name in NAMES:
            said = self.said.get(name, "")
            if not undecided(said):
                continue
            known = getattr(self.person, name, "")
            if same_but_for_i(known, said):
                self.said[name] = known
            else:
                self.asked.refuse(name if name in self.asked.cells else "full_name", "which_i")

    def _disagree(self, by_number: User | None, keys: dict[str, User | None]) -> None:
        wrong = next(
            (key for key, person in keys.items() if by_number and person and person != by_number), None
        )
        if wrong is None:
            self.asked.refuse("email", "keys_disagree")
        else:
            self.asked.refuse(wrong, "of_another", str(keys[wrong]))

    # --- what changes ---------------------------------------------------------------------------
    def _kind(self) -> str:
        if self.person is None:
            return self._new()
        rows = [
            row
            for row in self.known.here(self.person)
            if row.valid_to is None or row.valid_to > self.question.since
        ]
        self._personal(self.person)
        if not rows:
            return self._back(self.person)
        self.before["posting"] = rows[-1].pk  # that it still stands is looked at before anything is applied
        if "end_date" in self.said:
            return self._leaving(rows)
        return self._staying(rows)

    def _instant(self) -> datetime:
        day = self.said.get("start_date")
        return clock.start_of(day) if day else self.question.since

    def _need(self, code: str, *fields: str) -> None:
        for name in fields:
            if name not in self.said:
                self.asked.refuse(name, code)

    def _new(self) -> str:
        self._need("needed", "family_name", "given_name", "unit", "role")
        self.after = {name: self.said[name] for name in PERSONAL if name in self.said}
        self._supervisor(None)
        return self._joins(self._instant())

    def _back(self, person: User) -> str:
        """Known to us, without a posting on that day. Of who has left and stays away nothing changes, as on the page."""
        self._need("needed_back", "unit", "role")
        earlier = self.known.here(person)
        if (
            "end_date" in self.said
            and earlier
            and earlier[-1].valid_to == clock.end_of(self.said["end_date"])
        ):
            self.asked.errors.clear()
            for name in self.after:
                self.asked.refuse(name, "not_here")
            return Kind.UNCHANGED
        begins = self._instant()
        if any(row.valid_to is None or row.valid_to > begins for row in earlier):
            begins = self.question.since
        return self._joins(begins)

    def _joins(self, begins: datetime) -> str:
        number = self.said.get("service_number")
        if number and self.known.holders(number, begins):
            self.asked.refuse("service_number", "later_changes")
        if "end_date" in self.said:
            ends = clock.end_of(self.said["end_date"])
            if ends <= begins:
                self.asked.refuse("end_date", "ends_before")
            self.after["valid_to"] = ends.isoformat()
        if not self.asked.errors:
            self.after |= {
                "unit": self.said["unit"].public_id, "role": self.said["role"].code,
                "service_number": number or "", "valid_from": begins.isoformat(),
            }  # fmt: skip
        return Kind.NEW

    def _personal(self, person: User) -> None:
        for name in PERSONAL:
            if name not in self.said:
                continue
            attribute = "national_id_hash" if name == "national_id" else name
            waits = name == "email" and self.known.asked.get(person.pk) == self.said[name]
            if (getattr(person, attribute) or "") != self.said[name] and not waits:
                self.before[name], self.after[name] = getattr(person, attribute) or "", self.said[name]
        if self.after and self.known.serves_elsewhere(person, self.question.since):
            for name in self.after:
                self.asked.refuse(name, "shared")
        self._name(person)
        self._supervisor(person)

    def _name(self, person: User) -> None:
        """Find a name on which others rely: another one is proposed, unless the same is proposed already."""
        if not (said := names_in(self.after)):
            return
        change = self.known.names.change(person, said, self.question.roster.by)
        self.proposed = proposed_by(self.asked, said, change)
        for part in said if change is NameChange.WAITS else ():
            del self.before[part], self.after[part]

    def _supervisor(self, person: User | None) -> None:
        number = self.said.get("supervisor")
        if number is None:
            return
        if number == self.said.get("service_number"):
            self.asked.refuse("supervisor", "own_supervisor")
        elif not self.known.holders(number, self.question.since):
            if number.casefold() not in self.question.repeated.numbers:
                self.asked.refuse("supervisor", "no_supervisor")
        present = self.known.number_of(person.supervisor_id) if person else ""
        if present != number:
            self.before["supervisor"], self.after["supervisor"] = present, number

    def _leaving(self, rows: list[Posting]) -> str:
        ends, last = clock.end_of(self.said["end_date"]), rows[-1]
        if last.valid_to == ends:
            return Kind.CHANGED if self.after else Kind.UNCHANGED
        if self.person is not None and self.person.pk == self.question.roster.by_id:
            self.asked.refuse("end_date", "yourself")
        elif len(rows) > 1 or last.valid_to is not None:
            self.asked.refuse("end_date", "later_changes")
        elif ends <= last.valid_from:
            self.asked.refuse("end_date", "ends_before")
        self.before |= _posting_values(last)
        self.after["valid_to"] = ends.isoformat()
        return Kind.LEFT

    def _staying(self, rows: list[Posting]) -> str:
        row = rows[-1]
        now = {"unit": row.unit.public_id, "role": row.role.code, "service_number": row.service_number or ""}
        then = {
            "unit": self.said["unit"].public_id if "unit" in self.said else now["unit"],
            "role": self.said["role"].code if "role" in self.said else now["role"],
            "service_number": self.said.get("service_number") or now["service_number"],
        }
        changed = {name for name in now if now[name] != then[name]}
        if not changed:
            return Kind.CHANGED if self.after else Kind.UNCHANGED
        if len(rows) > 1 or row.valid_to is not None:
            self.asked.refuse(next(name for name in now if name in changed), "later_changes")
            return Kind.ERROR
        self.before |= {name: now[name] for name in changed}
        self.after |= {name: then[name] for name in changed} | {"valid_from": self._begins(row).isoformat()}
        return Kind.TRANSFERRED if "unit" in changed else Kind.CHANGED

    def _begins(self, row: Posting) -> datetime:
        """From the day in the line if it comes after the present posting began; else from the import's day."""
        asked = self._instant()
        begins = asked if asked > row.valid_from else self.question.since
        return max(begins, row.valid_from)


def same_person(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether family and given name agree at least in one, or stand the other way round?"""
    left, right = [fold(part) for part in one], [fold(part) for part in other]
    return any(part in right for part in left if part)
