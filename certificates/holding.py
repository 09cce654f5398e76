"""Certificates of one person by qualification, past, present and to come, with awards whose certificate is being made."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from assessments.models import Attempt
from operations import clock
from people.models import User

from .models import Award, Certificate
from .state import State, state_at

GONE = frozenset({State.VOID, State.REVOKED, State.SUPERSEDED})  # as if there had been none


@dataclass(frozen=True)
class Holding:
    """`state`: at the instant that was asked about. `valid_to`: half-open; when it ended, or is known to end.
    `recognised`: it rests on other training, without an exam. `announced_at`: since when it is known that changed rules
    end it at `valid_to`.
    """

    award: Award
    state: State
    valid_from: datetime
    valid_to: datetime
    recognised: bool = False
    announced_at: datetime | None = None

    @property
    def holds(self) -> bool:
        return self.state is State.VALID


def holdings_of(person_pk: int, instant: datetime) -> dict[str, list[Holding]]:
    """Return them by code of the qualification, the one that ends last first; also what was earned under a record that
    was merged into the person's. Three queries.
    """
    found: dict[str, list[Holding]] = {}
    for holding in _holdings(Q(person__in=User.objects.records_of(person_pk)), instant):
        found.setdefault(_code(holding.award), []).append(holding)
    return found


def holdings_of_people(people: Collection[int], code: str, instant: datetime) -> dict[int, list[Holding]]:
    """Return the same of many people (primary keys) for one qualification; four queries."""
    owners = owners_of(people)
    found: dict[int, list[Holding]] = {}
    of_code = Q(person__in=list(owners), qualification_version__qualification__code=code)
    for holding in _holdings(of_code, instant):
        found.setdefault(owners[holding.award.person_id], []).append(holding)
    return found


def owners_of(people: Collection[int]) -> Mapping[int, int]:
    """Return, for each record of these people, the one that stands for it."""
    rows = User.objects.filter(Q(pk__in=people) | Q(merged_into__in=people)).values_list("pk", "merged_into")
    return {pk: pk if into is None or into not in people else into for pk, into in rows}


def _holdings(of_awards: Q, instant: datetime) -> Iterator[Holding]:
    awards: Any = Award.objects.filter(of_awards)
    certificates = Certificate.objects.filter(award__in=awards).with_rules_end().defer("statement")
    issued = certificates.select_related("award__qualification_version__qualification")
    found = [_issued(certificate, instant) for certificate in issued.prefetch_related("events")]
    found += [_being_made(award, instant) for award in awards.filter(certificate=None).with_qualification()]
    yield from sorted(found, key=lambda held: held.valid_to, reverse=True)


def _code(award: Award) -> str:
    return award.qualification_version.qualification.code


def _issued(certificate: Certificate, instant: datetime) -> Holding:
    now = state_at(certificate, instant)
    state, end = now.state, certificate.valid_to
    if state in (State.VALID, State.NOT_YET):
        end = now.until or end
        state = (
            State.ENDED if end <= instant else state
        )  # of changed rules; the event is about to be recorded
    elif state is State.ENDED:
        end = min(now.since, end)
    announced = certificate.rules_end_announced_at if end == certificate.rules_end_at else None
    return Holding(
        certificate.award, state, certificate.valid_from, end, certificate.is_recognised, announced
    )


def _being_made(award: Award, instant: datetime) -> Holding:
    first, last = award.days
    start, end = clock.start_of(first), clock.end_of(last)
    state = State.EXPIRED if instant >= end else State.NOT_YET if instant < start else State.VALID
    return Holding(award, state, start, end, award.is_recognised)


def awards_of(attempt: Attempt) -> list[Award]:
    """Return what an exam has earned, alone or among others, oldest first; of one that was corrected the newest. One
    query.
    """
    held = Award.objects.held_by(attempt.person.surviving).with_qualification().order_by("pk")
    found = list(held.select_related("certificate").defer("certificate__statement"))
    corrected = {award.evidence.get("corrects") for award in found}
    return [
        award
        for award in found
        if award.rests_on(attempt.public_id) and _public_id_of(award) not in corrected
    ]


def _public_id_of(award: Award) -> str:
    """Return that of its certificate; empty while it is being made."""
    return award.certificate.public_id if hasattr(award, "certificate") else ""


def is_suspended(holdings: Iterable[Holding]) -> bool:
    return any(held.state is State.SUSPENDED for held in holdings)


def last_end(holdings: Iterable[Holding]) -> datetime | None:
    """Return when the last of those ends, or ended, that were not taken away; None where there is none."""
    return max((held.valid_to for held in holdings if held.state not in GONE), default=None)
