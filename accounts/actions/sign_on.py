"""Accounts and the providers of agencies: link, unlink, and what was refused."""

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.sign_on.naming import provider_of, serves_in
from operations import audit
from operations.notices import notify
from people.actions.guards import refuse_unless
from people.models import User


@transaction.atomic
def link_sign_on(*, person: User, provider_id: str, subject: str, by: User | None) -> None:
    """Link the account: from now on the agency's provider opens it when it names `subject`.

    Only the person links the own account, and only while serving in the provider's agency. An older link
    of this provider to the account ends: the provider calls the person by a new name. A subject that is
    linked to another living account is refused.
    """
    refuse_unless(by == person)
    provider = provider_of(provider_id)
    person = User.objects.select_for_update().get(pk=person.pk)
    if provider is None or not serves_in(person, provider):
        raise PermissionDenied(_("You have no open posting in the agency of this provider."))
    links = SocialAccount.objects.select_for_update().filter(provider=provider.id)
    other = links.filter(uid=subject).select_related("user").first()
    if other is not None and other.user_id != person.pk and other.user.merged_into_id is None:
        raise PermissionDenied(_("This sign-in is linked to another person's account."))
    before = links.filter(user=person).values_list("uid", flat=True).first()
    if before == subject:
        return
    links.filter(user=person).delete()
    links.filter(uid=subject).delete()
    made = SocialAccount.objects.create(user=person, provider=provider.id, uid=subject)
    audit.record(
        by=by, act="accounts.link_sign_on", subject_kind="user", subject_id=person.public_id,
        after={"provider": provider.id}, personal={person.public_id: {"sign_on": (before, subject)}},
    )  # fmt: skip
    notify(person=person, kind="accounts.sign_on_linked", subject_id=f"{provider.id}:{made.pk}")


@transaction.atomic
def unlink_sign_on(*, person: User, provider_id: str, by: User | None) -> None:
    """Unlink the account from the provider. The person ends the own link."""
    refuse_unless(by == person)
    links = SocialAccount.objects.select_for_update().filter(user=person, provider=provider_id)
    subject = links.values_list("uid", flat=True).first()
    if subject is None:
        return
    links.delete()
    audit.record(
        by=by, act="accounts.unlink_sign_on", subject_kind="user", subject_id=person.public_id,
        before={"provider": provider_id}, personal={person.public_id: {"sign_on": (subject, None)}},
    )  # fmt: skip


def note_refused_sign_on(*, person: User, provider_id: str, by: User | None) -> None:
    """Note, for the auditors, that a provider came with the link of this person and said it was somebody
    else.
    """
    audit.record(
        by=by, act="accounts.refuse_sign_on", subject_kind="user", subject_id=person.public_id,
        after={"provider": provider_id},
    )  # fmt: skip
