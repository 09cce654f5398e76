"""Letters about what registrars decide: to the holder and the coordinators where they serve at once and without the reason,
duty officers of a loss, other registrars of what waits for a second of them.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from django.db.models import Q, QuerySet

from operations import clock, notices
from operations.models import Proposal
from people.models import Grant, Posting, Unit, User

from . import permissions
from .models import Certificate, CertificateEvent, EventAppeal, Readmission

Kind, Position = CertificateEvent.Kind, Grant.Position
HOLDER = {
    Kind.REVOKED: "certificates.revoked",
    Kind.SUSPENDED: "certificates.suspended",
    Kind.REINSTATED: "certificates.reinstated",
    Kind.VOIDED: "certificates.voided",
    Kind.ENDED: "certificates.ended",
}
LOST = {Kind.REVOKED, Kind.SUSPENDED, Kind.VOIDED, Kind.ENDED}


def tell_of(events: Sequence[CertificateEvent]) -> None:
    """In the transaction of the events: what was decided at once, about certificates of whomever, in one letter to each.
    Of what is superseded `tell_corrected` tells.
    """
    kind = HOLDER.get(Kind(events[0].kind))
    if kind is None:
        return
    of_holders: dict[User, list[CertificateEvent]] = {}
    for event in events:
        of_holders.setdefault(event.certificate.award.person.surviving, []).append(event)
    for holder, (first, *others) in of_holders.items():
        several = str(len(others) + 1) if others else ""
        notices.notify(person=holder, kind=kind, subject_id=first.public_id, threshold=several)
        # Of many that changed rules end others are told once: `law_telling`.
        if first.reason != CertificateEvent.Reason.LAW_CHANGED:
            _tell_where_they_serve(first, holder)


def _tell_where_they_serve(event: CertificateEvent, holder: User) -> None:
    postings = Posting.objects.at(clock.now()).filter(user=holder)
    agencies = list(postings.values_list("agency", flat=True))
    others = {holder.pk, event.by_id}
    for person in holders_of(Position.COORDINATOR, Q(agency__in=agencies), but=others):
        notices.notify(person=person, kind="certificates.changed", subject_id=event.public_id)
        others.add(person.pk)
    if event.kind in LOST:
        units = with_parents(postings.values_list("unit", flat=True))
        where = Q(agency__in=agencies) | Q(unit__in=units)
        for person in holders_of(Position.DUTY_OFFICER, where, but=others):
            notices.notify(person=person, kind="certificates.lost", subject_id=event.public_id)


def with_parents(units: Iterable[int]) -> set[int]:
    """Return these units and all above them: a query for each level."""
    found, new = set[int](), set(units)
    while new:
        found |= new
        above = Unit.objects.filter(pk__in=new, parent__isnull=False).values_list("parent", flat=True)
        new = {pk for pk in above if pk is not None} - found
    return found


def holders_of(position: str, where: Q, *, but: AbstractSet[int | None]) -> QuerySet[User]:
    """Return who holds the position there now and may sign in."""
    grants = Grant.objects.live().filter(where, position=position)
    people = User.objects.active().filter(pk__in=grants.values("person"))
    return people.exclude(pk__in=[pk for pk in but if pk is not None]).order_by("pk")


def tell_registrars(proposal: Proposal, certificate: Certificate) -> None:
    """All but who proposed it and the holder: one of them decides."""
    tell_others("certificates.waits", proposal.public_id, certificate, but=proposal.proposed_by)


def tell_others(kind: str, subject_id: str, certificate: Certificate, *, but: User) -> None:
    """Registrars who are neither `but` nor the holder."""
    tell_registrars_but(kind, subject_id, but=[but, certificate.award.person.surviving])


def registrars_but(but: Iterable[User]) -> QuerySet[User]:
    return holders_of(Position.REGISTRAR, Q(agency=None, unit=None), but={person.pk for person in but})


def tell_registrars_but(kind: str, subject_id: str, *, but: Iterable[User]) -> None:
    """Registrars who may decide about it: those it concerns, and who proposed it, may not."""
    for person in registrars_but(but):
        notices.notify(person=person, kind=kind, subject_id=subject_id)


def who_may_answer(appeal: EventAppeal) -> QuerySet[User]:
    """Return the registrars who had no part in what is appealed against, and are not the holder."""
    event = appeal.event
    others = [event.certificate.award.person, *permissions.involved_in(event)]
    return registrars_but(person.surviving for person in others)


def tell_of_appeal(appeal: EventAppeal) -> None:
    """Registrars who may answer it; where there is none, all: they see to it that there is one."""
    holder = appeal.event.certificate.award.person.surviving
    for person in who_may_answer(appeal) or registrars_but([holder]):
        notices.notify(person=person, kind="certificates.appeal", subject_id=appeal.public_id)


def tell_of_corrections(made: Sequence[Proposal], *, but: Iterable[User]) -> None:
    """Registrars but these: one of them decides. Of several in one letter, whose threshold is how many they are."""
    several = str(len(made)) if len(made) > 1 else ""
    for registrar in holders_of(
        Position.REGISTRAR, Q(agency=None, unit=None), but={person.pk for person in but}
    ):
        notices.notify(
            person=registrar,
            kind="certificates.correction_waits",
            subject_id=made[0].public_id,
            threshold=several,
        )


def tell_corrected(proposal: Proposal, event: CertificateEvent, holder: User) -> None:
    """Of all certificates in one letter each. `event`: one of those by which they were replaced."""
    notices.notify(person=holder, kind="certificates.corrected", subject_id=proposal.public_id)
    _tell_where_they_serve(event, holder)


def tell_readmitted(readmission: Readmission) -> None:
    notices.notify(
        person=readmission.person, kind="certificates.readmitted", subject_id=readmission.public_id
    )
