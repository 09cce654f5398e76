"""Receivers: two records became one; a person's courses are exported or erased. This app also
serves the editor's rows.
"""

from functools import partial
from pathlib import PurePath
from typing import Any

from django.core.files.storage import Storage
from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.users.models import UserProfile

from merging.signals import person_merged
from people.models import User
from privacy.erasing_people import ACTS, HISTORY
from privacy.erasure import Erasure
from privacy.export import Export
from privacy.signals import person_erasing, person_exporting

from . import actions
from .models import CheckDone, Edition, Enrolment, LessonProgress, Withdrawal


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    enrolments = Enrolment.objects.filter(person__in=export.people).order_by("enrolled_at", "pk")
    shown: Any = {
        "course": _("course"), "edition": _("edition"), "enrolled_at": _("enrolled on"),
        "enrolled_by": _("enrolled by"), "due_on": _("due on"), "ended_at": _("ended on"),
    }  # fmt: skip
    export.rows(enrolments, _("Your courses"), shown)
    progress = LessonProgress.objects.filter(enrolment__person__in=export.people).order_by("read_at", "pk")
    export.rows(progress, _("Lessons you read"), {"lesson": _("lesson"), "read_at": _("read on")})
    checks = CheckDone.objects.filter(enrolment__person__in=export.people).order_by("done_at", "pk")
    shown = {"lesson": _("lesson"), "done_at": _("answered on")}
    export.rows(checks, _("Self-checks you answered"), shown)
    editions = Edition.objects.filter(_by(export.people)).order_by("pk")
    shown = {
        "course": _("course"), "number": _("edition"), "published_by": _("proposed by"),
        "confirmed_by": _("confirmed by"), "published_at": _("published on"),
    }  # fmt: skip
    export.rows(editions, _("Editions you proposed or confirmed"), shown)
    withdrawals = Withdrawal.objects.filter(withdrawn_by__in=export.people).order_by("pk")
    shown = {"course": _("course"), "reason": _("reason"), "withdrawn_at": _("withdrawn on")}
    export.rows(withdrawals, _("Courses you withdrew"), shown)
    profiles = UserProfile.objects.filter(user__in=export.people)
    export.rows(profiles, _("Your settings of the authoring pages"), {}, without={"avatar": FILE})
    for profile in profiles.exclude(avatar="").exclude(avatar=None):
        picture = profile.avatar
        export.file(f"files/{PurePath(picture.name).name}", partial(_read, picture.storage, picture.name))


def _by(people: Any) -> Q:
    return Q(published_by__in=people) | Q(confirmed_by__in=people)


def _read(storage: Storage, name: str) -> bytes | None:
    if not storage.exists(name):
        return None
    with storage.open(name) as file:
        content: bytes = file.read()
        return content


FILE = _("The file itself is in the archive.")


@receiver(person_merged, sender=User)
def carry_over(sender: type[User], kept: User, gone: User, **kwargs: Any) -> None:
    actions.carry_over(kept=kept, gone=gone, by=None)


@receiver(person_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    enrolments = Enrolment.objects.filter(person__in=erasure.people)
    erasure.remove(LessonProgress.objects.filter(enrolment__in=enrolments), _("Which lessons you read"))
    erasure.remove(CheckDone.objects.filter(enrolment__in=enrolments), _("Which self-checks you answered"))
    erasure.clear(enrolments.filter(ended_at=None), _("Courses you follow: they end"), ended_at=erasure.at)
    erasure.keep(enrolments, _("Which courses a person whose name was erased followed"), HISTORY, "person")
    profiles = UserProfile.objects.filter(user__in=erasure.people)
    pictures = [profile.avatar for profile in profiles if profile.avatar]
    deletions = [partial(picture.storage.delete, picture.name) for picture in pictures]
    erasure.files(_("Your picture in the authoring pages"), deletions)
    erasure.remove(profiles, _("Your settings of the authoring pages"))
    editions, words = (
        Edition.objects.filter(_by(erasure.people)),
        _("Which editions a person whose name was erased published"),
    )
    erasure.keep(editions, words, ACTS, "published_by", "confirmed_by")
    withdrawals = Withdrawal.objects.filter(withdrawn_by__in=erasure.people)
    erasure.keep(
        withdrawals, _("Which courses a person whose name was erased withdrew"), ACTS, "withdrawn_by"
    )
