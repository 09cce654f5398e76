"""The audit trail leaves the system as a file."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, jobs
from operations.models import Job
from people.models import User
from people.permissions import may

from .export import KIND, WRITERS
from .permissions import READ_AUDIT
from .search import Chosen


@transaction.atomic
def export_audit(*, chosen: Chosen, form: str, by: User) -> Job:
    """Start a job that leaves a CSV or XLSX file.

    Who took what by which filters stays in the trail, but not what was searched for: it may be a name.
    """
    if not may(by, READ_AUDIT):
        raise PermissionDenied(_("The audit trail is for auditors."))
    if form not in WRITERS:
        raise ValueError(form)
    job = jobs.start(kind=KIND, by=by, form=form, chosen=chosen.kept())
    filters = {name: value for name, value in chosen.kept().items() if name != "people" and value}
    audit.record(
        by=by, act="audit.export_audit", subject_kind="trail", subject_id="audit",
        after={**filters, "searched": chosen.people is not None, "form": form},
    )  # fmt: skip
    return job
