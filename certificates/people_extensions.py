"""Certificates on the pages of the register of people: a card, events, a column, a filter."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from accounts import relying
from locales.dates import day_text
from operations import clock, proposals
from operations.codes import grouped
from operations.models import Proposal
from people import renaming, waits
from people.country import SERVING, serving
from people.extensions import Card, CardLine, Cell, Column, Event, Filter, Link, registry
from people.models import User
from people.permissions import may
from people.visibility import Visibility
from people.waits import Waits, counted, proposed

from . import actions_corrections, chains, corrections
from .actions_rules import CHANGE
from .acts import acts
from .corrections import CORRECT
from .law_changes import END_OLDER, KEEP_OLDER, ends_to_confirm
from .models import Certificate, Complaint, EventAppeal, Qualification
from .permissions import (
    ANSWER,
    CONFIRM_END,
    CONFIRM_RULES,
    DECIDE_CORRECTION,
    DECIDE_RECOGNITION,
    STAY,
    UPHOLD,
    can_propose_correction,
    can_see_correction,
    doubts_to_settle,
    recognitions_to_confirm,
    rules_to_confirm,
)
from .recognition import RECOGNISE
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
    lines, now = [], visibility.until or clock.now()
    seen = _seen(person, visibility)
    ends = chains.ends(seen, now, known_at=visibility.until)
    for certificate in seen:
        certificate_state = state_at(certificate, visibility.until, known_at=visibility.until)
        tag, kind = _tag(certificate, certificate_state, ends.get(certificate.pk), now)
        lines.append(
            CardLine(
                title=str(certificate.qualification_version.qualification.code),
                text=_until(certificate, certificate_state),
                code=grouped(certificate.short_code),
                tag=tag,
                kind=kind,
            )
        )
    return Card(title=_("Certificates"), today=True, lines=lines, empty=_("No certificate."))


def _until(certificate: Certificate, certificate_state: CertificateState) -> str:
    last = {"day": day_text(clock.last_day(certificate.valid_to))}
    if certificate_state.state is not State.SUSPENDED or certificate_state.until is None:
        return _("until %(day)s") % last
    end = day_text(clock.last_day(certificate_state.until))
    return _("until %(day)s; suspended until %(end)s") % {**last, "end": end}


def _tag(
    certificate: Certificate, certificate_state: CertificateState, end: datetime | None, now: datetime
) -> tuple[StrOrPromise, str]:
    """`end`: of the chain of a valid one."""
    tag, kind = told(certificate, certificate_state)
    left = end - now if end else SOON
    if kind == TAGS[State.VALID] and end and left <= SOON:
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
                text=_("for the days %(first)s – %(last)s")
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
                text=grouped(certificate.short_code),
            )
            for event in certificate.events.all()
            if visibility.covers(event.recorded_at)
            and event.recorded_at != certificate.issued_at  # carried over
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
    """The valid one whose chain ends first; without any, the one that ended last. Three queries."""
    found: dict[int, tuple[tuple[bool, float], Cell]] = {}
    ids = [person.pk for person in people]
    whose = User.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    held, now = list(Certificate.objects.filter(award__person__in=whose).finished().with_all()), clock.now()
    ends = chains.ends(held, now)
    for certificate in held:
        certificate_state = state_at(certificate, now)
        valid = certificate_state.state is State.VALID
        end = ends.get(certificate.pk, certificate.valid_to)
        rank = (not valid, end.timestamp() if valid else -end.timestamp())
        tag, kind = _tag(certificate, certificate_state, ends.get(certificate.pk), now)
        if certificate_state.state is State.SUSPENDED and certificate_state.until is not None:
            tag = _("suspended until %(day)s") % {"day": day_text(clock.last_day(certificate_state.until))}
        cell = Cell(
            text=certificate.qualification_version.qualification.code,
            day=day_text(clock.last_day(end)),
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
        return people.filter(pk__in=_holders(chains.ending_by(valid, now + SOON, now)))
    if value == VALID:
        return people.filter(pk__in=_holders(valid))
    return people.exclude(pk__in=_holders(valid)) if value == NONE else people


def _holders(certificates: QuerySet[Certificate]) -> Any:
    return chains.of_holders(certificates.order_by()).values("whose")


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
    ending = serving(_holders(chains.ending_by(valid, now + FAR, now)))
    return [
        *found,
        Column(code="ending", text=_("a certificate ends within 90 days"), counts=ending, of=SERVING),
    ]


def _own_certificates(user: User) -> Link:
    return Link(text=_("My certificates"), href=reverse("certificates:mine"))


def _acts_wait(user: User) -> Waits | None:
    """Return what others proposed about the certificates of others."""
    decided = [act.code for act in acts.values() if may(user, act.decide_permission)]
    decided += [CORRECT] if may(user, DECIDE_CORRECTION) else []
    if not decided:
        return None
    own, records = Certificate.objects.held_by(user), User.objects.records_of(user.pk)
    waiting = proposals.waiting().filter(act__in=decided)
    of_others = waiting.exclude(subject_id__in=own.values("public_id")).exclude(
        subject_id__in=records.values("public_id")
    )
    return counted(
        of_others.exclude(proposed_by__in=records),
        "proposed_at",
        lambda number: ngettext(
            "%(number)d proposal about a certificate to decide",
            "%(number)d proposals about certificates to decide",
            number,
        ),
        reverse("certificates:proposals"),
        second=True,
    )


def _ends_wait(user: User) -> Waits | None:
    """Return proposals of rule owners that certificates under older rules end, or stay."""
    if not may(user, CONFIRM_END):
        return None
    found = ends_to_confirm(
        user, proposals.waiting().filter(act__in=(END_OLDER, KEEP_OLDER)).select_related("proposed_by")
    )
    return waits.told(
        len(found),
        min((each.proposed_at for each in found), default=None),
        lambda number: ngettext(
            "%(number)d proposal about certificates under older rules to decide",
            "%(number)d proposals about certificates under older rules to decide",
            number,
        ),
        reverse("certificates:qualifications"),
        second=True,
    )


def _recognitions_wait(user: User) -> Waits | None:
    if not may(user, DECIDE_RECOGNITION):
        return None
    return proposed(
        RECOGNISE, user, recognitions_to_confirm, _recognition_words, reverse("certificates:proposals")
    )


def _recognition_words(number: int) -> str:
    return ngettext(
        "%(number)d recognition of other training to decide",
        "%(number)d recognitions of other training to decide",
        number,
    )


def _complaints_wait(user: User) -> Waits | None:
    """Return complaints that other registrars recorded about others."""
    if not may(user, UPHOLD):
        return None
    own = User.objects.records_of(user.pk)
    waiting = Complaint.objects.waiting().exclude(recorded_by__in=own)
    return counted(
        waiting.exclude(certificate__award__person__in=own),
        "recorded_at",
        lambda number: ngettext("%(number)d complaint to decide", "%(number)d complaints to decide", number),
        reverse("certificates:to_answer"),
    )


def _appeals_wait(user: User) -> Waits | None:
    """Return appeals against events in which `user` had no part, of others' certificates."""
    if not may(user, ANSWER):
        return None
    own = User.objects.records_of(user.pk)
    waiting = (
        EventAppeal.objects.waiting().exclude(event__by__in=own).exclude(event__proposal__proposed_by__in=own)
    )
    return counted(
        waiting.exclude(event__certificate__award__person__in=own),
        "made_at",
        lambda number: ngettext(
            "%(number)d appeal about a certificate to decide",
            "%(number)d appeals about certificates to decide",
            number,
        ),
        reverse("certificates:to_answer"),
    )


