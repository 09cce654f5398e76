"""One agency takes over a person from another: asked by the new one, confirmed by the old one.

Whoever asks names the person as the transfer order does. Whether there is such a person is not told to
them: the old agency is asked, or nobody is. What they see of their request is the same either way: the number
and the name they typed are kept nowhere, and a "no" looks like no answer.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from locales.spelling import sound
from locales.text import fold
from merging.permissions import RELEASE, TAKE_OVER
from merging.proposal_contents import NOBODY, WITHDRAW_TAKE_OVER, what_is_asked
from operations import audit, clock, proposals
from operations.history import HistoryError, revise
from operations.models import Proposal
from people.actions.guards import refuse_unless
from people.models import Agency, Posting, Role, Unit, User, of_current_people
from people.permissions import may
from people.signals import tell_service_changed

from .limit import refuse_too_many


@transaction.atomic
def ask_take_over(
    *,
    agency: Agency,
    service_number: str,
    family_name: str,
    unit: Unit,
    role: Role,
    valid_from: datetime,
    by: User,
) -> None:
    """Ask the agency for the person with this number and family name, for a unit of one's own.

    Returns nothing, and takes as long, whether or not there is such a person. ValidationError in words where
    enough was asked today.
    """
    refuse_unless(may(by, TAKE_OVER, agency=unit.agency) and unit.agency_id != agency.pk)
    refuse_too_many(TAKE_OVER, asker=by, agencies=[unit.agency_id])
    postings = Posting.objects.current().filter(agency=agency, folded_number=fold(service_number))
    named = Q(user__folded_name__startswith=fold(family_name) + " ")
    named |= Q(user__sound_name__startswith=f" {sound(family_name)} ")  # an order in Russian
    person = postings.filter(named, of_current_people("user")).values_list("user__public_id", flat=True)
    person_id = (fold(service_number) and fold(family_name) and person.first()) or NOBODY
    asked_already = _asked_already(person_id, unit.agency)  # asked for nobody too: it takes as long
    proposals.propose(
        act=TAKE_OVER, subject_id=NOBODY if asked_already else person_id,
        reason_category="transfer", by=by,
        payload={
            "agency": agency.public_id, "unit": unit.public_id, "role": role.code,
            "valid_from": valid_from.isoformat(),
        },
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    after = {"unit": unit.public_id, "valid_from": valid_from.isoformat()}
    audit.record(
        by=by, act="merging.ask_take_over", subject_kind="agency", subject_id=agency.code, after=after
    )


def _asked_already(person_id: str, by_agency: Agency) -> bool:
    """Return whether this agency asks the old one for the person already."""
    waiting = proposals.waiting(act=TAKE_OVER, subject_id=person_id).values_list("payload__unit", flat=True)
    return Unit.objects.filter(public_id__in=list(waiting), agency=by_agency).exists()


@transaction.atomic
def confirm_take_over(*, proposal: Proposal, by: User) -> Posting:
    """Confirm for the old agency: the posting ends there and begins here, at one instant.

    Nobody lets go of themselves. HistoryError where the person does not serve there any more on that day.
    """
    asked = what_is_asked(proposal)
    refuse_unless(may(by, RELEASE, agency=asked.agency) and asked.person not in (None, by))
    proposals.confirm(proposal, by=by)
    before = asked.valid_from - timedelta(microseconds=1)
    person = asked.person
    assert person is not None  # refused above
    refuse_unless(User.objects.select_for_update(no_key=True).get(pk=person.pk).erased_at is None)
    old = Posting.objects.at(before).filter(user=person, agency=asked.agency).first()
    if old is None:
        raise HistoryError(_("The person does not serve in the agency on that day."))
    new = Posting(
        user=person, agency=asked.unit.agency, unit=asked.unit, role=asked.role, service_number=None,
        main=old.main, valid_from=asked.valid_from,
    )  # fmt: skip
    *_ended, posting = revise(withdraw=[old], insert=[old.revised(valid_to=asked.valid_from), new], by=by)
    tell_service_changed([person.pk])
    _record(TAKE_OVER, proposal, by)
    return posting


@transaction.atomic
def decline_take_over(*, proposal: Proposal, by: User) -> None:
    asked = what_is_asked(proposal)
    refuse_unless(may(by, RELEASE, agency=asked.agency) and asked.person is not None)
    proposals.decline(proposal, by=by)
    _record("merging.decline_take_over", proposal, by)


@transaction.atomic
def withdraw_take_over(*, proposal: Proposal, by: User) -> None:
    """Withdraw a request. After a "no" nothing is left to withdraw, which is not told: it is only noted.

    ProposalError: somebody else's, confirmed, withdrawn, expired.
    """
    refuse_unless(proposal.is_from(by))
    if proposal.outcome != Proposal.Outcome.DECLINED:
        proposals.withdraw(proposal, by=by)
    audit.record(
        by=by, act=WITHDRAW_TAKE_OVER, subject_kind="agency", subject_id=what_is_asked(proposal).agency.code,
        after={"proposal": proposal.public_id},
    )  # fmt: skip


def _record(act: str, proposal: Proposal, by: User) -> None:
    audit.record(
        by=by, act=act, subject_kind="user", subject_id=proposal.subject_id,
        after={"proposal": proposal.public_id, **proposal.payload},
    )  # fmt: skip
