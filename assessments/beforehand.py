"""Content notes, told before an attempt begins, while no case is drawn yet."""

from collections.abc import Mapping
from typing import Any

from .drawing import families_of
from .frozen import content_of
from .models import ScenarioVersion


def content_notes(rules: Mapping[str, Any], language: str) -> list[str]:
    """Return what the cases that may be drawn by these rules describe, each note once; one query.

    Of every variant: which one comes is not known, and a person who would rather not read about it
    must know before the time runs.
    """
    versions = ScenarioVersion.objects.newest().of_families(families_of(rules)).order_by("scenario__code")
    notes = [
        content_of(sha256).content_note.read_in(language)
        for sha256 in versions.values_list("sha256", flat=True)
    ]
    return list(dict.fromkeys(notes))
