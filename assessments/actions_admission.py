"""Actions on admission to exams: an assessor's release of the next attempt, extra time, keys that were seen."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, notices
from people.models import User

from .models import Blueprint, ExamRelease, ExtraTime, KeySeen, ScenarioFamily, Use
from .permissions import can_give_extra_time, can_release
from .readiness import readiness_of
from .releases import forget_number

RELEASED, WITHDRAWN = "assessments.exam_released", "assessments.release_withdrawn"  # letters


@transaction.atomic
def release_exam(
    *, person: User, blueprint: Blueprint, reason: str, allow_repeat: bool = False, by: User
) -> ExamRelease:
    """Let the person begin one more attempt, and tell them. The days between two attempts hold all the same.

    Refuses (ValidationError) where nothing waits for it: attempts are left and there are cases, or it is released.
    `allow_repeat`: the family drawn longest ago may come again, where too few are left.
    """
    _check(can_release(by, person))
    User.objects.select_for_update().get(
        pk=person.pk
    )  # of two assessors at once the second finds it released
    version = blueprint.versions.select_related("blueprint").order_by("-number").first()
    readiness = readiness_of(version, person.pk) if version and blueprint.use == Use.EXAM else None
    if readiness is None or reason not in ExamRelease.Reason.values:
        raise ValidationError(_("Choose from what the page offers."))
    if readiness.release is not None:
        raise ValidationError(_("The next attempt of this person is released already."))
    if not readiness.attempts_used and readiness.sets:
        raise ValidationError(_("This person may begin without a release."))
    if allow_repeat and not readiness.could_repeat:
        raise ValidationError(_("There are new cases for this person: no old case needs to come again."))
    if not readiness.attempts_used and not allow_repeat:
        raise ValidationError(
            _(
                "No new cases are left for this person. Allow an earlier case, or the next attempt cannot "
                "begin."
            )
        )
    release = ExamRelease.objects.create(
        person=person, blueprint=blueprint, reason=reason, allow_repeat=allow_repeat,
        released_at=clock.now(), released_by=by,
    )  # fmt: skip
    audit.record(
        by=by, act="assessments.release", subject_kind="user", subject_id=person.public_id, reason=reason,
        after={"exam": blueprint.code, "release": release.public_id, "allow_repeat": allow_repeat},
    )  # fmt: skip
    notices.notify(person=person, kind=RELEASED, subject_id=release.public_id)
    forget_number(by)
    return release


@transaction.atomic
def withdraw_release(*, release: ExamRelease, by: User) -> None:
    """Take a release back while no attempt was begun by it. Refuses (ValidationError) one that is used or withdrawn."""
    release = (
        ExamRelease.objects.select_for_update(of=("self",))
        .select_related("person", "blueprint")
        .get(pk=release.pk)
    )
    _check(can_release(by, release.person.surviving))
    if not ExamRelease.objects.live().filter(pk=release.pk).exists():
        raise ValidationError(
            _("This release can no longer be changed: an attempt was begun with it, or it was withdrawn.")
        )
    release.withdrawn_at, release.withdrawn_by = clock.now(), by
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(
        by=by, act="assessments.withdraw_release", subject_kind="user",
        subject_id=release.person.surviving.public_id, reason=release.reason,
        after={"exam": release.blueprint.code, "release": release.public_id},
    )  # fmt: skip
    notices.notify(person=release.person.surviving, kind=WITHDRAWN, subject_id=release.public_id)
    forget_number(by)


@transaction.atomic
def give_extra_time(*, person: User, percent: int, by: User) -> ExtraTime:
    """Give a person more time in exams that begin from now on; what they had before ends. Nobody asks why."""
    _check(can_give_extra_time(by, person))
    if not ExtraTime.LEAST <= percent <= ExtraTime.MOST:
        raise ValidationError(
            {
                "percent": _("From %(least)s to %(most)s per cent.")
                % {"least": ExtraTime.LEAST, "most": ExtraTime.MOST}
            }
        )
    had = _end(person, by)
    given = ExtraTime.objects.create(person=person, percent=percent, given_at=clock.now(), given_by=by)
    audit.record(
        by=by, act="assessments.give_extra_time", subject_kind="user", subject_id=person.public_id,
        personal={person.public_id: {"extra_time": (had, percent)}},
    )  # fmt: skip
    return given


@transaction.atomic
def end_extra_time(*, person: User, by: User) -> None:
    """Exams that begin from now on have their own minutes. Refuses (ValidationError) where there is nothing to end."""
    _check(can_give_extra_time(by, person))
    had = _end(person, by)
    if had is None:
        raise ValidationError(_("This person has no extra time."))
    audit.record(
        by=by, act="assessments.end_extra_time", subject_kind="user", subject_id=person.public_id,
        personal={person.public_id: {"extra_time": (had, None)}},
    )  # fmt: skip


def _end(person: User, by: User) -> int | None:
    """Also what a record had that was merged into the person's. Returns the most of it in per cent."""
    User.objects.select_for_update().get(pk=person.pk)
    records = User.objects.records_of(person.pk)
    open_ = list(ExtraTime.objects.select_for_update().filter(person__in=records, ended_at=None))
    for row in open_:
        row.ended_at, row.ended_by = clock.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
    return max((row.percent for row in open_), default=None)


def record_key_seen(*, person: User, family: ScenarioFamily, by: User | None) -> None:
    """Keep that a person opened the answer key of a family: for twelve months no exam draws it for them.

    Practice shows everybody its key, which does not count.
    """
    _check(by is None or by == person)
    if family.use == Use.EXAM:
        KeySeen.objects.update_or_create(person=person, family=family, defaults={"seen_at": clock.now()})


def _check(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("You may not do this."))