def _doubts_wait(user: User) -> Waits | None:
    if not may(user, STAY):
        return None
    return counted(
        doubts_to_settle(user).filter(outcome=None),
        "raised_at",
        lambda number: ngettext(
            "%(number)d certificate whose exam counts no longer as passed",
            "%(number)d certificates whose exams count no longer as passed",
            number,
        ),
        reverse("certificates:doubts"),
    )


def _rules_wait(user: User) -> Waits | None:
    if not may(user, CONFIRM_RULES):
        return None
    return proposed(CHANGE, user, rules_to_confirm, _rules_words, reverse("certificates:qualifications"))


def _rules_words(number: int) -> str:
    return ngettext(
        "%(number)d proposal of rules of a qualification to decide",
        "%(number)d proposals of rules of a qualification to decide",
        number,
    )


def _waiting_correction(person: User) -> Link | None:
    found = corrections.waiting_for([person]).first()
    return _link_to_correction(found) if found else None


def _link_to_correction(found: Proposal) -> Link:
    text = _("A correction of what the certificates say waits for a registrar.")
    return Link(text=text, href=reverse("certificates:correction", args=[found.public_id]))


def _corrections_card(person: User, visibility: Visibility, by: User) -> Card | None:
    """Return a card with the correction that waits, for those who may see it."""
    if visibility.until is not None:
        return None
    lines = [
        CardLine(
            title=each.what,
            text=", ".join(f"{before or '–'} → {after or '–'}" for before, after in each.names.values())
            or (each.agency.name if each.agency else ""),
            tag=_("waits for a registrar"),
            kind="warn",
            href=_link_to_correction(each.proposal).href,
        )
        for each in corrections.asked_of(list(corrections.waiting_for([person])))
        if can_see_correction(by, each.proposal, each.person)
    ]
    return Card(title=_("Corrections of certificates"), lines=lines) if lines else None


def _agency_link(person: User, by: User, may_change: bool) -> Link | None:
    """Return the way to correct the agency that certificates print; the name is corrected by the ordinary form."""
    if not may_change or not can_propose_correction(by, person):
        return None
    current = corrections.current_of([person.pk])[person.pk]
    if not current:
        return None
    href = reverse("certificates:correct", args=[current[-1].public_id, corrections.AGENCY])
    return Link(text=_("Agency on certificates"), href=href)


renaming.register_keeper(
    renaming.NameKeeper(
        look=corrections.look,
        propose=actions_corrections.propose_for_form,
        propose_each=actions_corrections.propose_names,
        waiting=_waiting_correction,
    )  # fmt: skip
)


relying.providers.append(corrections.relied_on)
waits.providers += [
    _rules_wait, _acts_wait, _ends_wait, _recognitions_wait, _complaints_wait, _appeals_wait, _doubts_wait
]  # fmt: skip
registry.account_links.append(_own_certificates)
registry.cards += [card, _corrections_card]
registry.person_links.append(_agency_link)
registry.events.append(events)
registry.as_of.append(as_of)
registry.country.append(country)
registry.columns.append((gettext_lazy("Certificate"), column))
registry.filters.append(
    Filter(name="certificate", label=gettext_lazy("Certificate"), choices=choices, narrow=narrow)
)
