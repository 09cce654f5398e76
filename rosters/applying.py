"""Applies a checked import: everything that its lines say, in one transaction and at one instant, or nothing.

The lines were judged some time ago. Whoever is named is locked and looked at again: whatever differs from what
the check saw ends all of it, so that nothing is applied over the work of somebody else.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import Invitation
from operations import audit, clock, jobs, spreadsheets
from operations.history import HistoryError, Stale, revise
from operations.models import Job
from operations.proposals import ProposalError
from people.actions.addresses import tell_of_address
from people.models import AddressRequest, Agency, Posting, Role, Unit, User
from people.models.person import NAME_KEYS, NAME_PARTS
from people.permissions.table import may
from people.signals import tell_service_changed

from . import renaming, staging
from .checking import PERSONAL
from .matching import lines_in_circles, must_agree, open_since
from .models import RosterImport, RosterLine
from .permissions import IMPORT
from .wording import FileRefused, results

APPLY = "rosters.roster_apply"
BATCH = 250  # lines that are in memory at once
NOTICES = 200  # that are promised at once
ANSWER_WITHIN = timedelta(days=14)
COLUMNS = {name: "national_id_hash" if name == "national_id" else name for name in PERSONAL}
Kind, State = RosterLine.Kind, RosterImport.State


@dataclass(frozen=True)
class Applied:
    """`requests`: addresses that wait for a word."""

    lines: int
    requests: int


@transaction.atomic
def carry_out(*, roster: RosterImport, with_missing: bool, by: User | None) -> Applied:
    """Apply all lines of a checked import at one instant, or none. Raises FileRefused in words."""
    queryset = RosterImport.objects.select_for_update(of=("self",), no_key=True)
    held = queryset.select_related("agency").get(pk=roster.pk)
    if held.state != State.APPLYING:
        raise FileRefused("changed_since")
    if by is not None and (not by.is_active or not may(by, IMPORT, agency=held.agency)):
        raise FileRefused("not_allowed")
    with clock.at(clock.now()):
        work = _Work(held, by)
        _refusing(work, with_missing=with_missing)
        tell_service_changed(work.moved)
        held.state, held.applied_at, held.stored = State.APPLIED, work.now, ""
        held.headings = [each[:1] for each in held.headings]  # without the cells below them
        if not with_missing:
            _forget_missing(held)
        held.save(update_fields=["state", "applied_at", "stored", "headings", "counts"])
        audit.record(
            by=by, act="rosters.carry_out_roster", subject_kind="roster", subject_id=held.public_id,
            after={"agency": held.agency.code, "counts": held.counts, "with_missing": with_missing},
            values=work.values,
        )  # fmt: skip
    transaction.on_commit(lambda: staging.forget(held))
    return Applied(work.lines, work.requests)


def _refusing(work: "_Work", *, with_missing: bool) -> None:
    try:
        work.apply(changing(work.roster, with_missing=with_missing))
    except (
        Stale,
        IntegrityError,
        ProposalError,
    ) as error:  # also an address given away, a name proposed meanwhile
        raise FileRefused("changed_since") from error
    except HistoryError as error:
        raise FileRefused("room", words=str(error)) from error


def _forget_missing(held: RosterImport) -> None:
    """Forget the lines of people missing from the file, who stay: nothing is told as if they had left."""
    missing = held.lines.filter(number=0)
    for kind in missing.values_list("kind", flat=True):
        held.counts[kind] -= 1
    held.counts = {kind: number for kind, number in held.counts.items() if number} | {"missing": 0}
    missing.delete()


def changing(roster: RosterImport, *, with_missing: bool) -> Any:
    """Return the lines that change something."""
    queryset = roster.lines.exclude(kind__in=(Kind.ERROR, Kind.UNCHANGED))
    return queryset if with_missing else queryset.exclude(number=0)


# --- line by line -------------------------------------------------------------------------------
class _Work:
    """The work of one import, in batches in the order of people's keys: imports and transfers wait for each other."""

    def __init__(self, roster: RosterImport, by: User | None) -> None:
        self.roster, self.by, self.now = roster, by, clock.now()
        # One import of an agency at a time; postings may still be made in it (they lock its key alone).
        self.agency = Agency.objects.select_for_update(no_key=True).get(pk=roster.agency_id)
        self.units = {unit.public_id: unit for unit in Unit.objects.filter(agency=self.agency)}
        self.roles = {role.code: role for role in Role.objects.all()}
        self.values = audit.BulkValues()
        self.lines = self.requests = 0
        self.new: dict[int, int] = {}  # of new people who have a supervisor: line and person
        self.moved: set[int] = set()  # people whose postings change

    def apply(self, lines: Any) -> None:
        if lines_in_circles(self.roster):  # by what was said of supervisors since the check
            raise FileRefused("changed_since")
        keys = array("q", lines.order_by("person", "pk").values_list("pk", flat=True))
        for batch in batched(keys, BATCH):
            queryset = RosterLine.objects.filter(pk__in=batch).defer("cells", "errors")
            self._batch(list(queryset.order_by("person", "pk")))
            self.lines += len(batch)
        self._supervisors(lines)
        renaming.propose(lines, self.by)

    def _batch(self, lines: Sequence[RosterLine]) -> None:
        people = self._people(lines)
        addressed = [line.person_id for line in lines if line.person_id and "email" in (line.after or {})]
        asked = must_agree(addressed)
        known = [(line, people[line.pk]) for line in lines if line.person_id]
        renaming.refuse_other(known, self.by)
        self._personal(known, asked)
        self._postings(lines, people)
        self._addresses(lines, people, asked)
        self.values.add(value for line in lines for value in _told(line, people[line.pk], asked))

    def _people(self, lines: Sequence[RosterLine]) -> dict[int, User]:
        """Return everybody named, by line: locked where they are known, written down where they are new."""
        named = {line.person_id for line in lines if line.person_id}
        locked = User.objects.filter(pk__in=named).order_by("pk").select_for_update(no_key=True)
        known = {person.pk: person for person in locked}
        gone = any(each.merged_into_id or each.erased_at for each in known.values())
        if gone or len(known) < len(named):
            raise FileRefused("changed_since")
        new = {line.pk: _new_person(line) for line in lines if not line.person_id}
        User.objects.bulk_create(new.values())
        self.new |= {
            line.pk: new[line.pk].pk for line in lines if line.pk in new and _says(line, "supervisor")
        }
        return new | {line.pk: known[line.person_id] for line in lines if line.person_id}

    def _personal(self, pairs: Sequence[tuple[RosterLine, User]], asked: set[int]) -> None:
        """Write names and the like, each where it still says what the check saw."""
        changed: list[User] = []
        fields: set[str] = set()
        apart: list[int] = []
        for line, person in pairs:
            before, after = line.before or {}, line.after or {}
            names = [name for name in COLUMNS if name in after]
            if names or line.kind == Kind.NEW:
                apart.append(person.pk)
            if any((getattr(person, COLUMNS[name]) or "") != before.get(name, "") for name in names):
                raise FileRefused("changed_since")
            waits = {*line.proposed, *(["email"] if person.pk in asked else [])}
            said = {COLUMNS[name]: after[name] for name in names if name not in waits}
            for column, value in said.items():
                setattr(person, column, value)
            if not said.keys().isdisjoint(NAME_PARTS):
                said |= {key: make(person) for key, make in NAME_KEYS.items()}
                for key in NAME_KEYS:
                    setattr(person, key, said[key])
            if said:
                changed.append(person)
                fields |= said.keys()
        since = min(self.roster.valid_from, self.now)
        if open_since(since).exclude(agency=self.agency).filter(user__in=apart).exists():
            raise FileRefused("changed_since")  # has begun in another agency
        if changed:
            User.objects.bulk_update(changed, sorted(fields), batch_size=BATCH)

    def _postings(self, lines: Sequence[RosterLine], people: dict[int, User]) -> None:
        found = {
            line.pk: line.before["posting"] for line in lines if line.before and "posting" in line.before
        }
        held = Posting.objects.known().in_bulk(found.values())
        withdraw: list[Posting] = []
        insert: list[Posting] = []
        for line in lines:
            row, person = held.get(found.get(line.pk, 0)), people[line.pk]
            expected = (person.pk, self.agency.pk) if line.pk in found else None
            if ((row.user_id, row.agency_id) if row else None) != expected:
                raise FileRefused("changed_since")
            rows = list(self._instead(line, person, row))
            insert += rows
            withdraw += [row] if row and rows else []
        revise(withdraw=withdraw, insert=insert, by=self.by)
        self.moved |= {row.user_id for row in (*withdraw, *insert)}

    def _instead(self, line: RosterLine, person: User, row: Posting | None) -> Iterator[Posting]:
        """Yield the postings that a line puts in place of the one that it found, if it changes any."""
        after = line.after or {}
        changes = {
            name: self._thing(name, after[name])
            for name in ("unit", "role", "service_number")
            if name in after
        }
        begins, ends = (
            datetime.fromisoformat(after[name]) if after.get(name) else None
            for name in ("valid_from", "valid_to")
        )
        if row is None:
            if changes and begins is not None:
                yield Posting(user=person, agency=self.agency, valid_from=begins, valid_to=ends, **changes)
        elif ends is not None:
            yield row.revised(valid_to=ends)
        elif changes and begins is not None:
            if row.valid_from < begins:
                yield row.revised(valid_to=begins)
            yield row.revised(valid_from=begins, **changes)

    def _thing(self, name: str, value: str) -> Any:
        if name == "service_number":
            return value or None
        found: Any = self.units.get(value) if name == "unit" else self.roles.get(value)
        if found is None:
            raise FileRefused("changed_since")
        return found

    def _addresses(self, lines: Sequence[RosterLine], people: dict[int, User], asked: set[int]) -> None:
        """Ask who must agree; for the rest the agency's word counts, and what was on its way to the address
        that holds no more is stopped.
        """
        said = [
            (people[line.pk], line.after["email"]) for line in lines if line.after and _says(line, "email")
        ]
        asking = [(person, email) for person, email in said if person.pk in asked]
        given = [(person, email) for person, email in said if person.pk not in asked]
        keys = [person.pk for person, _email in given]
        EmailAddress.objects.filter(user__in=keys).delete()
        Invitation.objects.filter(
            person__in=keys, way=Invitation.Way.MAIL, used_at=None, revoked_at=None
        ).update(revoked_at=self.now, revoked_by=self.by)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=person, email=email, verified=True, primary=True) for person, email in given
        )
        AddressRequest.objects.filter(person__in=[person for person, _email in asking], outcome=None).update(
            outcome=AddressRequest.Outcome.WITHDRAWN, decided_at=self.now
        )
        AddressRequest.objects.bulk_create(
            AddressRequest(
                person=person, email=email, asked_by=self.by, asked_at=self.now, expires_at=self.now + ANSWER_WITHIN
            )
            for person, email in asking
        )  # fmt: skip
        self.requests += len(asking)

    def _supervisors(self, lines: Any) -> None:
        """At the end: a supervisor may be new in the same file."""
        naming = lines.filter(after__has_key="supervisor").order_by("person", "pk")
        rows = list(naming.values_list("pk", "person", "after__supervisor"))
        bosses = self._bosses({number for _line, _person, number in rows}, lines)
        for batch in batched(rows, BATCH):
            said = {person or self.new[line]: bosses[number] for line, person, number in batch}
            people = User.objects.filter(pk__in=said)
            present = User.objects.filter(pk__in={person.supervisor_id for person in people})
            before = dict(present.values_list("pk", "public_id"))
            changed = [person for person in people if said[person.pk].pk != person.pk]
            told = []
            for person in changed:
                boss = said[person.pk]
                was = before.get(person.supervisor_id or 0)
                told.append(audit.value(person.public_id, "supervisor", was, boss.public_id))
                person.supervisor = boss
            self.values.add(told)
            User.objects.bulk_update(changed, ["supervisor"], batch_size=BATCH)

    def _bosses(self, numbers: set[str], lines: Any) -> dict[str, User]:
        serving = open_since(self.roster.valid_from).filter(agency=self.agency).select_related("user")
        bosses = {
            row.service_number: row.user
            for batch in batched(sorted(numbers), 500)
            for row in serving.filter(service_number__in=batch)
        }
        if missing := numbers - bosses.keys():
            # Told by the first lines that name them: a service number would outlive whose it is.
            naming = lines.filter(after__supervisor__in=list(missing)).order_by("number")
            said = ", ".join(str(number) for number in naming.values_list("number", flat=True)[:5])
            raise FileRefused("no_supervisor", lines=said)
        return bosses


