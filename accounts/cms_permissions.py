"""Permissions at /cms/, by position."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from people.permissions.holding import Anyone, Position, grants_of


@dataclass(frozen=True)
class Codename:
    codename: str


@dataclass(frozen=True)
class PagePermission:
    """A page permission as Wagtail reads it: it holds for the page and all below it."""

    page: Any
    permission: Codename

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


def _positions_everywhere(user: Anyone) -> set[str]:
    """Return positions that hold for the whole country: what is written at /cms/ belongs to no agency."""
    return {position for position, agency, unit in grants_of(user) if (agency, unit) == (None, None)}


class CmsPermissions:
    """The permissions of each position at /cms/. Apps to the right fill it when they are loaded."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        self._pages: dict[str, list[tuple[Callable[[], Any], frozenset[str]]]] = defaultdict(list)

    def allow(self, position: str, names: Iterable[str]) -> None:
        """Give a position permissions by name: "wagtailadmin.access_admin", "standards.change_term"."""
        self._names[position].update(names)

    def register_pages(self, position: str, root: Callable[[], Any], acts: Iterable[str]) -> None:
        """Give a position acts ("add", "change", "publish", "lock" …) on a page and all below it.

        `root()` finds the page, or None where it does not exist yet.
        """
        self._pages[position].append((root, frozenset(acts)))

    def names_of(self, user: Anyone) -> set[str]:
        return {name for position in _positions_everywhere(user) for name in self._names.get(position, ())}

    def pages_of(self, user: Anyone) -> list[PagePermission]:
        return [
            PagePermission(page, Codename(f"{act}_page"))
            for position in sorted(_positions_everywhere(user))
            for root, acts in self._pages.get(position, ())
            if (page := root()) is not None
            for act in sorted(acts)
        ]


cms_permissions = CmsPermissions()
for _position in (Position.TRAINER, Position.REVIEWER):
    cms_permissions.allow(_position, ["wagtailadmin.access_admin"])
