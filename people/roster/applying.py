"""Applies the checked lines of an import in bulk, inside one transaction of the caller.

Each statement changes up to a thousand people. Whatever differs from what the check saw ends all of it:
nothing is applied over the work of somebody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection

from locales.text import fold
from operations import audit, clock
from operations.history import HistoryError, Stale, revise
from operations.ids import public_id
from people.models import (
    AddressRequest,
    Agency,
    Grant,
    Invitation,
    Posting,
    Role,
    RosterImport,
    RosterLine,
    Unit,
    User,
)

from .checking import PERSONAL
from .refusals import FileRefused
from .register import open_since

BATCH = 1000
ANSWER_WITHIN = timedelta(days=14)
HARMLESS = {Grant.Position.DUTY_OFFICER}  # what the own coordinator may grant anyway
Kind = RosterLine.Kind
COLUMNS = {name: "national_id_hash" if name == "national_id" else name for name in PERSONAL}
UPDATED = (*COLUMNS.values(), "folded_name")
UPDATE_PEOPLE = f"UPDATE people_user SET {', '.join(f'{name} = %s' for name in UPDATED)} WHERE id = %s"
UPDATE_SUPERVISORS = "UPDATE people_user SET supervisor_id = %s WHERE id = %s"


@dataclass
class Applied:
    """`requests`: addresses that wait for a word."""

    lines: int = 0
    requests: int = 0


@dataclass
class Prepared:
    """Made before the lock is taken. `values`: what the audit trail keeps; `ids`: of new people, by line."""

    values: list[audit.Value] = field(default_factory=list)
    ids: dict[int, str] = field(default_factory=dict)


def prepare(roster: RosterImport, *, with_missing: bool) -> Prepared:
    """A new person in one value, else field by field. A national id is told nowhere, not by its hash either;
    an address that the person has yet to agree to is no change.
    """
    made = Prepared()
    readdressed = _changing(roster, with_missing).filter(after__has_key="email").exclude(person=None)
    named = User.objects.filter(pk__in=readdressed.values("person")).only("pk", "last_login", "password")
    asked = {
        pk for people in batched(named.iterator(chunk_size=BATCH), BATCH) for pk in _who_must_agree(people)
    }
    lines = _changing(roster, with_missing).values_list(
        "pk", "kind", "person", "person__public_id", "before", "after"
    )
    for pk, kind, person_pk, person, before, after in lines.iterator(chunk_size=BATCH):
        said = {
            name: value for name, value in (after or {}).items() if name not in {"national_id", "valid_from"}
        }
        if person is None:
            person = made.ids[pk] = public_id()
        if kind == Kind.NEW:
            made.values.append(audit.value(person, "roster", None, said))
        else:
            if person_pk in asked:
                said.pop("email", None)
            for name, value in said.items():
                made.values.append(audit.value(person, name, (before or {}).get(name), value))
    return made


def _who_must_agree(people: Sequence[User]) -> set[int]:
    """Who has signed in, or may act for others, gives the own word for a new address."""
    grants = Grant.objects.filter(person__in=[person.pk for person in people], revoked_at=None)
    granted = set(grants.exclude(position__in=HARMLESS).values_list("person", flat=True))
    came_in = {person.pk for person in people if person.last_login or person.has_usable_password()}
    return granted | came_in


def _changing(roster: RosterImport, with_missing: bool) -> Any:
    found = roster.lines.exclude(kind__in=(Kind.ERROR, Kind.UNCHANGED))
    return found if with_missing else found.exclude(number=0)


def apply(roster: RosterImport, *, by: User | None, with_missing: bool, ids: dict[int, str]) -> Applied:
    """Everything the lines say, at one instant. Raises FileRefused where the register has moved on."""
    # One import of an agency at a time; postings may still be made in it (they lock its key alone).
    Agency.objects.select_for_update(no_key=True).get(pk=roster.agency_id)
    now = clock.now()
    work = _Work(roster, by, with_missing, now, ids)
    try:
        with clock.at(now):
            work.lock()
            for kinds in ((Kind.LEFT,), (Kind.CHANGED, Kind.TRANSFERRED), (Kind.NEW,)):
                for lines in batched(work.lines(kinds).iterator(chunk_size=BATCH), BATCH):
                    work.batch(lines)
            work.supervise()
    except Stale as error:
        raise FileRefused("changed_since") from error
    except HistoryError as error:
        raise FileRefused("room", words=str(error)) from error
    except IntegrityError as error:  # an address or a national id was given to somebody else meanwhile
        raise FileRefused("changed_since") from error
    return work.applied


class _Work:
    def __init__(
        self, roster: RosterImport, by: User | None, with_missing: bool, now: datetime, ids: dict[int, str]
    ) -> None:
        self.roster, self.by, self.with_missing, self.now, self.ids = roster, by, with_missing, now, ids
        self.units = {unit.public_id: unit for unit in Unit.objects.filter(agency=roster.agency_id)}
        self.roles = {role.code: role for role in Role.objects.all()}
        self.applied = Applied()
        self.supervisors: dict[int, str] = {}

    def lines(self, kinds: Sequence[str]) -> Any:
        found = _changing(self.roster, self.with_missing).filter(kind__in=kinds)
        return found.defer("cells", "errors").order_by("person", "pk")

    def lock(self) -> None:
        """Everybody who is named, in one order: two imports or a transfer meanwhile wait for each other."""
        named = self.roster.lines.exclude(kind__in=(Kind.ERROR, Kind.UNCHANGED)).exclude(person=None)
        people = User.objects.filter(pk__in=named.values("person")).order_by("pk")
        if connection.vendor == "postgresql":
            for _pk in people.select_for_update(no_key=True).values_list("pk").iterator(chunk_size=BATCH):
                pass

    def batch(self, lines: Sequence[RosterLine]) -> None:
        people = User.objects.in_bulk([line.person_id for line in lines if line.person_id])
        held = Posting.objects.known().in_bulk(
            [line.before["posting"] for line in lines if line.before and "posting" in line.before]
        )
        self._refuse_moved(lines, people)
        of_line = {line.pk: people[line.person_id] for line in lines if line.person_id} | self._make_new(
            lines
        )
        withdraw: list[Posting] = []
        insert: list[Posting] = []
        changed: list[User] = []
        addresses: list[tuple[User, str]] = []
        for line in lines:
            person, before, after = of_line[line.pk], line.before or {}, line.after or {}
            self._posting(line, person, held, withdraw, insert)
            if line.person_id is not None:
                if self._change(person, before, after):
                    changed.append(person)
                if "email" in after:
                    addresses.append((person, after["email"]))
            if "supervisor" in after:
                self.supervisors[person.pk] = after["supervisor"]
        self._address(addresses, changed)
        self._write(changed)
        revise(withdraw=withdraw, insert=insert, by=self.by)
        self.applied.lines += len(lines)

    def _refuse_moved(self, lines: Sequence[RosterLine], people: dict[int, User]) -> None:
        """Somebody has left for, or begun in, another agency since the check."""
        others = open_since(min(self.roster.valid_from, self.now)).exclude(agency=self.roster.agency_id)
        shared = set(others.filter(user__in=list(people)).values_list("user", flat=True))
        for line in lines:
            personal = line.kind == Kind.NEW or any(name in COLUMNS for name in line.after or {})
            if line.person_id in shared and personal:
                raise FileRefused("changed_since")
            person = people.get(line.person_id or 0)
            if person is not None and (person.merged_into_id or person.erased_at):
                raise FileRefused("changed_since")

    def _make_new(self, lines: Iterable[RosterLine]) -> dict[int, User]:
        """{line: person} of those who were not known."""
        made = {}
        for line in lines:
            if line.person_id is None:
                said = line.after or {}
                person = User(**{COLUMNS[name]: said[name] for name in COLUMNS if name in said})
                person.public_id, person.email = self.ids[line.pk], said.get("email")
                person.password, person.created_at = make_password(None), self.now
                person.folded_name = _folded(person)
                made[line.pk] = person
        User.objects.bulk_create(made.values(), batch_size=BATCH)
        _verified([(person, person.email) for person in made.values() if person.email])
        return made

    def _posting(
        self,
        line: RosterLine,
        person: User,
        held: dict[int, Posting],
        withdraw: list[Posting],
        insert: list[Posting],
    ) -> None:
        before, after = line.before or {}, line.after or {}
        row = None
        if "posting" in before:
            row = held.get(before["posting"])
            if row is None or row.user_id != person.pk or row.agency_id != self.roster.agency_id:
                raise FileRefused("changed_since")
        changes = {
            name: self._thing(name, after[name])
            for name in ("unit", "role", "service_number")
            if name in after
        }
        ends = datetime.fromisoformat(after["valid_to"]) if "valid_to" in after else None
        if row is None and changes:
            insert.append(
                Posting(
                    user=person, agency_id=self.roster.agency_id, main=True, valid_to=ends,
                    valid_from=datetime.fromisoformat(after["valid_from"]), **changes,
                )
            )  # fmt: skip
        elif row is not None and ends is not None:
            withdraw.append(row)
            insert.append(row.revised(valid_to=ends))
        elif row is not None and changes:
            begins = datetime.fromisoformat(after["valid_from"])
            withdraw.append(row)
            if row.valid_from < begins:
                insert.append(row.revised(valid_to=begins))
            insert.append(row.revised(valid_from=begins, **changes))

    def _thing(self, name: str, value: str) -> Any:
        if name == "service_number":
            return value or None
        found: Any = self.units.get(value) if name == "unit" else self.roles.get(value)
        if found is None:
            raise FileRefused("changed_since")
        return found

    def _change(self, person: User, before: dict[str, Any], after: dict[str, Any]) -> bool:
        """The person as the line says, but for the address."""
        changed = False
        for name in COLUMNS.keys() & after.keys():
            if (getattr(person, COLUMNS[name]) or "") != before.get(name, ""):
                raise FileRefused("changed_since")
            if name != "email":
                setattr(person, COLUMNS[name], after[name])
                changed = True
        return changed

    def _address(self, addresses: list[tuple[User, str]], changed: list[User]) -> None:
        """Who has signed in, or may act for others, is asked; for the rest the agency's word counts.

        Also who has signed in without any address: with one, the password can be set anew.
        """
        if not addresses:
            return
        waiting = _who_must_agree([person for person, _email in addresses])
        asked = [(person, email) for person, email in addresses if person.pk in waiting]
        given = [(person, email) for person, email in addresses if person.pk not in waiting]
        self._ask(asked)
        for person, email in given:
            person.email = email
            if person not in changed:
                changed.append(person)
        EmailAddress.objects.filter(user__in=[person.pk for person, _email in given]).delete()
        _verified(given)
        Invitation.objects.filter(  # they were on their way to the address that holds no more
            person__in=[person.pk for person, _email in given],
            way=Invitation.Way.MAIL,
            used_at=None,
            revoked_at=None,
        ).update(revoked_at=self.now, revoked_by=self.by)

    def _ask(self, asked: list[tuple[User, str]]) -> None:
        open_still = AddressRequest.objects.filter(
            person__in=[person.pk for person, _email in asked], outcome=None
        )
        open_still.update(outcome=AddressRequest.Outcome.WITHDRAWN, decided_at=self.now)
        AddressRequest.objects.bulk_create(
            [
                AddressRequest(
                    person=person, email=email, asked_by=self.by, asked_at=self.now,
                    expires_at=self.now + ANSWER_WITHIN,
                )
                for person, email in asked
            ],
            batch_size=BATCH,
        )  # fmt: skip
        self.applied.requests += len(asked)

    def _write(self, changed: list[User]) -> None:
        if not changed:
            return
        for person in changed:
            person.folded_name = _folded(person)
        rows = [[*(getattr(person, name) for name in UPDATED), person.pk] for person in changed]
        with connection.cursor() as cursor:
            cursor.executemany(UPDATE_PEOPLE, rows)

    def supervise(self) -> None:
        """At the end: a supervisor may be new in the same file."""
        if not self.supervisors:
            return
        numbers = sorted(set(self.supervisors.values()))
        found: dict[str, int] = {}
        for batch in batched(numbers, 500):
            known = open_since(self.roster.valid_from).filter(agency=self.roster.agency_id)
            found |= dict(known.filter(service_number__in=batch).values_list("service_number", "user"))
        if missing := set(numbers) - set(found):
            raise FileRefused("no_supervisor", numbers=", ".join(sorted(missing)[:5]))
        with connection.cursor() as cursor:
            cursor.executemany(
                UPDATE_SUPERVISORS,
                [
                    [found[number], person]
                    for person, number in self.supervisors.items()
                    if found[number] != person
                ],
            )


def _folded(person: User) -> str:
    return fold(f"{person.family_name} {person.given_name} {person.father_name}")[:200]


def _verified(addresses: Iterable[tuple[User, str]]) -> None:
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=person, email=email, verified=True, primary=True) for person, email in addresses],
        batch_size=BATCH,
    )
