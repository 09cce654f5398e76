"""Permission to ask for whom, to see a decision, to set the rules."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from operations import clock
from operations.models import Proposal
from people.models import Grant, Posting, Unit, User
from people.permissions import Reach, Scope, confirmable, may, register_permission, where_may

from .models import Decision, DecisionOverride, DecisionQuerySet

Position = Grant.Position
ASK, READ, SEE = "clearance.ask", "clearance.read_decisions", "clearance.see_decisions"
EVIDENCE, ASK_PAST = "clearance.make_evidence", "clearance.ask_past"
OVERRIDE, REVIEW_OVERRIDE = "clearance.override", "clearance.review_override"
SEE_OVERRIDES, ENTER_DUTY = "clearance.see_overrides", "clearance.enter_duty"
SEE_RULES = "clearance.see_requirements"
SEE_FIGURES, SET_STAFFING = "clearance.see_figures", "clearance.set_staffing"
PROPOSE_RULE, CONFIRM_RULE = "clearance.propose_requirement", "clearance.confirm_requirement"
_RULE_OWNER = {Position.RULE_OWNER.value: Reach.EVERYWHERE}

register_permission(
    ASK,
    _("Ask who may perform a function, and see one's own questions"),
    {
        Position.DUTY_OFFICER.value: Reach.UNIT,
        Position.SHIFT_LEADER.value: Reach.UNIT,
        Position.COORDINATOR.value: Reach.UNIT,
    },
)
register_permission(
    ENTER_DUTY,
    _("Enter until when somebody is on duty"),
    {
        Position.DUTY_OFFICER.value: Reach.UNIT,
        Position.SHIFT_LEADER.value: Reach.UNIT,
        Position.COORDINATOR.value: Reach.UNIT,
    },
    note=_("Everybody who serves: for themselves."),
)
register_permission(
    OVERRIDE,
    _("Overrule a refusal, where the requirement allows it"),
    {Position.SHIFT_LEADER.value: Reach.UNIT},
    note=_("Not about oneself. The answer stays; somebody else reviews it within 72 hours."),
)
register_permission(
    SEE_OVERRIDES,
    _("See which refusals were overruled"),
    {
        Position.SHIFT_LEADER.value: Reach.UNIT,
        Position.COORDINATOR.value: Reach.AGENCY,
        Position.AUDITOR.value: Reach.EVERYWHERE,
    },
)
register_permission(
    REVIEW_OVERRIDE,
    _("Review an overruled refusal"),
    {Position.SHIFT_LEADER.value: Reach.UNIT, Position.COORDINATOR.value: Reach.AGENCY},
    note=_("Not an override of one's own, and not about oneself."),
)
register_permission(
    READ,
    _("Open the register of decisions: one's own, and those of others that one may see"),
    {
        Position.DUTY_OFFICER.value: Reach.UNIT,
        Position.SHIFT_LEADER.value: Reach.UNIT,
        Position.COORDINATOR.value: Reach.UNIT,
        Position.AUDITOR.value: Reach.EVERYWHERE,
    },
)
register_permission(
    SEE,
    _("See the decisions of others"),
    {
        Position.COORDINATOR.value: Reach.AGENCY,
        Position.SHIFT_LEADER.value: Reach.UNIT,
        Position.AUDITOR.value: Reach.EVERYWHERE,
    },
    note=_("A shift leader: of the last seven days, about who serves in the unit."),
)
register_permission(
    EVIDENCE,
    _("Make and check files of evidence on decisions"),
    {Position.COORDINATOR.value: Reach.AGENCY, Position.AUDITOR.value: Reach.EVERYWHERE},
    note=_("About decisions that one may see."),
)
register_permission(
    ASK_PAST,
    _("Look back: what would have been answered at an earlier time"),
    {Position.COORDINATOR.value: Reach.AGENCY, Position.AUDITOR.value: Reach.EVERYWHERE},
    note=_("Not about oneself. It clears nobody; the person can read who looked back."),
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
    note=_("Not the person who proposed it."),
)
register_permission(
    SEE_FIGURES,
    _("See figures for the whole country, without names"),
    {Position.NATIONAL_COORDINATOR.value: Reach.EVERYWHERE, Position.AUDITOR.value: Reach.EVERYWHERE},
)
register_permission(
    SET_STAFFING,
    _("Enter how many certified people each unit needs"),
    {Position.COORDINATOR.value: Reach.AGENCY},
)


def units_asked_for(user: User) -> QuerySet[Unit]:
    """Units for whose officers this person may ask: a duty officer's with all below, a coordinator's agency."""
    return Unit.objects.filter(where_may(user, ASK).within("agency", "pk"))


def serving_where_asked(user: User) -> Q:
    """A condition for postings: in those units."""
    return where_asked(user).within("agency", "unit")


def serving_where_entered(user: User) -> Q:
    """A condition for postings: in units whose people this person enters as on duty."""
    return where_may(user, ENTER_DUTY).within("agency", "unit")


def serving_beside(user: User) -> Q:
    """A condition for postings: in the agency's other units, of who is not asked about by name."""
    asked = where_may(user, ASK)
    agencies = Unit.objects.filter(pk__in=asked.units).exclude(agency__in=asked.agencies).values("agency")
    return Q(agency__in=agencies) & ~Q(unit__in=asked.units)


