"""The job that gathers everything about a person."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from operations import clock
from operations.jobs import JobRefused, keep_result, register_job
from operations.models import Job
from people.models import User

from . import archive
from .actions.own_data import EXPORT

DAYS = 7  # until the archive is deleted


def _make(job: Job) -> bytes:
    person = job.by
    if not isinstance(person, User) or person.erased_at is not None:
        raise JobRefused(_("This record is erased already."))
    return archive.make(person)


def _keep(job: Job, content: bytes) -> int:
    """Keep the archive, unless the person was erased while it was made: it would outlive the record."""
    living = User.objects.not_erased().select_for_update(no_key=True).filter(public_id=job.subject_id)
    if living.first() is None:
        raise JobRefused(_("This record is erased already."))
    name = f"nisane-{clock.today().isoformat()}.zip"
    keep_result(job, name=name, content=content, days=DAYS)
    return 1


register_job(
    EXPORT,
    title=_("Everything about me"),
    prepare=_make,
    commit=_keep,
    link=lambda job: reverse("privacy:my_data"),
)
