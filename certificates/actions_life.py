"""Acts of registrars on a certificate: revocation, suspension, reinstatement, void from the start, readmission."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import audit, clock
from operations.codes import grouped
from operations.models import Proposal
from people.models import User

from . import effects, happening, permissions, reasons, telling
from .acts import TWO, Act, ActRefused, register_act
from .barring import bars_of
from .models import Certificate, CertificateEvent, Readmission
from .state import UNDOABLE, State, state_at

REVOKE, SUSPEND_LONGER, REINSTATE, VOID, READMIT = (
    f"certificates.{act}" for act in ("revoke", "suspend_longer", "reinstate", "void", "readmit")
)
SUSPEND = "certificates.suspend"
ALONE, AGAIN_AFTER, LONGEST = timedelta(days=30), timedelta(days=90), timedelta(days=365)
Kind, Reach = CertificateEvent.Kind, CertificateEvent.Reach


@transaction.atomic
def suspend(*, certificate: Certificate, reason: str, last_day: date, by: User) -> CertificateEvent:
    """Suspend it from now to the end of a day at most 30 days ahead; then it is in force again by itself.

    ActRefused: not in force, no reason from the list, or what takes two registrars (`needs_two`).
    """
    if not permissions.can_suspend(by, certificate):
        raise PermissionDenied(str(permissions.NOT_ONES_OWN))
    happening.lock(certificate)
    certificate = Certificate.objects.select_related("award__person").get(pk=certificate.pk)
    if why := _not_to_suspend(certificate):
        raise ActRefused(str(why))
    if reason not in dict(reasons.FOR_SUSPENSION):
        raise ActRefused(_("Choose a reason from the list."))
    _refuse_wrong_day(last_day)
    if why := needs_two(certificate, last_day):
        raise ActRefused(str(why))
    [event] = happening.happen(
        [certificate], act=SUSPEND, kind=Kind.SUSPENDED, reason=reason, by=by, until=clock.end_of(last_day)
    )
    return event


def needs_two(certificate: Certificate, last_day: date) -> StrOrPromise:
    """Return why a suspension until this day takes two registrars; nothing where one may."""
    if last_day > last_day_alone():
        return _("Longer than 30 days: two registrars.")
    if was_suspended_lately(certificate):
        return _("Suspended before within 90 days: two registrars.")
    return ""


def last_day_alone() -> date:
    return clock.today() + ALONE


def was_suspended_lately(certificate: Certificate) -> bool:
    """Return whether a suspension ended, or was lifted, less than 90 days ago."""
    since = clock.now() - AGAIN_AFTER
    return any(
        each.until and each.until > since for each in certificate.events.all() if each.kind == Kind.SUSPENDED
    )


def _refuse_wrong_day(last_day: date) -> None:
    if last_day < clock.today():
        raise ActRefused(_("The day lies in the past."))
    if last_day > clock.today() + LONGEST:
        raise ActRefused(_("A suspension lasts a year at most."))


def _not_to_suspend(certificate: Certificate) -> StrOrPromise:
    state = state_at(certificate).state
    if state is State.SUSPENDED:
        return gettext_lazy("It is suspended already.")
    return "" if state in {State.VALID, State.NOT_YET} else gettext_lazy("It is not in force.")


def _suspension(certificate: Certificate, reason: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    last_day: date = asked["last_day"]
    _refuse_wrong_day(last_day)
    return {"last_day": last_day.isoformat()}


def _suspend(certificate: Certificate, proposal: Proposal, by: User) -> CertificateEvent:
    last_day = date.fromisoformat(proposal.payload["last_day"])
    if last_day < clock.today():
        raise ActRefused(_("The day until which it was to be suspended has passed."))
    [event] = happening.happen(
        [certificate], act=SUSPEND, kind=Kind.SUSPENDED, reason=proposal.reason_category, by=by, proposal=proposal,
        until=clock.end_of(last_day),
    )  # fmt: skip
    return event


def _not_to_revoke(certificate: Certificate) -> StrOrPromise:
    if happening.is_over(certificate):
        return gettext_lazy("It is revoked or void already.")
    return _is_replaced(certificate)


def _is_replaced(certificate: Certificate) -> StrOrPromise:
    """Return that another one is to be decided about; nothing where none has taken its place."""
    successor = (
        happening.replaced_by(certificate) if state_at(certificate).state is State.SUPERSEDED else None
    )
    if successor is None:
        return ""
    return _("This certificate was replaced. Decide about the new one: %(code)s.") % {
        "code": grouped(successor.short_code)
    }


def _revocation(certificate: Certificate, reason: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    reach = asked.get("reach") or reasons.REACH_OF[CertificateEvent.Reason(reason)]
    if reach not in Reach.values:
        raise ActRefused(_("Choose from the list what it applies to."))
    return {"reach": str(reach)}


def _revoke(certificate: Certificate, proposal: Proposal, by: User) -> CertificateEvent:
    """Revoke it, and with reach over all of the qualification the holder's other certificates of it."""
    reach = proposal.payload["reach"]
    chosen = [certificate]
    if reach == Reach.QUALIFICATION:
        same = happening.of_same_qualification(certificate)
        chosen += [each for each in same if each != certificate and not happening.is_over(each)]
    events = happening.happen(
        chosen,
        act=REVOKE,
        kind=Kind.REVOKED,
        reason=proposal.reason_category,
        by=by,
        proposal=proposal,
        reach=reach,
    )
    return events[0]


