"""Pictures for lessons: kept when they are chosen, whatever becomes of the draft; removed by the installation alone."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from operations import files
from operations.audit import record
from people.models import User

from . import reading
from .actions import CourseError, check, path_of
from .models import LessonPage
from .models.blocks_picture import SUFFIX, read_name
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


@transaction.atomic
def remove_picture(*, name: str, reason: str, by: None) -> list[Page]:
    """Delete the file of a picture for good, and return the lessons that name it, live or as they were last saved.

    There is one file a picture; what readers are sent is read from it each time. From now on lessons show the words of
    what is to be seen in it. Refuses (CourseError) a name without a file, and no reason.
    """
    found = read_name(name)
    if found is None or not files.exists(found[0], SUFFIX):
        raise CourseError(_("There is no such picture."))
    if not reason.strip():
        raise CourseError(_("Say why."))
    lessons = lessons_with(name)
    reading.raise_generation()
    record(
        by=by,
        act="courses.remove_picture",
        subject_kind="picture",
        subject_id=name[:SUBJECT],
        reason=reason,
        after={"file": name, "pages": [path_of(lesson) for lesson in lessons]},
    )
    files.delete(found[0], SUFFIX)  # last: where it fails nothing is said to be removed
    return lessons


def lessons_with(name: str) -> list[Page]:
    """Return the lessons that name a picture, as readers see them or as they were last saved."""
    lessons = LessonPage.objects.select_related("latest_revision").order_by("path")
    return [lesson for lesson in lessons if name in _stored(lesson)]


def _stored(lesson: LessonPage) -> str:
    drafts = lesson.latest_revision.content["body"] if lesson.latest_revision else ""
    return f"{lesson.body.raw_data}{drafts}"
