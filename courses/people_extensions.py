"""Courses that somebody follows, on the person's page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from locales.dates import day_text
from people import waits
from people.country import SERVING, serving
from people.extensions import Card, CardLine, Column, registry
from people.models import User
from people.permissions import may
from people.visibility import Visibility
from people.waits import Waits, proposed

from .edition_proposals import PUBLISH
from .models import Enrolment
from .permissions import CONFIRM, editions_to_confirm
from .progress import CourseProgress, progress_of


def card(person: User, visibility: Visibility, by: User) -> Card | None:
    """Return a card of what is open now, for those who see where the person serves now."""
    if not visibility.whole:
        return None
    lines = [_line(found) for found in progress_of(person)]
    return Card(title=_("Courses under way"), lines=lines, empty=_("No course is open."))


def _line(found: CourseProgress) -> CardLine:
    read = _("%(done)d of %(total)d lessons done") % {"done": found.done, "total": found.total}
    due = _("due on %(day)s") % {"day": day_text(found.due_on)} if found.due_on else ""
    return CardLine(
        title=found.course.heading.plain,
        text=", ".join(filter(None, (read, due))),
        tag=_("finished") if found.finished else "",
        kind="ok",
    )


def country() -> list[Column]:
    follow = serving(Enrolment.objects.open().values("person"))
    return [Column(code="courses", text=_("follow a course now"), counts=follow, of=SERVING)]


def _editions_wait(user: User) -> Waits | None:
    if not may(user, CONFIRM):
        return None
    return proposed(
        PUBLISH,
        user,
        editions_to_confirm,
        lambda number: ngettext(
            "%(number)d proposed edition to decide", "%(number)d proposed editions to decide", number
        ),
        reverse("wagtailadmin_home"),
    )


waits.providers.append(_editions_wait)
registry.cards.append(card)
registry.country.append(country)
