"""Makes what applying a checked import will write, before the lock is taken: nothing is written here.

The lines were judged some time ago. Whatever differs from what the check saw ends it here already; what
changes between here and the lock is refused there (rosters.applying).
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db.models import Q

from operations import audit
from operations.bulk import ModelRows, Spool
from operations.history import Revision
from operations.ids import public_id
from people.models import AddressRequest, Agency, Posting, Role, Unit, User
from people.models.person import NAME_KEYS, NAME_PARTS
from people.permissions.administration import guarded_among

from .checking import PERSONAL
from .circles import lines_in_circles
from .models import RosterImport, RosterLine
from .refusals import FileRefused
from .register import open_since

BATCH = 1000
Kind = RosterLine.Kind
COLUMNS = {name: "national_id_hash" if name == "national_id" else name for name in PERSONAL}
OF_PERSON = {"user": "public_id"}  # who may be new


@dataclass(frozen=True)
class Update:
    """One person's columns: `was` what they must still say, `said` what they shall say."""

    pk: int
    was: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, str | None], ...]


@dataclass
class Prepared:
    """`lines`: how many; `named`: everybody known to the register, by their keys, in order; `apart`: who of
    them must serve in no other agency; `standing`: postings that must still stand though they stay; `given`:
    whose address changes on the agency's word; `asked`: addresses that wait for their person's word;
    `bosses`: {service number: public id of the supervisor}; `supervised`: (public id, number).
    """

    lines: int = 0
    named: array[int] = field(default_factory=lambda: array("q"))
    apart: array[int] = field(default_factory=lambda: array("q"))
    standing: array[int] = field(default_factory=lambda: array("q"))
    units: set[int] = field(default_factory=set)
    roles: set[int] = field(default_factory=set)
    people: ModelRows[User] = field(default_factory=lambda: ModelRows(User, late=["created_at"]))
    updates: Spool[Update] = field(default_factory=Spool)
    postings: Revision[Posting] = field(default_factory=lambda: Revision(Posting, by=OF_PERSON))
    given: array[int] = field(default_factory=lambda: array("q"))
    addresses: ModelRows[EmailAddress] = field(default_factory=lambda: ModelRows(EmailAddress, by=OF_PERSON))
    asked: ModelRows[AddressRequest] = field(
        default_factory=lambda: ModelRows(AddressRequest, late=["asked_by", "asked_at", "expires_at"])
    )
    asked_people: array[int] = field(default_factory=lambda: array("q"))
    bosses: dict[str, str] = field(default_factory=dict)
    supervised: Spool[tuple[str, str]] = field(default_factory=Spool)
    values: audit.Values = field(default_factory=audit.Values)


def changing(roster: RosterImport, *, with_missing: bool) -> Any:
    found = roster.lines.exclude(kind__in=(Kind.ERROR, Kind.UNCHANGED))
    return found if with_missing else found.exclude(number=0)


def must_agree(people: Sequence[int]) -> set[int]:
    """Who has signed in, or was ever given a position that needs a second step, gives the own word for a new
    address: as people.actions.editing.may_set_address, for many.

    Also who has signed in without any address: with one, the password can be set anew.
    """
    came_in = User.objects.filter(pk__in=people).filter(
        Q(last_login__isnull=False) | ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    )
    return {*guarded_among(people), *came_in.values_list("pk", flat=True)}


def prepare(
    roster: RosterImport, *, with_missing: bool, at_work: Callable[[], None] = lambda: None
) -> Prepared:
    """`at_work` is called every thousand lines. Raises FileRefused where the register has moved on."""
    if lines_in_circles(roster):  # by what was said of supervisors since the check
        raise FileRefused("changed_since")
    making = _Making(roster)
    lines = changing(roster, with_missing=with_missing)
    making.find_bosses(lines)
    # The keys first: no statement is left open while `at_work` writes, which SQLite refuses.
    keys = array("q", lines.order_by("person", "pk").values_list("pk", flat=True).iterator(chunk_size=BATCH))
    for batch in batched(keys, BATCH):
        found = RosterLine.objects.filter(pk__in=batch).defer("cells", "errors")
        making.batch(list(found.order_by("person", "pk")))
        at_work()
    return making.made


