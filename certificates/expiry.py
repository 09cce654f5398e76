"""Certificates that end soon and that nothing carries on: whom to tell, how often."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from operations import clock
from operations.models import Notice
from people.models import Agency, Grant, Posting, User

from . import chains
from .models import Certificate
from .register import in_state
from .state import State

THRESHOLDS = (7, 30, 90)  # days before the last day has passed
# The same after each correction.
EARNED_AS = Coalesce(
    KeyTextTransform("earned_by", "award__evidence"), "award__cause", output_field=TextField()
)
ENDS, IN_AGENCY = "certificates.ends", "certificates.ending_in_agency"  # kinds of notices


def ending(now: datetime, days: int) -> QuerySet[Certificate]:
    """Return valid ones whose chain ends within so many days; of several of a person and qualification the last."""
    valid = in_state(Certificate.objects.finished().with_rules_end(), State.VALID, now)
    return chains.ending_by(chains.last_of_each(valid, now), now + timedelta(days=days), now)


def holders_to_tell(now: datetime) -> Iterator[tuple[Certificate, str]]:
    """Yield each certificate with the threshold that has come and of which nobody was told; of what changed rules end
    earlier another letter tells (`law_changes`).
    """
    by_their_days: Any = Q(rules_end_at=None) | Q(rules_end_at__gte=F("valid_to"))
    nearer: Any = Certificate.objects.none()
    for days in THRESHOLDS:
        found = ending(now, days)
        letters = Notice.objects.filter(kind=ENDS, threshold=f"{days}")
        told = _same_award().filter(public_id__in=letters.values("subject_id"))
        due = (
            found.filter(by_their_days)
            .annotate(earned_as=EARNED_AS)
            .exclude(pk__in=nearer.values("pk"))
            .exclude(Exists(told))
            .order_by("valid_to", "pk")
        )
        for certificate in due.select_related("award__person__merged_into").defer("statement"):
            yield certificate, f"{days}"
        nearer = found


def _same_award() -> Any:
    """Return what a person was issued for the same award, before one correction or after another."""
    issued = chains.of_holders(Certificate.objects.all()).annotate(earned_as=EARNED_AS)
    return issued.filter(whose=OuterRef("whose"), earned_as=OuterRef("earned_as"))


def ending_in(agency: Agency, now: datetime) -> list[Certificate]:
    """Return those of people who serve there now, within 90 days, the first to end first; four queries."""
    serving = Posting.objects.at(now).filter(agency=agency).values("user")
    found = ending(now, THRESHOLDS[-1]).filter(whose__in=serving)  # type: ignore[misc]  # annotated
    people = found.select_related("award__person__merged_into", "qualification_version__qualification")
    return list(people.prefetch_related("events").defer("statement").order_by("valid_to", "pk"))


def week_of(now: datetime) -> str:
    """Return the week in Baku, from Monday on: 2026-W49."""
    year, week, _day = now.astimezone(clock.BAKU).isocalendar()
    return f"{year}-W{week:02}"


def coordinators_to_tell(now: datetime) -> Iterator[tuple[User, Agency]]:
    """Yield each coordinator who was not told this week, with an agency in which a certificate ends within 90 days."""
    holders = ending(now, THRESHOLDS[-1]).values("whose")  # type: ignore[misc]  # annotated
    agencies = Posting.objects.at(now).filter(user__in=holders).values("agency")
    told = Notice.objects.filter(
        kind=IN_AGENCY,
        person=OuterRef("person"),
        subject_id=OuterRef("agency__public_id"),
        threshold=week_of(now),
    )
    grants = Grant.objects.live().filter(
        position=Grant.Position.COORDINATOR, unit=None, agency__in=agencies, person__in=User.objects.active()
    )
    seen = set()
    for grant in grants.exclude(Exists(told)).select_related("person", "agency").order_by("pk"):
        if grant.agency and (grant.person_id, grant.agency_id) not in seen:
            seen.add((grant.person_id, grant.agency_id))
            yield grant.person, grant.agency