def _told(line: RosterLine, person: User, asked: set[int]) -> Iterator[audit.Value]:
    """Yield what the audit trail keeps: a new person in one value, else field by field. A national id is told
    nowhere, not by its hash either; an address that the person has yet to agree to is no change. A supervisor is
    told by the public id, later: a number would outlive the erasure of whose it is.
    """
    untold = {"national_id", "valid_from", "supervisor", *line.proposed}
    untold |= {"email"} if person.pk in asked else set()
    said = {name: value for name, value in (line.after or {}).items() if name not in untold}
    if line.kind == Kind.NEW:
        yield audit.value(person.public_id, "roster", None, said)
        return
    before = line.before or {}
    for name, value in said.items():
        yield audit.value(person.public_id, name, before.get(name), value)


def _new_person(line: RosterLine) -> User:
    said = line.after or {}
    return User(
        password=make_password(None), **{COLUMNS[name]: said[name] for name in COLUMNS if name in said}
    )


def _says(line: RosterLine, name: str) -> bool:
    return name in (line.after or {})


# --- the job ------------------------------------------------------------------------------------
def _prepare(job: Job) -> Path | None:
    """The last step makes the file of results."""
    if job.total is None or job.done < job.total - 1:
        return None
    path = jobs.scratch_file(".csv")
    headings = [_("Line"), _("What happened"), _("Service number"), _("Name"), _("Details")]
    try:
        rows = results(staging.import_of(job), with_missing=bool(job.payload.get("left")))
        spreadsheets.write_csv(path, headings, rows)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _commit(job: Job, result: Path | None) -> int:
    roster = staging.import_of(job)
    if job.total is None:
        return _apply(job, roster)
    if result is None:
        return _ask(job, roster)
    jobs.keep_result(job, name=_("roster-result.csv"), content=result)
    return 1


