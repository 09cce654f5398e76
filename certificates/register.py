"""The register as registrars and auditors search it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from operations.codes import read_code
from people.search import named

from .models import Certificate, CertificateEvent
from .state import BY_EVENT, UNDOABLE, State

Kind = CertificateEvent.Kind


def search(*, text: str, state: str, qualification: str, now: datetime) -> QuerySet[Certificate]:
    """Return those found, newest first, with all that a list shows. `text`: parts of a name, a code or an id."""
    queryset: QuerySet[Certificate] = Certificate.objects.with_all().order_by("-issued_at", "-pk")
    if qualification:
        queryset = queryset.of_qualification(qualification)  # type: ignore[attr-defined]  # a CertificateQuerySet
    if text:
        named_so = named(text, "award__person__")
        queryset = queryset.filter(
            named_so | Q(short_code=read_code(text) or "-") | Q(public_id=text.strip())
        )
    if state:
        queryset = in_state(queryset, State(state), now)
    return queryset


def in_state(
    queryset: QuerySet[Certificate], state: State, now: datetime, *, known_at: datetime | None = None
) -> QuerySet[Certificate]:
    """Keep those of which `state.state_at` says this at `now`, as known at `known_at` (then): the same rules, as a
    question to the database.
    """
    known_at = known_at or now
    for kind, caused in BY_EVENT.items():
        if caused is state:
            return queryset.filter(_in_force(kind, now, known_at))
        queryset = queryset.exclude(_in_force(kind, now, known_at))
    if state is State.EXPIRED:
        return queryset.filter(valid_to__lte=now)
    if state is State.NOT_YET:
        return queryset.filter(valid_from__gt=now)
    return queryset.filter(valid_from__lte=now, valid_to__gt=now)


def not_over(
    queryset: QuerySet[Certificate], instant: datetime, *, known_at: datetime
) -> QuerySet[Certificate]:
    """Leave out those that are void, revoked, replaced or ended at the instant; whether expired or suspended is not asked."""
    for kind, caused in BY_EVENT.items():
        if caused is not State.SUSPENDED:
            queryset = queryset.exclude(_in_force(kind, instant, known_at))
    return queryset


def _in_force(kind: str, now: datetime, known_at: datetime) -> Exists:
    """An event of this kind that has begun, has not ended by itself and was not undone."""
    events = CertificateEvent.objects.filter(certificate=OuterRef("pk"), kind=kind, recorded_at__lte=known_at)
    if kind != Kind.VOIDED:
        events = events.filter(effective_at__lte=now)
    if kind == Kind.SUSPENDED:
        events = events.filter(until__gt=now)
    if kind in UNDOABLE:
        undone = CertificateEvent.objects.filter(
            kind=Kind.REINSTATED,
            certificate=OuterRef("certificate"),
            undoes=OuterRef("pk"),
            effective_at__lte=now,
            recorded_at__lte=known_at,
        )
        events = events.exclude(Exists(undone))
    return Exists(events)
