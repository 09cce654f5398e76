"""review.yaml: who confirmed which course, when, and which text it was."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Code, DataFile, Day, Entry, Words

What = Literal["law", "az", "en", "ru"]  # a national lawyer, or the native editor of a language


class ConfirmationEntry(Entry):
    """One person's word on one text; it holds for that text alone, and stays when the text changes."""

    course: Code
    what: What
    by: Words  # name and position, as the person wants to be named
    day: Day
    text: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]  # as the end of what was read says


class ReviewFile(DataFile):
    confirmations: list[ConfirmationEntry]
