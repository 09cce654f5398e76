"""Status lists: places are given at random; a list is signed anew when something on it changes or it ages."""

import logging
import secrets
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Max

from operations import clock, waiting

from . import signing
from .credentials.facts import ENTRIES
from .credentials.keyfiles import KeysRefused
from .credentials.keys import Purpose
from .credentials.status import sign_status_list
from .models import FULL_AT, Certificate, CertificateEvent, Reservation, StatusList
from .state import State, state_from_events

log = logging.getLogger(__name__)
LIFE = timedelta(days=7)
PATIENCE = 0.3  # seconds to wait for another writer, on request: the worker signs every hour
COPY_LIFE = timedelta(hours=1)  # how long others may keep a copy
REPORTED = {
    StatusList.Purpose.REVOCATION: frozenset({State.VOID, State.REVOKED, State.SUPERSEDED}),
    StatusList.Purpose.SUSPENSION: frozenset({State.SUSPENDED}),
}


def lists_with_room() -> tuple[StatusList, StatusList]:
    """For revocation and for suspension, locked in the order of their numbers; opened where there is none.

    Inside a transaction.
    """
    with_room = StatusList.objects.filter(entries__lt=FULL_AT)
    found: dict[str, StatusList] = {}
    while len(found) < len(StatusList.Purpose):  # again where one became full while we waited for it
        present = set(with_room.values_list("purpose", flat=True))
        for purpose in StatusList.Purpose:
            if purpose not in present:
                _open(purpose)
        found = {one.purpose: one for one in with_room.select_for_update().order_by("number")}
    return found[StatusList.Purpose.REVOCATION], found[StatusList.Purpose.SUSPENSION]


def _open(purpose: StatusList.Purpose) -> None:
    """Unless somebody else opens one at this moment: the database keeps one with room for a purpose."""
    highest = StatusList.objects.aggregate(highest=Max("number"))["highest"] or 0
    opened = StatusList(number=highest + 1, purpose=purpose, opened_at=clock.now())
    _write(opened, [])
    with suppress(IntegrityError), transaction.atomic():
        opened.save(force_insert=True)


def free_place(status_list: StatusList) -> int:
    """A random place nobody has. The caller holds the list's lock."""
    purpose = status_list.purpose
    taken = Reservation.objects.filter(**{f"{purpose}_list": status_list})
    place = secrets.randbelow(ENTRIES)
    while taken.filter(**{f"{purpose}_index": place}).exists():
        place = secrets.randbelow(ENTRIES)
    status_list.entries += 1
    status_list.save(update_fields=["entries"])
    return place


def sign(status_list: StatusList) -> None:
    """Sign what the list says now, inside the transaction of the change. The caller holds its lock."""
    of_list = {f"certificate__reservation__{status_list.purpose}_list": status_list}
    events = CertificateEvent.objects.filter(**of_list).select_related("certificate__reservation")
    _write(status_list, list(events.defer("certificate__statement")))
    status_list.save(update_fields=["credential", "signed_at", "valid_until", "due_at"])


def _write(status_list: StatusList, events: list[CertificateEvent]) -> None:
    now = clock.now()
    signed_at = now.replace(microsecond=0)
    status_list.credential = sign_status_list(
        base_url=settings.BASE_URL,
        number=status_list.number,
        purpose=status_list.purpose,
        marked=_marked(status_list, events, now),
        valid_from=signed_at,
        valid_until=signed_at + LIFE,
        signer=signing.keyring().signer(Purpose.STATUS),
        ttl=COPY_LIFE,
    )
    status_list.signed_at, status_list.valid_until = signed_at, signed_at + LIFE
    status_list.due_at = min([signed_at + LIFE / 2, *_changes_ahead(events, now)])


def _marked(status_list: StatusList, events: list[CertificateEvent], now: datetime) -> list[int]:
    """Places of the certificates that the list reports."""
    by_certificate: dict[Certificate, list[CertificateEvent]] = defaultdict(list)
    for event in events:
        by_certificate[event.certificate].append(event)
    reported = REPORTED[StatusList.Purpose(status_list.purpose)]
    return [
        getattr(certificate.reservation, f"{status_list.purpose}_index")
        for certificate, own in by_certificate.items()
        if state_from_events(certificate.valid_from, certificate.valid_to, own, now, now).state in reported
    ]


def _changes_ahead(events: list[CertificateEvent], now: datetime) -> list[datetime]:
    """Return when an event comes into force, or becomes known where the clock was moved back."""
    instants = (instant for event in events for instant in (event.effective_at, event.recorded_at))
    return [instant for instant in instants if instant > now]


@transaction.atomic
def sign_lists_of(certificate: Certificate) -> None:
    """Both lists of a certificate to which something happened, locked in the order of their numbers."""
    reservation = certificate.reservation
    both = [reservation.revocation_list_id, reservation.suspension_list_id]
    for status_list in StatusList.objects.select_for_update().filter(pk__in=both).order_by("number"):
        sign(status_list)


def is_due(status_list: StatusList, now: datetime) -> bool:
    """Past half its life, or overtaken by an event, or signed by a clock that was ahead."""
    return not status_list.signed_at <= now < status_list.due_at


def sign_due(now: datetime) -> int:
    """Sign the lists that are due; says how many."""
    due = StatusList.objects.exclude(signed_at__lte=now, due_at__gt=now).order_by("number")
    return sum(_sign_if_due(pk) is not None for pk in list(due.values_list("pk", flat=True)))


def current(status_list: StatusList) -> StatusList:
    """The list as it may be shown: signed on request where it is due, this process has the key and need not wait
    to write. What is shown otherwise says itself until when it holds.
    """
    if not is_due(status_list, clock.now()):
        return status_list
    try:
        with waiting.at_most(PATIENCE):
            return _sign_if_due(status_list.pk) or StatusList.objects.get(pk=status_list.pk)
    except (KeysRefused, OperationalError) as error:
        log.error("status list is due", extra={"list": status_list.number, "error": str(error)})
        return status_list


@transaction.atomic
def _sign_if_due(pk: int) -> StatusList | None:
    """Signed now; None where somebody else was quicker."""
    status_list = StatusList.objects.select_for_update().get(pk=pk)
    if not is_due(status_list, clock.now()):
        return None
    sign(status_list)
    return status_list
