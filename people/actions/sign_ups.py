"""Let in at one's own request: only by an address of a listed domain, and only by a coordinator's word."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock
from operations.outbox import enqueue
from people.models import Agency, Invitation, Role, SignUpRequest, Unit, User
from people.permissions import may

from .invitations import invite
from .persons import add_person, written_names
from .postings import post
from .refusing import refuse_unless

MAIL = "people.sign_up"  # the errand that asks the address
LASTING = timedelta(days=2)  # within which the address answers


@transaction.atomic
def ask_to_be_let_in(
    *, agency: Agency, email: str, family_name: str, given_name: str, father_name: str, service_number: str,
    language: str, by: User | None,
) -> None:  # fmt: skip
    """Kept, and the address asked. What was asked first stands until it expires: asked again, only the letter
    goes again, so nobody changes the names before the address answers. Where somebody has the address already
    all of it is taken back, and nothing is said of it: the page answers alike and takes as long.
    """
    refuse_unless(by is None)
    email = email.strip().lower()
    known = User.objects.filter(email__iexact=email).exists()
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)  # of two at once, one is first
    SignUpRequest.objects.filter(
        email=email, outcome=None, confirmed_at=None, asked_at__lte=clock.now() - LASTING
    ).delete()
    request = SignUpRequest.objects.filter(email=email, outcome=None).first()
    if request is not None and request.confirmed_at is not None:
        return
    names = written_names({"family_name": family_name, "given_name": given_name, "father_name": father_name})
    if request is None:
        request = SignUpRequest(
            email=email, agency=agency, language=language, service_number=" ".join(service_number.split()),
            asked_at=clock.now(), **names,
        )  # fmt: skip
        request.full_clean()
        request.save(force_insert=True)
    moment = int(clock.real_now().timestamp())
    enqueue(MAIL, f"{request.public_id}:{moment}", request=request.public_id)
    audit.record(
        by=by, act="people.ask_to_be_let_in", subject_kind="sign-up", subject_id=request.public_id,
        after={"agency": agency.code},
    )  # fmt: skip
    if known:
        transaction.set_rollback(True)


@transaction.atomic
def confirm_sign_up(*, request: SignUpRequest, by: User | None) -> None:
    """The address answered: the request goes to the coordinator. Confirmed before: nothing changes."""
    refuse_unless(by is None)
    held = SignUpRequest.objects.select_for_update().get(pk=request.pk)
    if held.confirmed_at is None and held.outcome is None:
        held.confirmed_at = clock.now()
        held.save(update_fields=["confirmed_at"])
        audit.record(by=by, act="people.confirm_sign_up", subject_kind="sign-up", subject_id=held.public_id)


@transaction.atomic
def approve_sign_up(*, request: SignUpRequest, unit: Unit, role: Role, by: User) -> User:
    """Entered, posted from today, and invited by e-mail. Raises ValidationError where it was decided before
    or the record is not as it must be.
    """
    held = _to_decide(request, by)
    if unit.agency_id != held.agency_id:
        raise ValidationError(_("The unit belongs to another agency."))
    person = add_person(
        family_name=held.family_name, given_name=held.given_name, father_name=held.father_name, email=held.email,
        language=held.language, agency=held.agency, by=by,
    )  # fmt: skip
    post(
        person=person, unit=unit, role=role, service_number=held.service_number or None,
        valid_from=clock.start_of(clock.today()), by=by,
    )  # fmt: skip
    invite(people=[person], agency=held.agency, way=Invitation.Way.MAIL, by=by)
    held.person = person
    _decide(held, SignUpRequest.Outcome.APPROVED, by)
    return person


@transaction.atomic
def decline_sign_up(*, request: SignUpRequest, by: User) -> None:
    _decide(_to_decide(request, by), SignUpRequest.Outcome.DECLINED, by)


def _to_decide(request: SignUpRequest, by: User) -> SignUpRequest:
    held = SignUpRequest.objects.select_for_update(of=("self",)).select_related("agency").get(pk=request.pk)
    refuse_unless(may(by, "people.decide_sign_up", agency=held.agency))
    if held.outcome is not None or held.confirmed_at is None:
        raise ValidationError(_("This request was decided already."))
    return held


def _decide(held: SignUpRequest, outcome: str, by: User) -> None:
    held.outcome, held.decided_by, held.decided_at = outcome, by, clock.now()
    held.save(update_fields=["outcome", "decided_by", "decided_at", "person"])
    audit.record(
        by=by, act="people.decide_sign_up", subject_kind="sign-up", subject_id=held.public_id,
        after={"outcome": outcome, "person": held.person and held.person.public_id},
    )  # fmt: skip