def may_look_beyond(user: User) -> bool:
    """Return whether there are such units at all: somebody asks for units and not for the whole agency."""
    asked = where_may(user, ASK)
    return not asked.everywhere and bool(asked.units)


def where_asked(user: User) -> Scope:
    """Return those units: to look among them, and to be compared with what was read."""
    return where_may(user, ASK)


def can_ask(user: User) -> bool:
    """At all: opens the desk."""
    return may(user, ASK)


def visible_to(user: User) -> DecisionQuerySet:
    """One's own questions while one still asks for that agency; those about and from a coordinator's agency; an
    auditor's all.
    """
    if not user.is_active:
        return Decision.objects.none()
    seen = where_may(user, SEE)
    if seen.everywhere:
        return Decision.objects.all()
    asked: Any = units_asked_for(user).values("agency")
    of_agency = Q(agency__in=seen.agencies) | Q(asking_agency__in=seen.agencies)
    return Decision.objects.filter(
        Q(asked_by=user, asking_agency__in=asked) | of_agency | _of_the_shift(seen)
    )


LATELY = timedelta(days=7)


def _of_the_shift(seen: Scope) -> Q:
    """Return a condition for what was decided lately about who serves in these units, by the agency of the unit;
    and for what was overruled there.
    """
    if not seen.units:
        return Q(pk=None)
    serving = Posting.objects.current().filter(unit__in=seen.units)
    people = serving.values("user")
    lately = Q(asked_at__gt=clock.now() - LATELY, agency__in=serving.values("agency"))
    lately &= Q(person__in=people) | Q(person__merged_into__in=people)
    return lately | Q(override__unit__in=seen.units)


def overrides_visible_to(user: User) -> QuerySet[DecisionOverride]:
    if not user.is_active:
        return DecisionOverride.objects.none()
    return DecisionOverride.objects.filter(where_may(user, SEE_OVERRIDES).within("unit__agency", "unit"))


def where_reviewed(user: User) -> Scope:
    return where_may(user, REVIEW_OVERRIDE)


def is_person(user: User, other: User | None) -> bool:
    """Return whether both records are one person's."""
    return other is not None and user.surviving.pk == other.surviving.pk


def unit_to_override(by: User, decision: Decision) -> Unit | None:
    """Return the unit for which `by` may overrule the decision: one of its agency that it was read to be about."""
    if is_person(by, decision.person):
        return None
    said = [row["unit"] for row in decision.evidence.get("postings", ())]
    units = Unit.objects.filter(public_id__in=said, agency=decision.agency_id)
    units = units.select_related("agency").order_by("pk")
    return next((unit for unit in units if may(by, OVERRIDE, unit=unit)), None)


def can_review(by: User, override: DecisionOverride) -> bool:
    if is_person(by, override.by) or is_person(by, override.decision.person):
        return False
    return may(by, REVIEW_OVERRIDE, unit=override.unit)


def can_confirm_requirement(by: User, proposal: Proposal) -> bool:
    """Another person than the proposer, who is still a rule owner."""
    return bool(rules_to_confirm(by, [proposal]))


def rules_to_confirm(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposed requirements and functions that `by` may confirm."""
    return confirmable(by, waiting, propose=PROPOSE_RULE, confirm=CONFIRM_RULE)
