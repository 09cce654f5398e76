"""Recognition of other training: what is asked for, who it fits, what an award keeps of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock, proposals
from operations.models import Proposal
from people.models import User

from .barring import bars_of
from .holding import GONE, Holding, holdings_of_people, is_suspended, owners_of
from .models import RECOGNISED, Award
from .rules import QualificationRules, RulesInForce, in_force
from .state import State

RECOGNISE = proposals.register_act("certificates.recognise")
MOST_MONTHS, MOST_PEOPLE = 12, 500


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """A recognition as two registrars decide it, of one person or of many. `people`: public ids, in the order of the list; `kind` and
    `giver` of the training are codes, `day` its last day, `reference` the number of the file that holds the rest.
    """

    qualification: str
    people: tuple[str, ...]
    months: int
    kind: str
    giver: str
    day: date
    reference: str

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        said = proposal.payload
        return cls(**{**said, "people": tuple(said["people"]), "day": date.fromisoformat(said["day"])})

    def payload(self) -> dict[str, Any]:
        return {
            "qualification": self.qualification, "people": list(self.people), "months": self.months,
            "kind": self.kind, "giver": self.giver, "day": self.day.isoformat(), "reference": self.reference,
        }  # fmt: skip

    def last_day(self, first: date) -> date:
        """Return the last day, printed, of one that begins on the day of the decision."""
        return clock.add_months(first, self.months) - timedelta(days=1)

    def evidence(self, proposal: Proposal) -> dict[str, Any]:
        """As an award freezes it."""
        first = clock.first_day(decided_at(proposal))
        days = {"first": first.isoformat(), "last": self.last_day(first).isoformat()}
        training = {"kind": self.kind, "giver": self.giver, "day": self.day.isoformat()}
        shown = {
            "proposal": proposal.public_id, "reason": proposal.reason_category, "reference": self.reference,
            "training": training,
        }  # fmt: skip
        return {
            "way": RECOGNISED,
            "days": days,
            "shown": [{"recognition": shown}],
        }

    def cause(self, proposal: Proposal, place: int) -> str:
        """Return the cause of the award of the person at this place of the list."""
        return f"proposal:{proposal.public_id}" + (f":{place}" if len(self.people) > 1 else "")


def decided_at(proposal: Proposal) -> datetime:
    assert proposal.decided_at is not None
    return proposal.decided_at


def longest(rules: QualificationRules) -> int:
    """Return for how many months other training may be recognised: never longer than the certificate itself holds."""
    return min(MOST_MONTHS, rules.valid_months)


def allowing(instant: datetime, code: str | None = None) -> list[RulesInForce]:
    """Return the rules in force that allow it, by code of the qualification."""
    found = in_force(instant, None if code is None else [code])
    return [each for each in found if each.rules.recognition]


class Unfit(StrEnum):
    """Reasons for which other training of somebody is not recognised, as they are kept of a list that was applied."""

    CLOSED = "closed"
    OWN = "own"
    BARRED = "barred"
    SUSPENDED = "suspended"
    HELD = "held"
    AGAIN = "again"

    def text(self, day: date | None = None) -> StrOrPromise:
        match self:
            case Unfit.CLOSED:
                return _("The record was closed, merged or erased.")
            case Unfit.OWN:
                return _("Nobody proposes or decides about themselves.")
            case Unfit.BARRED:
                return _("The qualification was taken away from this person: two registrars readmit first.")
            case Unfit.SUSPENDED:
                return _("A certificate of this qualification is suspended.")
            case Unfit.HELD if day:
                return _("This person holds one that lasts as long or longer, until %(day)s.") % {
                    "day": day_text(day)
                }
            case Unfit.HELD:
                return _("This person holds one that lasts as long or longer.")
            case Unfit.AGAIN:
                return _("This training, or a later one, was recognised before: now the exam must be passed.")


@dataclass(frozen=True)
class WhyUnfit:
    why: Unfit
    day: date | None = None  # until which the one lasts that is held

    @property
    def text(self) -> StrOrPromise:
        return self.why.text(self.day)


def unfit(
    people: Sequence[User],
    asked: Recognition,
    instant: datetime,
    *,
    deciding: Collection[User],
    from_day: date | None = None,
) -> dict[int, WhyUnfit]:
    """Return, by primary key, of whom it is not recognised; the same number of queries for any number of people.

    `deciding`: who proposes or decides; `from_day`: on which it was decided, else that of the instant.
    """
    pks = [person.pk for person in people]
    records = User.objects.filter(pk__in=[each.pk for each in deciding]).values_list("pk", "merged_into")
    own = {pk for record in records for pk in record if pk is not None}  # as they are by now
    bars = bars_of(pks, instant)
    holdings = holdings_of_people(pks, asked.qualification, instant)
    recognised = _recognised_until(pks, asked.qualification, holdings)
    end = clock.end_of(asked.last_day(from_day or clock.first_day(instant)))

    def why(person: User) -> WhyUnfit | None:
        bar = bars.get((person.pk, asked.qualification))
        if not person.is_current:
            return WhyUnfit(Unfit.CLOSED)
        if own & {person.pk, person.merged_into_id}:
            return WhyUnfit(Unfit.OWN)
        if bar is not None and bar.stands(instant):
            return WhyUnfit(Unfit.BARRED)
        if against := _held_against(holdings.get(person.pk, []), end):
            return against
        again = person.pk in recognised and recognised[person.pk] >= asked.day
        return WhyUnfit(Unfit.AGAIN) if again else None

    reasons = ((person.pk, why(person)) for person in people)
    return {pk: reason for pk, reason in reasons if reason is not None}


def _held_against(held: Sequence[Holding], end: datetime) -> WhyUnfit | None:
    """Return what the certificates say against one that would end at `end`: one is suspended, or lasts as long."""
    if is_suspended(held):
        return WhyUnfit(Unfit.SUSPENDED)
    ends = [each.valid_to for each in held if each.state in (State.VALID, State.NOT_YET)]
    if ends and max(ends) >= end:
        return WhyUnfit(Unfit.HELD, clock.last_day(max(ends)))
    return None


def _recognised_until(
    people: Collection[int], code: str, holdings: Mapping[int, Sequence[Holding]]
) -> dict[int, date]:
    """Return the last day of the newest training that was recognised of each, where that was not taken back."""
    counting = {
        each.award.pk
        for own in holdings.values()
        for each in own
        if each.recognised and each.state not in GONE
    }
    if not counting:
        return {}
    owners = owners_of(people)
    found: dict[int, date] = {}
    for award in Award.objects.filter(pk__in=counting):
        day = date.fromisoformat(award.evidence["shown"][0]["recognition"]["training"]["day"])
        owner = owners[award.person_id]
        found[owner] = max(day, found.get(owner, day))
    return found
