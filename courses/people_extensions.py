"""Courses that somebody follows, on the person's page."""

from django.utils.translation import gettext as _

from locales.dates import day_text
from people.country import SERVING, serving
from people.extensions import Card, CardLine, Column, registry
from people.models import User
from people.visibility import Visibility

from .models import Enrolment
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


registry.cards.append(card)
registry.country.append(country)
