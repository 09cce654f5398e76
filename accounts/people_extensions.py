"""The accounts app's part of the pages of people: invitations and second steps that wait to be removed."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations import proposals
from people import waits
from people.country import SERVING, serving
from people.extensions import Column, HomeFigure, Link, registry
from people.figures import counted, link_to
from people.models import User
from people.permissions.records import EDIT
from people.permissions.table import may
from people.waits import Waits, proposed

from .models import Invitation
from .permissions import (
    CONFIRM_RESET,
    INVITE,
    RESET,
    agencies_to_invite_for,
    of_long_standing,
    resets_to_confirm,
)


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.open()


def _columns() -> list[Column]:
    invited = Invitation.objects.open().values("person")
    return [Column(code="invited", text=_("invitation open"), counts=serving(invited), of=SERVING)]


def resets_waiting(user: User) -> Link | None:
    """Return the way to the second steps that wait for a second person, for those who decide about them."""
    if not may(user, CONFIRM_RESET):
        return None
    number = proposals.waiting(act=RESET).count()
    text = ngettext(
        "%(number)s second step to be removed waits for a second person",
        "%(number)s second steps to be removed wait for a second person",
        number,
    )
    return Link(text=text % {"number": number}, href=reverse("accounts:resets")) if number else None


def _invitations_link(user: User) -> Link | None:
    if not may(user, EDIT):
        return None
    hint = _("By e-mail or on a printed sheet")
    return Link(text=_("Invitations"), href=reverse("accounts:invitations"), hint=hint)


def _invite_link(person: User, by: User, may_change: bool) -> Link | None:
    """Return the way to an invitation for somebody who has never come in, or to a new sheet for somebody whom no
    letter helps to a new password.
    """
    forgotten = person.has_usable_password() and not person.email
    new = not person.has_usable_password() and person.last_login is None
    if not may_change or not (forgotten or new):
        return None
    text = _("Print a sheet for a forgotten password") if forgotten else _("Invite")
    return Link(text=text, href=f"{reverse('accounts:invite')}?person={person.public_id}")


def _resets_wait(user: User) -> Waits | None:
    if not may(user, CONFIRM_RESET):
        return None
    return proposed(
        RESET,
        user,
        resets_to_confirm,
        lambda number: ngettext(
            "%(number)d second step to be removed: decide",
            "%(number)d second steps to be removed: decide",
            number,
        ),
        reverse("accounts:resets"),
    )


def _sheets_wait(user: User) -> Waits | None:
    """Return the sheets that another one prepared and that a second person prints."""
    if not may(user, INVITE):
        return None
    prepared = _open().filter(agency__in=agencies_to_invite_for(user), by_two=True, sent=0)
    waiting = waits.counted(
        prepared.exclude(invited_by=user),
        "invited_at",
        lambda number: ngettext(
            "%(number)d sheet for a forgotten password to print",
            "%(number)d sheets for a forgotten password to print",
            number,
        ),
        reverse("accounts:invitations"),
        second=True,
    )
    return waiting if waiting is not None and of_long_standing([user.pk]) else None


waits.providers += [_resets_wait, _sheets_wait]
registry.waiting.append(resets_waiting)
registry.home_links.append(_invitations_link)
registry.person_links.append(_invite_link)
registry.country.append(_columns)
registry.figures.append(
    HomeFigure(
        code="invitations",
        text=lambda number: ngettext("open invitation", "open invitations", number),
        count=counted(_open),
        href=link_to("accounts:invitations"),
    )
)
