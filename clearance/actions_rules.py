"""Requirements, changed by two rule owners, on two clocks, from today or a later day on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from certificates.models import Qualification
from operations import audit, canonical, clock, proposals
from operations.history import revise
from operations.models import Proposal
from people.actions.grants import tell
from people.models import Grant, User
from people.permissions import may

from .models import (
    MOST_GRACE,
    Basis,
    DutyFunction,
    Requirement,
    RequirementInForce,
    RequirementVersion,
    WhyRule,
)
from .permissions import CONFIRM_RULE, PROPOSE_RULE, can_confirm_requirement

REQUIRE = "clearance.require"
TOLD = [Grant.Position.RULE_OWNER, Grant.Position.AUDITOR]


@transaction.atomic
def propose_requirement(
    *,
    function: DutyFunction,
    certificates: Sequence[str],
    grace_days: int,
    basis: str,
    first_day: date,
    reason: str,
    by: User,
) -> Proposal:
    """The first of two. certificates: codes of qualifications, all of them needed; grace_days: 0 to 365.

    ValidationError: a function that is never refused, an unknown qualification, a day that is past, what is
    required on that day and after it anyway, a proposal that waits.
    """
    if not may(by, PROPOSE_RULE):
        raise PermissionDenied(_("You may not do this."))
    function = DutyFunction.objects.select_for_update().get(pk=function.pk)
    rules = {"certificates": sorted(set(certificates)), "grace_days": grace_days, "basis": basis}
    _check(function, rules, first_day, reason)
    proposal = proposals.propose(
        act=REQUIRE, subject_id=function.public_id, reason_category=reason,
        payload={"rules": rules, "first_day": first_day.isoformat()}, by=by,
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    proposals.record("clearance.propose_requirement", proposal, by=by, subject_kind="dutyfunction")
    tell("clearance.requirement_proposed", proposal.public_id, positions=TOLD, but={by.pk})
    return proposal


def _check(function: DutyFunction, rules: dict[str, Any], first_day: date, reason: str) -> None:
    wanted = set(rules["certificates"])
    if not function.gated:
        raise ValidationError(_("This function is never refused: it requires nothing."))
    if not wanted or Qualification.objects.filter(code__in=wanted).count() != len(wanted):
        raise ValidationError(_("Choose at least one qualification from the list."))
    if rules["basis"] not in Basis.values:
        raise ValidationError(_("Choose a basis."))
    if not 0 <= rules["grace_days"] <= MOST_GRACE:
        raise ValidationError(_("Enter 0 to %(most)d days.") % {"most": MOST_GRACE})
    if reason not in WhyRule.values:
        raise ValidationError(_("Choose a reason from the list."))
    if first_day < clock.today():
        raise ValidationError(_("A requirement cannot begin in the past: what was decided stands."))
    since = [row.version.rules for row in _in_force_after(function, clock.start_of(first_day))]
    if since and all(_same(known, rules) for known in since):
        raise ValidationError(_("This is required then anyway."))
    if proposals.waiting(act=REQUIRE, subject_id=function.public_id).exists():
        raise ValidationError(_("This is already waiting for a second person."))


def _same(known: dict[str, Any], rules: dict[str, Any]) -> bool:
    return {**known, "certificates": sorted(known["certificates"])} == rules


@transaction.atomic
def confirm_requirement(*, proposal: Proposal, by: User) -> RequirementVersion:
    """The second of two: a new version, in force from the day that was proposed, never from the past. Decisions
    made before stand as they are.
    """
    function = _function(proposal)
    if not can_confirm_requirement(by, proposal):
        raise PermissionDenied(_("The proposer and the confirmer are two rule owners."))
    proposals.confirm(proposal, by=by)
    valid_from = max(clock.start_of(first_day_of(proposal)), clock.now())
    version = put_in_force(function, proposal.payload["rules"], valid_from=valid_from, by=by)
    tell("clearance.requirement_changed", proposal.public_id, positions=TOLD, but={by.pk})
    return version


@transaction.atomic
def decline_requirement(*, proposal: Proposal, by: User) -> None:
    """ProposalError: one's own, decided, expired."""
    _function(proposal)
    if not may(by, CONFIRM_RULE):
        raise PermissionDenied(_("You may not do this."))
    proposals.decline(proposal, by=by)
    proposals.record("clearance.decline_requirement", proposal, by=by, subject_kind="dutyfunction")


@transaction.atomic
def withdraw_requirement(*, proposal: Proposal, by: User) -> None:
    """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
    _function(proposal)
    proposals.withdraw(proposal, by=by)
    proposals.record("clearance.withdraw_requirement", proposal, by=by, subject_kind="dutyfunction")


def first_day_of(proposal: Proposal) -> date:
    return date.fromisoformat(proposal.payload["first_day"])


def put_in_force(
    function: DutyFunction, rules: dict[str, Any], *, valid_from: datetime, by: User | None
) -> RequirementVersion:
    """A new version, in force from then on whatever was to come later; in the transaction of the caller."""
    requirement, _created = Requirement.objects.get_or_create(function=function)
    newest = requirement.versions.order_by("-number").first()
    version = RequirementVersion.objects.create(
        requirement=requirement, number=newest.number + 1 if newest else 1, rules=rules,
        sha256=canonical.sha256(rules), recorded_by=by,
    )  # fmt: skip
    old = _in_force_after(function, valid_from)
    new = [row.revised(valid_to=valid_from) for row in old if row.valid_from < valid_from]
    new.append(RequirementInForce(requirement=requirement, version=version, valid_from=valid_from))
    revise(withdraw=old, insert=new, by=by)
    before = {"version": newest.number, "rules": newest.rules} if newest else None
    audit.record(
        by=by, act=REQUIRE, subject_kind="dutyfunction", subject_id=function.public_id, reason="",
        before=before,
        after={"version": version.number, "rules": rules, "valid_from": valid_from.isoformat()},
    )  # fmt: skip
    return version


def _in_force_after(function: DutyFunction, instant: datetime) -> list[RequirementInForce]:
    """Return what is known to be in force then or later."""
    known = RequirementInForce.objects.known().filter(requirement__function=function)
    return list(known.filter(Q(valid_to=None) | Q(valid_to__gt=instant)).select_related("version"))


def _function(proposal: Proposal) -> DutyFunction:
    if proposal.act != REQUIRE:
        raise PermissionDenied(_("You may not do this."))
    return DutyFunction.objects.select_for_update().get(public_id=proposal.subject_id)
