"""Complaints about a holder, and appeals of holders against an event. Upheld, each leads to a proposal of another act."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, notices
from people.models import User

from . import actions_acts, happening, permissions, telling
from .actions_life import REINSTATE, REVOKE, VOID
from .models import Certificate, CertificateEvent, Complaint, EventAppeal
from .state import in_force

TIME_TO_APPEAL = timedelta(days=14)
Kind, Reason = CertificateEvent.Kind, CertificateEvent.Reason
APPEALABLE = frozenset({Kind.REVOKED, Kind.SUSPENDED, Kind.VOIDED, Kind.ENDED})


@transaction.atomic
def record_complaint(*, certificate: Certificate, category: str, reference: str, by: User) -> Complaint:
    """Record that there is a complaint: its category, and the number of the file. Other registrars are told."""
    if not permissions.can_complain(by, certificate):
        raise PermissionDenied(str(permissions.NOT_ONES_OWN))
    made = Complaint(
        certificate=certificate, category=category, reference=reference.strip(), recorded_at=clock.now(),
        recorded_by=by,
    )  # fmt: skip
    made.full_clean(exclude=made.DECISION)
    made.save(force_insert=True)
    _record("certificates.record_complaint", made, by, reference=made.reference)
    telling.tell_others("certificates.complaint", made.public_id, certificate, but=by)
    return made


@transaction.atomic
def decide_complaint(*, complaint: Complaint, outcome: str, by: User) -> Complaint:
    """Uphold or dismiss it; upheld, `by` proposes to revoke the certificate, which somebody else confirms.

    ValidationError: decided already; ActRefused: upheld, and the certificate cannot be revoked any more.
    """
    queryset = Complaint.objects.select_for_update(of=("self",)).select_related(
        "recorded_by", "certificate__award__person"
    )
    complaint = queryset.get(pk=complaint.pk)
    if not permissions.can_decide_complaint(by, complaint):
        raise PermissionDenied(
            _("Another registrar must decide: neither the one who recorded the complaint, nor the holder.")
        )
    _decide(complaint, outcome, by)
    _record("certificates.decide_complaint", complaint, by, outcome=outcome)
    if outcome == Complaint.Outcome.UPHELD:
        certificate = happening.replaced_by(complaint.certificate) or complaint.certificate
        actions_acts.propose(act=REVOKE, certificate=certificate, reason=Reason.COMPLAINT, by=by)
    return complaint


def _decide(found: Complaint | EventAppeal, outcome: str, by: User) -> None:
    if found.outcome is not None:
        raise ValidationError(_("This has been decided already."))
    if outcome not in found.Outcome.values:
        raise ValidationError(_("Choose a decision."))
    found.outcome, found.decided_at, found.decided_by = outcome, clock.now(), by
    found.save(update_fields=found.DECISION)


def _record(act: str, complaint: Complaint, by: User, **after: str) -> None:
    audit.record(
        by=by, act=act, subject_kind="certificate", subject_id=complaint.certificate.public_id,
        reason=complaint.category, after={"complaint": complaint.public_id, **after},
    )  # fmt: skip


def last_day_of_appeal(event: CertificateEvent) -> date:
    return clock.last_day(event.recorded_at + TIME_TO_APPEAL)


def is_open_to_appeal(event: CertificateEvent, events: list[CertificateEvent], now: datetime) -> bool:
    """Return whether its holder may still appeal: it stands, 14 days have not passed, and nobody has. Against what a
    correction carried over, or what was decided about several at once, the appeal is open on the certificate about which
    it was decided.
    """
    in_time = (
        now < event.recorded_at + TIME_TO_APPEAL and not event.is_carried and not _came_with_another(event)
    )
    stands = event.pk in {each.pk for each in in_force(events, now, now)}
    return event.kind in APPEALABLE and in_time and stands and not hasattr(event, "appeal")


def _came_with_another(event: CertificateEvent) -> bool:
    """Return whether it was decided about another certificate of the holder, and this one was taken along."""
    decided = event.proposal
    return (
        decided is not None
        and decided.act in {REVOKE, VOID}
        and decided.subject_id != event.certificate.public_id
    )


@transaction.atomic
def appeal(*, event: CertificateEvent, category: str, text: str, by: User) -> EventAppeal:
    """The holder appeals against an event, once. ValidationError: too late, done before, or it does not stand any more."""
    happening.lock_holder(event.certificate)
    event = CertificateEvent.objects.select_related("certificate__award__person", "appeal", "proposal").get(
        pk=event.pk
    )
    if not permissions.can_appeal(by, event):
        raise PermissionDenied(_("You may not do this."))
    if not is_open_to_appeal(event, list(event.certificate.events.all()), clock.now()):
        raise ValidationError(_("Against this decision no appeal is open any more."))
    made = EventAppeal(event=event, category=category, text=text.strip(), made_at=clock.now(), made_by=by)
    made.full_clean(exclude=made.DECISION)
    made.save(force_insert=True)
    _record_appeal("certificates.appeal", made, by)
    telling.tell_of_appeal(made)
    return made


@transaction.atomic
def decide_appeal(*, appeal: EventAppeal, outcome: str, by: User) -> EventAppeal:
    """Uphold or dismiss it; upheld, `by` proposes the reinstatement, which somebody else confirms. The holder is told.

    ValidationError: decided already; ActRefused: upheld, and there is nothing to undo any more.
    """
    happening.lock_holder(appeal.event.certificate)
    queryset = EventAppeal.objects.select_for_update(of=("self",)).select_related(
        "event__certificate__award__person", "event__by", "event__proposal"
    )
    appeal = queryset.get(pk=appeal.pk)
    if not permissions.can_decide_appeal(by, appeal):
        raise PermissionDenied(_("A registrar who had no part in that decision decides, and not the holder."))
    _decide(appeal, outcome, by)
    _record_appeal("certificates.decide_appeal", appeal, by, outcome=outcome)
    certificate = appeal.event.certificate
    if outcome == EventAppeal.Outcome.UPHELD:
        now_held = happening.replaced_by(certificate) or certificate
        actions_acts.propose(act=REINSTATE, certificate=now_held, reason=Reason.APPEAL_UPHELD, by=by)
    notices.notify(
        person=certificate.award.person.surviving,
        kind="certificates.appeal_decided",
        subject_id=appeal.public_id,
    )
    return appeal


def _record_appeal(act: str, appeal: EventAppeal, by: User, **after: str) -> None:
    audit.record(
        by=by, act=act, subject_kind="certificate", subject_id=appeal.event.certificate.public_id,
        reason=appeal.category, after={"appeal": appeal.public_id, "event": appeal.event.public_id, **after},
    )  # fmt: skip
