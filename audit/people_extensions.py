"""The audit app's part of one's own account: the way to what was done with one's record."""

from django.urls import reverse
from django.utils.translation import gettext as _

from people.extensions import Link, registry
from people.models import User


def _link(user: User) -> Link:
    hint = _("Who changed what, and who asked about me")
    return Link(text=_("What was done with my record"), href=reverse("audit:my_trail"), hint=hint)


registry.account_links.append(_link)
