"""Messages to people. Each (person, kind, subject, threshold) goes out once, at once or in the
person's bundle, daily or weekly as they chose; the mail is an errand of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from . import clock
from .models import Errand, Notice
from .outbox import enqueue

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@dataclass(frozen=True)
class NoticeKind:
    subject: StrOrPromise
    template: str
    context: Callable[[Notice], dict[str, Any]]
    may_wait: bool


class Rhythm(models.TextChoices):
    """The times at which somebody is told what may wait: `notice_rhythm` of a person."""

    AT_ONCE = "at-once", _("At once, each by itself")
    DAILY = "daily", _("Once a day, in the morning")
    WEEKLY = "weekly", _("Once a week, on Monday morning")


MORNING = time(8)  # in Baku

# What stands in `refused` where no address was refused.
NO_ADDRESS, NOT_DELIVERED = "no address", "not delivered"
NOT_THE_ADDRESS = ("", NO_ADDRESS, NOT_DELIVERED)

notice_kinds: dict[str, NoticeKind] = {}


def register_notice(
    kind: str,
    *,
    subject: StrOrPromise,
    template: str = "",
    context: Callable[[Notice], dict[str, Any]] = lambda notice: {},
    may_wait: bool = False,
) -> None:
    """Record how a kind of notice is written.

    `subject` names no person, qualification or reason: others see it on a screen. `template` is the
    body alone, by its kind `<app>/mail/<name>.html`; the frame comes from operations, the text from
    operations.mail_text. It is rendered in the person's language with what `context(notice)` gives, and `notice`,
    `person`, `base_url`. `may_wait`: it goes with the person's next bundle, unless they want all at once.
    """
    if kind in notice_kinds:
        raise ValueError(f"{kind} is registered twice.")
    template = template or f"{kind.replace('.', '/mail/', 1)}.html"
    notice_kinds[kind] = NoticeKind(subject, template, context, may_wait)


def notify(
    *,
    person: "AbstractBaseUser",
    kind: str,
    subject_id: str,
    threshold: str = "",
    urgency: str = "",
) -> Notice:
    """Tell a person once, inside the caller's transaction: the same again changes nothing.

    Urgent is what its kind and the person say, unless `urgency` says it.
    """
    if kind not in notice_kinds:
        raise LookupError(f"No notice is registered as {kind}.")
    if not urgency:
        waits = notice_kinds[kind].may_wait and _rhythm_of(person) != Rhythm.AT_ONCE
        urgency = Notice.Urgency.BUNDLE if waits else Notice.Urgency.NOW
    key = {"person": person, "kind": kind, "subject_id": subject_id, "threshold": threshold}
    with transaction.atomic():
        Notice.objects.bulk_create([Notice(**key, urgency=urgency)], ignore_conflicts=True)
        notice = Notice.objects.get(**key)
        if notice.urgency == Notice.Urgency.NOW:
            enqueue("operations.mail", notice.public_id)
    return notice


def _rhythm_of(person: Any) -> str:
    return str(person.notice_rhythm)


def last_monday(now: datetime) -> datetime:
    """Return the newest Monday morning that has come: the weekly bundle goes out from it."""
    today = now.astimezone(clock.BAKU).date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), MORNING, clock.BAKU)
    return monday if monday <= now else monday - timedelta(days=7)


def bundle(now: datetime) -> int:
    """Send what waits: one mail a person; return to how many. Of who wants letters weekly, what has waited
    since before Monday morning, also where Monday's run was missed.

    Whoever still has a bundle under way keeps the rest for tomorrow.
    """
    waiting = Notice.objects.filter(urgency=Notice.Urgency.BUNDLE, sent_at=None, refused="").exclude(
        person__notice_rhythm=Rhythm.WEEKLY, created_at__gte=last_monday(now)
    )
    under_way = Errand.objects.filter(kind="operations.bundle", state=Errand.State.OPEN)
    busy = {public_id for errand in under_way for public_id in errand.payload["notices"]}
    chosen: dict[int, list[str]] = {}
    for person, public_id in waiting.order_by("pk").values_list("person", "public_id"):
        chosen.setdefault(person, []).append(public_id)
    bundles = [notices for notices in chosen.values() if not busy & set(notices)]
    with transaction.atomic():
        for notices in bundles:
            enqueue("operations.bundle", notices[0], notices=notices)
    return len(bundles)


def refused_of(people: Any) -> QuerySet[Notice]:
    """Return notices that the mail server refused for these people (users, or a query of them), the newest
    first.

    A mail that went out later shows that the address works: then there is none. Somebody without an
    address, and a server that was away, are no refusal.
    """
    later = Notice.objects.filter(person=OuterRef("person"), sent_at__gt=OuterRef("created_at"))
    refused = Notice.objects.filter(person__in=people).exclude(refused__in=NOT_THE_ADDRESS)
    return refused.filter(~Exists(later)).order_by("-created_at", "-pk")
