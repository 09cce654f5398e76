"""Own data, all of it as a file."""

from django.db import transaction

from operations import audit, jobs
from operations.models import Job
from people.actions.guards import refuse_unless
from people.models import User

EXPORT = "privacy.my_data"


@transaction.atomic
def export_my_data(*, person: User, by: User) -> Job:
    """Start a job that leaves an archive for a week; return the one that is under way already."""
    refuse_unless(by == person)
    person = User.objects.select_for_update().get(pk=person.pk)
    under_way = Job.objects.at_work().filter(kind=EXPORT, by=person).first()
    if under_way is not None:
        return under_way
    job = jobs.start(kind=EXPORT, by=person, subject_id=person.public_id, total=1)
    audit.record(by=by, act="privacy.export_my_data", subject_kind="user", subject_id=person.public_id)
    return job
