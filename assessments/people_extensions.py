"""Examinations on a person's page of the register: pass, date and competences, never answers."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from locales.dates import day_text
from people.extensions import Card, CardLine, Link, registry
from people.models import User
from people.visibility import Visibility

from .models import Attempt, Use
from .permissions import can_give_extra_time
from .results import result_of

MOST = 3


def card(person: User, visibility: Visibility, by: User) -> Card | None:
    """The newest closed ones, as far as they fell into a time that is seen."""
    closed = Attempt.objects.taken_by(person.pk).filter(blueprint__use=Use.EXAM, closed_at__isnull=False)
    queryset = closed.select_related("blueprint", "blueprint_version", "person", "marking").order_by(
        "-closed_at"
    )
    attempts = [attempt for attempt in queryset if attempt.closed_at and visibility.covers(attempt.closed_at)]
    return Card(title=_("Examinations"), lines=[_line(attempt) for attempt in attempts[:MOST]])


def _line(attempt: Attempt) -> CardLine:
    result = result_of(attempt, get_language() or "az")
    weak = ", ".join(competence.code for competence in result.competences if competence.weak)
    return CardLine(
        title=day_text(result.closed_at),
        tag=_tag(attempt),
        kind="ok" if result.passed else "warn",
        text="" if attempt.is_annulled else _strengthen(weak),
    )


def _strengthen(weak: str) -> str:
    return _("to be strengthened: %(codes)s") % {"codes": weak} if weak else _("all competences reached")


def _tag(attempt: Attempt) -> str:
    if attempt.passed:
        return _("passed")
    if attempt.is_annulled:
        return _("annulled after an appeal")
    return _("not passed") if attempt.counts else _("closed at the merging of two records")


def _extra_time(person: User, by: User, may_change: bool) -> Link | None:
    if not can_give_extra_time(by, person):
        return None
    return Link(text=_("Extra time in exams"), href=reverse("assessor:extra_time", args=[person.public_id]))


registry.cards.append(card)
registry.person_links.append(_extra_time)
