"""Consequences of a decision about certificates: events recorded, lists signed once, the trail, who is told, other apps."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from operations import audit, clock
from operations.models import Proposal
from people.models import User

from . import doubts, lists, telling
from .barring import taken_away
from .models import AwardInDoubt, Certificate, CertificateEvent
from .recording import record_event
from .signals import certificate_changed
from .state import BY_EVENT, UNDOABLE, State, in_force, state_at

Kind = CertificateEvent.Kind


def happen(
    certificates: Sequence[Certificate],
    *,
    act: str,
    kind: CertificateEvent.Kind,
    reason: str,
    by: User | None,
    proposal: Proposal | None = None,
    until: datetime | None = None,
    reach: str | None = None,
    undoes: Sequence[CertificateEvent] = (),
    successors: Sequence[Certificate] = (),
    effective_at: datetime | None = None,
) -> list[CertificateEvent]:
    """Record one event of each certificate, from now on or from `effective_at`, in the caller's transaction; each list is
    signed once.

    `undoes`: of a reinstatement, `successors`: of a supersession, in the order of the certificates.
    """
    now = clock.now()
    none = [None] * len(certificates)
    pairs: Any = zip(certificates, undoes or none, successors or none, strict=True)
    events = [
        record_event(
            certificate, kind=kind, reason=reason, effective_at=effective_at or now, by=by, proposal=proposal, until=until,
            reach=reach, undoes=undone, successor=successor,
        )
        for certificate, undone, successor in pairs
    ]  # fmt: skip
    lists.sign_lists_of([*certificates, *successors])
    for certificate, event in zip(certificates, events, strict=True):
        if kind in (Kind.REVOKED, Kind.VOIDED):
            doubts.settle(certificate.award, AwardInDoubt.Outcome.REVOKED, at=now, by=by)
        audit.record(
            by=by, act=act, subject_kind="certificate", subject_id=certificate.public_id, reason=reason,
            after=_for_the_trail(event),
        )  # fmt: skip
        certificate_changed.send(Certificate, certificate=certificate, event=event)
    telling.tell_of(events)
    return events


def _for_the_trail(event: CertificateEvent) -> dict[str, str]:
    found = {"event": event.public_id}
    if event.until is not None:
        found["until"] = event.until.isoformat()
    if event.successor is not None:
        found["successor"] = event.successor.public_id
    return found


def lock_holder(certificate: Certificate) -> None:
    """Lock the holder, before their certificates: whatever concerns them comes one after the other."""
    records = User.objects.records_of(certificate.award.person.surviving.pk)
    list(records.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def lock(certificate: Certificate) -> None:
    """Lock the holder, then all of the holder's certificates of the qualification, then the lists of these: what happens
    to one may end another, and no act waits for another crosswise.
    """
    lock_holder(certificate)
    lists.lock(of_same_qualification(certificate))


def of_same_qualification(certificate: Certificate) -> list[Certificate]:
    """Return all of the holder for the same qualification, this one too, locked in the order in which they were made."""
    held = Certificate.objects.held_by(certificate.award.person.surviving)
    same = held.filter(
        qualification_version__qualification=certificate.qualification_version.qualification_id
    )
    locked = same.select_for_update(of=("self",)).select_related("award__person").order_by("pk")
    return list(locked.prefetch_related("events"))


def to_undo(certificate: Certificate) -> list[CertificateEvent]:
    """Return the events that a reinstatement undoes now: what makes the state, and what was decided with it about other
    certificates of the holder; none where nothing can be undone.
    """
    now = clock.now()
    state = state_at(certificate, now).state
    kinds = {kind for kind, caused in BY_EVENT.items() if caused is state} & UNDOABLE
    standing = [event for event in in_force(certificate.events.all(), now, now) if event.kind in kinds]
    found = list(standing)
    for event in standing:
        whole = event.reach == CertificateEvent.Reach.QUALIFICATION or event.kind == Kind.VOIDED
        if whole and event.proposal_id is not None:
            others = CertificateEvent.objects.filter(proposal=event.proposal_id, kind=event.kind)
            found += [each for each in others.exclude(pk=event.pk) if _stands(each, now)]
    return sorted(set(found), key=lambda event: (event.certificate_id, event.number))


def _stands(event: CertificateEvent, now: datetime) -> bool:
    return event in in_force(event.certificate.events.all(), now, now)


def taken_with(certificate: Certificate) -> CertificateEvent | None:
    """Return the event by which all of its qualification was taken from its holder, and stands."""
    now = clock.now()
    same = of_same_qualification(certificate)
    return taken_away([event for each in same for event in each.events.all()], now, now)


def is_over(certificate: Certificate) -> bool:
    return state_at(certificate).state in {State.VOID, State.REVOKED}


def replaced_by(certificate: Certificate) -> Certificate | None:
    """Return the certificate that has taken its place now: of several, one after the other, the last."""
    found = None
    supersession = _supersession(certificate)
    while supersession is not None:
        found = supersession.successor
        supersession = _supersession(found) if found is not None else None
    return found


def _supersession(certificate: Certificate) -> CertificateEvent | None:
    events = CertificateEvent.objects.filter(certificate=certificate, kind=Kind.SUPERSEDED)
    return events.select_related("successor__award__person").order_by("number").first()


def replaced(certificate: Certificate) -> list[Certificate]:
    """Return those whose place it has taken, one before the other, locked."""
    found: list[Certificate] = []
    aims = [certificate]
    while aims:
        before = Certificate.objects.filter(events__successor__in=aims).exclude(
            pk__in=[each.pk for each in found]
        )
        aims = list(before.select_for_update(of=("self",)).select_related("award__person").order_by("pk"))
        found += aims
    return found
