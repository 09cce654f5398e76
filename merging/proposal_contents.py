"""The content of a proposal by two people: the pair of a merge, the request of a take-over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from operations.models import Proposal
from people.models import Agency, Role, Unit, User

from .permissions import Pair

WITHDRAW_TAKE_OVER = "merging.withdraw_take_over"
NOBODY = ""  # for whom a request is that found nobody


def people_of_merge(proposal: Proposal) -> Pair:
    return people_of_merges([proposal])[0]


def people_of_merges(proposals: Sequence[Proposal]) -> list[Pair]:
    """Return the pairs of these proposals, by one query."""
    pairs = [(proposal.subject_id, proposal.payload["gone"]) for proposal in proposals]
    people = User.objects.in_bulk({each for pair in pairs for each in pair}, field_name="public_id")
    return [(people[kept], people[gone]) for kept, gone in pairs]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The content of a request. `person` is None where it found nobody, or somebody who was erased since."""

    person: User | None
    agency: Agency
    unit: Unit
    role: Role
    valid_from: datetime


def what_is_asked(proposal: Proposal) -> Asked:
    return what_each_asks([proposal])[0]


def what_each_asks(proposals: Sequence[Proposal]) -> list[Asked]:
    """Read from their payloads: four queries, however many."""
    payloads: list[dict[str, Any]] = [proposal.payload for proposal in proposals]
    who = {proposal.subject_id for proposal in proposals}
    people = User.objects.select_related("merged_into").in_bulk(who, field_name="public_id")
    agencies = Agency.objects.in_bulk({each["agency"] for each in payloads}, field_name="public_id")
    units = Unit.objects.select_related("agency").in_bulk(
        {each["unit"] for each in payloads}, field_name="public_id"
    )
    roles = Role.objects.in_bulk({each["role"] for each in payloads}, field_name="code")
    return [
        Asked(
            person=_living(people.get(proposal.subject_id)),
            agency=agencies[each["agency"]], unit=units[each["unit"]], role=roles[each["role"]],
            valid_from=datetime.fromisoformat(each["valid_from"]),
        )
        for proposal, each in zip(proposals, payloads, strict=True)
    ]  # fmt: skip


def _living(user: User | None) -> User | None:
    person = user and user.surviving
    return person if person and person.erased_at is None else None
