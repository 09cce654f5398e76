"""Who answers what people ask about their own data."""

from django.utils.translation import gettext_lazy as _

from operations.models import Proposal
from people.models import CorrectionRequest, User

from .holding import Position
from .table import Reach, may, register_act

ANSWER_CORRECTION = "people.answer_correction"
DECIDE_ERASURE = "people.decide_erasure"

register_act(
    ANSWER_CORRECTION,
    _("answer what somebody says is wrong about them"),
    {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE},
)
register_act(
    DECIDE_ERASURE,
    _("decide whether somebody's data is erased"),
    {Position.ADMINISTRATOR: Reach.EVERYWHERE},
)


def can_see_correction(by: User, request: CorrectionRequest) -> bool:
    """Who answers it. One without an agency is for administrators."""
    if request.agency is None:
        return may(by, DECIDE_ERASURE)
    return may(by, ANSWER_CORRECTION, agency=request.agency)


def can_answer_correction(by: User, request: CorrectionRequest) -> bool:
    """Not one's own."""
    return by.pk != request.person_id and can_see_correction(by, request)


def can_propose_erasure(by: User, person: User) -> bool:
    """The person; or an administrator, for somebody who asked on paper."""
    return by.pk == person.pk or may(by, DECIDE_ERASURE)


def can_decide_erasure(by: User, proposal: Proposal) -> bool:
    """An administrator who neither proposed it nor is the person."""
    theirs = by.pk == proposal.proposed_by_id or by.public_id == proposal.subject_id
    return not theirs and may(by, DECIDE_ERASURE)
