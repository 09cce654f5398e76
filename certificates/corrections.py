"""Corrections of the name or agency on certificates: which they concern, what is proposed, what waits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from operations import canonical, clock, proposals
from operations.codes import grouped
from operations.models import Proposal
from people.models import Agency, User
from people.renaming import NameChange

from . import doubts, rules
from .acts import acts
from .making import is_named, names_of, names_of_agency
from .models import Award, Certificate, CertificateEvent, NameCorrection
from .models.certificates import CertificateQuerySet
from .permissions import is_same
from .state import State, state_at

CORRECT = proposals.register_act("certificates.correct")
Reason = CertificateEvent.Reason
NAME, AGENCY = Reason.NAME.value, Reason.AGENCY.value
HOLDS = frozenset({State.VALID, State.NOT_YET, State.SUSPENDED})


def renamed(person: User, names: Mapping[str, str]) -> User:
    """Return the person under another name; nothing is written."""
    found = copy(person)
    for part, text in names.items():
        setattr(found, part, text)
    return found


def sha256_of(names: Mapping[str, Sequence[str]], salt: str) -> str:
    """Return what the payload of a proposal fixes of the names."""
    return canonical.sha256({"names": {part: list(pair) for part, pair in names.items()}, "salt": salt})


def current_of(people: Collection[int]) -> dict[int, list[Certificate]]:
    """Return, by primary key of the person, the certificates that are corrected, oldest first: of each qualification those
    that hold, will hold or are suspended; where there is none, the last that has expired, while it can be renewed.

    Two queries. What was erased names nobody, and stays.
    """
    records = User.objects.filter(Q(pk__in=people) | Q(merged_into__in=people))
    held: dict[tuple[int, int], list[Certificate]] = defaultdict(list)
    for certificate in _with_names(Certificate.objects.filter(award__person__in=records)):
        person = certificate.award.person
        qualification = certificate.qualification_version.qualification_id
        held[person.merged_into_id or person.pk, qualification].append(certificate)
    now = clock.now()
    found: dict[int, list[Certificate]] = defaultdict(list)
    for (owner, _qualification), certificates in held.items():
        found[owner] += _last(certificates, now)
    for certificates in found.values():
        certificates.sort(key=lambda each: (each.valid_from, each.pk))
    return found


def _with_names(certificates: CertificateQuerySet) -> CertificateQuerySet:
    """Keep finished ones, and fetch what tells whether they are corrected; two queries."""
    events = Prefetch("events", CertificateEvent.objects.defer("statement"))
    return (
        certificates.finished()
        .select_related("award__person", "bearer", "qualification_version__qualification")
        .prefetch_related(events)
        .defer("statement", "bearer__credential", "award__evidence")
        .order_by("valid_from", "pk")
    )


def _last(certificates: Iterable[Certificate], now: datetime) -> list[Certificate]:
    named = [each for each in certificates if not each.bearer.erased]
    states = {each.pk: state_at(each, now).state for each in named}
    if holding := [each for each in named if states[each.pk] in HOLDS]:
        return holding
    expired = [each for each in named if states[each.pk] is State.EXPIRED]
    last = max(expired, key=lambda each: (each.valid_to, each.pk), default=None)
    found = rules.read(last.qualification_version) if last else None
    return [last] if last and found and now < found.closes_at(last.valid_to) else []


@dataclass(frozen=True, kw_only=True)
class NamesOnCertificates:
    """Names on certificates of some people, and changes that wait. See `people.renaming`."""

    current: Mapping[int, Sequence[Certificate]]
    being_made: Collection[int]
    waiting: Mapping[
        str, Mapping[str, Sequence[str]]
    ]  # names, by public id of the person; none of an agency's

    def change(self, person: User, names: Mapping[str, str], by: User | None) -> NameChange:
        if not self._is_relied_on(person, renamed(person, names)):
            return NameChange.FREE
        if by is not None and is_same(by, person):
            return NameChange.OWN
        waiting = self.waiting.get(person.public_id)
        if waiting is None:
            return NameChange.PROPOSED
        same = {part: after for part, (_before, after) in waiting.items()} == dict(names)
        return NameChange.WAITS if same else NameChange.OTHER_WAITS

    def _is_relied_on(self, person: User, renamed: User) -> bool:
        """Return whether a certificate would not name the person any more, or one that is being made may not."""
        if names_of(renamed) == names_of(person):
            return False
        on_certificates = [each.bearer.names for each in self.current.get(person.pk, ())]
        return person.pk in self.being_made or any(not is_named(renamed, each) for each in on_certificates)


def look(people: Collection[User]) -> NamesOnCertificates:
    """Return what is known of these people; five queries."""
    keys = [person.pk for person in people]
    made = Award.objects.being_made().filter(Q(person__in=keys) | Q(person__merged_into__in=keys))
    being_made = {into or pk for pk, into in made.values_list("person", "person__merged_into")}
    names = dict(
        NameCorrection.objects.filter(proposal__in=waiting_for(people)).values_list("proposal", "names")
    )
    return NamesOnCertificates(
        current=current_of(keys),
        being_made=being_made,
        waiting={each.subject_id: names.get(each.pk) or {} for each in waiting_for(people)},
    )


def relied_on(people: Collection[User]) -> set[int]:
    """Return the people who hold a certificate, or whose is being made, by primary key."""
    known = look(people)
    return {pk for pk, held in known.current.items() if held} | set(known.being_made)


def waiting_for(people: Iterable[User]) -> QuerySet[Proposal]:
    return proposals.waiting(act=CORRECT).filter(subject_id__in=[person.public_id for person in people])


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One proposal, read. `names`: {part: (before, after)}; `unreadable`: they were erased, or are not those that
    were proposed. `agency` instead of what `certificate` prints.
    """

    proposal: Proposal
    person: User
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unreadable: bool = False
    agency: Agency | None = None
    certificate: Certificate | None = None

    @property
    def after(self) -> dict[str, str]:
        return {part: after for part, (_before, after) in self.names.items()}

    @property
    def what(self) -> StrOrPromise:
        return TITLES[self.proposal.reason_category]


