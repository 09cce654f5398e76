"""Searching the register for a person and taking a file of it: both are written down."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, jobs
from operations.limits import limited
from operations.models import Job
from people.models import User
from people.permissions import may

from . import evidence_job
from .case_reference import decisions_of_case
from .decision_list import DecisionQuery, decisions_of, reach_of_reader, reads_others
from .evidence_file import EvidenceQuery
from .permissions import EVIDENCE, READ, visible_to

MOST_CASES, AN_HOUR = 30, 3600


def refuse_unless_reader(by: User) -> None:
    if not may(by, READ):
        raise PermissionDenied(
            _("The register of decisions is for those who ask for a clearance, coordinators and auditors.")
        )


@transaction.atomic
def search_decisions(*, people: tuple[str, ...], by: User) -> None:
    """Note that the decisions of others about these people (public ids) were searched for: each reads it in their
    own trail. One's own questions are nobody else's to know.
    """
    refuse_unless_reader(by)
    if not reads_others(by):
        return
    for person in people:
        audit.record(by=by, act="clearance.search_decisions", subject_kind="user", subject_id=person)


@transaction.atomic
def search_case(*, case: str, by: User) -> tuple[str, ...]:
    """Return public ids of the decisions `by` may read that were given this reference (its digest), and note that
    somebody looked for one; not which. ValidationError where so many were tried that it looks like guessing.
    """
    refuse_unless_reader(by)
    if limited(f"cases:{by.public_id}", MOST_CASES, AN_HOUR):
        raise ValidationError(
            _(
                "Too many case references were tried within an hour. Try again later, or search by service number."
            )
        )
    found = decisions_of_case(visible_to(by), case)
    if reads_others(by):
        audit.record(
            by=by, act="clearance.search_case", subject_kind="user", subject_id=by.public_id,
            after={"found": len(found)},
        )  # fmt: skip
    return found


@transaction.atomic
def export_decisions(
    *, number: int, query: DecisionQuery, form: str, by: User, as_job: str = ""
) -> Job | None:
    """Note who takes how many decisions by which filters; with `as_job`, the kind of the job, start it too.

    Whom one searched for is not among the filters: it stays in the trail by itself. Of a case only that there was one.
    """
    refuse_unless_reader(by)
    filters: dict[str, Any] = {
        name: value for name, value in query.kept().items() if value and name not in ("people", "of_case")
    }
    if query.of_case is not None:
        filters["case"] = True
    audit.record(
        by=by, act="clearance.export_decisions", subject_kind="user", subject_id=by.public_id,
        after={"rows": number, "filters": filters, "format": form},
    )  # fmt: skip
    if not as_job:
        return None
    return jobs.start(kind=as_job, by=by, form=form, query=query.kept(), reach=reach_of_reader(by))


@transaction.atomic
def ask_for_evidence(*, query: EvidenceQuery, by: User) -> Job:
    """Start the job that makes a file of evidence. One entry says who asked, why and about which days; everybody
    about whom it holds a decision reads it.
    """
    if not may(by, EVIDENCE):
        raise PermissionDenied(_("You may not do this."))
    about = set(query.people)
    decided = decisions_of(by, query.decisions).order_by().values_list("person__public_id", flat=True)
    about |= {person for person in decided.distinct() if person is not None}
    asked: dict[str, Any] = {"since": query.since, "until": query.until, "people": len(about)}
    if query.of_case is not None:
        asked["case"] = True
    audit.record(
        by=by, act="clearance.make_evidence", subject_kind="user", subject_id=by.public_id, reason=query.reason,
        after=asked, values=[audit.value(person, "evidence", None, True) for person in sorted(about)],
    )  # fmt: skip
    return jobs.start(kind=evidence_job.KIND, by=by, query=query.kept(), reach=reach_of_reader(by))