@transaction.atomic
def revoke_with_the_others(*, certificate: Certificate, by: None) -> CertificateEvent | None:
    """Revoke a certificate that was being made while all of its qualification was taken away; None where it stays."""
    happening.lock_holder(certificate)
    taken = happening.taken_with(certificate)
    if (
        taken is None
        or taken.certificate_id == certificate.pk
        or certificate.award.awarded_at > taken.effective_at
    ):
        return None
    happening.lock(certificate)
    [event] = happening.happen(
        [certificate], act=REVOKE, kind=Kind.REVOKED, reason=taken.reason, by=by, proposal=taken.proposal,
        reach=taken.reach,
    )  # fmt: skip
    return event


def _not_to_reinstate(certificate: Certificate) -> StrOrPromise:
    found = happening.to_undo(certificate)
    return (
        ""
        if found
        else gettext_lazy("There is nothing to undo: it is not revoked, suspended, ended or void.")
    )


def _reinstatement(certificate: Certificate, reason: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"undoes": [event.public_id for event in happening.to_undo(certificate)]}


def _reinstate(certificate: Certificate, proposal: Proposal, by: User) -> CertificateEvent:
    """Undo exactly the events that were named when it was proposed, as far as they still stand."""
    standing = {event.pk for event in happening.to_undo(certificate)}
    named = CertificateEvent.objects.filter(public_id__in=proposal.payload["undoes"], kind__in=UNDOABLE)
    chosen = [
        event
        for event in named.select_related("certificate__award__person").order_by("certificate_id", "number")
        if event.pk in standing
    ]
    if not any(event.certificate_id == certificate.pk for event in chosen):
        raise ActRefused(_("The decision that was to be undone is no longer in force."))
    events = happening.happen(
        [event.certificate for event in chosen], act=REINSTATE, kind=Kind.REINSTATED,
        reason=proposal.reason_category, by=by, proposal=proposal, undoes=chosen,
    )  # fmt: skip
    return next(event for event in events if event.certificate_id == certificate.pk)


def _not_to_void(certificate: Certificate) -> StrOrPromise:
    if state_at(certificate).state is State.VOID:
        return gettext_lazy("It is void already.")
    return _is_replaced(certificate)


