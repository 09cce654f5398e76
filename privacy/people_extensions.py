"""The privacy app's part of the pages of people: open requests for corrections and erasures."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from locales.dates import day_text
from operations import proposals
from people import waits
from people.extensions import Card, CardLine, HomeFigure, Link, registry
from people.figures import link_to
from people.models import User
from people.permissions.table import may
from people.visibility import Visibility
from people.waits import Waits, counted, proposed

from .models import ABOUT
from .permissions import ANSWER_CORRECTION, DECIDE_ERASURE, ERASE, erasures_to_decide, seen_corrections


def _card(person: User, visibility: Visibility, by: User) -> Card | None:
    """Return a card of what the person says is wrong, for users who answer it; for administrators the
    erasure asked for on paper.
    """
    lines = [
        CardLine(
            title=ABOUT.get(request.about, request.about),
            text=day_text(request.asked_at),
            tag=_("waits for an answer"),
            href=reverse("privacy:correction", args=[request.public_id]),
        )
        for request in seen_corrections(by).filter(person=person, outcome=None).order_by("asked_at")[:3]
    ]
    if person != by and person.erased_at is None and may(by, DECIDE_ERASURE):
        href = reverse("privacy:erase_person", args=[person.public_id])
        lines.append(CardLine(title=_("Erase, where the person asked on paper"), href=href))
    return Card(title=_("Own data"), lines=lines) if lines else None


def _erasures(by: User) -> int | None:
    """Return the number of erasures that wait, for administrators, who decide them."""
    return proposals.waiting(act=ERASE).count() if may(by, DECIDE_ERASURE) else None


def _corrections(by: User) -> int:
    return seen_corrections(by).filter(outcome=None).count()


def _my_data(user: User) -> Link:
    hint = _("Take it with you, have it corrected, have it erased")
    return Link(text=_("My data"), href=reverse("privacy:my_data"), hint=hint)


def _erasures_wait(user: User) -> Waits | None:
    if not may(user, DECIDE_ERASURE):
        return None
    return proposed(
        ERASE,
        user,
        erasures_to_decide,
        lambda number: ngettext(
            "%(number)d request for erasure to decide", "%(number)d requests for erasure to decide", number
        ),
        reverse("privacy:erasures"),
    )


def _corrections_wait(user: User) -> Waits | None:
    """Return what others say is wrong about them, for users who answer it."""
    if not may(user, ANSWER_CORRECTION):
        return None
    own = User.objects.records_of(user.pk)
    return counted(
        seen_corrections(user).filter(outcome=None).exclude(person__in=own),
        "asked_at",
        lambda number: ngettext(
            "%(number)d request for correction to answer",
            "%(number)d requests for correction to answer",
            number,
        ),
        reverse("privacy:corrections"),
    )


waits.providers += [_erasures_wait, _corrections_wait]
registry.account_links.append(_my_data)
registry.cards.append(_card)
registry.figures.append(
    HomeFigure(
        code="corrections",
        text=lambda number: ngettext("request for correction", "requests for correction", number),
        count=_corrections,
        href=link_to("privacy:corrections"),
        attention=True,
    )
)
registry.figures.append(
    HomeFigure(
        code="erasures",
        text=lambda number: ngettext("request for erasure", "requests for erasure", number),
        count=_erasures,
        href=lambda by: reverse("privacy:erasures"),
        attention=True,
    )
)
