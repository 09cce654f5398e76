"""The register as registrars and auditors search it."""

from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from locales.text import fold

from .credentials.codes import read_code
from .models import Certificate, CertificateEvent
from .state import State

Kind = CertificateEvent.Kind
BY_EVENT = {
    State.VOID: Kind.VOIDED,
    State.REVOKED: Kind.REVOKED,
    State.SUPERSEDED: Kind.SUPERSEDED,
    State.SUSPENDED: Kind.SUSPENDED,
}


def search(*, text: str, state: str, qualification: str, now: datetime) -> QuerySet[Certificate]:
    """Newest first, with all that a list shows. `text`: parts of a name, a short code or an id."""
    found: QuerySet[Certificate] = Certificate.objects.with_all().order_by("-issued_at", "-pk")
    if qualification:
        found = found.filter(qualification_version__qualification__code=qualification)
    if text:
        code = read_code(text)
        words = Q()
        for word in fold(text).split():
            words &= Q(award__person__folded_name__contains=word)
        found = found.filter(words | Q(short_code=code or "-") | Q(public_id=text.strip()))
    if state in State:
        found = in_state(found, State(state), now)
    return found


def in_state(found: QuerySet[Certificate], state: State, now: datetime) -> QuerySet[Certificate]:
    """The same states as state.state_at, as a question to the database."""
    latest = (
        CertificateEvent.objects.filter(
            certificate=OuterRef("pk"), effective_at__lte=now, recorded_at__lte=now
        )
        .exclude(kind=Kind.ERASED)
        .order_by("-effective_at", "-recorded_at", "-pk")
    )
    found = found.annotate(latest_event=Subquery(latest.values("kind")[:1]))
    if state in BY_EVENT:
        return found.filter(latest_event=BY_EVENT[state])
    found = found.filter(Q(latest_event=None) | Q(latest_event=Kind.REINSTATED))
    if state is State.EXPIRED:
        return found.filter(valid_to__lte=now)
    if state is State.NOT_YET:
        return found.filter(valid_from__gt=now)
    return found.filter(valid_from__lte=now, valid_to__gt=now)
