"""Changes: a *cleared* of the last day, or for a duty to come, that would not be given any more is recalled, and those
concerned are told.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from operations import clock, notices
from operations.ids import public_id
from operations.outbox import enqueue_all
from people.models import Grant, Unit, User
from people.permissions import Scope

from . import evidence
from .bulk_evidence import BulkEvidence
from .evaluation import Answer, Evaluation, ReasonCode
from .models import Decision, DecisionRecall
from .serving import serving

RECHECK = "clearance.recheck"
CHUNK = 500  # decisions
EVERYWHERE = Scope(everywhere=True, agencies=frozenset(), units=frozenset())
Position = Grant.Position


@transaction.atomic
def recheck_decisions_about(*, people: Collection[int], by: None) -> int:
    """Promise that the open yeses about these people (primary keys) are evaluated anew; return how many.

    By an errand each: what changed may concern thousands, and a decision is proven anew.
    """
    changed = frozenset(people)
    records = Decision.objects.open_yeses().values_list("public_id", "person_id", "person__merged_into")
    wanted = [decision for decision, *records_of in records if not changed.isdisjoint(records_of)]
    enqueue_all(RECHECK, {public_id(): {"decision": decision} for decision in wanted})
    return len(wanted)


def recheck_all(*, by: None) -> int:
    """Promise the same for each open yes that the records at hand refuse now; return how many.

    Whoever changed what, also where nobody told it: rules, a name, a process that died between commit and signal. By
    level, in chunks, each with a constant number of queries; the errand then proves the decision anew.
    """
    number, last, run = 0, 0, public_id()
    while decisions := list(
        Decision.objects.open_yeses().filter(pk__gt=last).select_related("function").order_by("pk")[:CHUNK]
    ):
        refused = {f"{run} {each.public_id}": {"decision": each.public_id} for each in refused_now(decisions)}
        enqueue_all(RECHECK, refused)
        number, last = number + len(refused), decisions[-1].pk
    return number


def refused_now(decisions: Iterable[Decision]) -> list[Decision]:
    """Return those that would be recalled, going by records that were read at once and not proven."""
    now = clock.now()
    asked = [each for each in decisions if each.until is None or each.until > now]
    people = {each.person_id for each in asked if each.person_id is not None}
    bulk = BulkEvidence(people, {each.function for each in asked})
    return [each for each in asked if is_recalled(_bulk_answer(bulk, each, now))]


def _bulk_answer(bulk: BulkEvidence, decision: Decision, now: datetime) -> Evaluation:
    assert decision.person_id is not None
    person = bulk.owners[decision.person_id]
    active = bulk.records[person].is_active
    read = _read_on(decision, "agency")
    within = lambda posting: active and posting.agency.code in read
    return bulk.evaluate(person, decision.function, max(decision.instant, now), within=within)


def _read_on(decision: Decision, name: str) -> set[str]:
    """Return the agencies (codes) or units (public ids) of the postings it was read on: of whoever asks for several
    agencies more than its own. Of evidence that lost its shape none: then it is recalled.
    """
    said = decision.evidence.get("postings") if isinstance(decision.evidence, dict) else None
    return {row[name] for row in said or () if isinstance(row, dict) and name in row}


def evaluated_now(decision: Decision) -> Evaluation | None:
    """Return what the answer would be now, or at the moment asked about where that is to come; None where the
    answer has ended as it said.
    """
    now = clock.now()
    if decision.person is None or (decision.until is not None and decision.until <= now):
        return None
    person, instant = decision.person.surviving, max(decision.instant, now)
    read = _read_on(decision, "agency")
    rows = [each.row for each in serving(person, instant, EVERYWHERE) if each.row.agency in read]
    return evidence.read(function=decision.function, person=person, postings=rows, instant=instant).evaluate(
        instant
    )


def is_recalled(found: Evaluation | None) -> bool:
    """A *no*, or a certificate that was issued to another name. What could not be read is no reason yet."""
    if found is None:
        return False
    return found.answer == Answer.NOT_CLEARED or any(
        reason.why is ReasonCode.OTHER_NAME for reason in found.reasons
    )


@transaction.atomic
def recall(*, decision: Decision, found: Evaluation, by: None) -> DecisionRecall | None:
    """Keep that the decision would be another one now, and tell those concerned: once a decision."""
    Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if DecisionRecall.objects.filter(decision=decision).exists():
        return None
    made = DecisionRecall.objects.create(
        decision=decision,
        at=clock.now(),
        answer=found.answer,
        reasons=[reason.plain() for reason in found.reasons],
    )
    for person in concerned(decision):
        notices.notify(person=person, kind="clearance.recalled", subject_id=decision.public_id)
    return made


def concerned(decision: Decision) -> list[User]:
    """Return who asked, the shift leaders of the unit and of those above it, and the agency's coordinators."""
    above: set[int] = set()
    for unit in Unit.objects.filter(public_id__in=_read_on(decision, "unit"), agency=decision.agency_id):
        at: Unit | None = unit
        while at is not None and at.pk not in above:
            above.add(at.pk)
            at = at.parent
    grants = Grant.objects.live().filter(
        Q(position=Position.COORDINATOR, agency=decision.agency_id)
        | Q(position=Position.SHIFT_LEADER, unit__in=above)
    )
    return list(User.objects.active().filter(Q(pk__in=grants.values("person")) | Q(pk=decision.asked_by_id)))