def _apply(job: Job, roster: RosterImport) -> int:
    try:
        applied = carry_out(roster=roster, with_missing=bool(job.payload.get("left")), by=roster.by)
    except FileRefused as refusal:
        raise jobs.JobRefused(str(refusal)) from refusal
    job.total = 1 + applied.lines + applied.requests + 1
    return 1 + applied.lines


def _ask(job: Job, roster: RosterImport) -> int:
    """Promise the mails to the old addresses, some at a time: the register is not held up by them."""
    assert roster.applied_at is not None
    asked = AddressRequest.objects.filter(asked_by=roster.by, asked_at=roster.applied_at).order_by("pk")
    left = (job.total or 0) - 1 - job.done
    first = asked.count() - left
    chosen = list(asked.select_related("person")[max(first, 0) : max(first, 0) + NOTICES])
    for request in chosen:
        tell_of_address(request=request)
    return len(chosen) or left


def _may_fetch(job: Job) -> bool:
    """The file names people: it is for who still keeps the agency's register."""
    by: Any = job.by
    return may(by, IMPORT, agency=staging.import_of(job).agency)


def _ended(job: Job) -> None:
    """Refused or cancelled before anything was applied: it may be checked and tried again."""
    if job.state != Job.State.DONE:
        RosterImport.objects.filter(public_id=job.subject_id, state=State.APPLYING).update(
            state=State.CHECKED, refusal=FileRefused("said", words=job.error).kept() if job.error else ""
        )


jobs.register_job(
    APPLY,
    title=pgettext_lazy("job", "Applying a roster"),
    prepare=_prepare,
    commit=_commit,
    on_end=_ended,
    link=lambda job: reverse("rosters:roster", args=[job.subject_id]),
    may_fetch=_may_fetch,
    alone=True,
)