class _Making:
    def __init__(self, roster: RosterImport) -> None:
        self.agency: Agency = roster.agency
        self.since = roster.valid_from
        self.units = {unit.public_id: unit for unit in Unit.objects.filter(agency=roster.agency_id)}
        self.roles = {role.code: role for role in Role.objects.all()}
        self.made = Prepared()
        self.ids: dict[int, str] = {}  # of new people who supervise others, by line

    # --- supervisors: known, or new in the same file -----------------------------------------------
    def find_bosses(self, lines: Any) -> None:
        numbers = {
            after["supervisor"] for after in _said(lines, "supervisor").values_list("after", flat=True)
        }
        if not numbers:
            return
        bosses = self.made.bosses
        known = open_since(self.since).filter(agency=self.agency)
        for batch in batched(sorted(numbers), 500):
            bosses |= dict(
                known.filter(service_number__in=batch).values_list("service_number", "user__public_id")
            )
        numbered = _said(lines, "service_number").values_list("pk", "person__public_id", "after")
        for line, person, after in numbered.iterator(chunk_size=BATCH):
            if after["service_number"] in numbers:
                self.ids[line] = bosses[after["service_number"]] = person or public_id()
        if missing := numbers - set(bosses):
            raise no_supervisor(lines, missing)

    # --- line by line ------------------------------------------------------------------------------
    def batch(self, lines: Sequence[RosterLine]) -> None:
        pks = [line.person_id for line in lines if line.person_id]
        people = User.objects.in_bulk(pks)
        held = Posting.objects.known().in_bulk(
            [line.before["posting"] for line in lines if line.before and "posting" in line.before]
        )
        addressed = [line.person_id for line in lines if line.person_id and "email" in (line.after or {})]
        asked = must_agree(addressed)
        bosses = _public_ids({people[pk].supervisor_id for pk in pks})
        for line in lines:
            person = people[line.person_id] if line.person_id else self._new(line)
            self._posting(line, person, held)
            after = dict(line.after or {})
            if line.person_id:
                self.made.named.append(person.pk)
                self._personal(line, person, asks=person.pk in asked)
            if "supervisor" in after:
                self.made.supervised.add((person.public_id, after["supervisor"]))
                after["supervisor"] = self.made.bosses[after["supervisor"]]
            if person.pk in asked:
                after.pop("email", None)
            self._remember(line, person, after, bosses.get(person.supervisor_id or 0))
        self.made.lines += len(lines)

    def _new(self, line: RosterLine) -> User:
        said = line.after or {}
        person = User(**{COLUMNS[name]: said[name] for name in COLUMNS if name in said})
        person.public_id, person.password = self.ids.get(line.pk) or public_id(), make_password(None)
        self.made.people.add(person)
        if person.email:
            self._verified(person, person.email)
        return person

    def _verified(self, person: User, email: str) -> None:
        self.made.addresses.add(EmailAddress(email=email, verified=True, primary=True), user=person.public_id)

    def _personal(self, line: RosterLine, person: User, *, asks: bool) -> None:
        """Name, address and the like, each as the check saw it."""
        before, after = line.before or {}, line.after or {}
        names = [name for name in COLUMNS if name in after]
        if names or line.kind == Kind.NEW:
            self.made.apart.append(person.pk)
        if not names:
            return
        was = {COLUMNS[name]: before.get(name, "") for name in names}
        said: dict[str, str | None] = {COLUMNS[name]: after[name] for name in names}
        if {name: getattr(person, name) or "" for name in was} != was:
            raise FileRefused("changed_since")
        if "email" in said:
            self._address(person, after["email"], asks=asks)
            if asks:
                said["email"] = person.email
        if any(name in said for name in NAME_PARTS):
            was |= {name: getattr(person, name) for name in NAME_PARTS}
            renamed = User(**{name: (was | said)[name] for name in NAME_PARTS})
            said |= {key: make(renamed) for key, make in NAME_KEYS.items()}
        self.made.updates.add(Update(person.pk, tuple(was.items()), tuple(said.items())))

    def _address(self, person: User, email: str, *, asks: bool) -> None:
        if asks:
            self.made.asked.add(AddressRequest(person=person, email=email))
            self.made.asked_people.append(person.pk)
        else:
            self.made.given.append(person.pk)
            self._verified(person, email)

    def _posting(self, line: RosterLine, person: User, held: dict[int, Posting]) -> None:
        before, after = line.before or {}, line.after or {}
        row = None
        if "posting" in before:
            row = held.get(before["posting"])
            if row is None or row.user_id != person.pk or row.agency_id != self.agency.pk:
                raise FileRefused("changed_since")
        changes = {
            name: self._thing(name, after[name])
            for name in ("unit", "role", "service_number")
            if name in after
        }
        begins, ends = (_instant(after.get(name)) for name in ("valid_from", "valid_to"))
        if row is None:
            if changes and begins is not None:
                new = Posting(agency=self.agency, main=True, valid_from=begins, valid_to=ends, **changes)
                if person.pk:
                    new.user = person
                self.made.postings.insert(new, **({} if person.pk else {"user": person.public_id}))
        elif ends is not None:
            self._instead(row, row.revised(valid_to=ends))
        elif changes and begins is not None:
            earlier = [row.revised(valid_to=begins)] if row.valid_from < begins else []
            self._instead(row, *earlier, row.revised(valid_from=begins, **changes))
        else:
            self.made.standing.append(row.pk)

    def _instead(self, row: Posting, *rows: Posting) -> None:
        self.made.postings.withdraw(row)
        for each in rows:
            self.made.postings.insert(each)

    def _thing(self, name: str, value: str) -> Any:
        if name == "service_number":
            return value or None
        found: Any = self.units.get(value) if name == "unit" else self.roles.get(value)
        if found is None:
            raise FileRefused("changed_since")
        (self.made.units if name == "unit" else self.made.roles).add(found.pk)
        return found

    def _remember(self, line: RosterLine, person: User, after: dict[str, Any], boss: str | None) -> None:
        """For the audit trail: a new person in one value, else field by field. A national id is told nowhere,
        not by its hash either; an address that the person has yet to agree to is no change. A supervisor is
        told by the public id: a number would outlive the erasure of whose it is.
        """
        said = {name: value for name, value in after.items() if name not in {"national_id", "valid_from"}}
        if line.kind == Kind.NEW:
            self.made.values.add(person.public_id, "roster", None, said)
            return
        before = (line.before or {}) | {"supervisor": boss}
        for name, value in said.items():
            self.made.values.add(person.public_id, name, before.get(name), value)


def no_supervisor(lines: Any, numbers: Iterable[str]) -> FileRefused:
    """Told by the first lines that name them: a service number would outlive whose it is."""
    naming = lines.filter(after__supervisor__in=list(numbers)).order_by("number")
    said = ", ".join(str(number) for number in naming.values_list("number", flat=True)[:5])
    return FileRefused("no_supervisor", lines=said)


def _said(lines: Any, name: str) -> Any:
    return lines.filter(after__has_key=name)


def _public_ids(people: Iterable[int | None]) -> dict[int, str]:
    found = User.objects.filter(pk__in=[pk for pk in people if pk])
    return dict(found.values_list("pk", "public_id"))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
