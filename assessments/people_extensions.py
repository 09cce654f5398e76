"""Examinations on a person's page of the register: pass, date and competences, never answers."""

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from locales.dates import day_text
from operations import proposals
from people import waits
from people.extensions import Card, CardLine, Link, registry
from people.models import User
from people.permissions import may
from people.visibility import Visibility
from people.waits import Waits, counted, told

from .appeals import DECIDE
from .forms_appeals import SECOND
from .models import Attempt, Use
from .permissions import DECIDE_APPEALS, RELEASE, can_give_extra_time, visible_appeals
from .releases import number_waiting
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


def _appeals_wait(user: User) -> Waits | None:
    """Return the appeals on which `user` may have the first word."""
    if not may(user, DECIDE_APPEALS):
        return None
    proposed = proposals.waiting(act=DECIDE)
    return counted(
        visible_appeals(user).filter(decision=None).exclude(public_id__in=proposed.values("subject_id")),
        "received_at",
        lambda number: ngettext("%(number)d appeal to decide", "%(number)d appeals to decide", number),
        reverse("assessor:appeals"),
    )


def _appeals_to_confirm(user: User) -> Waits | None:
    """Return what another assessor proposed about such an appeal."""
    if not may(user, DECIDE_APPEALS):
        return None
    proposed = proposals.waiting(act=DECIDE).exclude(proposed_by__in=User.objects.records_of(user.pk))
    return counted(
        proposed.filter(subject_id__in=visible_appeals(user).filter(decision=None).values("public_id")),
        "proposed_at",
        lambda number: ngettext(
            "%(number)d proposal about an appeal to decide",
            "%(number)d proposals about appeals to decide",
            number,
        ),
        f"{reverse('assessor:appeals')}?state={SECOND}",
        second=True,
    )


def _releases_wait(user: User) -> Waits | None:
    """Return people who begin no further attempt before `user` or another assessor releases it."""
    if not may(user, RELEASE):
        return None
    number, since = number_waiting(user)
    return told(
        number,
        since,
        lambda number: ngettext(
            "%(number)d release of an exam to decide", "%(number)d releases of exams to decide", number
        ),
        reverse("assessor:releases"),
    )


waits.providers += [_appeals_wait, _appeals_to_confirm, _releases_wait]
registry.cards.append(card)
registry.person_links.append(_extra_time)
