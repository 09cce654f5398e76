"""Messages to people. Each (person, kind, subject, threshold) goes out once, at once or in the
person's daily bundle; the mail is an errand of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise

from .models import Errand, Notice
from .outbox import enqueue

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@dataclass(frozen=True)
class NoticeKind:
    subject: str | Promise
    template: str
    context: Callable[[Notice], dict[str, Any]]


# What stands in `refused` where no address was refused.
NO_ADDRESS, NOT_DELIVERED = "no address", "not delivered"
NOT_THE_ADDRESS = ("", NO_ADDRESS, NOT_DELIVERED)

notice_kinds: dict[str, NoticeKind] = {}


def register_notice(
    kind: str,
    *,
    subject: str | Promise,
    template: str,
    context: Callable[[Notice], dict[str, Any]] = lambda notice: {},
) -> None:
    """Say how a kind of notice is written.

    `subject` names no person, qualification or reason: others see it on a screen. `template` is a
    path without ending; its .html and .txt are the body alone, the frame comes from operations.
    They are rendered in the person's language with what `context(notice)` gives, and `notice`,
    `person`, `base_url`.
    """
    if kind in notice_kinds:
        raise ValueError(f"{kind} is registered twice.")
    notice_kinds[kind] = NoticeKind(subject, template, context)


def notify(
    *,
    person: "AbstractBaseUser",
    kind: str,
    subject_id: str,
    threshold: str = "",
    urgency: str = Notice.Urgency.NOW,
) -> Notice:
    """Tell a person once, inside the caller's transaction: the same again changes nothing."""
    if kind not in notice_kinds:
        raise LookupError(f"No notice is registered as {kind}.")
    key = {"person": person, "kind": kind, "subject_id": subject_id, "threshold": threshold}
    with transaction.atomic():
        Notice.objects.bulk_create([Notice(**key, urgency=urgency)], ignore_conflicts=True)
        notice = Notice.objects.get(**key)
        if notice.urgency == Notice.Urgency.NOW:
            enqueue("operations.mail", notice.public_id)
    return notice


def bundle() -> int:
    """Send what waits for the daily bundle: one mail a person; says to how many.

    Whoever still has a bundle under way keeps the rest for tomorrow.
    """
    waiting = Notice.objects.filter(urgency=Notice.Urgency.BUNDLE, sent_at=None, refused="")
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
    """Notices that the mail server refused for these people (users, or a query of them), the newest first.

    A mail that went out later shows that the address works: then there is none. Somebody without an
    address, and a server that was away, are no refusal.
    """
    later = Notice.objects.filter(person=OuterRef("person"), sent_at__gt=OuterRef("created_at"))
    refused = Notice.objects.filter(person__in=people).exclude(refused__in=NOT_THE_ADDRESS)
    return refused.filter(~Exists(later)).order_by("-created_at", "-pk")
