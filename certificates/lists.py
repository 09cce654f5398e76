"""Status lists: places are given at random; a list is signed anew when something on it changes or it ages.

A place changes only for signed events, and is lost only to a confirmed reinstatement or a suspension's own end.
What differs otherwise stays as it was signed, is logged and stands in `/readyz`.
"""

import json
import logging
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Max, Q

from operations import clock, clock_guard, waiting

from . import event_proofs, read_model, signing
from .credentials import status
from .credentials.errors import ProofError
from .credentials.facts import ENTRIES
from .credentials.jsontext import Json, read_json
from .credentials.keyfiles import KeysRefused
from .credentials.keys import Keyring, Purpose
from .models import FULL_AT, Certificate, CertificateEvent, Reservation, StatusList
from .read_model import KeptEvent
from .state import EventRow, in_force

log = logging.getLogger(__name__)
LIFE = timedelta(days=7)
PATIENCE = 0.3  # seconds to wait for another writer, on request: the worker signs every hour
COPY_LIFE = timedelta(hours=1)  # how long others may keep a copy
Kind = CertificateEvent.Kind
REPORTED = {
    StatusList.Purpose.REVOCATION: frozenset({Kind.VOIDED, Kind.REVOKED, Kind.SUPERSEDED, Kind.ENDED}),
    StatusList.Purpose.SUSPENSION: frozenset({Kind.SUSPENDED}),
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
    opened = StatusList(number=highest + 1, purpose=purpose)
    _write(opened, marked=(), ahead=())
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


def reported[E: EventRow](
    events: Iterable[E], purpose: str, instant: datetime, known_at: datetime
) -> list[E]:
    """Return the events for which the list of this purpose reports their certificate."""
    kinds = REPORTED[StatusList.Purpose(purpose)]
    return [event for event in in_force(events, instant, known_at) if event.kind in kinds]


def verified(status_list: StatusList) -> status.StatusList:
    """Return what the list says, where it is ours and was current when it was signed; ProofError otherwise."""
    return verified_text(
        json.dumps(status_list.credential), status_list.number, status_list.purpose, status_list.signed_at,
        settings.BASE_URL, signing.keyring(),
    )  # fmt: skip


def can_be_read(status_list: StatusList) -> bool:
    try:
        verified(status_list)
    except (ProofError, KeysRefused):
        return False
    return True


@lru_cache(maxsize=16)
def verified_text(
    credential: str, number: int, purpose: str, signed_at: datetime, base_url: str, keyring: Keyring
) -> status.StatusList:
    """The list that these bytes are under these keys: the same bytes are not verified twice, for
    thousands of certificates share them. ProofError, which is not remembered, for anything else.
    """
    return status.verify_status_list(
        read_json(credential),
        keyring=keyring,
        base_url=base_url,
        number=number,
        purpose=purpose,
        at=signed_at,
        fast=True,
    )


def sign(status_list: StatusList) -> bool:
    """Sign what the list says now, inside the transaction of the change. The caller holds its lock.

    False where what it said before cannot be verified: it stays as it is, and no page relies on it.
    """
    try:
        before = verified(status_list)
    except ProofError as error:
        log.error("status list is not signed", extra={"list": status_list.number, "why": str(error)})
        return False
    now = clock.now()
    entries = _entries(status_list)
    marked, unexplained = _marked(status_list, set(before.marked()), entries, now)
    _write(status_list, marked=sorted(marked), ahead=_changes_ahead(entries, now), unexplained=unexplained)
    status_list.save(update_fields=["credential", "signed_at", "valid_until", "due_at", "unexplained"])
    return True


def _write(
    status_list: StatusList, *, marked: Collection[int], ahead: Iterable[datetime], unexplained: int = 0
) -> None:
    clock_guard.refuse_if_behind()
    signed_at = clock.now().replace(microsecond=0)
    before = status_list.credential
    status_list.signed_at, status_list.valid_until = signed_at, signed_at + LIFE
    status_list.due_at = min([signed_at + LIFE / 2, *ahead])
    status_list.unexplained = unexplained
    status_list.credential = _signed(status_list, marked)
    if status_list.credential == before:
        # A second time within one second: what stands beside it changes only together with what is signed.
        status_list.valid_until -= timedelta(seconds=1)
        status_list.credential = _signed(status_list, marked)


def _signed(status_list: StatusList, marked: Iterable[int]) -> Json:
    return status.sign_status_list(
        base_url=settings.BASE_URL,
        number=status_list.number,
        purpose=status_list.purpose,
        marked=marked,
        valid_from=status_list.signed_at,
        valid_until=status_list.valid_until,
        signer=signing.keyring().signer(Purpose.STATUS),
        ttl=COPY_LIFE,
    )


@dataclass(frozen=True)
class ListedCertificate:
    """A certificate on a list to which something happened."""

    pk: int
    public_id: str
    events: Sequence[CertificateEvent]


def _entries(status_list: StatusList) -> dict[int, ListedCertificate]:
    """By their place."""
    of_list = {f"certificate__reservation__{status_list.purpose}_list": status_list}
    events = CertificateEvent.objects.filter(**of_list).select_related("certificate__reservation")
    found: dict[int, list[CertificateEvent]] = defaultdict(list)
    for event in events.defer("statement", "certificate__statement"):
        found[getattr(event.certificate.reservation, f"{status_list.purpose}_index")].append(event)
    return {
        place: ListedCertificate(own[0].certificate_id, own[0].certificate.public_id, own)
        for place, own in found.items()
    }


def _marked(
    status_list: StatusList, before: set[int], entries: Mapping[int, ListedCertificate], now: datetime
) -> tuple[set[int], int]:
    """Return the places to report, and how many stay as they were though no signed event explains it."""
    purpose = status_list.purpose
    wanted = {place for place, entry in entries.items() if reported(entry.events, purpose, now, now)}
    changing = wanted ^ before
    rows = read_model.events_of([entries[place].pk for place in changing & entries.keys()])
    unexplained = 0
    for place in changing:
        entry = entries.get(place)
        if entry is not None and event_proofs.hold(entry.public_id, rows.get(entry.pk, ())):
            if place in wanted or _is_over(rows.get(entry.pk, ()), status_list, now):
                continue
        log.error(
            "no event explains a place",
            extra={"list": status_list.number, "place": place, "reported": place in before},
        )
        unexplained += 1
        wanted ^= {place}
    return wanted, unexplained


def _is_over(events: Sequence[KeptEvent], status_list: StatusList, now: datetime) -> bool:
    """Return whether what the list reported when it was signed has ended since: by itself, or undone."""
    since = status_list.signed_at  # to the second
    instants = [instant for event in events for instant in (event.effective_at, event.recorded_at)]
    within = [instant for instant in instants if since < instant < since + timedelta(seconds=1)]
    for instant in (since, *sorted(within)):
        if then := reported(events, status_list.purpose, instant, instant):
            return all(event.effective_at <= now and event.recorded_at <= now for event in then)
    return False


def _changes_ahead(entries: Mapping[int, ListedCertificate], now: datetime) -> list[datetime]:
    """Return when an event comes into force or ends by itself, or becomes known where the clock was moved back."""
    events = [event for entry in entries.values() for event in entry.events]
    instants = [
        instant for event in events for instant in (event.effective_at, event.recorded_at, event.until)
    ]
    return [instant for instant in instants if instant is not None and instant > now]


@transaction.atomic
def sign_lists_of(certificates: Iterable[Certificate]) -> None:
    """The lists of certificates to which something happened, each once, locked in the order of their numbers."""
    wanted = StatusList.objects.filter(pk__in=_lists_of(certificates))
    for status_list in wanted.select_for_update().order_by("number"):
        sign(status_list)


def lock(certificates: Iterable[Certificate], *, with_room: bool = False) -> None:
    """Lock their lists in the order of their numbers: before more than once in a transaction something happens to some of
    the certificates. `with_room`: those that have room, too, before places are given.
    """
    of_them = Q(pk__in=_lists_of(certificates))
    wanted = StatusList.objects.filter(of_them | Q(entries__lt=FULL_AT) if with_room else of_them)
    list(wanted.select_for_update().order_by("number").values_list("pk"))


def _lists_of(certificates: Iterable[Certificate]) -> set[int]:
    reservations = Reservation.objects.filter(certificate__in=list(certificates))
    pairs = reservations.values_list("revocation_list", "suspension_list")
    return {pk for pair in pairs for pk in pair}


def is_due(status_list: StatusList, now: datetime) -> bool:
    """Past half its life, or overtaken by an event, or signed by a clock that was ahead."""
    return not status_list.signed_at <= now < status_list.due_at


def sign_due(now: datetime) -> int:
    """Sign the lists that are due; says how many. None while the clock is behind."""
    if clock_guard.is_behind():
        return 0
    due = StatusList.objects.exclude(signed_at__lte=now, due_at__gt=now).order_by("number")
    return sum(_sign_if_due(pk) is not None for pk in list(due.values_list("pk", flat=True)))


def current(status_list: StatusList) -> StatusList:
    """The list as it may be shown: signed on request where it is due, this process has the key and need not wait
    to write. What is shown otherwise says itself until when it holds.
    """
    if not is_due(status_list, clock.now()):
        return status_list
    try:
        with waiting.at_most(PATIENCE, locks=True):
            return _sign_if_due(status_list.pk) or StatusList.objects.get(pk=status_list.pk)
    except (KeysRefused, OperationalError, clock_guard.ClockBehind) as error:
        log.error("status list is due", extra={"list": status_list.number, "error": str(error)})
        return status_list


@transaction.atomic
def _sign_if_due(pk: int) -> StatusList | None:
    """Signed now; None where somebody else was quicker, or it cannot be signed."""
    status_list = StatusList.objects.select_for_update().get(pk=pk)
    if not is_due(status_list, clock.now()) or not sign(status_list):
        return None
    return status_list
