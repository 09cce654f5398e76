"""Duties that somebody may do today, on the person's page."""

from django.utils.translation import gettext as _

from locales.dates import day_text
from operations import clock
from people.extensions import Card, CardLine, registry
from people.models import Posting, User
from people.visibility import Visibility

from .duty_state import DutyState, functions_of
from .evidence import with_leave


def card(person: User, visibility: Visibility, by: User) -> Card | None:
    """Functions of the roles in which the person serves now, where that is seen; nothing where the person is no
    more theirs.
    """
    if not visibility.whole:
        return None
    now = clock.now()
    serving = with_leave(Posting.objects.at(now), now).filter(visibility.postings(), user=person)
    postings = list(serving.select_related("agency", "unit", "role"))
    lines = [_line(found) for found in functions_of(person, postings)]
    empty = (
        _("No function of this role needs a clearance.") if postings else _("Does not serve anywhere today.")
    )
    return Card(title=_("May do today"), lines=lines, empty=empty)


def _line(found: DutyState) -> CardLine:
    if found.cleared:
        until = _("until %(day)s") % {"day": day_text(found.last_day)} if found.last_day else ""
        return CardLine(title=found.function.name, tag=_("Yes"), kind="ok", text=until)
    codes = ", ".join(sorted({reason.qualification for reason in found.missing}))
    missing = _("missing: %(codes)s") % {"codes": codes} if codes else ""
    return CardLine(title=found.function.name, tag=_("No"), kind="bad", text=missing)


registry.cards.append(card)
