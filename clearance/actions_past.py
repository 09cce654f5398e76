"""Looking back: nothing is changed and nobody is cleared, but who looked back at whom is written down."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock
from operations.limits import limited
from people.models import User
from people.permissions import may

from . import past
from .actions import OwnQuestion
from .past import PastQuestion
from .permissions import ASK_PAST
from .shift_table import MOST_PEOPLE, ShiftTable

MOST_QUESTIONS, AN_HOUR = 60, 3600


@transaction.atomic
def look_back(*, question: PastQuestion, by: User) -> ShiftTable:
    """Return what would have been answered. Each about whom it is reads that somebody asked.

    ValidationError for an instant to come, for nobody, for too many, and for more than sixty questions an hour. OwnQuestion about oneself alone.
    """
    if not may(by, ASK_PAST, agency=question.agency):
        raise PermissionDenied(_("You may not do this."))
    if question.instant > clock.now():
        raise ValidationError({"at": _("Only about the past. For a time to come ask at the desk.")})
    if limited(f"look_back:{by.public_id}", MOST_QUESTIONS, AN_HOUR):
        raise ValidationError(_("Too many questions within the hour. Try again later."))
    people = past.people_of(question)
    where = "number" if question.number else "unit"
    if not people:
        raise ValidationError({where: _("The records name nobody who served there at that time.")})
    if len(people) > MOST_PEOPLE:
        raise ValidationError({where: _("At most 500 people at once.")})
    table = past.table_of(question, people, by=by)
    asked = [row.person.public_id for row in table.rows if row.cells]
    if not asked:
        raise OwnQuestion(_("Nobody asks about themselves. Let somebody else ask."))
    _record(question, asked, by)
    return table


def _record(question: PastQuestion, people: list[str], by: User) -> None:
    about = people[0] if question.number and len(people) == 1 else by.public_id
    said = {
        "agency": question.agency.code,
        "unit": question.unit.public_id if question.unit else None,
        "functions": [function.code for function in question.functions],
        "instant": question.instant,
        "known": question.known.value,
        "people": len(people),
    }
    audit.record(
        by=by, act="clearance.look_back", subject_kind="user", subject_id=about, after=said,
        values=[audit.value(person, "looked_back", None, True) for person in people],
    )  # fmt: skip
