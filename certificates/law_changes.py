"""Certificates that changed rules end on a day: which of them, whose they are, how many in each agency, who decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from operations import clock, proposals
from operations.models import Proposal
from people.models import Agency, Posting, User
from people.permissions import confirmable, declinable

from . import chains, rules
from .models import (
    Award,
    Certificate,
    CertificateEvent,
    LawChange,
    Qualification,
    QualificationInForce,
    QualificationVersion,
)
from .permissions import CONFIRM_END, PROPOSE_END
from .register import not_over

END_OLDER = proposals.register_act("certificates.end_older")
TELL = "certificates.tell_of_end"  # the errand that writes to holders and coordinators
KEEP_OLDER = proposals.register_act("certificates.keep_older")
NOTICE = timedelta(days=30)  # between the confirmation and the day, at least
THRESHOLDS = (7, 30)  # days before; holders and coordinators were told when it was confirmed
SOON_AFTER = timedelta(days=3)  # the same is not told twice within so many days


@dataclass(frozen=True)
class OlderVersions:
    """Versions of a qualification older than `version`, whose certificates end at `ends_at`. `proposal`: once decided, the
    one that its events name.
    """

    qualification: Qualification
    version: QualificationVersion
    ends_at: datetime
    proposal: Proposal | None = None

    @property
    def last_day(self) -> date:
        return clock.last_day(self.ends_at)


def of_change(change: LawChange) -> OlderVersions:
    return OlderVersions(change.qualification, change.version, change.ends_at, change.proposal)


def of_proposal(proposal: Proposal) -> OlderVersions:
    """Of one to end them, or to keep them."""
    if proposal.act == KEEP_OLDER:
        return of_change(change_of(proposal))
    qualification = Qualification.objects.get(public_id=proposal.subject_id)
    version = qualification.versions.get(number=proposal.payload["version"])
    ends_at = clock.end_of(date.fromisoformat(proposal.payload["last_day"]))
    return OlderVersions(qualification, version, ends_at, proposal)


def change_of(proposal: Proposal) -> LawChange:
    """Return what a proposal to keep them would withdraw."""
    changes = LawChange.objects.select_related("qualification", "version", "proposal")
    return changes.get(public_id=proposal.payload["change"])


def coming(qualification: Qualification) -> LawChange | None:
    """Return the one that is to come, or whose day has come and of which not all have ended."""
    changes = LawChange.objects.to_apply().filter(qualification=qualification)
    return changes.select_related(
        "qualification", "version", "proposal__proposed_by", "proposal__decided_by"
    ).first()


def version_now(qualification: Qualification) -> QualificationVersion | None:
    rows = QualificationInForce.objects.at(clock.now()).filter(qualification=qualification)
    row = rows.select_related("version").first()
    return row.version if row else None


def can_be_renewed(qualification: Qualification) -> bool:
    """Return whether the rules in force say what renews it: some are only recognised."""
    return any(each.rules.renewal for each in rules.in_force(clock.now(), [qualification.code]))


def concerned(older: OlderVersions) -> Any:  # QuerySet[Certificate]; Any for `whose`
    """Return the certificates that end: issued under older versions, to last longer, whose holder has earned none under
    newer ones before. One that ended by this decision before, and was reinstated since, stays.

    As it stands at that instant or now, whichever is later: a newer one that was revoked since has renewed nothing.
    """
    return to_end(older).exclude(Exists(_newer_certificates(older)))


def to_end(older: OlderVersions) -> Any:
    """Return these, and those that would outlast the newer one of their holder."""
    of_older = Certificate.objects.filter(
        qualification_version__qualification=older.qualification,
        qualification_version__number__lt=older.version.number,
        valid_to__gt=older.ends_at,
    )
    now = clock.now()
    standing = chains.of_holders(not_over(of_older, max(older.ends_at, now), known_at=now))
    lasting = _newer_certificates(older).filter(valid_to__gte=OuterRef("valid_to"))
    found = standing.exclude(Exists(_newer_awards(older))).exclude(Exists(lasting))
    if older.proposal is None:
        return found
    ended = CertificateEvent.objects.filter(
        certificate=OuterRef("pk"), kind=CertificateEvent.Kind.ENDED, proposal=older.proposal
    )
    return found.exclude(Exists(ended))


def _in_time(older: OlderVersions, award: str = "") -> Q:
    """Return a condition for what was earned before that instant. A correction earns nothing anew."""
    before = Q(**{f"{award}awarded_at__lt": older.ends_at})
    return before | Q(**{f"{award}evidence__has_key": "corrects"})


def _newer(older: OlderVersions) -> Any:  # QuerySet[Award]; Any for `owner`
    newer = Award.objects.filter(
        _in_time(older),
        qualification_version__qualification=older.qualification,
        qualification_version__number__gte=older.version.number,
    )
    return newer.annotate(owner=Coalesce("person__merged_into", "person"))


def _newer_awards(older: OlderVersions) -> Any:
    """Of the same holder, still being made."""
    return _newer(older).filter(owner=OuterRef("whose"), certificate=None)


def _newer_certificates(older: OlderVersions) -> Any:
    """Of the same holder, neither over nor expired."""
    return _standing(older).filter(whose=OuterRef("whose"))


def _standing(older: OlderVersions) -> Any:
    now = clock.now()
    instant = max(older.ends_at, now)
    newer = Certificate.objects.filter(
        _in_time(older, "award__"),
        qualification_version__qualification=older.qualification,
        qualification_version__number__gte=older.version.number,
        valid_to__gt=instant,
    )
    return not_over(chains.of_holders(newer), instant, known_at=now)


def renewed(older: OlderVersions) -> QuerySet[User]:
    """Return who holds one under newer versions."""
    return User.objects.filter(pk__in=_standing(older).order_by().values("whose"))


def renewed_once(older: OlderVersions, holders: Iterable[int]) -> set[int]:
    """Return which of these had earned one under newer versions before that instant and hold none any more."""
    before = _newer(older).filter(owner__in=list(holders)).values_list("owner", flat=True)
    return set(before) - set(renewed(older).filter(pk__in=list(holders)).values_list("pk", flat=True))


def holders(older: OlderVersions) -> QuerySet[User]:
    return User.objects.filter(pk__in=concerned(older).order_by().values("whose"))


def holds_one(user: User, older: OlderVersions) -> bool:
    """Return whether one of them is the person's own: nobody decides for themselves."""
    return bool(concerned(older).filter(whose=user.pk).exists())


