"""Changes: a refusal is overruled, and somebody else reviews that."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from operations import audit, clock, notices
from people.models import Grant, User

from . import permissions, receipts, receipts_override
from .models import Decision, DecisionOverride, OverrideFinding, WhyOverride

REVIEW = timedelta(hours=72)
FRESH = timedelta(hours=12)  # an older refusal is asked anew; an older duty is past
Position = Grant.Position


def why_not(decision: Decision) -> str:
    """Return in words why this decision cannot be overruled by anybody; empty where it can."""
    requirement = decision.evidence.get("requirement") or {}
    if decision.answer != Decision.Answer.NOT_CLEARED:
        return _("An override is only for an officer who is not cleared.")
    if not requirement.get("override"):
        return _("The rule of this function allows no override.")
    if hasattr(decision, "override"):
        return _("This refusal was overruled already.")
    if decision.asked_at < clock.now() - FRESH:
        return _("The answer is older than twelve hours: ask again first.")
    if decision.instant < clock.now() - FRESH:
        return _("An override is only for a duty of the last twelve hours, of now or to come.")
    if receipts.read(decision).claims is None:
        return _("The receipt could not be checked: ask again first.")
    return ""


@transaction.atomic
def override(*, decision: Decision, reason: str, by: User) -> DecisionOverride:
    """Let the officer do it all the same. The answer stays *not cleared*; a receipt of its own says *overridden*.

    Whoever may review it is told. ValidationError where it cannot be: `why_not`.
    """
    unit = permissions.unit_to_override(by, decision)
    if unit is None:
        raise PermissionDenied(
            _("Only a shift leader of the officer's unit overrules a refusal, and not their own.")
        )
    if refusal := why_not(decision):
        raise ValidationError(refusal)
    now = clock.now()
    made = DecisionOverride(
        decision=decision, unit=unit, by=by, at=now, reason=WhyOverride(reason), review_until=now + REVIEW
    )
    made.receipt, made.key = receipts_override.sign(made)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("This refusal was overruled already.")) from error
    audit.record(
        by=by, act="clearance.override", subject_kind="decision", subject_id=decision.public_id, reason=made.reason,
        after={"override": made.public_id, "review_until": made.review_until.isoformat()},
    )  # fmt: skip
    for person in reviewers(made):
        notices.notify(person=person, kind="clearance.overridden", subject_id=made.public_id)
    return made


def reviewers(made: DecisionOverride) -> list[User]:
    """Return who may review it: coordinators of the agency; other shift leaders of the unit itself."""
    grants = Grant.objects.live().filter(
        Q(position=Position.COORDINATOR, agency=made.unit.agency_id)
        | Q(position=Position.SHIFT_LEADER, unit=made.unit_id)
    )
    people = User.objects.active().filter(pk__in=grants.values("person"))
    return [person for person in people if permissions.can_review(person, made)]


@transaction.atomic
def review(*, override: DecisionOverride, finding: str, by: User) -> DecisionOverride:
    """Keep what somebody else found: once. ValidationError where it was reviewed already."""
    locked = DecisionOverride.objects.select_for_update(of=("self",)).get(pk=override.pk)
    if not permissions.can_review(by, locked):
        raise PermissionDenied(
            _("An override is reviewed by somebody else: a coordinator, or another shift leader.")
        )
    if locked.reviewed_at is not None:
        raise ValidationError(_("Somebody has reviewed it already."))
    locked.reviewed_by, locked.reviewed_at, locked.finding = by, clock.now(), OverrideFinding(finding)
    locked.save(update_fields=["reviewed_by", "reviewed_at", "finding"])
    audit.record(
        by=by, act="clearance.review_override", subject_kind="decision", subject_id=locked.decision.public_id,
        after={"override": locked.public_id, "finding": locked.finding},
    )  # fmt: skip
    return locked
