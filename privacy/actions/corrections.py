""" "This is wrong about me": asked by the person, answered in words by who keeps the record."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, notices
from people import renaming
from people.actions.guards import refuse_unless
from people.extensions import Link
from people.models import Agency, Grant, Posting, User
from privacy.models import ABOUT, LONGEST, CorrectionRequest
from privacy.permissions import can_answer_correction

NAME = "name"  # of ABOUT
MOST_OPEN = 10  # of one person


@transaction.atomic
def ask_correction(*, person: User, about: str, text: str, by: User) -> CorrectionRequest:
    """Ask for a correction, of the coordinators of the person's main agency; without one, of administrators.

    They are told. The request follows the person to another agency until it is answered.
    """
    refuse_unless(by == person and about in ABOUT)
    if not text.strip() or len(text) > LONGEST:
        raise ValidationError(_("Write what is wrong and how it should be, in at most 2,000 characters."))
    User.objects.select_for_update().get(pk=person.pk)
    if CorrectionRequest.objects.filter(person=person, outcome=None).count() >= MOST_OPEN:
        raise ValidationError(_("Ten requests of yours wait for an answer already."))
    made = CorrectionRequest.objects.create(
        person=person, agency=_agency_of(person), about=about, text=text.strip()
    )
    _record(made, "privacy.ask_correction", by)
    _tell(made)
    return made


def _tell(request: CorrectionRequest) -> None:
    """Tell the coordinators of the agency with the daily bundle; administrators where it has none."""
    grants = Grant.objects.live().filter(person__is_active=True).exclude(person=request.person)
    theirs = grants.filter(position=Grant.Position.COORDINATOR, agency=request.agency_id)
    if request.agency_id is None or not theirs.exists():
        theirs = grants.filter(position=Grant.Position.ADMINISTRATOR, agency=None, unit=None)
    for person in User.objects.filter(pk__in=theirs.values("person")):
        notices.notify(person=person, kind="privacy.correction_asked", subject_id=request.public_id)


def _agency_of(person: User) -> Agency | None:
    postings = Posting.objects.at(clock.now()).filter(user=person, main=True).select_related("agency")
    posting = postings.first()
    return posting.agency if posting else None


@transaction.atomic
def withdraw_correction(*, request: CorrectionRequest, by: User) -> None:
    refuse_unless(by.pk == request.person_id)
    _close(request, CorrectionRequest.Outcome.WITHDRAWN, None, "")
    _record(request, "privacy.withdraw_correction", by)


@transaction.atomic
def answer_correction(*, request: CorrectionRequest, outcome: str, answer: str, by: User) -> None:
    """Answer in words: corrected or declined. The correction itself is made where the fact is kept.

    ValidationError: a name is not corrected yet, because registrars have to confirm it.
    """
    refuse_unless(can_answer_correction(by, request))
    if outcome == CorrectionRequest.Outcome.CORRECTED and name_waits(request) is not None:
        raise ValidationError(_("A registrar must decide about the name first. Answer after that."))
    if outcome not in {CorrectionRequest.Outcome.CORRECTED, CorrectionRequest.Outcome.DECLINED}:
        raise PermissionDenied(_("You may not do this."))
    if not answer.strip() or len(answer) > LONGEST:
        raise ValidationError(_("Write an answer of at most 2,000 characters."))
    _close(request, outcome, by, answer.strip(), agency=_agency_of(request.person) or request.agency)
    _record(request, "privacy.answer_correction", by)
    notices.notify(person=request.person, kind="privacy.correction_answered", subject_id=request.public_id)


def name_waits(request: CorrectionRequest) -> Link | None:
    """Return words and the page of a change of the name that waits, where the request is about the name."""
    return renaming.waiting(request.person) if request.about == NAME else None


def _close(
    request: CorrectionRequest, outcome: str, by: User | None, answer: str, **more: Agency | None
) -> None:
    """Close the request; raise ValidationError where it was answered already."""
    waiting = CorrectionRequest.objects.filter(pk=request.pk, outcome=None)
    now = clock.now()
    if not waiting.update(outcome=outcome, answered_at=now, answered_by=by, answer=answer, **more):
        raise ValidationError(_("This was answered already."))
    request.outcome, request.answered_at, request.answered_by, request.answer = outcome, now, by, answer


def _record(request: CorrectionRequest, act: str, by: User) -> None:
    """Write an entry without the request's words: they stay with it, where erasure finds them."""
    audit.record(
        by=by, act=act, subject_kind="user", subject_id=request.person.public_id,
        after={"request": request.public_id, "about": request.about, "outcome": request.outcome},
    )  # fmt: skip
