"""Names leave the system in a file: who took how many, by which filters, stays in the audit trail."""

from typing import Any

from django.db import transaction

from operations import audit, jobs
from operations.models import Job
from operations.sealing import sealed
from people.models import User
from people.permissions import agencies_where, may, reach_of
from people.permissions.records import EXPORT

from .guards import refuse_unless


@transaction.atomic
def export_people(
    *, number: int, filters: dict[str, Any], form: str, by: User, text: str = "", as_job: str = ""
) -> Job | None:
    """Note the export; with `as_job`, the kind of the job that makes the file, start it too.

    `text`: what was searched for. The trail does not tell it, and the job keeps it sealed.
    """
    refuse_unless(may(by, EXPORT))
    audit.record(
        by=by, act="people.export_people", subject_kind="user", subject_id=by.public_id,
        after={"people": number, "filters": filters, "format": form},
    )  # fmt: skip
    reach = reach_of(by, EXPORT)
    agencies = None if reach is None else agencies_where(by, EXPORT).values_list("public_id", flat=True)
    then = None if agencies is None else sorted(agencies)
    if not as_job:
        return None
    return jobs.start(kind=as_job, by=by, form=form, reach=then, text=sealed(text), **filters)


@transaction.atomic
def export_grants(*, number: int, filters: dict[str, str], form: str, by: User) -> None:
    """Note the export of the list of positions."""
    refuse_unless(may(by, "people.see_grants"))
    audit.record(
        by=by, act="people.export_grants", subject_kind="user", subject_id=by.public_id,
        after={"grants": number, "filters": filters, "format": form},
    )  # fmt: skip
