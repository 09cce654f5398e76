"""Adjoining certificates of one person and qualification are one chain: it ends where the last of them ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from operations import clock
from operations.codes import grouped

from .models import Certificate, CertificateEvent
from .register import in_state
from .state import State, state_at

CARRIES_ON = (State.VALID, State.NOT_YET)


def end_of(end: datetime, others: Iterable[tuple[datetime, datetime]]) -> datetime:
    """Return when the chain ends in which one certificate ends at `end`. `others`: first instant and end of what holds
    or will hold; each that begins by then carries it on.
    """
    for valid_from, valid_to in sorted(others):
        if valid_from <= end:
            end = max(end, valid_to)
    return end


def ends(
    certificates: Iterable[Certificate], instant: datetime, *, known_at: datetime | None = None
) -> dict[int, datetime]:
    """Return, by primary key, when the chain of each certificate ends that is valid at the instant. Given is all that
    these people hold, with award, person, version and events at hand.
    """
    parts: dict[tuple[int, int], list[tuple[datetime, datetime]]] = {}
    valid = []
    for certificate in certificates:
        found = state_at(certificate, instant, known_at=known_at)
        end = found.until or certificate.valid_to
        if found.state in CARRIES_ON:
            parts.setdefault(whose(certificate), []).append((certificate.valid_from, end))
        if found.state is State.VALID:
            valid.append((certificate, end))
    return {certificate.pk: end_of(end, parts[whose(certificate)]) for certificate, end in valid}


def whose(certificate: Certificate) -> tuple[int, int]:
    """Return the holder and the qualification, by primary key."""
    person = certificate.award.person
    return person.merged_into_id or person.pk, certificate.qualification_version.qualification_id


def of_holders(
    certificates: QuerySet[Certificate],
) -> Any:  # QuerySet[Certificate]; Any for what is annotated
    """Annotate `whose`: the person who holds it, also what was earned under a record merged into theirs."""
    return certificates.annotate(whose=Coalesce("award__person__merged_into", "award__person"))


def ending_by(valid: QuerySet[Certificate], limit: datetime, now: datetime) -> QuerySet[Certificate]:
    """Keep, of valid ones, those whose chain ends by `limit`, as a question to the database: neither they nor what carries
    them on is valid then, as known now; what changed rules end is not.

    One that has not begun is the last of its chain: renewal opens after a certificate has begun (`actions_rules`).
    """
    at_limit = in_state(
        _same().filter(valid_from__lte=OuterRef("valid_to")), State.VALID, limit, known_at=now
    )
    lasting: Any = Q(rules_end_at=None) | Q(rules_end_at__gt=limit)
    found: QuerySet[Certificate] = of_holders(valid).exclude(Exists(at_limit.filter(lasting)))
    return found


def last_of_each(valid: QuerySet[Certificate], now: datetime) -> QuerySet[Certificate]:
    """Keep, of several valid ones of a person and qualification, the one that ends last."""
    longer = Q(valid_to__gt=OuterRef("valid_to")) | Q(valid_to=OuterRef("valid_to"), pk__gt=OuterRef("pk"))
    found: QuerySet[Certificate] = of_holders(valid)
    return found.exclude(Exists(in_state(_same().filter(longer), State.VALID, now)))


def _same() -> QuerySet[Certificate]:
    """Finished ones of the same holder and qualification."""
    finished = Certificate.objects.filter(check_record__isnull=False).with_rules_end()
    found: QuerySet[Certificate] = of_holders(finished).filter(
        whose=OuterRef("whose"),
        qualification_version__qualification=OuterRef("qualification_version__qualification"),
    )
    return found


@dataclass(frozen=True)
class Neighbour:
    public_id: str
    code: str
    first_day: date


@dataclass(frozen=True)
class Neighbours:
    """`renews` and `renewed_by`: the one before and after it in its chain. `replaces` and `replaced_by`: what says the same
    but for a correction, and holds for the same days.
    """

    renews: Neighbour | None
    renewed_by: Neighbour | None
    replaces: Neighbour | None
    replaced_by: Neighbour | None


def with_neighbours(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    renewing = Certificate.objects.filter(check_record__isnull=False).defer("statement").order_by("-pk")
    superseding = CertificateEvent.objects.select_related("certificate").defer(
        "statement", "certificate__statement"
    )
    return certificates.select_related("renews").prefetch_related(
        Prefetch("renewed_by", renewing), Prefetch("supersedes", superseding), "events__successor"
    )


def neighbours(certificate: Certificate) -> Neighbours:
    """For lists, `with_neighbours` fetches them."""
    superseded_by = (event.successor for event in certificate.events.all() if event.successor_id is not None)
    superseded = (event.certificate for event in certificate.supersedes.all())
    return Neighbours(
        renews=_neighbour(certificate.renews),
        renewed_by=_neighbour(next(iter(certificate.renewed_by.all()), None)),
        replaces=_neighbour(next(superseded, None)),
        replaced_by=_neighbour(next(superseded_by, None)),
    )


def _neighbour(certificate: Certificate | None) -> Neighbour | None:
    if certificate is None:
        return None
    first_day = clock.first_day(certificate.valid_from)
    return Neighbour(certificate.public_id, grouped(certificate.short_code), first_day)
