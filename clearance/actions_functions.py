"""New functions, added by two rule owners with their first rules. What is added so may be refused: rescue comes by files."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from locales.languages import LANGUAGES
from operations import audit, clock, proposals
from operations.ids import public_id
from operations.models import Proposal
from people.models import User
from people.permissions import may
from standards.actions_rules import RuleChange, begins_on

from .actions_rules import count_where_many, put_in_force, refuse_uncounted
from .checking_rules import refuse_rules
from .models import DutyFunction, WhyRule
from .permissions import CONFIRM_RULE, PROPOSE_RULE, can_confirm_requirement
from .rules import normal

ADD = proposals.register_act("clearance.add_function")
FUNCTION = RuleChange(
    act=ADD, noun="function", letters="clearance.requirement", subject=DutyFunction, kind="dutyfunction",
    confirm_permission=CONFIRM_RULE, can_confirm=can_confirm_requirement,
)  # fmt: skip
decline_function, withdraw_function = FUNCTION.decline, FUNCTION.withdraw
CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
MOST_NUMBER, MOST_NAME = 999, 200


@transaction.atomic
def propose_function(
    *,
    code: str,
    number: int,
    names: Mapping[str, str],
    rules: Mapping[str, Any],
    first_day: date,
    reason: str,
    by: User,
) -> Proposal:
    """The first of two. names: {"az": …, "en": …, "ru": …}; rules: as `clearance.rules` describes.

    ValidationError, by the name of the field: a code or number that is taken or waits, a name left out, rules that
    cannot be, a day that is past.
    """
    if not may(by, PROPOSE_RULE):
        raise PermissionDenied(_("You may not do this."))
    list(DutyFunction.objects.select_for_update(no_key=True).order_by("number")[:1])  # one after the other
    payload = {"code": code, "number": number, "names": dict(names), "rules": normal(rules)}
    _check(payload, first_day, reason)
    waiting = [each.payload for each in proposals.waiting(act=ADD)]
    if any(each["code"] == code or each["number"] == number for each in waiting):
        raise ValidationError(_("This is already waiting for a second person."))
    proposal = FUNCTION.propose(public_id(), payload, first_day, reason, by)
    count_where_many(proposal, None, by)
    return proposal


def _check(payload: Mapping[str, Any], first_day: date, reason: str) -> None:
    problems = dict(_problems(payload))
    try:
        refuse_rules(payload["rules"], first_day)
    except ValidationError as refusal:
        problems |= refusal.message_dict
    if problems:
        raise ValidationError(problems)
    if reason not in WhyRule.values:
        raise ValidationError(_("Choose a reason from the list."))
    if first_day < clock.today():
        raise ValidationError(_("A requirement cannot begin in the past: decisions already made stay."))


def _problems(payload: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    code, number, names = payload["code"], payload["number"], payload["names"]
    if not CODE.fullmatch(code):
        yield "code", [_("A capital letter, then capitals, digits and hyphens: F12.")]
    elif DutyFunction.objects.filter(code=code).exists():
        yield "code", [_("Another function has this code.")]
    if not 0 < number <= MOST_NUMBER:
        yield "number", [_("Enter a number from 1 to %(most)d.") % {"most": MOST_NUMBER}]
    elif DutyFunction.objects.filter(number=number).exists():
        yield "number", [_("Another function has this number.")]
    for language in LANGUAGES:
        if not 0 < len(names.get(language, "").strip()) <= MOST_NAME:
            yield f"name_{language}", [_("Every language needs a name.")]


@transaction.atomic
def confirm_function(*, proposal: Proposal, by: User) -> DutyFunction:
    """The second of two: the function is there, and its rules are in force from the day that was proposed."""
    FUNCTION.to_confirm(proposal, by)
    payload = proposal.payload
    _check(payload, begins_on(proposal), proposal.reason_category)
    refuse_uncounted(proposal)
    valid_from = FUNCTION.confirm(proposal, by)
    names = {f"name_{language}": payload["names"][language] for language in LANGUAGES}
    function = DutyFunction(
        public_id=proposal.subject_id, code=payload["code"], number=payload["number"], gated=True, **names
    )
    function.full_clean()
    function.save(force_insert=True)
    audit.record(
        by=by, act=ADD, subject_kind="dutyfunction", subject_id=function.public_id,
        reason=proposal.reason_category,
        after={"proposal": proposal.public_id, **{name: payload[name] for name in ("code", "number", "names")}},
    )  # fmt: skip
    put_in_force(function, payload["rules"], valid_from=valid_from, by=by)
    return function
