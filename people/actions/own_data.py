"""What one does with one's own account: everything as a file, how letters come."""

from django.db import transaction

from operations import audit, jobs
from operations.models import Job
from operations.notices import Rhythm
from people.models import User

from .refusing import refuse_unless

EXPORT = "people.my_data"


@transaction.atomic
def export_my_data(*, person: User, by: User) -> Job:
    """A job that leaves an archive for a week. One that is under way already is that one."""
    refuse_unless(by == person)
    person = User.objects.select_for_update().get(pk=person.pk)
    under_way = Job.objects.at_work().filter(kind=EXPORT, by=person).first()
    if under_way is not None:
        return under_way
    job = jobs.start(kind=EXPORT, by=person, subject_id=person.public_id, total=1)
    audit.record(by=by, act="people.export_my_data", subject_kind="user", subject_id=person.public_id)
    return job


@transaction.atomic
def choose_notice_rhythm(*, person: User, rhythm: str, by: User) -> None:
    """How one is told what may wait. What waits already goes with the next bundle."""
    refuse_unless(by == person)
    held = User.objects.select_for_update().get(pk=person.pk)
    before, held.notice_rhythm = held.notice_rhythm, Rhythm(rhythm)
    if before == held.notice_rhythm:
        return
    held.save(update_fields=["notice_rhythm"])
    audit.record(
        by=by, act="people.choose_notice_rhythm", subject_kind="user", subject_id=held.public_id,
        before={"rhythm": before}, after={"rhythm": str(held.notice_rhythm)},
    )  # fmt: skip
