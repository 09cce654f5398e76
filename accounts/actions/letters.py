"""The times at which letters come that can wait."""

from django.db import transaction

from operations import audit
from operations.notices import Rhythm
from people.actions.guards import refuse_unless
from people.models import User


@transaction.atomic
def choose_notice_rhythm(*, person: User, rhythm: str, by: User) -> None:
    """Choose when one is told what may wait. What waits already goes with the next bundle."""
    refuse_unless(by == person)
    locked = User.objects.select_for_update().get(pk=person.pk)
    before, locked.notice_rhythm = locked.notice_rhythm, Rhythm(rhythm)
    if before == locked.notice_rhythm:
        return
    locked.save(update_fields=["notice_rhythm"])
    audit.record(
        by=by, act="accounts.choose_notice_rhythm", subject_kind="user", subject_id=locked.public_id,
        before={"rhythm": before}, after={"rhythm": str(locked.notice_rhythm)},
    )  # fmt: skip
