"""Certificates on the pages of the register of people: a card, events, a column, a filter."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.codes import grouped
from people.country import SERVING, serving
from people.extensions import Card, CardLine, Cell, Column, Event, Filter, Link, registry
from people.models import User
from people.visibility import Visibility

from .models import Certificate, Qualification
from .register import in_state
from .state import CertificateState, State, state_at
from .words import STATES, TAGS, told

SOON, FAR = timedelta(days=60), timedelta(days=90)
VALID, ENDING, NONE = "valid", "ending", "none"


def _seen(person: User, visibility: Visibility) -> list[Certificate]:
    """The person's, as far as they were earned in a time that is seen."""
    held = Certificate.objects.held_by(person).finished().with_all().order_by("-valid_from", "-pk")
    return [certificate for certificate in held if visibility.covers(certificate.award.awarded_at)]


def card(person: User, visibility: Visibility, by: User) -> Card:
    lines = []
    for certificate in _seen(person, visibility):
        certificate_state = state_at(certificate, visibility.until, known_at=visibility.until)
        tag, kind = _tag(certificate, certificate_state, visibility.until or clock.now())
        lines.append(
            CardLine(
                title=str(certificate.qualification_version.qualification.code),
                text=_("until %(day)s") % {"day": day_text(clock.last_day(certificate.valid_to))},
                code=grouped(certificate.short_code),
                tag=tag,
                kind=kind,
            )
        )
    return Card(title=_("Certificates"), lines=lines, empty=_("No certificate."))


def _tag(
    certificate: Certificate, certificate_state: CertificateState, now: datetime
) -> tuple[StrOrPromise, str]:
    tag, kind = told(certificate, certificate_state)
    left = certificate.valid_to - now
    if kind == TAGS[State.VALID] and left <= SOON:
        days = max(left // timedelta(days=1), 0)
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}, "warn"
    return tag, kind


def events(person: User, visibility: Visibility) -> list[Event]:
    """Earned and issued; what was decided about it later, by what kind of event."""
    found = []
    for certificate in _seen(person, visibility):
        code = certificate.qualification_version.qualification.code
        found.append(
            Event(
                at=certificate.award.awarded_at,
                known_at=certificate.issued_at,
                title=_("Certificate %(code)s") % {"code": code},
                text=_("valid from %(first)s until %(last)s")
                % {
                    "first": day_text(clock.first_day(certificate.valid_from)),
                    "last": day_text(clock.last_day(certificate.valid_to)),
                },
            )
        )
        found += [
            Event(
                at=event.effective_at,
                known_at=event.recorded_at,
                title=_("Certificate %(code)s: %(what)s") % {"code": code, "what": event.get_kind_display()},
            )
            for event in certificate.events.all()
            if visibility.covers(event.recorded_at)
        ]
    return found


def as_of(
    person: User, visibility: Visibility, instant: datetime, known_at: datetime | None
) -> list[StrOrPromise]:
    """Return the state at the instant of each certificate that was issued by then, going by what was known."""
    found: list[StrOrPromise] = []
    for certificate in _seen(person, visibility):
        if certificate.issued_at <= (known_at or clock.now()) and certificate.award.awarded_at <= instant:
            state = state_at(certificate, instant, known_at=known_at).state
            code = certificate.qualification_version.qualification.code
            found.append(_("%(code)s: %(state)s") % {"code": code, "state": STATES[state]})
    return found


def column(people: Sequence[User]) -> Mapping[int, Cell]:
    """The valid one that ends first; without any, the one that ended last. Three queries."""
    found: dict[int, tuple[tuple[bool, float], Cell]] = {}
    ids = [person.pk for person in people]
    whose = User.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    held = Certificate.objects.filter(award__person__in=whose).finished().with_all()
    for certificate in held:
        certificate_state = state_at(certificate)
        valid = certificate_state.state is State.VALID
        end = certificate.valid_to.timestamp()
        rank = (not valid, end if valid else -end)
        tag, kind = _tag(certificate, certificate_state, clock.now())
        cell = Cell(
            text=certificate.qualification_version.qualification.code,
            day=f"{clock.last_day(certificate.valid_to):%d.%m.%Y}",
            tag=tag,
            kind=kind,
        )
        person = certificate.award.person.merged_into_id or certificate.award.person_id
        if person not in found or rank < found[person][0]:
            found[person] = (rank, cell)
    return {person: cell for person, (_rank, cell) in found.items()}


def narrow(people: QuerySet[User], value: str) -> QuerySet[User]:
    now = clock.now()
    valid = in_state(Certificate.objects.filter(check_record__isnull=False), State.VALID, now)
    if value == ENDING:
        return people.filter(pk__in=_holders(valid.filter(valid_to__lte=now + SOON)))
    if value == VALID:
        return people.filter(pk__in=_holders(valid))
    return people.exclude(pk__in=_holders(valid)) if value == NONE else people


def _holders(certificates: QuerySet[Certificate]) -> Any:
    whose = Coalesce("award__person__merged_into", "award__person")
    return certificates.order_by().annotate(whose=whose).values("whose")


def choices() -> list[tuple[str, StrOrPromise]]:
    return [(VALID, _("valid")), (ENDING, _("ends within 60 days")), (NONE, _("none valid"))]


def country() -> list[Column]:
    """Return columns of people with a valid certificate, by qualification, and of those whose ends within 90 days."""
    now = clock.now()
    valid = in_state(Certificate.objects.filter(check_record__isnull=False), State.VALID, now)
    found = [
        Column(
            code=f"certified-{qualification.code}",
            text=_("certified: %(code)s") % {"code": qualification.code},
            counts=serving(_holders(valid.filter(qualification_version__qualification=qualification))),
            of=SERVING,
        )
        for qualification in Qualification.objects.order_by("code")
    ]
    ending = serving(_holders(valid.filter(valid_to__lte=now + FAR)))
    return [
        *found,
        Column(code="ending", text=_("a certificate ends within 90 days"), counts=ending, of=SERVING),
    ]


def _own_certificates(user: User) -> Link:
    return Link(text=_("My certificates"), href=reverse("certificates:mine"))


registry.account_links.append(_own_certificates)
registry.cards.append(card)
registry.events.append(events)
registry.as_of.append(as_of)
registry.country.append(country)
registry.columns.append((gettext_lazy("Certificate"), column))
registry.filters.append(
    Filter(name="certificate", label=gettext_lazy("Certificate"), choices=choices, narrow=narrow)
)
