"""A new address that an agency asks for: it holds once the person agrees, from the old one."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, notices
from people.models import AddressRequest, User

from .guards import refuse_unless

ASKED = "people.address_request"


class AddressRefused(Exception):
    """The new address cannot be used or decided on; the text is for the person."""


def tell_of_address(*, request: AddressRequest) -> None:
    """Ask at the old address; a person without one finds the question in the own account."""
    if request.outcome is None and request.person.email:
        notices.notify(person=request.person, kind=ASKED, subject_id=request.public_id)


@transaction.atomic
def decide_address(*, request: AddressRequest, agreed: bool, by: User) -> None:
    """Accept or decline a new address; the person alone decides, once. Raise AddressRefused where it is too
    late or the address is taken.
    """
    refuse_unless(by.pk == request.person_id)
    person = User.objects.select_for_update(no_key=True).get(pk=request.person_id)
    locked = AddressRequest.objects.select_for_update().get(pk=request.pk)
    if locked.outcome is not None or locked.expires_at <= clock.now():
        raise AddressRefused(_("This question is no longer open. Your address stays as it is."))
    locked.outcome = AddressRequest.Outcome.CONFIRMED if agreed else AddressRequest.Outcome.DECLINED
    locked.decided_at = clock.now()
    before = person.email
    if agreed:
        _give(person, locked.email)
    locked.save(update_fields=["outcome", "decided_at"])
    after = (before, person.email)
    audit.record(
        by=by, act="people.decide_address", subject_kind="user", subject_id=person.public_id,
        after={"agreed": agreed}, personal={person.public_id: {"email": after}} if agreed else None,
    )  # fmt: skip


def _give(person: User, email: str) -> None:
    taken = User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists()
    if taken or EmailAddress.objects.filter(email__iexact=email).exclude(user=person).exists():
        raise AddressRefused(_("This address cannot be used. Tell the coordinator of your agency."))
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    person.email = email
    person.save(update_fields=["email"])
