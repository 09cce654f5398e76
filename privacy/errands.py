"""The errand that erases somebody, once it was confirmed by a second person."""

import logging
from smtplib import SMTPException

from operations import clock, mail
from operations.models import Errand, Notice, Proposal
from operations.outbox import ErrandStep, register_errand
from people.models import User

from .actions.erasure import erase_person
from .erasure import ErasureStage, run
from .permissions import ERASE

log = logging.getLogger(__name__)


def _proposal(errand: Errand) -> Proposal:
    confirmed = Proposal.objects.select_related("decided_by")
    return confirmed.get(public_id=errand.key, outcome=Proposal.Outcome.CONFIRMED)


def _person(errand: Errand) -> User:
    return User.objects.get(public_id=_proposal(errand).subject_id)


def _tell(errand: Errand) -> str:
    """Send the last mail, while there is an address. Where it cannot be sent the erasure goes on."""
    waiting = Notice.objects.select_related("person").filter(
        kind="privacy.erased", subject_id=errand.key, sent_at=None
    )
    try:
        for notice in waiting:
            mail.deliver([notice], message_id=notice.public_id)
    except (mail.MailRefused, OSError, SMTPException) as error:
        log.warning("not told of the erasure", extra={"why": type(error).__name__})
        return "not delivered"
    return ""


def _mark_told(errand: Errand, refused: str) -> None:
    waiting = Notice.objects.filter(kind="privacy.erased", subject_id=errand.key, sent_at=None)
    if refused:
        waiting.update(refused=refused)
    else:
        waiting.update(sent_at=clock.now())


def _delete_files(errand: Errand) -> None:
    run(_person(errand), stage=ErasureStage.FILES, by=_proposal(errand).decided_by)


def _erase(errand: Errand, prepared: None) -> None:
    proposal = _proposal(errand)
    erase_person(person=_person(errand), reason=proposal.reason_category, by=proposal.decided_by)


register_errand(
    ERASE,
    ErrandStep("told", prepare=_tell, commit=_mark_told),
    ErrandStep("files deleted", prepare=_delete_files),
    ErrandStep("rows erased", commit=_erase),
)