def may_confirm(by: User, proposal: Proposal) -> bool:
    """Return whether `by` is a registrar, another than the proposer, and neither of them holds one of the certificates."""
    return bool(ends_to_confirm(by, [proposal]))


def may_decline(by: User, proposal: Proposal) -> bool:
    """Return whether `by` is a registrar, another than the proposer, who holds none of the certificates."""
    return declinable(by, proposal, confirm=CONFIRM_END) and not holds_one(by, of_proposal(proposal))


def ends_to_confirm(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    found = confirmable(by, waiting, propose=PROPOSE_END, confirm=CONFIRM_END)
    return [each for each in found if _neither_holds_one(by, each)]


def _neither_holds_one(by: User, proposal: Proposal) -> bool:
    """Of a holder's record merged into the proposer's since, too."""
    older = of_proposal(proposal)
    return not holds_one(by, older) and not holds_one(proposal.proposed_by.surviving, older)


@dataclass(frozen=True)
class AgencyNumber:
    """`agency` None: of people who serve nowhere now."""

    agency: Agency | None
    number: int


def by_agency(older: OlderVersions) -> tuple[int, list[AgencyNumber]]:
    """Return how many people hold one, and how many in each agency where they serve now, most first. Three queries."""
    people = holders(older)
    serving = Posting.objects.at(clock.now()).filter(user__in=people)
    rows = list(serving.order_by().values("agency").annotate(number=Count("user", distinct=True)))
    agencies = Agency.objects.in_bulk([row["agency"] for row in rows])
    found = [AgencyNumber(agencies[row["agency"]], row["number"]) for row in rows]
    found.sort(key=lambda each: (-each.number, each.agency.code if each.agency else ""))
    elsewhere = people.exclude(pk__in=serving.values("user")).aggregate(number=Count("pk"))["number"]
    total = people.aggregate(number=Count("pk"))["number"]
    return total, [*found, *([AgencyNumber(None, elsewhere)] if elsewhere else [])]


def reminders(now: datetime) -> Iterator[str]:
    """Yield a key of the errand for each change of which the nearest threshold has come; again and again the same."""
    for change in LawChange.objects.to_apply().filter(ends_at__gt=now):
        left, told = change.ends_at - now, change.ends_at - change.recorded_at
        days = next((days for days in THRESHOLDS if left <= timedelta(days=days)), None)
        if days is not None and told > timedelta(days=days) + SOON_AFTER:
            yield f"{change.public_id} {days}"
