"""The register as registrars and auditors search it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from operations.codes import read_code
from people.search import named

from .models import Certificate, CertificateEvent
from .state import BY_EVENT, ENDED_BY_REINSTATEMENT, State

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


def in_state(queryset: QuerySet[Certificate], state: State, now: datetime) -> QuerySet[Certificate]:
    """Keep those of which `state.state_at` says this now: the same rules, as a question to the database."""
    for kind, caused in BY_EVENT.items():
        if caused is state:
            return queryset.filter(_in_force(kind, now))
        queryset = queryset.exclude(_in_force(kind, now))
    if state is State.EXPIRED:
        return queryset.filter(valid_to__lte=now)
    if state is State.NOT_YET:
        return queryset.filter(valid_from__gt=now)
    return queryset.filter(valid_from__lte=now, valid_to__gt=now)


def _in_force(kind: CertificateEvent.Kind, now: datetime) -> Exists:
    """An event of this kind that no later reinstatement has ended."""
    events = CertificateEvent.objects.filter(certificate=OuterRef("pk"), kind=kind, recorded_at__lte=now)
    if kind != Kind.VOIDED:
        events = events.filter(effective_at__lte=now)
    if kind in ENDED_BY_REINSTATEMENT:
        events = events.exclude(Exists(_reinstatements_after(now)))
    return Exists(events)


def _reinstatements_after(now: datetime) -> QuerySet[CertificateEvent]:
    same_instant = Q(effective_at=OuterRef("effective_at"))
    same_record = Q(recorded_at=OuterRef("recorded_at"))
    return CertificateEvent.objects.filter(
        Q(effective_at__gt=OuterRef("effective_at"))
        | same_instant & Q(recorded_at__gt=OuterRef("recorded_at"))
        | same_instant & same_record & Q(pk__gt=OuterRef("pk")),
        certificate=OuterRef("certificate"),
        kind=Kind.REINSTATED,
        effective_at__lte=now,
        recorded_at__lte=now,
    )
