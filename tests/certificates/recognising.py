"""Other training and its recognition, as registrars ask for it."""

from datetime import timedelta
from typing import Any

from certificates import actions_recognition as actions
from certificates.actions_rules import save_qualification
from certificates.models import Award, Qualification
from certificates.recognition import Recognition
from operations import clock
from operations.models import Job, Proposal
from operations.outbox import work_off
from people.models import User
from tests import factories
from tests.qualification_rules import rules_of

SENT = {
    "qualification": "C1-LAB", "kind": "course", "giver": "international", "months": "12",
    "reference": "IOM/2026-118", "reason": "same-content",
}  # fmt: skip


def allowed(code: str = "C1-LAB", **more: Any) -> Qualification:
    """Rules in force that allow it."""
    return save_qualification(
        code=code, names=factories.names(f"Inspector {code}"), descriptions=factories.names(code),
        rules=rules_of(code, **{"recognition": True, **more}), by=None,
    )  # fmt: skip


def sent(**more: Any) -> dict[str, Any]:
    """The form as a registrar fills it in."""
    return {**SENT, "day": f"{clock.today() - timedelta(days=30):%d.%m.%Y}", **more}


def asked(*people: User, **more: Any) -> Recognition:
    usual: dict[str, Any] = {
        "qualification": "C1-LAB", "months": 12, "kind": "course", "giver": "international",
        "day": clock.today() - timedelta(days=30), "reference": "IOM/2026-118",
    }  # fmt: skip
    return Recognition(people=tuple(person.public_id for person in people), **{**usual, **more})


def propose(*people: User, by: User, **more: Any) -> Proposal:
    return actions.propose_recognition(asked=asked(*people, **more), reason="same-content", by=by)


def recognise(*people: User, first: User, second: User, **more: Any) -> Proposal:
    """By two, with all that follows."""
    proposal = Proposal.objects.get(pk=propose(*people, by=first, **more).pk)
    actions.confirm_recognition(proposal=proposal, by=second)
    work_off()
    return proposal


def job_of(proposal: Proposal) -> Job:
    return Job.objects.get(kind=actions.APPLY, subject_id=proposal.public_id)


def awards_of(proposal: Proposal) -> list[Award]:
    return list(Award.objects.filter(cause__startswith=f"proposal:{proposal.public_id}").order_by("pk"))


def recognition_of(person: User, by: User) -> Proposal:
    """Proposed for a qualification of its own."""
    allowed("C5-REC")
    return propose(person, by=by, qualification="C5-REC")
