"""Certificates under older rules end on a day: proposed by a rule owner, confirmed by a registrar, withdrawn by two, applied by
the clock.
"""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, proposals
from operations.models import Proposal
from operations.outbox import enqueue
from people.models import Grant, User
from people.permissions import may

from . import happening, law_changes, lists, telling
from .law_changes import END_OLDER, KEEP_OLDER, NOTICE, TELL, OlderVersions
from .models import (
    Certificate,
    CertificateEvent,
    LawChange,
    LawChangeWithdrawal,
    Qualification,
    WhyKept,
    WhyRulesChange,
)
from .permissions import CONFIRM_END, NOT_AMONG_THEM, PROPOSE_END, PROPOSER_AND_CONFIRMER

END = "certificates.end_older"  # what is done to each certificate, in the trail
AT_ONCE = 50  # certificates that end in one transaction


@transaction.atomic
def propose_end(*, qualification: Qualification, last_day: date, reason: str, by: User) -> Proposal:
    """The first of two, a rule owner; registrars are told that it waits.

    ValidationError: a day less than 30 days ahead, rules by which nothing renews it, nobody whose certificate would end, one
    that is to come already, a proposal that waits.
    """
    if not may(by, PROPOSE_END):
        raise PermissionDenied(_("You may not do this."))
    qualification = Qualification.objects.select_for_update().get(pk=qualification.pk)
    version = law_changes.version_now(qualification)
    if version is None:
        raise ValidationError(_("No rules are in force: nobody could renew a certificate."))
    if reason not in WhyRulesChange.values:
        raise ValidationError({"reason": _("Choose a reason from the list.")})
    older = OlderVersions(qualification, version, clock.end_of(last_day))
    _refuse(older, by)
    if proposals.waiting(act=END_OLDER, subject_id=qualification.public_id).exists():
        raise ValidationError(_("This is already waiting for a second person."))
    payload = {"version": version.number, "last_day": last_day.isoformat()}
    return _propose(END_OLDER, older, payload, reason, by)


