"""Records that were merged into a person's: their history is read as the person's, and where it came from."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from operations.history import Edit

from .models import User

type Records = Mapping[int, User]  # the person's own, and those merged into it, by primary key


def records_of(person: User) -> Records:
    """Return the merged records of a person, by one query."""
    return {record.pk: record for record in User.objects.records_of(person.pk)}


def moves(edit: Edit[Any], records: Records) -> bool:
    """Return whether a merging did this: rows withdrawn of the record that went, entered for the one that
    stays.

    It is told once, as an event of its own.
    """
    return any(_was_merged(records[row.user_id], edit) for row in edit.withdrawn)


def _was_merged(record: User, edit: Edit[Any]) -> bool:
    return record.merged_at is not None and record.merged_at <= edit.at


def of_the_other(edit: Edit[Any], records: Records) -> bool:
    rows = [*edit.withdrawn, *edit.recorded]
    return all(records[row.user_id].merged_into_id is not None for row in rows)


def said_of_the_other(title: StrOrPromise) -> str:
    return _("%(what)s (in the merged record)") % {"what": title}
