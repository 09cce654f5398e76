"""Frozen cases in this process's memory, by hash: what never changes is read once."""

from functools import lru_cache

from .content import Content
from .models import ScenarioVersion


class UnknownContent(LookupError):
    """No version has this hash."""


@lru_cache(maxsize=32)
def content_of(sha256: str) -> Content:
    """The case with this hash; one query where it is not in memory yet."""
    data = ScenarioVersion.objects.filter(sha256=sha256).values_list("content", flat=True).first()
    if data is None:
        raise UnknownContent(sha256)
    return Content.read(data)
