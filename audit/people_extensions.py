"""The audit app's part of one's own account: the way to what was done with one's record."""

from django.urls import reverse
from django.utils.translation import gettext as _

from people.extensions import Link, registry
from people.models import User
from people.permissions import may

from .permissions import READ_AUDIT


def _link(user: User) -> Link:
    hint = _("Who changed what, and who asked about me")
    return Link(text=_("What was done with my record"), href=reverse("audit:my_trail"), hint=hint)


def _trail_of(person: User, by: User, _may_change: bool) -> Link | None:
    """Return the way to everything noted about a person, for auditors."""
    if not may(by, READ_AUDIT):
        return None
    return Link(text=_("What was noted"), href=reverse("audit:trail_of_person", args=[person.public_id]))


registry.account_links.append(_link)
registry.person_links.append(_trail_of)