TITLES = {NAME: _("Correct the name"), AGENCY: _("Correct the agency")}


def asked_of(found: Sequence[Proposal]) -> list[Correction]:
    """Return what each asks for: four queries, however many."""
    people = User.objects.select_related("merged_into").in_bulk(
        {each.subject_id for each in found}, field_name="public_id"
    )
    kept = {each.proposal_id: each for each in NameCorrection.objects.filter(proposal__in=found)}
    agencies = Agency.objects.in_bulk(_payloads(found, "agency"), field_name="public_id")
    certificates = _with_names(
        Certificate.objects.filter(public_id__in=_payloads(found, "certificate"))
    ).in_bulk(field_name="public_id")
    return [
        _of_name(each, people[each.subject_id], kept.get(each.pk))
        if each.reason_category == NAME
        else Correction(
            proposal=each, person=people[each.subject_id], agency=agencies[each.payload["agency"]],
            certificate=certificates[each.payload["certificate"]],
        )
        for each in found
    ]  # fmt: skip


def _payloads(found: Iterable[Proposal], name: str) -> set[str]:
    return {each.payload[name] for each in found if name in each.payload}


def _of_name(proposal: Proposal, person: User, kept: NameCorrection | None) -> Correction:
    names, salt = (kept.names, kept.salt) if kept else (None, None)
    if names is None or salt is None or sha256_of(names, salt) != proposal.payload["sha256"]:
        return Correction(proposal=proposal, person=person, unreadable=True)
    pairs = {part: (before, after) for part, (before, after) in names.items()}
    return Correction(proposal=proposal, person=person, names=pairs)


def issued_by(proposal: Proposal) -> QuerySet[Certificate]:
    """Return what was issued anew because of it."""
    made = Certificate.objects.filter(award__cause__startswith=f"proposal:{proposal.public_id}:")
    return made.with_all().order_by("pk")


def concerned(asked: Correction) -> list[Certificate]:
    """Return the current certificates that say it otherwise, oldest first."""
    current = current_of([asked.person.pk])[asked.person.pk]
    if asked.agency is None or asked.certificate is None:
        person = renamed(asked.person, asked.after)
        return [each for each in current if not is_named(person, each.bearer.names)]
    wrong, right = asked.certificate.bearer.agency, names_of_agency(asked.agency)
    return [each for each in current if each.bearer.agency == wrong != right]


def why_not(asked: Correction, certificates: Sequence[Certificate]) -> StrOrPromise:
    """Return why it cannot be confirmed now; nothing where it can. `certificates`: those concerned."""
    person = asked.person
    as_before = all(getattr(person, part) == before for part, (before, _after) in asked.names.items())
    if asked.unreadable or not person.is_current or not as_before:
        return _(
            "The record has changed since this was proposed. Withdraw or decline the proposal and make a "
            "new one."
        )
    if Award.objects.being_made().held_by(person).exists():
        return _("A certificate of this person is being made just now. Confirm in a minute.")
    if not certificates:
        return _("No certificate in force says it otherwise: there is nothing to correct.")
    if doubts.waiting().filter(award__certificate__in=certificates).exists():
        return _("First registrars must decide about a certificate whose exam no longer counts as passed.")
    ids = {each.public_id: each for each in certificates}
    other = proposals.waiting().filter(act__in=acts, subject_id__in=ids).first()
    if other is not None:
        return _("Something else waits for a decision about %(code)s: that is decided first.") % {
            "code": grouped(ids[other.subject_id].short_code)
        }
    return ""
