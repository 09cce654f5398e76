"""Recognition of other training: proposed by one registrar for one person or for many, confirmed by another."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from operations import audit, canonical, clock, jobs, proposals
from operations.models import Job, Proposal
from operations.outbox import enqueue_all
from people.models import User

from . import telling
from .actions import ISSUE
from .models import Award, Qualification, QualificationVersion, WhyRecognised
from .permissions import (
    THREE_PEOPLE,
    can_confirm_recognition,
    can_decline_recognition,
    can_propose_recognition,
)
from .recognition import (
    RECOGNISE,
    Recognition,
    Unfit,
    WhyUnfit,
    allowing,
    decided_at,
    longest,
    unfit,
)

APPLY = "certificates.recognise_list"  # the job
AT_ONCE = 50  # people of a list in one transaction
MOST_TOLD = 10  # people who stand against a confirmation, told in words


@transaction.atomic
def propose_recognition(*, asked: Recognition, reason: str, by: User) -> Proposal:
    """The first of two; the other registrars are told that it waits.

    ValidationError: rules that do not allow it, a length or a day that cannot be, somebody whom it does not fit, a
    proposal for the same person that waits.
    """
    people = _locked(asked)  # sent twice at once it waits once
    if not people or not can_propose_recognition(by, people):
        raise PermissionDenied(str(THREE_PEOPLE))
    if reason not in WhyRecognised.values:
        raise ValidationError({"reason": _("Choose a reason from the list.")})
    _version(asked, clock.now())
    if asked.day > clock.today():
        raise ValidationError({"day": _("The training has not ended yet.")})
    _refuse_unfit(people, asked, clock.now(), by)
    subject = _subject(asked)
    if _waits(asked, subject):
        raise ValidationError(_("The same is already waiting for a second registrar."))
    proposal = proposals.propose(
        act=RECOGNISE, subject_id=subject, reason_category=reason, payload=asked.payload(), by=by,
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    proposals.record("certificates.propose_recognition", proposal, by=by, subject_kind=_kind(asked))
    telling.tell_registrars_but("certificates.waits", proposal.public_id, but=[by, *people])
    return proposal


def _waits(asked: Recognition, subject: str) -> bool:
    """Return whether a recognition of this person, or of the same list, waits."""
    waiting = proposals.waiting(act=RECOGNISE, subject_id=subject)
    if len(asked.people) == 1:
        return waiting.exists()
    return any(Recognition.of(each) == asked for each in waiting)


def people_of(asked: Recognition) -> list[User]:
    """Return the people of a list, in its order: who stands for them now. One query."""
    rows = User.objects.filter(public_id__in=asked.people).select_related("merged_into")
    found = {each.public_id: each.surviving for each in rows}
    return [found[public_id] for public_id in asked.people if public_id in found]


def _locked(asked: Recognition, places: range | None = None) -> list[User]:
    """Return `people_of` as they are once they are locked, all or those at these places: a merge for which this
    waited may have put others in their stead. In one order for everybody.
    """
    held: set[int] = set()
    while True:
        people = people_of(asked)
        wanted = {person.pk for person in (people if places is None else [people[place] for place in places])}
        if wanted <= held:
            return people
        list(
            User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk").values_list("pk")
        )
        held |= wanted


def _subject(asked: Recognition) -> str:
    """Return the public id of the person; of a list, of the qualification."""
    if len(asked.people) == 1:
        return asked.people[0]
    return Qualification.objects.get(code=asked.qualification).public_id


def _kind(asked: Recognition) -> str:
    return "user" if len(asked.people) == 1 else "qualification"


def _version(asked: Recognition, instant: datetime) -> QualificationVersion:
    """Return the version in force, which allows it for so long; ValidationError where none does."""
    found = allowing(instant, asked.qualification)
    if not found:
        raise ValidationError(_("The rules of this qualification do not allow it."))
    if not 1 <= asked.months <= (most := longest(found[0].rules)):
        text = ngettext("At most %(most)d month.", "At most %(most)d months.", most)
        raise ValidationError({"months": text % {"most": most}})
    return found[0].version


def _refuse_unfit(people: Sequence[User], asked: Recognition, instant: datetime, *deciding: User) -> None:
    against = unfit(people, asked, instant, deciding=deciding)
    lines = _against(people, against)
    if lines:
        more = len(against) - len(lines)
        rest = ngettext("and %(number)d more", "and %(number)d more", more) % {"number": more}
        raise ValidationError([*map(str, lines), *([rest] if more > 0 else [])])


def _against(people: Sequence[User], against: dict[int, WhyUnfit]) -> list[StrOrPromise]:
    if len(people) == 1:
        return [why.text for why in against.values()]
    found = (
        _("%(place)d of the list: %(why)s") % {"place": place, "why": against[person.pk].text}
        for place, person in enumerate(people, start=1)
        if person.pk in against
    )
    return list(islice(found, MOST_TOLD))


@transaction.atomic
def confirm_recognition(*, proposal: Proposal, by: User) -> object:
    """The second of two: it is recognised now, of a list by a job. ProposalError, ValidationError: not possible any more;
    nobody of a list is recognised while somebody on it cannot be.
    """
    asked = _of(proposal)
    people = _locked(asked)
    if not can_confirm_recognition(by, proposal, people):
        raise PermissionDenied(str(THREE_PEOPLE))
    _version(asked, clock.now())
    _refuse_unfit(people, asked, clock.now(), by, proposal.proposed_by)
    proposals.confirm(proposal, by=by)
    if len(asked.people) == 1:
        return _recognise(proposal, asked, range(1), by=by)
    proposals.record("certificates.confirm_recognition", proposal, by=by, subject_kind=_kind(asked))
    return jobs.start(kind=APPLY, by=by, subject_id=proposal.public_id, total=len(asked.people))


@transaction.atomic
def decline_recognition(*, proposal: Proposal, by: User) -> None:
    """Recognise nobody. ProposalError: one's own, decided, expired."""
    asked = _of(proposal)
    if not can_decline_recognition(by, proposal, people_of(asked)):
        raise PermissionDenied(str(THREE_PEOPLE))
    proposals.decline(proposal, by=by)
    proposals.record("certificates.decline_recognition", proposal, by=by, subject_kind=_kind(asked))


