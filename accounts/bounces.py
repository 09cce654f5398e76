"""Addresses that a mail server refused: coordinators see them, and correct them."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from locales.dates import day_text
from operations import notices
from operations.models import AuditValue, Notice
from people.extensions import Card, CardLine, Filter, HomeFigure, registry
from people.models import User
from people.people_list import PeopleQuery, people_of
from people.visibility import Visibility

from .models import Invitation

REFUSED = "refused"


def undelivered(people: QuerySet[User]) -> QuerySet[Notice]:
    """Return notices refused at the address that the person still has: a correction is a new start."""
    changed = AuditValue.objects.filter(
        person_id=OuterRef("person__public_id"), field="email", entry__at__gt=OuterRef("created_at")
    )
    return notices.refused_of(people).filter(~Exists(changed))


def with_refused_address(people: QuerySet[User]) -> QuerySet[User]:
    """Filter to people whom mail does not reach: a notice or the open invitation was refused."""
    invited = Invitation.objects.open().exclude(refused="").values("person")
    refused = undelivered(User.objects.filter(email__isnull=False)).order_by().values("person")
    return people.filter(Q(pk__in=refused) | Q(pk__in=invited))


def _card(person: User, visibility: Visibility, by: User) -> Card | None:
    """Return a card of what the mail server said, and when; only for users who see the whole of the person."""
    if not visibility.whole:
        return None
    lines: Sequence[CardLine] = [
        CardLine(title=day_text(notice.created_at), text=notice.refused, tag=_("refused"), kind="warn")
        for notice in undelivered(User.objects.filter(pk=person.pk))[:3]
    ]
    return Card(title=_("Mail does not arrive"), lines=lines) if lines else None


def _count(by: User) -> int:
    return with_refused_address(people_of(by, PeopleQuery()).order_by()).count()


registry.filters.append(
    Filter(
        name="mail",
        label=_("Mail"),
        choices=lambda: [(REFUSED, _("the address was refused"))],
        narrow=lambda people, value: with_refused_address(people) if value == REFUSED else people,
    )
)
registry.cards.append(_card)
registry.figures.append(
    HomeFigure(
        code="refused-addresses",
        text=lambda number: ngettext(
            "address was refused by the mail server", "addresses were refused by the mail server", number
        ),
        count=_count,
        href=lambda by: reverse("people:list") + f"?mail={REFUSED}",
        attention=True,
    )
)
