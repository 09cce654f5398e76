"""Permission to take an attempt, to bring in cases, to release exams, to decide appeals. What was answered in an exam
only the assessor of its appeal sees.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from people.models import Grant, Posting, User
from people.permissions import Anyone, Reach, may, register_permission, where_may
from people.supervision import below, chain_above

from .models import Appeal, Attempt, AttemptCase, ExtraTime

Position = Grant.Position
RELEASE, EXTRA_TIME = "assessments.release", "assessments.extra_time"
DECIDE_APPEALS = "assessments.decide_appeals"

register_permission(
    "assessments.author", _("Bring in cases and exams"), {Position.TRAINER.value: Reach.EVERYWHERE}
)
register_permission(
    RELEASE,
    _("Release the next attempt of an exam whose attempts are used up"),
    {Position.ASSESSOR.value: Reach.AGENCY},
    note=_("Not to oneself."),
)
register_permission(
    EXTRA_TIME,
    _("Give and end extra time in exams"),
    {Position.ASSESSOR.value: Reach.AGENCY, Position.COORDINATOR.value: Reach.AGENCY},
    note=_("Not to oneself."),
)
register_permission(
    DECIDE_APPEALS,
    _("Decide appeals against results of exams, and see the answers for it"),
    {Position.ASSESSOR.value: Reach.AGENCY},
    note=_(
        "Not one's own appeal, nor one by a supervisor or by people one supervises. Not about an exam in "
        "which one had a part, or a case that one published. Two assessors are needed to change marks or "
        "annul an exam."
    ),
)


def can_take(user: User, attempt: Attempt) -> bool:
    """See its pages, answer, close: also what one took under a record that was merged into one's own. No
    coordinator, trainer or other officer.
    """
    if attempt.person_id == user.pk:
        return user.is_active
    return can_take_of(user, attempt.person_id, attempt.person.merged_into_id)


def can_take_of(user: User, person_id: int, merged_into_id: int | None) -> bool:
    """`can_take` for an attempt of this person, whose record may have been merged into another."""
    return user.is_active and user.pk in {person_id, merged_into_id}


def can_close(by: User | None, attempt: Attempt, now: datetime) -> bool:
    """The person at any time; the installation itself once the time for answers is over."""
    if by is None:
        return (ends_at := attempt.ends_at()) is not None and ends_at <= now
    return can_take(by, attempt)


def can_author(by: User | None) -> bool:
    """Cases, families and blueprints: trainers, and the installation itself when it loads files."""
    return may(by, "assessments.author")


def reached(by: Anyone, code: str) -> QuerySet[User]:
    """Return the people about whom `by` may do this: who serve now where the position reaches, never oneself.

    A position for the whole country reaches also those who serve nowhere now.
    """
    where, people = where_may(by, code), User.objects.current()
    if isinstance(by, User):
        people = people.exclude(pk=by.pk)
    if where.everywhere:
        return people
    serving = Posting.objects.current().filter(where.within("agency", "unit"), user=OuterRef("pk"))
    return people.filter(Exists(serving)) if where else people.none()


def can_release(by: Anyone, person: User) -> bool:
    """Release the next attempt of this person, and withdraw a release."""
    return reached(by, RELEASE).filter(pk=person.pk).exists()


def can_give_extra_time(by: Anyone, person: User) -> bool:
    return reached(by, EXTRA_TIME).filter(pk=person.pk).exists()


def visible_appeals(by: Anyone) -> QuerySet[Appeal]:
    """Return the appeals on which `by` may have a word: of people whom they reach as assessor.

    Left out are those of their supervisors and of whom they supervise, however far, of people to whom they gave
    extra time, of attempts that they released, and of attempts with a case of which they published a version.
    """
    if not isinstance(by, User):
        return Appeal.objects.none()
    own = User.objects.records_of(by.pk)
    helped = ExtraTime.objects.filter(given_by__in=own).annotate(
        helped=Coalesce("person__merged_into", "person")
    )
    appeals = Appeal.objects.annotate(whose=Coalesce("attempt__person__merged_into", "attempt__person"))
    appeals = appeals.filter(whose__in=reached(by, DECIDE_APPEALS).values("pk"))
    appeals = appeals.exclude(whose__in={*chain_above(by), *below(by)}).exclude(
        whose__in=helped.values("helped")
    )
    published = AttemptCase.objects.filter(
        attempt=OuterRef("attempt"), version__scenario__versions__recorded_by__in=own
    )
    return appeals.filter(~Exists(published)).exclude(attempt__release__released_by__in=own)


def can_decide_appeal(by: Anyone, appeal: Appeal) -> bool:
    return visible_appeals(by).filter(pk=appeal.pk).exists()
