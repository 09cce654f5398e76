"""Permission to ask for whom, to see a decision, to set the rules."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from operations.models import Proposal
from people.models import Grant, Unit, User
from people.permissions import Reach, Scope, may, register_permission, where_may

from .models import Decision

Position = Grant.Position
ASK, SEE = "clearance.ask", "clearance.see_decisions"
SEE_RULES = "clearance.see_requirements"
SEE_FIGURES = "clearance.see_figures"
PROPOSE_RULE, CONFIRM_RULE = "clearance.propose_requirement", "clearance.confirm_requirement"
_RULE_OWNER = {Position.RULE_OWNER.value: Reach.EVERYWHERE}

register_permission(
    ASK,
    _("Ask who may perform a function, and see one's own questions"),
    {Position.DUTY_OFFICER.value: Reach.UNIT, Position.COORDINATOR.value: Reach.UNIT},
)
register_permission(
    SEE,
    _("See the decisions of others"),
    {Position.COORDINATOR.value: Reach.AGENCY, Position.AUDITOR.value: Reach.EVERYWHERE},
)
register_permission(
    SEE_RULES,
    _("See what each function requires, now, before and later"),
    {
        **_RULE_OWNER,
        Position.NATIONAL_COORDINATOR.value: Reach.EVERYWHERE,
        Position.AUDITOR.value: Reach.EVERYWHERE,
        Position.ADMINISTRATOR.value: Reach.EVERYWHERE,
    },
)
register_permission(
    PROPOSE_RULE, _("Propose which certificates a function requires, and from when"), _RULE_OWNER
)
register_permission(
    CONFIRM_RULE,
    _("Confirm or decline a proposed requirement"),
    _RULE_OWNER,
    note=_("Another person than the proposer."),
)
register_permission(
    SEE_FIGURES,
    _("See figures for the whole country, without names"),
    {Position.NATIONAL_COORDINATOR.value: Reach.EVERYWHERE, Position.AUDITOR.value: Reach.EVERYWHERE},
)


def units_asked_for(user: User) -> QuerySet[Unit]:
    """Units for whose officers this person may ask: a duty officer's with all below, a coordinator's agency."""
    return Unit.objects.filter(where_may(user, ASK).within("agency", "pk"))


def serving_where_asked(user: User) -> Q:
    """A condition for postings: in those units."""
    return where_may(user, ASK).within("agency", "unit")


def where_asked(user: User) -> Scope:
    """Return those units, to be compared with what was read."""
    return where_may(user, ASK)


def can_ask(user: User) -> bool:
    """At all: opens the desk."""
    return may(user, ASK)


def visible_to(user: User) -> QuerySet[Decision]:
    """One's own questions while one still asks for that agency; a coordinator's agency; an auditor's all."""
    if not user.is_active:
        return Decision.objects.none()
    seen = where_may(user, SEE)
    if seen.everywhere:
        return Decision.objects.all()
    asked: Any = units_asked_for(user).values("agency")
    return Decision.objects.filter(Q(asked_by=user, agency__in=asked) | Q(agency__in=seen.agencies))


def can_confirm_requirement(by: User, proposal: Proposal) -> bool:
    """Another person than the proposer, who is still a rule owner."""
    if proposal.is_from(by) or not may(by, CONFIRM_RULE):
        return False
    return may(User.objects.get(pk=proposal.proposed_by_id), PROPOSE_RULE)
