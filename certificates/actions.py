"""Actions on awards and certificates."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Attempt
from operations import audit
from operations.outbox import enqueue
from people.models import User

from . import permissions
from .earning import earned_by
from .models import Award, Certificate

ISSUE = "certificates.issue"  # the errand that makes a certificate
EXPORT_LIMIT = 50_000  # rows


@transaction.atomic
def award(*, attempt: Attempt, by: None) -> list[Award]:
    """Make what a passed exam earns by the rules in force at its closing, alone or with what was shown before; and what
    is earned by having earned that. Return all that it has earned.

    It earns only through the course that the rules name, in an edition in force when it began. Runs in the transaction
    of the marks, at closing or made again, and promises the certificates; a second call finds the awards there are.
    """
    passed_at = attempt.passed_at
    if passed_at is None:
        return []
    person = User.objects.select_for_update().get(pk=attempt.person.surviving.pk)
    cause = f"attempt:{attempt.public_id}:"
    made = Award.objects.held_by(person).filter(cause__startswith=cause)
    known = {each.qualification_version.qualification.code: each for each in made.with_qualification()}
    while found := next(earned_by(attempt, person, passed_at=passed_at, known=known.keys()), None):
        known[found.code], created = Award.objects.get_or_create(
            cause=cause + found.code,
            defaults={
                "person": person,
                "qualification_version": found.version,
                "evidence": found.evidence(),
                "awarded_at": passed_at,
            },
        )
        if created:
            enqueue(ISSUE, known[found.code].public_id)
    return list(known.values())


@transaction.atomic
def export_register(
    *, queryset: QuerySet[Certificate], filters: dict[str, str], by: User
) -> list[Certificate]:
    """The certificates found, for a file with names that leaves the system; at most EXPORT_LIMIT.

    The audit trail keeps who took how many by which filters, but not what was searched for: it may be
    a name.
    """
    if not permissions.can_see_register(by):
        raise PermissionDenied(_("The register is for registrars and auditors."))
    rows = list(queryset[:EXPORT_LIMIT])
    audit.record(
        by=by,
        act="certificates.export_register",
        subject_kind="register",
        subject_id="certificates",
        after={"rows": len(rows), "searched": bool(filters.get("q")), "state": filters.get("state", ""),
               "qualification": filters.get("qualification", "")},
    )  # fmt: skip
    return rows
