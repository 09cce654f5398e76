"""Pictures for lessons: kept when they are chosen, whatever becomes of the draft."""

from django.db import transaction

from operations.audit import record
from people.models import User

from .actions import check
from .permissions import can_author
from .pictures import keep, prepared

SUBJECT = 40  # characters of the name, enough to tell it from others


@transaction.atomic
def add_picture(*, sent: bytes, by: User | None) -> str:
    """Keep what was sent as a picture of its pixels alone, and return the name that a block holds.

    PictureRefused, in words: what is no picture, too large, or cannot be read whole.
    """
    check(can_author(by))
    picture = prepared(sent)
    name = keep(picture)
    told = {"file": name, "bytes": len(picture.content)}
    record(by=by, act="courses.add_picture", subject_kind="picture", subject_id=name[:SUBJECT], after=told)
    return name
