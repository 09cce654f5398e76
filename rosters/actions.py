"""Rosters: received, checked, applied, forgotten. Each line is judged before anything changes."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations import audit, clock, jobs
from operations.models import AuditEntry, Job
from people.actions.guards import refuse_unless
from people.models import Agency, User
from people.permissions.table import may

from . import columns, staging
from .applying import APPLY
from .models import RosterImport, RosterLine
from .permissions import IMPORT
from .wording import FileRefused

RECEIVED = "rosters.receive_roster"
MOST_SENT, WINDOW = 10, timedelta(minutes=10)  # of one person
KEPT_DAYS = 30  # after an import has ended, or was left lying
CHECKED_ANEW = gettext_lazy("The file has been checked anew since. Look at what it would change now.")
State = RosterImport.State
UNDER_WAY = (State.READING, State.APPLYING)
OPEN = (State.MAPPING, State.CHECKED)
ENDED = (State.APPLIED, State.REFUSED, State.CANCELLED)


class RosterRefused(ValidationError):
    """Raised when a roster cannot be worked on now; says why in words."""


def receive_roster(
    *,
    agency: Agency,
    file: IO[bytes],
    file_name: str,
    valid_from: datetime,
    whole: bool,
    by: User,
) -> RosterImport:
    """Take in a file; a job reads it. `valid_from`: from when what it says is true. Nothing changes yet."""
    refuse_unless(may(by, IMPORT, agency=agency))
    _refuse_too_many(by)
    roster = RosterImport(
        agency=agency, by=by, file_name=_short(file_name), valid_from=valid_from, whole=whole,
        stored=staging.SENT, uploaded_at=clock.now(),
    )  # fmt: skip
    staging.keep(roster, staging.SENT, staging.pieces_of(file))
    try:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once are counted one by one
            _refuse_too_many(by)
            job = jobs.start(kind=staging.READ, by=by, subject_id=roster.public_id, total=1)
            roster.job_id = job.public_id
            roster.save(force_insert=True)
            _record(by, RECEIVED, roster, whole=whole, valid_from=valid_from.isoformat())
    except BaseException:
        staging.forget(roster)
        raise
    return roster


def _refuse_too_many(by: User) -> None:
    """By the trail: whoever names the columns of a roster becomes its owner."""
    since = clock.now() - WINDOW
    if AuditEntry.objects.filter(act=RECEIVED, by=by, at__gt=since).count() >= MOST_SENT:
        raise RosterRefused(
            _("You have sent %(number)s rosters within ten minutes. Wait a little, then send the next one.")
            % {"number": MOST_SENT}
        )


def _short(name: str) -> str:
    """Without what could turn the direction of writing, the end kept: it says the format."""
    plain = "".join(c for c in name if c.isprintable())
    return plain if len(plain) <= 120 else f"{plain[:100]}…{plain[-15:]}"


@transaction.atomic
def name_roster_columns(
    *, roster: RosterImport, mapping: Mapping[str, str], valid_from: datetime, whole: bool, by: User
) -> None:
    """Take by hand what the columns hold, and from which day; then the check begins anew."""
    held = _held(roster, by)
    if held.state not in OPEN:
        raise RosterRefused(_("This step is not possible for the import now."))
    if missing := columns.missing(mapping):
        raise RosterRefused([str(columns.MISSING[code]) for code in missing])
    held.mapping, held.valid_from, held.whole, held.by = dict(mapping), valid_from, whole, by
    held.save(update_fields=["mapping", "valid_from", "whole", "by"])
    staging.start_check(held)
    _record(by, "rosters.name_roster_columns", held, mapping=dict(mapping), whole=whole)


@transaction.atomic
def apply_roster(*, roster: RosterImport, with_missing: bool, by: User) -> Job:
    """Promise to apply what was checked when `roster` was read. `with_missing`: who is missing from the whole
    roster has left.
    """
    held = _held(roster, by)
    if held.state != State.CHECKED:
        raise RosterRefused(_("This step is not possible for the import now."))
    if held.job_id != roster.job_id:
        raise RosterRefused(CHECKED_ANEW)
    leaving = held.lines.filter(kind=RosterLine.Kind.LEFT, person=by)
    if (leaving if with_missing else leaving.exclude(number=0)).exists():  # another had it checked
        raise RosterRefused(_("You are among those who would leave. Let another coordinator apply it."))
    if held.lines.filter(person=by).exclude(proposed=[]).exists():
        raise RosterRefused(_("The file proposes another name for you. Let another coordinator apply it."))
    job = jobs.start(kind=APPLY, by=by, subject_id=held.public_id, left=with_missing)
    held.state, held.refusal, held.job_id, held.by = State.APPLYING, "", job.public_id, by
    held.save(update_fields=["state", "refusal", "job_id", "by"])
    _record(by, "rosters.apply_roster", held, with_missing=with_missing)
    return job


@transaction.atomic
def cancel_roster(*, roster: RosterImport, by: User) -> None:
    """The file and its lines go; nothing was changed. Not once it is being applied."""
    held = _held(roster, by)
    if held.state in (State.APPLYING, State.APPLIED):
        raise RosterRefused(_("This step is not possible for the import now."))
    _cancel(held)
    _record(by, "rosters.cancel_roster", held)


@transaction.atomic
def cancel_rosters_of_erased(*, rosters: Collection[int], by: User | None) -> None:
    """The same for imports (primary keys) that name somebody whose data are erased: applied or checked again, they would
    write the person anew.
    """
    open_still = RosterImport.objects.exclude(state__in=ENDED).filter(pk__in=rosters)
    for held in (
        open_still.select_for_update(of=("self",), no_key=True).select_related("agency").order_by("pk")
    ):
        held.refusal = FileRefused("erased").kept()
        _cancel(held)
        _record(by, "rosters.cancel_roster_of_erased", held)


def _cancel(held: RosterImport) -> None:
    job = Job.objects.filter(public_id=held.job_id).first()
    if job is not None and job.closed_at is None:
        jobs.cancel(job=job, by=None)
    RosterLine.objects.filter(roster=held).delete()
    held.state, held.stored, held.headings = State.CANCELLED, "", []
    held.save(update_fields=["state", "stored", "headings", "refusal"])
    transaction.on_commit(lambda: staging.forget(held))


@transaction.atomic
def note_roster_download(*, roster: RosterImport, by: User) -> None:
    """Lines leave as a file: that leaves an entry."""
    refuse_unless(may(by, IMPORT, agency=roster.agency))
    _record(by, "rosters.note_roster_download", roster)


def forget_old_rosters(*, now: datetime, by: User | None) -> int:
    """Lines and files of imports that ended, or were left lying, so many days ago. Says how many imports."""
    old = RosterImport.objects.filter(uploaded_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(
        state__in=UNDER_WAY
    )
    number = 0
    for roster in old.exclude(stored="", lines=None).distinct():
        with transaction.atomic():
            ended = RosterImport.objects.exclude(state__in=UNDER_WAY).filter(pk=roster.pk)
            held = ended.select_for_update(no_key=True).first()
            if held is None:  # is checked anew or applied by now
                continue
            RosterLine.objects.filter(roster=held).delete()
            state = State.CANCELLED if held.state in OPEN else held.state
            RosterImport.objects.filter(pk=held.pk).update(stored="", state=state, headings=[])
            _record(by, "rosters.forget_old_rosters", held)
        staging.forget(roster)
        number += 1
    return number


def _held(roster: RosterImport, by: User) -> RosterImport:
    held = (
        RosterImport.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agency")
        .get(pk=roster.pk)
    )
    refuse_unless(may(by, IMPORT, agency=held.agency))
    return held


def _record(by: User | None, act: str, roster: RosterImport, **after: object) -> None:
    audit.record(
        by=by, act=act, subject_kind="roster", subject_id=roster.public_id,
        after={"agency": roster.agency.code, "counts": roster.counts} | after,
    )  # fmt: skip
