"""The errands of operations itself: mail, and the tasks that libraries enqueue (Wagtail)."""

from django.core.exceptions import ObjectDoesNotExist
from django.utils.module_loading import import_string

from . import clock, mail, notices
from .models import Errand, Notice
from .outbox import ErrandStep, register_errand


def _notices_of(errand: Errand) -> list[Notice]:
    ids = errand.payload.get("notices", [errand.key])
    return list(Notice.objects.select_related("person").filter(public_id__in=ids).order_by("created_at"))


def _send(errand: Errand) -> str:
    """Send unless it is sent already; returns why the mail server refuses it, or nothing."""
    waiting = [notice for notice in _notices_of(errand) if not notice.sent_at]
    if not waiting:
        return ""
    if errand.deaths:
        mail.mark_perhaps_twice(waiting)
    try:
        mail.deliver(waiting, message_id=errand.key)
    except mail.MailRefused as refusal:
        return str(refusal)
    return ""


def _mark(errand: Errand, refused: str) -> None:
    waiting = Notice.objects.filter(pk__in=[notice.pk for notice in _notices_of(errand)], sent_at=None)
    if refused:
        waiting.update(refused=refused[:200])
    else:
        waiting.update(sent_at=clock.now(), refused="")


def _not_delivered(errand: Errand) -> None:
    _mark(errand, notices.NOT_DELIVERED)


for kind in ("operations.mail", "operations.bundle"):
    register_errand(kind, ErrandStep("sent", commit=_mark, prepare=_send), on_give_up=_not_delivered)


def _call(errand: Errand) -> None:
    task = import_string(errand.payload["task"])
    try:
        task.func(*errand.payload["args"], **errand.payload["kwargs"])
    except ObjectDoesNotExist:
        return  # such tasks carry a primary key; the object was deleted meanwhile


register_errand("operations.task", ErrandStep("called", prepare=_call), tries=5)