def _nothing_more(certificate: Certificate, reason: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _void(certificate: Certificate, proposal: Proposal, by: User) -> CertificateEvent:
    """Never held: nor were those whose place it has taken."""
    before = [each for each in happening.replaced(certificate) if state_at(each).state is not State.VOID]
    events = happening.happen(
        [certificate, *before], act=VOID, kind=Kind.VOIDED, reason=proposal.reason_category, by=by,
        proposal=proposal,
    )  # fmt: skip
    return events[0]


def _not_to_readmit(certificate: Certificate) -> StrOrPromise:
    code = certificate.qualification_version.qualification.code
    holder = certificate.award.person.surviving.pk
    bar = bars_of([holder], clock.now()).get((holder, code))
    if bar is None:
        return gettext_lazy("Only after the whole qualification was revoked.")
    if bar.opens_at is not None and not bar.stands(clock.now()):  # one not begun may be replaced
        return _("Readmitted from %(day)s on.") % {"day": day_text(clock.first_day(bar.opens_at))}
    return ""


def _readmission(certificate: Certificate, reason: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    first_day: date = asked["first_day"]
    if first_day < clock.today():
        raise ActRefused(_("The day lies in the past."))
    return {"first_day": first_day.isoformat()}


def _readmit(certificate: Certificate, proposal: Proposal, by: User) -> Readmission:
    """From the day on exams of the qualification open again. What was revoked stays revoked."""
    holder = certificate.award.person.surviving
    opens_at = clock.start_of(date.fromisoformat(proposal.payload["first_day"]))
    readmission = Readmission.objects.create(
        person=holder, qualification=certificate.qualification_version.qualification, opens_at=opens_at,
        reason=proposal.reason_category, recorded_at=clock.now(), proposal=proposal,
    )  # fmt: skip
    audit.record(
        by=by, act=READMIT, subject_kind="certificate", subject_id=certificate.public_id,
        reason=proposal.reason_category, after={"readmission": readmission.public_id, **proposal.payload},
    )  # fmt: skip
    telling.tell_readmitted(readmission)
    return readmission


register_act(
    Act(
        code=REVOKE, noun="revocation", slug="revoke", title=gettext_lazy("Revoke"), hint=TWO, danger=True,
        question=gettext_lazy("Propose to revoke %(code)s?"), button=gettext_lazy("Confirm the revocation"),
        done=gettext_lazy("The certificate is revoked. Its page and the signed list say so from now on."),
        reasons=reasons.FOR_REVOCATION, shut=_not_to_revoke, payload=_revocation, perform=_revoke,
        effects=effects.of_revocation,
    )
)  # fmt: skip
register_act(
    Act(
        code=SUSPEND_LONGER, noun="suspension", slug="suspend", title=gettext_lazy("Suspend"),
        hint=gettext_lazy(
            "one registrar is enough for 30 days, and it ends by itself; two are needed for longer, or "
            "again within 90 days"
        ),
        question=gettext_lazy("Propose to suspend %(code)s?"), button=gettext_lazy("Confirm the suspension"),
        done=gettext_lazy("The certificate is suspended. When the suspension ends, it is in force again by itself."),
        reasons=reasons.FOR_SUSPENSION, shut=_not_to_suspend, payload=_suspension, perform=_suspend,
        effects=effects.of_suspension, danger=True,
    )
)  # fmt: skip
register_act(
    Act(
        code=REINSTATE, noun="reinstatement", slug="reinstate", title=gettext_lazy("Reinstate"),
        hint=gettext_lazy("takes back a suspension, a revocation or another decision; two registrars"),
        question=gettext_lazy("Propose to reinstate %(code)s?"), button=gettext_lazy("Confirm the reinstatement"),
        done=gettext_lazy("The decision is undone. The certificate has the state that it would have without that decision."),
        reasons=reasons.FOR_REINSTATEMENT, shut=_not_to_reinstate, payload=_reinstatement, perform=_reinstate,
        effects=effects.of_reinstatement,
    )
)  # fmt: skip
register_act(
    Act(
        code=VOID, noun="voiding", slug="void", title=gettext_lazy("Declare void from the start"), hint=TWO,
        danger=True, question=gettext_lazy("Propose to declare %(code)s void?"),
        button=gettext_lazy("Confirm that it is void"),
        done=gettext_lazy("The certificate is void from the start. Its page and the signed list say so from now on."),
        reasons=reasons.FOR_VOIDING, shut=_not_to_void, payload=_nothing_more, perform=_void,
        effects=effects.of_voiding,
    )
)  # fmt: skip
register_act(
    Act(
        code=READMIT, noun="readmission", slug="readmit", title=gettext_lazy("Readmit to the exam"), hint=TWO,
        question=gettext_lazy("Propose that the holder of %(code)s may earn the qualification again?"),
        button=gettext_lazy("Confirm the readmission"),
        done=gettext_lazy("Readmitted: the exam opens again on the day that was proposed. What was revoked stays revoked."),
        reasons=Readmission.Reason.choices, shut=_not_to_readmit, payload=_readmission, perform=_readmit,
        effects=effects.of_readmission,
    )
)  # fmt: skip
