"""Status lists: places are reserved at random, a list is re-signed when something on it changes or it ages."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from operations import clock

from . import signing
from .credentials.facts import ENTRIES
from .credentials.keys import Purpose
from .credentials.status import sign_status_list
from .models import CertificateEvent, Reservation, StatusList
from .state import State, state_at

LIFE = timedelta(days=7)
COPY_LIFE = timedelta(hours=1)  # how long others may keep a copy
FULL_AT = ENTRIES // 2  # random places stay easy to find, and hide one in many


def list_with_room(purpose: str) -> StatusList:
    """The list that new certificates use, opened where there is none. Inside a transaction."""
    found = (
        StatusList.objects.select_for_update()
        .filter(purpose=purpose, entries__lt=FULL_AT)
        .order_by("number")
        .first()
    )
    if found is None:
        highest = StatusList.objects.aggregate(highest=Max("number"))["highest"] or 0
        found = StatusList.objects.create(number=highest + 1, purpose=purpose)
        sign(found)
    return found


def free_place(status_list: StatusList) -> int:
    """A random place nobody has. The caller holds the list's lock."""
    column = f"{status_list.purpose}_index"
    taken = Reservation.objects.filter(**{f"{status_list.purpose}_list": status_list})
    while True:
        place = secrets.randbelow(ENTRIES)
        if not taken.filter(**{column: place}).exists():
            StatusList.objects.filter(pk=status_list.pk).update(entries=status_list.entries + 1)
            status_list.entries += 1
            return place


def marked(status_list: StatusList, instant: datetime) -> list[int]:
    """Places of certificates that the list reports: revoked or void; or suspended."""
    reported = (
        {State.REVOKED, State.VOID}
        if status_list.purpose == StatusList.Purpose.REVOCATION
        else {State.SUSPENDED}
    )
    reservations = (
        Reservation.objects.filter(
            Q(certificate__events__isnull=False), **{f"{status_list.purpose}_list": status_list}
        )
        .distinct()
        .select_related("certificate")
        .prefetch_related("certificate__events")
    )
    return [
        getattr(reservation, f"{status_list.purpose}_index")
        for reservation in reservations
        if state_at(reservation.certificate, instant).state in reported
    ]


def sign(status_list: StatusList) -> None:
    """Sign what the list says now; inside the transaction of the change that it reports."""
    now = clock.now().replace(microsecond=0)
    status_list.credential = sign_status_list(
        base_url=settings.BASE_URL,
        number=status_list.number,
        purpose=status_list.purpose,
        marked=marked(status_list, clock.now()),  # not cut to the second: an event of this instant counts
        valid_from=now,
        valid_until=now + LIFE,
        signer=signing.keyring().signer(Purpose.STATUS),
        ttl=COPY_LIFE,
    )
    status_list.signed_at, status_list.valid_until = now, now + LIFE
    status_list.save(update_fields=["credential", "signed_at", "valid_until"])


def sign_lists_of(event: CertificateEvent) -> None:
    """Both lists of the event's certificate, locked in the order of their numbers."""
    reservation = event.certificate.reservation
    numbers = [reservation.revocation_list_id, reservation.suspension_list_id]
    for status_list in StatusList.objects.select_for_update().filter(pk__in=numbers).order_by("number"):
        sign(status_list)


def is_ageing(status_list: StatusList, now: datetime) -> bool:
    """Past half its life, or never signed, or signed by a clock that was ahead."""
    return status_list.signed_at is None or not (
        status_list.signed_at <= now < status_list.signed_at + LIFE / 2
    )


def sign_ageing(now: datetime) -> int:
    """Re-sign the lists that are past half their life, and those where an event has come into force."""
    count = 0
    for pk in StatusList.objects.order_by("number").values_list("pk", flat=True):
        with transaction.atomic():
            status_list = StatusList.objects.select_for_update().get(pk=pk)
            if is_ageing(status_list, now) or _has_news(status_list, now):
                sign(status_list)
                count += 1
    return count


def _has_news(status_list: StatusList, now: datetime) -> bool:
    return CertificateEvent.objects.filter(
        **{f"certificate__reservation__{status_list.purpose}_list": status_list},
        effective_at__gt=status_list.signed_at or now,
        effective_at__lte=now,
    ).exists()


def current(number: int) -> StatusList | None:
    """The list as it may be shown: re-signed on request when it is past half its life."""
    status_list = StatusList.objects.filter(number=number).first()
    if status_list and is_ageing(status_list, clock.now()):
        with transaction.atomic():
            status_list = StatusList.objects.select_for_update().get(pk=status_list.pk)
            if is_ageing(status_list, clock.now()):
                sign(status_list)
    return status_list
