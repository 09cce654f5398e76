"""What one's own data adds to the pages of the register: open requests, and the way to an erasure."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from locales.dates import day_text
from operations import proposals
from people.about import Card, Figure, Line, registry
from people.actions.corrections import ABOUT
from people.actions.erasure import ERASE
from people.models import User
from people.permissions.rights import DECIDE_ERASURE, seen_corrections
from people.permissions.table import may
from people.sight import Sight


def _card(person: User, sight: Sight, by: User) -> Card | None:
    """For who answers: what the person says is wrong. For administrators: the erasure asked for on paper."""
    lines = [
        Line(
            title=ABOUT.get(request.about, request.about),
            text=day_text(request.asked_at),
            tag=_("waits for an answer"),
            href=reverse("people:correction", args=[request.public_id]),
        )
        for request in seen_corrections(by).filter(person=person, outcome=None).order_by("asked_at")[:3]
    ]
    if person != by and person.erased_at is None and may(by, DECIDE_ERASURE):
        href = reverse("people:erase_person", args=[person.public_id])
        lines.append(Line(title=_("Erase, where the person asked on paper"), href=href))
    return Card(title=_("Own data"), lines=lines) if lines else None


def _erasures(by: User) -> int | None:
    """For administrators, who decide them."""
    return proposals.waiting(act=ERASE).count() if may(by, DECIDE_ERASURE) else None


registry.cards.append(_card)
registry.figures.append(
    Figure(
        code="erasures",
        text=lambda number: ngettext("request for erasure", "requests for erasure", number),
        count=_erasures,
        href=lambda by: reverse("people:erasures"),
        attention=True,
    )
)
