"""Requirements, changed by two rule owners, on two clocks, from today or a later day on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import clock, proposals, versions
from operations.history import RecordedQuerySet
from operations.models import Job, Proposal
from people.models import User
from people.permissions import may
from standards.actions_rules import RuleChange, begins_on, first_day_of

from . import rules_job, rules_preview
from .checking_rules import refuse_rules
from .models import DutyFunction, Requirement, RequirementInForce, RequirementVersion, WhyRule
from .permissions import CONFIRM_RULE, PROPOSE_RULE, can_confirm_requirement
from .rules import normal

REQUIRE = proposals.register_act("clearance.require")
REQUIREMENT = RuleChange(
    act=REQUIRE, noun="requirement", letters="clearance.requirement", subject=DutyFunction, kind="dutyfunction",
    confirm_permission=CONFIRM_RULE, can_confirm=can_confirm_requirement,
)  # fmt: skip
decline_requirement, withdraw_requirement = REQUIREMENT.decline, REQUIREMENT.withdraw


@transaction.atomic
def count_changes(
    *, function: DutyFunction | None, subject_id: str, rules: Mapping[str, Any], first_day: date, by: User
) -> Job:
    """Count in the background what the rules would change for whom; asked again it is the same job."""
    if not may(by, PROPOSE_RULE):
        raise PermissionDenied(_("You may not do this."))
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # asked twice at once: one after the other
    rules = normal(rules)
    known = rules_preview.job_for(subject_id, rules, first_day, by)
    return known or rules_job.start(
        by=by, subject_id=subject_id, function=function, rules=rules, first_day=first_day
    )


@transaction.atomic
def propose_requirement(
    *,
    function: DutyFunction,
    rules: Mapping[str, Any],
    first_day: date,
    reason: str,
    by: User,
) -> Proposal:
    """The first of two. rules: as `clearance.rules` describes, without their format.

    ValidationError: a function that is never refused, rules that cannot be (`checking_rules`), a day that is
    past, what is required on that day and after it anyway, a proposal that waits.
    """
    if not may(by, PROPOSE_RULE):
        raise PermissionDenied(_("You may not do this."))
    function = DutyFunction.objects.select_for_update().get(pk=function.pk)
    rules = normal(rules)
    _check(function, rules, first_day, reason)
    proposal = REQUIREMENT.propose(function.public_id, {"rules": rules}, first_day, reason, by)
    count_where_many(proposal, function, by)
    return proposal


def _check(function: DutyFunction, rules: dict[str, Any], first_day: date, reason: str) -> None:
    if not function.gated:
        raise ValidationError(_("This function needs no clearance, so it is never refused."))
    refuse_rules(rules, first_day)
    if reason not in WhyRule.values:
        raise ValidationError(_("Choose a reason from the list."))
    if first_day < clock.today():
        raise ValidationError(_("A requirement cannot begin in the past: decisions already made stay."))
    if versions.hold_anyway(rules, _history(function), clock.start_of(first_day)):
        raise ValidationError(_("This will be required then anyway."))
    if proposals.waiting(act=REQUIRE, subject_id=function.public_id).exists():
        raise ValidationError(_("This is already waiting for a second person."))


@transaction.atomic
def confirm_requirement(*, proposal: Proposal, by: User) -> RequirementVersion:
    """The second of two: a new version, in force from the day that was proposed, never from the past. Decisions
    made before stand as they are.
    """
    function, rules = REQUIREMENT.to_confirm(proposal, by), proposal.payload["rules"]
    refuse_rules(rules, begins_on(proposal))
    refuse_uncounted(proposal)
    return put_in_force(function, rules, valid_from=REQUIREMENT.confirm(proposal, by), by=by)


def count_where_many(proposal: Proposal, function: DutyFunction | None, by: User) -> None:
    """Let it be counted in the background what the proposal would change, where it concerns many people."""
    rules, first_day = proposal.payload["rules"], first_day_of(proposal)
    people = rules_preview.asked_about(function, rules, rules_preview.instant_of(first_day))
    if len(people) > rules_preview.AT_ONCE:
        rules_job.start(
            by=by, subject_id=proposal.public_id, function=function, rules=rules, first_day=first_day
        )


def refuse_uncounted(proposal: Proposal) -> None:
    """ValidationError while it is still being counted what the proposal would change: nothing is changed blind."""
    job = rules_preview.job_for(proposal.public_id, proposal.payload["rules"], first_day_of(proposal))
    if job is not None and job.closed_at is None:
        raise ValidationError(
            _(
                "The system is still counting for whom something changes. Look at the result before "
                "you confirm."
            )
        )


def put_in_force(
    function: DutyFunction, rules: dict[str, Any], *, valid_from: datetime, by: User | None
) -> RequirementVersion:
    """A new version, in force from then on whatever was to come later; in the transaction of the caller."""
    requirement, _created = Requirement.objects.get_or_create(function=function)
    version: RequirementVersion = versions.begin(
        requirement.versions, rules, _history(function),
        lambda version: RequirementInForce(requirement=requirement, version=version, valid_from=valid_from),
        act=REQUIRE, kind="dutyfunction", public_id=function.public_id, by=by,
    )  # fmt: skip
    return version


def _history(function: DutyFunction) -> RecordedQuerySet[RequirementInForce]:
    return RequirementInForce.objects.filter(requirement__function=function)