def _propose(act: str, older: OlderVersions, payload: dict[str, object], reason: str, by: User) -> Proposal:
    qualification = older.qualification
    proposal = proposals.propose(
        act=act, subject_id=qualification.public_id, reason_category=reason, payload=payload, by=by,
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    noun = "end" if act == END_OLDER else "keeping"
    proposals.record(f"certificates.propose_{noun}", proposal, by=by, subject_kind="qualification")
    own = law_changes.holders(older).filter(grants__position=Grant.Position.REGISTRAR).distinct()
    telling.tell_registrars_but("certificates.waits", proposal.public_id, but=[by, *own])
    return proposal


def _refuse(older: OlderVersions, by: User) -> None:
    if older.ends_at < clock.end_of(clock.today() + NOTICE):
        raise ValidationError(
            {"last_day": _("The day must be at least 30 days ahead, so that everybody can renew.")}
        )
    if not law_changes.can_be_renewed(older.qualification):
        raise ValidationError(
            _("The rules in force do not say what renews this certificate, so nobody could renew it.")
        )
    if law_changes.coming(older.qualification) is not None:
        raise ValidationError(
            _("It is already decided when these certificates end. Withdraw that decision first.")
        )
    if not law_changes.concerned(older).exists():
        raise ValidationError(
            _(
                "On that day nobody holds a certificate under rules older than the present ones. Rules that are still to"
                " come count from their first day on."
            )
        )
    if law_changes.holds_one(by, older):
        raise ValidationError(str(NOT_AMONG_THEM))


@transaction.atomic
def confirm_end(*, proposal: Proposal, by: User) -> LawChange:
    """The second of two, a registrar who holds none of the certificates: from now on it is to come, renewal is open, and
    everybody concerned is told. ValidationError where it is not possible any more.
    """
    older = _older(proposal, END_OLDER)
    _refuse_confirmer(proposal, by, older)
    _refuse(older, by)
    proposals.confirm(proposal, by=by)
    change = LawChange.objects.create(
        qualification=older.qualification, version=older.version, ends_at=older.ends_at, recorded_at=clock.now(),
        proposal=proposal,
    )  # fmt: skip
    proposals.record("certificates.announce_end", proposal, by=by, subject_kind="qualification")
    enqueue(TELL, change.public_id)
    return change


@transaction.atomic
def propose_keeping(*, change: LawChange, reason: str, by: User) -> Proposal:
    """The first of two to take back what is to come. ValidationError: its day has come, it was withdrawn, one waits."""
    if not may(by, PROPOSE_END):
        raise PermissionDenied(_("You may not do this."))
    change = (
        LawChange.objects.select_for_update(of=("self",)).select_related("qualification").get(pk=change.pk)
    )
    if reason not in WhyKept.values:
        raise ValidationError({"reason": _("Choose a reason from the list.")})
    _refuse_too_late(change)
    if law_changes.holds_one(by, law_changes.of_change(change)):
        raise ValidationError(str(NOT_AMONG_THEM))
    if proposals.waiting(act=KEEP_OLDER, subject_id=change.qualification.public_id).exists():
        raise ValidationError(_("This is already waiting for a second person."))
    return _propose(KEEP_OLDER, law_changes.of_change(change), {"change": change.public_id}, reason, by)


def _refuse_too_late(change: LawChange) -> None:
    if LawChangeWithdrawal.objects.filter(change=change).exists():
        raise ValidationError(_("It was withdrawn already."))
    if change.ends_at <= clock.now():
        raise ValidationError(
            _("That day has come: two registrars must reinstate the ended certificates one by one.")
        )


@transaction.atomic
def confirm_keeping(*, proposal: Proposal, by: User) -> LawChangeWithdrawal:
    """The second of two: nothing ends by changed rules; whoever was told is told."""
    older = _older(proposal, KEEP_OLDER)
    _refuse_confirmer(proposal, by, older)
    change = LawChange.objects.select_for_update(of=("self",)).get(pk=law_changes.change_of(proposal).pk)
    _refuse_too_late(change)
    proposals.confirm(proposal, by=by)
    withdrawal = LawChangeWithdrawal.objects.create(change=change, recorded_at=clock.now(), proposal=proposal)
    proposals.record("certificates.withdraw_announced_end", proposal, by=by, subject_kind="qualification")
    enqueue(TELL, f"{change.public_id} withdrawn")
    return withdrawal


@transaction.atomic
def decline_end(*, proposal: Proposal, by: User) -> None:
    """Leave everything as it is, by a registrar who holds none. ProposalError: one's own, decided, expired."""
    older = _older(proposal)
    if not may(by, CONFIRM_END):
        raise PermissionDenied(_("You may not do this."))
    if law_changes.holds_one(by, older):
        raise ValidationError(str(NOT_AMONG_THEM))
    proposals.decline(proposal, by=by)
    proposals.record("certificates.decline_end", proposal, by=by, subject_kind="qualification")


@transaction.atomic
def withdraw_end(*, proposal: Proposal, by: User) -> None:
    """The proposer takes the proposal back. ProposalError: somebody else's, decided, expired."""
    _older(proposal)
    proposals.withdraw(proposal, by=by)
    proposals.record("certificates.withdraw_end", proposal, by=by, subject_kind="qualification")


def _older(proposal: Proposal, *acts: str) -> OlderVersions:
    """Return what it is about, its qualification locked."""
    if proposal.act not in (acts or (END_OLDER, KEEP_OLDER)):
        raise PermissionDenied(_("You may not do this."))
    Qualification.objects.select_for_update().get(public_id=proposal.subject_id)
    return law_changes.of_proposal(proposal)


def _refuse_confirmer(proposal: Proposal, by: User, older: OlderVersions) -> None:
    if may(by, CONFIRM_END) and not proposal.is_from(by) and law_changes.holds_one(by, older):
        raise ValidationError(str(NOT_AMONG_THEM))
    if not law_changes.may_confirm(by, proposal):
        raise PermissionDenied(str(PROPOSER_AND_CONFIRMER))


def end_due(*, by: None, again: bool = False) -> int:
    """End what is due, from its instant on, also after downtime; return how many ended. `again`: also of what was applied
    before, where a certificate was issued late, or a newer one taken away since.

    In chunks that are a transaction each: a second call, or a crash between two, ends nothing twice.
    """
    changes = LawChange.objects.standing().filter(ends_at__lte=clock.now())
    changes = changes.select_related("qualification", "version", "proposal").order_by("ends_at", "pk")
    number = 0
    for change in changes if again else changes.filter(applied_at=None):
        last = 0
        while pks := _after(change, last):
            number += _end(change, pks)
            last = pks[-1]
        if change.applied_at is None:
            _applied(change)
    return number


def _after(change: LawChange, last: int) -> list[int]:
    due = law_changes.to_end(law_changes.of_change(change)).filter(pk__gt=last).order_by("pk")
    return list(due.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def end_of_holder(*, certificate: Certificate, by: None) -> None:
    """End at once what is due of the holder of a certificate to which something happened after the day: one issued late
    ends with the others, and so does an older one that was reinstated, or whose newer one was taken away.
    """
    qualification = certificate.qualification_version.qualification_id
    changes = LawChange.objects.standing().filter(qualification=qualification, ends_at__lte=clock.now())
    for change in changes.select_related("qualification", "version", "proposal").order_by("ends_at", "pk"):
        due = law_changes.to_end(law_changes.of_change(change))
        pks = (
            due.filter(whose=certificate.award.person.surviving.pk)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if pks:
            happening.lock(certificate)
            _end(change, list(pks))


@transaction.atomic
def _end(change: LawChange, pks: Sequence[int]) -> int:
    """End these as far as they still are to end once their holders are locked; each list is signed once."""
    older = law_changes.of_change(change)
    named = Certificate.objects.filter(pk__in=pks).values_list("award__person", "award__person__merged_into")
    people = {pk for pair in named for pk in pair if pk is not None}
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    chosen = (
        law_changes.to_end(older)
        .filter(pk__in=pks)
        .select_related("award__person__merged_into")
        .order_by("pk")
    )
    certificates = list(chosen.select_for_update(of=("self",)).defer("statement"))
    lists.lock(certificates)
    again = law_changes.renewed_once(older, {each.whose for each in certificates})
    now = clock.now()
    for group, effective_at in (
        ([each for each in certificates if each.whose not in again], older.ends_at),
        (
            [each for each in certificates if each.whose in again],
            now,
        ),  # it stayed until the newer one was taken away
    ):
        if group:
            happening.happen(
                group, act=END, kind=CertificateEvent.Kind.ENDED, reason=CertificateEvent.Reason.LAW_CHANGED, by=None,
                proposal=change.proposal, effective_at=effective_at,
            )  # fmt: skip
    return len(certificates)


@transaction.atomic
def _applied(change: LawChange) -> None:
    """Note that all have ended, and tell coordinators and duty officers of it once."""
    if LawChange.objects.filter(pk=change.pk, applied_at=None).update(applied_at=clock.now()):
        audit.record(
            by=None, act="certificates.apply_end", subject_kind="qualification",
            subject_id=change.qualification.public_id, after={"proposal": change.proposal.public_id},
        )  # fmt: skip
        enqueue(TELL, f"{change.public_id} applied")
