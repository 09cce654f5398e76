"""Letters about certificates that changed rules end: to their holders and the coordinators where they serve when it is decided,
30 and 7 days before, on the day, and when it is withdrawn. Duty officers are told of the day once. No reason but "rules changed".
"""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from operations import clock, notices
from operations.models import Notice
from people.models import Grant, Posting, User

from . import law_changes
from .models import CertificateEvent, LawChange
from .telling import holders_of, with_parents

HOLDER, AGENCY = "certificates.rules_end", "certificates.rules_end_in_agency"
WITHDRAWN, LOST = "certificates.rules_end_withdrawn", "certificates.lost"
APPLIED, TAKEN_BACK = "applied", "withdrawn"
AT_ONCE = 100  # people in one transaction
type Letter = tuple[User, str, str]  # to whom, kind, threshold


def letters_of(change: LawChange, what: str) -> Iterator[tuple[Letter, ...]]:
    """Yield the letters in parts. `what`: empty when it was decided, days before it, APPLIED or TAKEN_BACK."""
    return batched(_letters(change, what), AT_ONCE)


def send(change: LawChange, letters: Iterable[Letter]) -> None:
    """In the caller's transaction; what was sent before is not sent again."""
    for person, kind, threshold in letters:
        notices.notify(person=person, kind=kind, subject_id=change.public_id, threshold=threshold)


def _letters(change: LawChange, what: str) -> Iterator[Letter]:
    if what == TAKEN_BACK:
        told = Notice.objects.filter(kind__in=(HOLDER, AGENCY), subject_id=change.public_id)
        for person in User.objects.active().filter(pk__in=told.values("person")).order_by("pk"):
            yield person, WITHDRAWN, ""
        return
    if what != APPLIED and hasattr(change, "withdrawal"):
        return
    people = _ended(change) if what == APPLIED else law_changes.holders(law_changes.of_change(change))
    if what != APPLIED:
        for person in people.order_by("pk"):
            yield person, HOLDER, what
    postings = Posting.objects.at(clock.now()).filter(user__in=people)
    agencies = set(postings.values_list("agency", flat=True))
    coordinators = holders_of(Grant.Position.COORDINATOR, Q(agency__in=agencies), but=set())
    for person in coordinators:
        yield person, AGENCY, what
    if what == APPLIED:
        units = with_parents(postings.values_list("unit", flat=True).distinct())
        where = Q(agency__in=agencies) | Q(unit__in=units)
        but = set(coordinators.values_list("pk", flat=True))
        for person in holders_of(Grant.Position.DUTY_OFFICER, where, but=but):
            yield person, LOST, ""


def _ended(change: LawChange) -> QuerySet[User]:
    """Return who holds none any more."""
    events = CertificateEvent.objects.filter(kind=CertificateEvent.Kind.ENDED, proposal=change.proposal_id)
    whose = Coalesce("certificate__award__person__merged_into", "certificate__award__person")
    ended = User.objects.filter(pk__in=events.order_by().values_list(whose, flat=True))
    return ended.exclude(pk__in=law_changes.renewed(law_changes.of_change(change)))
