"""Proposals that wait for a second person, in words."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock, proposals
from operations.models import AuditEntry, Proposal
from people.models import Agency, Posting, User
from people.permissions import reach_of

from .permissions import MERGE, RELEASE, TAKE_OVER, can_merge_each
from .proposal_contents import NOBODY, WITHDRAW_TAKE_OVER, Asked, people_of_merges, what_each_asks

ACTS = (MERGE, TAKE_OVER)
LATELY = timedelta(days=30)


def described(people: Iterable[User]) -> list[str]:
    """Return a line for each: name, number of the newest posting, address. One query."""
    people = list(people)
    postings = Posting.objects.known().filter(user__in=people).order_by("valid_from")
    numbers = dict(postings.values_list("user", "service_number"))
    return [
        ", ".join(filter(None, [person.get_full_name(), numbers.get(person.pk), person.email]))
        for person in people
    ]


def described_apart(people: Iterable[User]) -> list[str]:
    """Return a line for each as `told`, with what helps to choose between two records. Two queries."""
    people = list(people)
    postings = Posting.objects.known().filter(user__in=people).select_related("unit").order_by("valid_from")
    units = {posting.user_id: posting.unit.name for posting in postings}
    seen = [day_text(person.last_login) if person.last_login else _("never") for person in people]
    return [
        " · ".join(filter(None, [text, units.get(person.pk), f"{_('Signed in last')}: {when}"]))
        for person, text, when in zip(people, described(people), seen, strict=True)
    ]


def of_merge(kept: str, gone: str) -> list[StrOrPromise]:
    """Return the points of a merge of two who are `told`."""
    return [
        _("Stays: %(who)s") % {"who": kept},
        _("Will be closed: %(who)s") % {"who": gone},
        _("Certificates, postings and leave of both are read as one person's. Nothing is deleted."),
        _("Nobody can sign in with the closed record any more."),
    ]


def of_take_over(asked: Asked, *, by_asker: bool) -> list[StrOrPromise]:
    """Return the points of a request.

    For its asker it is told without the person: whether there is one, they are not told.
    """
    who = [] if by_asker or asked.person is None else [asked.person.get_full_name()]
    after = _(
        "The agency can still read what was recorded during the time of service. Certificates remain "
        "the person's."
    )
    return [
        *who,
        _("From: %(agency)s") % {"agency": asked.agency.name},
        _("To: %(agency)s, %(unit)s, %(role)s")
        % {"agency": asked.unit.agency.name, "unit": asked.unit.name, "role": asked.role.name},
        _("From %(day)s on") % {"day": day_text(clock.first_day(asked.valid_from))},
        _("The name that you entered is not kept here. You are not told whether such a person serves there.")
        if by_asker
        else after,
    ]


def seen_by(user: User) -> list[dict[str, Any]]:
    """Return the proposals that wait and that `user` may decide or proposed."""
    queryset = proposals.waiting().filter(_may_concern(user), act__in=ACTS).select_related("proposed_by")
    refused = _own(user).filter(outcome=Proposal.Outcome.DECLINED, expires_at__gt=clock.now())
    waiting = [*queryset, *refused.filter(act=TAKE_OVER).exclude(public_id__in=_taken_back(user))]
    return shown(user, waiting)


def _may_concern(user: User) -> Q:
    """Return a condition that leaves out what other agencies ask each other for, also in vain: it is not
    even read.
    """
    asked, reach = Q(), reach_of(user, RELEASE)
    if reach is not None:
        ids = Agency.objects.filter(pk__in=reach).values_list("public_id", flat=True)
        asked = Q(payload__agency__in=list(ids))
    to_release = asked & ~Q(subject_id=NOBODY)
    return Q(act=MERGE) | Q(proposed_by=user) | to_release


def ended_of(user: User) -> list[dict[str, Any]]:
    """Return what became of the proposals of `user` in the last thirty days."""
    now, back = clock.now(), _taken_back(user)
    lately = _own(user).filter(proposed_at__gt=now - LATELY).order_by("-proposed_at", "-pk")
    states = {each: _ended(each, now, each.public_id in back) for each in lately}
    ended = shown(user, [each for each, state in states.items() if state])
    return [{**row, "state": states[row["proposal"]]} for row in ended]


def _own(user: User) -> QuerySet[Proposal]:
    return Proposal.objects.filter(act__in=ACTS, proposed_by=user).select_related("proposed_by")


def _taken_back(user: User) -> list[str]:
    """Return requests that the asker took back, also those that had been answered with a "no"."""
    entries = AuditEntry.objects.filter(act=WITHDRAW_TAKE_OVER, by=user, at__gt=clock.now() - LATELY)
    return list(entries.values_list("after__proposal", flat=True))


def _ended(proposal: Proposal, now: datetime, taken_back: bool) -> StrOrPromise:
    """Return the end of a proposal in a word; empty while it waits. The "no" to a take-over looks like no
    answer.
    """
    outcomes = Proposal.Outcome
    if taken_back:
        return outcomes.WITHDRAWN.label
    if proposal.outcome in (None, outcomes.EXPIRED) or _is_kept_quiet(proposal):
        return "" if now < proposal.expires_at else _("not confirmed in time")
    return proposal.get_outcome_display()


def _is_kept_quiet(proposal: Proposal) -> bool:
    return proposal.act == TAKE_OVER and proposal.outcome == Proposal.Outcome.DECLINED


def shown(user: User, pending: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return those that concern `user`, in words: as many queries for one as for many."""
    words = {
        **_merges(user, [each for each in pending if each.act == MERGE]),
        **_take_overs(user, [each for each in pending if each.act == TAKE_OVER]),
    }
    rows = []
    for proposal in pending:
        if proposal in words:
            own, (title, points) = proposal.is_from(user), words[proposal]
            rows.append({
                "proposal": proposal, "title": title, "points": points, "own": own, "can_decide": not own,
            })  # fmt: skip
    return rows


type Described = dict[Proposal, tuple[StrOrPromise, list[StrOrPromise]]]  # title and points


def _merges(user: User, pending: Sequence[Proposal]) -> Described:
    if not pending:
        return {}
    pairs = people_of_merges(pending)
    concern = can_merge_each(user, pairs)
    people = list(dict.fromkeys(person for pair in pairs for person in pair))
    words = dict(zip(people, described(people), strict=True))
    rows: Described = {}
    for proposal, (kept, gone), may_decide in zip(pending, pairs, concern, strict=True):
        if may_decide:
            rows[proposal] = _("Merge two records"), of_merge(words[kept], words[gone])
        elif proposal.is_from(user):  # number and address may be another agency's by now
            rows[proposal] = _("Merge two records"), of_merge(kept.get_full_name(), gone.get_full_name())
    return rows


def _take_overs(user: User, pending: Sequence[Proposal]) -> Described:
    if not pending:
        return {}
    reach = reach_of(user, RELEASE)
    rows: Described = {}
    for proposal, asked in zip(pending, what_each_asks(pending), strict=True):
        if proposal.is_from(user):
            points = of_take_over(asked, by_asker=True)
            if proposal.outcome == Proposal.Outcome.CONFIRMED and asked.person:
                points = [asked.person.get_full_name(), *points[:-1]]
            rows[proposal] = _("You ask another agency for a person"), points
        elif asked.person is not None and (reach is None or asked.agency.pk in reach):
            rows[proposal] = _("Another agency asks for a person"), of_take_over(asked, by_asker=False)
    return rows
