"""Correction of the name or agency on all current certificates of a holder: proposed by the coordinator or a registrar,
confirmed by another registrar. Each is issued anew for the same days, and the old one is superseded at that instant.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, notices, proposals
from operations.models import Proposal
from people.actions.renaming import rename_person
from people.models import Agency, Posting, User
from people.models.person import NAME_PARTS
from people.names import written_names
from people.renaming import NameChange

from . import corrections, happening, issuing, lists, permissions, telling
from .acts import ActRefused, refusals_in_words
from .checking import examine
from .corrections import AGENCY, CORRECT, NAME, Correction
from .credentials.facts import Bearer, new_salt
from .making import names_of, names_of_agency
from .models import Award, AwardInDoubt, Certificate, CertificateEvent, NameCorrection
from .recording import record_event
from .signals import certificate_issued
from .state import UNDOABLE

Kind = CertificateEvent.Kind
CARRIED = UNDOABLE | {Kind.REINSTATED}
PROPOSED = "certificates.propose_correction"  # in the trail
AT_ONCE = 250  # people


@transaction.atomic
def propose_name(*, person: User, names: Mapping[str, str], by: User) -> Proposal:
    """Put another document name of a holder before the registrars; `names`: parts of it. Nothing changes yet.

    ValidationError: not a name. ActRefused: a correction waits already, or no certificate says it otherwise.
    """
    person = _to_correct(person, by)
    pairs = _pairs(person, names)
    [proposal] = _propose_names({person: pairs}, by)
    being_made = Award.objects.being_made().held_by(person).exists()
    _refuse_needless(Correction(proposal=proposal, person=person, names=pairs), being_made=being_made)
    telling.tell_of_corrections([proposal], but=[by, person])
    return proposal


@transaction.atomic
def propose_names(*, changes: Iterable[tuple[User, Mapping[str, str]]], by: User) -> None:
    """The same of many people, each once, as a roster says it: a fixed number of queries for each 250, and registrars are
    told once. Where one cannot be proposed, none is.
    """
    made: list[Proposal] = []
    for chunk in batched(changes, AT_ONCE):
        wanted = {person.pk: names for person, names in chunk}
        people = list(User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
        if not permissions.can_propose_corrections(by, people):
            raise PermissionDenied(str(permissions.NOT_OF_ONESELF))
        found = {person: _pairs(person, wanted[person.pk]) for person in people}
        known = corrections.look(people)
        for person, pairs in found.items():
            change = known.change(person, {part: after for part, (_before, after) in pairs.items()}, by)
            if change is not NameChange.PROPOSED:
                raise ActRefused(
                    _(
                        "The record has changed since this was proposed. Withdraw or decline the proposal "
                        "and make a new one."
                    )
                )
        made += _propose_names(found, by)
    if made:
        telling.tell_of_corrections(made, but=[by])


type Pairs = dict[str, tuple[str, str]]  # before and after of each part of a name


def _pairs(person: User, names: Mapping[str, str]) -> Pairs:
    """Return what would be another. ValidationError: not a name."""
    said = written_names(names)
    renamed = corrections.renamed(person, said)
    renamed.clean_fields(exclude={each.name for each in User._meta.fields} - {*NAME_PARTS})
    before = {part: str(getattr(person, part)) for part in said}
    return {part: (before[part], text) for part, text in said.items() if before[part] != text}


def _propose_names(found: Mapping[User, Pairs], by: User) -> list[Proposal]:
    """Propose them, with the names beside and a trace each: nobody is told yet. Four queries, however many."""
    salts = {person.public_id: secrets.token_hex(16) for person in found}
    payloads = {
        person.public_id: {
            "fields": sorted(pairs), "sha256": corrections.sha256_of(pairs, salts[person.public_id])
        }
        for person, pairs in found.items()
    }  # fmt: skip
    made = proposals.propose_each(
        act=CORRECT, payloads=payloads, reason_category=NAME, by=by,
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    NameCorrection.objects.bulk_create(
        NameCorrection(proposal=proposal, person=person, names=pairs, salt=salts[person.public_id])
        for proposal, (person, pairs) in zip(made, found.items(), strict=True)
    )
    audit.record_each(
        by=by, act=PROPOSED, subject_kind="user", reason=NAME,
        after={each.subject_id: {"proposal": each.public_id, **each.payload} for each in made},
        personal={person.public_id: pairs for person, pairs in found.items()},
    )  # fmt: skip
    return made


def propose_for_form(*, person: User, names: Mapping[str, str], by: User) -> None:
    """As `propose_name`, with each refusal as a form shows it."""
    with refusals_in_words():
        propose_name(person=person, names=names, by=by)


@transaction.atomic
def propose_agency(*, certificate: Certificate, agency: Agency, by: User) -> Proposal:
    """Put before the registrars that all current certificates which print the same agency as this one print another.

    ActRefused: the person never served there, a correction waits already, this one is still being made, or nothing
    would be another.
    """
    person = _to_correct(certificate.award.person.surviving, by)
    if not hasattr(certificate, "check_record"):
        raise ActRefused(
            _("The certificate is being made. It takes less than a minute; open this page again.")
        )
    if not Posting.objects.known().filter(user=person, agency=agency).exists():
        raise ActRefused(_("The person never served in this agency, as far as is known."))
    proposal = proposals.propose(
        act=CORRECT, subject_id=person.public_id, reason_category=AGENCY, by=by,
        payload={"agency": agency.public_id, "certificate": certificate.public_id},
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    asked = Correction(proposal=proposal, person=person, agency=agency, certificate=certificate)
    _refuse_needless(asked, being_made=False)
    proposals.record(PROPOSED, proposal, by=by)
    telling.tell_of_corrections([proposal], but=[by, person])
    return proposal


def _to_correct(person: User, by: User) -> User:
    person = User.objects.select_for_update().get(pk=person.pk)
    if not permissions.can_propose_correction(by, person):
        raise PermissionDenied(str(permissions.NOT_OF_ONESELF))
    if corrections.waiting_for([person]).exists():
        raise ActRefused(
            _("A correction for this person waits already: it must be decided or withdrawn first.")
        )
    return person


def _refuse_needless(asked: Correction, *, being_made: bool) -> None:
    if not being_made and not corrections.concerned(asked):
        raise ActRefused(_("No certificate in force says it otherwise: there is nothing to correct."))


@transaction.atomic
def confirm_correction(*, proposal: Proposal, by: User) -> list[Certificate]:
    """The second pair of eyes: at one instant, and in one transaction, the person gets the name, new certificates are
    issued for the same days, and those that they replace are superseded. Return the new ones.

    ActRefused: not possible any more, or not just now. About 150 ms a certificate.
    """
    with clock.at(clock.now()):
        asked = _decidable(proposal, by)
        if not permissions.proposer_stays(proposal, permissions.PROPOSE_CORRECTION, asked.person):
            raise ActRefused(str(permissions.ONLY_DECLINED))
        proposals.confirm(proposal, by=by)
        olds = corrections.concerned(asked)
        if why := corrections.why_not(asked, olds):
            raise ActRefused(str(why))
        olds = _locked(olds)
        if asked.names:
            rename_person(person=asked.person, names=asked.after, proposal=proposal, by=by)
            asked.person.refresh_from_db()
        news = _issue_anew(olds, asked)
        events = happening.happen(
            olds, act=CORRECT, kind=Kind.SUPERSEDED, reason=proposal.reason_category, by=by,
            proposal=proposal, successors=news,
        )  # fmt: skip
        telling.tell_corrected(proposal, events[0], asked.person)
        return news


def _locked(olds: Sequence[Certificate]) -> list[Certificate]:
    """Return them as they are proved from, oldest first, with their lists and those that have room, each in the order in
    which all lock them. ActRefused where one does not verify: nothing is signed anew that does not hold.
    """
    keys = [each.pk for each in olds]
    held = list(
        Certificate.objects.to_examine().filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
    )
    lists.lock(Certificate.objects.held_by(held[0].award.person.surviving), with_room=True)
    if any(examine(each).certificate_state is None for each in held):
        raise ActRefused(_("A certificate of this person could not be checked: nothing is issued on it."))
    return sorted(held, key=lambda each: (each.valid_from, each.pk))


def _issue_anew(olds: Sequence[Certificate], asked: Correction) -> list[Certificate]:
    """Return the successors, in the order of those that they replace; what renewed one of them renews its successor."""
    news: dict[int | None, Certificate] = {}
    for old in olds:
        renews = news.get(old.renews_id, old.renews)
        new = issuing.issue_at_once(_award(old, asked), bearer=_bearer(old, asked), renews=renews)
        _carry_events(old, new)
        _carry_doubts(earned=old.award, anew=new.award)
        news[old.pk] = issuing.of_award(new.award.public_id)
        certificate_issued.send(Certificate, certificate=news[old.pk])
    return [news[old.pk] for old in olds]


def _award(old: Certificate, asked: Correction) -> Award:
    """The same award once more, because of this proposal: what was shown and for which days stay as they were frozen."""
    earned = old.award
    evidence = {
        "earned_by": earned.cause,
        "earned_at": earned.earned_at.isoformat(),
        **earned.evidence,
        "corrects": old.public_id,
    }
    return Award.objects.create(
        person=asked.person,
        qualification_version=old.qualification_version,
        cause=f"proposal:{asked.proposal.public_id}:{old.public_id}",
        evidence=evidence,
        awarded_at=clock.now(),
    )


def _bearer(old: Certificate, asked: Correction) -> Bearer:
    """The bearer of the old one, with nothing but the correction."""
    names, agency = dict(old.bearer.names or {}), dict(old.bearer.agency or {})
    if asked.agency is None:
        return Bearer(names=names_of(asked.person), agency=agency, salt=new_salt())
    return Bearer(names=names, agency=names_of_agency(asked.agency), salt=new_salt())


def _carry_events(old: Certificate, new: Certificate) -> None:
    """Let the successor have had the same life: suspended as long and as often, with what was undone since."""
    twins: dict[int | None, CertificateEvent] = {}
    for event in old.events.all():
        if event.kind in CARRIED:
            twins[event.pk] = record_event(
                new, kind=Kind(event.kind), reason=event.reason, effective_at=event.effective_at, by=event.by,
                proposal=event.proposal, until=event.until, undoes=twins.get(event.undoes_id),
                reach=event.reach,
            )  # fmt: skip


def _carry_doubts(*, earned: Award, anew: Award) -> None:
    """Say of the successor, too, what registrars decided about its exam; while they have not, nothing is corrected."""
    AwardInDoubt.objects.bulk_create(
        AwardInDoubt(
            award=anew, marking=each.marking, why=each.why, raised_at=each.raised_at, outcome=each.outcome,
            reason=each.reason, decided_at=each.decided_at, decided_by=each.decided_by,
        )
        for each in earned.doubts.select_related("decided_by").order_by("pk")
    )  # fmt: skip


@transaction.atomic
def decline_correction(*, proposal: Proposal, by: User) -> None:
    """The second pair of eyes sees it otherwise: nothing changes, and who proposed it is told."""
    asked = _decidable(proposal, by)
    proposals.decline(proposal, by=by)
    proposals.record("certificates.decline_correction", proposal, by=by)
    notices.notify(
        person=asked.proposal.proposed_by.surviving,
        kind="certificates.correction_declined",
        subject_id=proposal.public_id,
    )


@transaction.atomic
def withdraw_correction(*, proposal: Proposal, by: User) -> None:
    """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
    _of_proposal(proposal)
    proposals.withdraw(proposal, by=by)
    proposals.record("certificates.withdraw_correction", proposal, by=by)


def _decidable(proposal: Proposal, by: User) -> Correction:
    asked = _of_proposal(proposal)
    if not permissions.can_decide_correction(by, proposal, asked.person):
        raise PermissionDenied(str(permissions.THREE_PEOPLE))
    return asked


def _of_proposal(proposal: Proposal) -> Correction:
    """Return what it asks for, its person locked: decisions about one person wait for each other."""
    if proposal.act != CORRECT:
        raise PermissionDenied(_("You may not do this."))
    User.objects.select_for_update().get(public_id=proposal.subject_id)
    return corrections.asked_of([proposal])[0]
