"""Passwords: set, and noted where a library set them."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from operations import audit
from people.actions.guards import refuse_unless
from people.models import User

from .invitations import end_invitations


@transaction.atomic
def set_password(*, person: User, password: str, by: User | None) -> None:
    """Set one's own password, or the installation's choice. Raise ValidationError for a weak one.

    Nobody sets another person's: there are letters and printed sheets, which only the person opens.
    """
    refuse_unless(by is None or by == person)
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(by=by, act="accounts.set_password", subject_kind="user", subject_id=person.public_id)


@transaction.atomic
def note_password(*, person: User, by: User) -> None:
    """Note that the person chose a new password on allauth's pages: a sheet that was to replace the old one ends."""
    refuse_unless(by == person)
    end_invitations(person=person, by=by)
    audit.record(by=by, act="accounts.set_password", subject_kind="user", subject_id=person.public_id)
