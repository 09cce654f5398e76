"""Writes what was prepared of an import, inside one transaction of the caller: few statements, no thought.

While the lock is held nothing is computed that could be computed before. Whatever has changed since it was
prepared ends all of it: nothing is applied over the work of somebody else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched, groupby

from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection
from django.db.models import Q

from accounts.models import Invitation
from operations import clock
from operations.history import HistoryError, Stale
from people.models import AddressRequest, Agency, Posting, Role, Unit, User

from .models import RosterImport
from .preparing import BATCH, Prepared, Update, must_agree, no_supervisor
from .refusals import FileRefused
from .register import open_since

ANSWER_WITHIN = timedelta(days=14)
FEW = 5000  # keys in one IN
SUPERVISE = (
    "UPDATE people_user SET supervisor_id = (SELECT id FROM people_user WHERE public_id = %s) "
    "WHERE public_id = %s AND public_id <> %s"
)


@dataclass(frozen=True)
class Applied:
    """`requests`: addresses that wait for a word."""

    lines: int
    requests: int


def apply(roster: RosterImport, prepared: Prepared, *, by: User | None) -> Applied:
    """Everything the lines say, at one instant. Raises FileRefused where the register has moved on."""
    # One import of an agency at a time; postings may still be made in it (they lock its key alone).
    Agency.objects.select_for_update(no_key=True).get(pk=roster.agency_id)
    now = clock.now()
    work = _Work(roster, prepared, by, now)
    try:
        with clock.at(now):
            work.lock()
            work.refuse_moved()
            work.people()
            prepared.postings.write(by=by)
            work.addresses()
            work.supervisors()
    except Stale as error:
        raise FileRefused("changed_since") from error
    except HistoryError as error:
        raise FileRefused("room", words=str(error)) from error
    except IntegrityError as error:  # an address or a national id was given to somebody else meanwhile
        raise FileRefused("changed_since") from error
    return Applied(prepared.lines, len(prepared.asked))


@dataclass(frozen=True)
class _Work:
    roster: RosterImport
    prepared: Prepared
    by: User | None
    now: datetime

    def lock(self) -> None:
        """Everybody who is named, in one order: two imports or a transfer meanwhile wait for each other."""
        if connection.vendor == "postgresql":
            for batch in batched(sorted(self.prepared.named), FEW):
                people = User.objects.filter(pk__in=batch).order_by("pk").select_for_update(no_key=True)
                for _pk in people.values_list("pk").iterator(chunk_size=FEW):
                    pass

    def refuse_moved(self) -> None:
        """Somebody was merged, erased, has left for or begun in another agency; a unit or role is gone."""
        prepared = self.prepared
        gone = Q(merged_into__isnull=False) | Q(erased_at__isnull=False)
        others = open_since(min(self.roster.valid_from, self.now)).exclude(agency=self.roster.agency_id)
        units = Unit.objects.filter(pk__in=prepared.units, agency=self.roster.agency_id)
        moved = (
            any(User.objects.filter(gone, pk__in=batch).exists() for batch in batched(prepared.named, FEW))
            or any(others.filter(user__in=batch).exists() for batch in batched(prepared.apart, FEW))
            or any(
                Posting.objects.known().filter(pk__in=batch).count() != len(batch)
                for batch in batched(prepared.standing, FEW)
            )
            or any(must_agree(batch) for batch in batched(prepared.given, FEW))
            or units.count() != len(prepared.units)
            or Role.objects.filter(pk__in=prepared.roles).count() != len(prepared.roles)
        )
        if moved:
            raise FileRefused("changed_since")

    def people(self) -> None:
        """Those who are new, then what changes of the others, where it still says what it said."""
        self.prepared.people.insert(created_at=self.now)
        for batch in self.prepared.updates.batches():
            for (was, said), updates in groupby(sorted(batch, key=_columns), key=_columns):
                self._update(was, said, list(updates))

    def _update(self, was: tuple[str, ...], said: tuple[str, ...], updates: list[Update]) -> None:
        changed = ", ".join(f"{name} = %s" for name in said)
        unchanged = "".join(f" AND COALESCE({name}, '') = %s" for name in was)
        rows = [
            [*(value for _n, value in each.said), each.pk, *(value for _n, value in each.was)]
            for each in updates
        ]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE people_user SET {changed} WHERE id = %s{unchanged}", rows)
            if cursor.rowcount != len(rows):
                raise FileRefused("changed_since")

    def addresses(self) -> None:
        """Who must agree is asked; for the rest the agency's word counts, and what was on its way to the
        address that holds no more is stopped.
        """
        for batch in batched(self.prepared.given, BATCH):
            EmailAddress.objects.filter(user__in=batch).delete()
            Invitation.objects.filter(
                person__in=batch, way=Invitation.Way.MAIL, used_at=None, revoked_at=None
            ).update(revoked_at=self.now, revoked_by=self.by)
        self.prepared.addresses.insert()
        for batch in batched(self.prepared.asked_people, BATCH):
            AddressRequest.objects.filter(person__in=batch, outcome=None).update(
                outcome=AddressRequest.Outcome.WITHDRAWN, decided_at=self.now
            )
        self.prepared.asked.insert(asked_by=self.by, asked_at=self.now, expires_at=self.now + ANSWER_WITHIN)

    def supervisors(self) -> None:
        """At the end: a supervisor may be new in the same file."""
        bosses = self.prepared.bosses
        known = open_since(self.roster.valid_from).filter(agency=self.roster.agency_id)
        holders = {
            holder
            for batch in batched(sorted(bosses), 500)
            for holder in known.filter(service_number__in=batch).values_list(
                "service_number", "user__public_id"
            )
        }
        if missing := set(bosses) - {number for number, _person in holders}:
            raise no_supervisor(self.roster.lines, missing)
        if not holders.issuperset(bosses.items()):
            raise FileRefused("changed_since")
        with connection.cursor() as cursor:
            for batch in self.prepared.supervised.batches():
                cursor.executemany(
                    SUPERVISE, [(bosses[number], person, bosses[number]) for person, number in batch]
                )


def _columns(update: Update) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(name for name, _value in update.was), tuple(name for name, _value in update.said)