@transaction.atomic
def withdraw_recognition(*, proposal: Proposal, by: User) -> None:
    """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
    asked = _of(proposal)
    proposals.withdraw(proposal, by=by)
    proposals.record("certificates.withdraw_recognition", proposal, by=by, subject_kind=_kind(asked))


def _of(proposal: Proposal) -> Recognition:
    if proposal.act != RECOGNISE:
        raise PermissionDenied(_("You may not do this."))
    return Recognition.of(proposal)


def _recognise(
    proposal: Proposal, asked: Recognition, places: range, *, by: User | None
) -> list[tuple[int, WhyUnfit]]:
    """Make the awards of people at these places of the list, with a trace for each; a fixed number of queries. Return
    who is left out: what stands against it has come since it was confirmed. A second call makes none again.
    """
    instant, everybody = decided_at(proposal), _locked(asked, places)
    first: dict[int, int] = {}
    for place, person in enumerate(everybody):
        first.setdefault(person.pk, place)
    people = [everybody[place] for place in places]
    version = _version(asked, instant)
    causes = {place: asked.cause(proposal, place) for place in places}
    made = set(Award.objects.filter(cause__in=causes.values()).values_list("cause", flat=True))
    deciding = [each for each in (proposal.proposed_by, proposal.decided_by) if each]
    against = unfit(people, asked, clock.now(), from_day=clock.first_day(instant), deciding=deciding)
    left, awards = [], []
    for place, person in zip(places, people, strict=True):
        if causes[place] in made:
            continue
        if first[person.pk] < place:  # two records on the list were merged since
            left.append((place, WhyUnfit(Unfit.CLOSED)))
        elif person.pk in against:
            left.append((place, against[person.pk]))
        else:
            awards.append(
                Award(
                    person=person, qualification_version=version, cause=causes[place],
                    evidence=asked.evidence(proposal), awarded_at=instant,
                )
            )  # fmt: skip
    Award.objects.bulk_create(awards)
    enqueue_all(ISSUE, {award.public_id: {} for award in awards})
    said = {"proposal": proposal.public_id, "qualification": asked.qualification, "months": asked.months}
    audit.record_each(
        by=by, act=RECOGNISE, subject_kind="user", reason=proposal.reason_category,
        after=dict.fromkeys((each.person.public_id for each in awards), said),
    )  # fmt: skip
    return left


def _apply(job: Job, prepared: None) -> int:
    """Recognise the next people of the list. Who confirmed it decided: the work goes on whatever becomes of them."""
    proposal = Proposal.objects.select_related("proposed_by", "decided_by").get(public_id=job.subject_id)
    asked = Recognition.of(proposal)
    places = range(job.done, min(job.done + AT_ONCE, len(asked.people)))
    try:
        left = _recognise(proposal, asked, places, by=proposal.decided_by)
    except ValidationError as refusal:
        raise jobs.JobRefused(" ".join(refusal.messages)) from refusal
    before = job.payload.get("left", [])
    job.payload = {**job.payload, "left": [*before, *([place, why.why, why.day] for place, why in left)]}
    job.payload = canonical.plain(job.payload)
    job.error = _left_text(len(job.payload["left"]))
    return len(places)


def left_of(job: Job) -> dict[int, StrOrPromise]:
    """Return, by place on the list, why somebody was left out."""
    return {
        place: Unfit(why).text(date.fromisoformat(day) if day else None)
        for place, why, day in job.payload.get("left", ())
    }


def _left_text(number: int) -> str:
    if not number:
        return ""
    text = ngettext(
        "%(number)d person was left out: see the list.",
        "%(number)d people were left out: see the list.",
        number,
    )
    return text % {"number": number}


jobs.register_job(
    APPLY,
    title=gettext_lazy("Other training of several people recognised"),
    commit=_apply,
    link=lambda job: reverse("certificates:recognition", args=[job.subject_id]),
)
