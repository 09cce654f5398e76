"""Write docs/permissions.md from the registered permissions of all apps."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.utils.translation import override

from people.permissions.exclusions import excluding_pairs, scopes_of_position
from people.permissions.holding import Position
from people.permissions.table import Permission, Reach, permissions

POSITIONS = [position for position in Position if position != Position.BREAK_GLASS]
CELLS = {Reach.EVERYWHERE: "country", Reach.AGENCY: "agency", Reach.UNIT: "unit"}
HEAD = """# Who may what

Written by `manage.py permissions` from the code: each app registers its permissions, and the product asks this very
table before each act. A test compares this page with the table, and each cell with what an HTTP request gets
(`tests/people/test_probes.py`).

- **country**: a position given for the whole country.
- **agency**: also one given for an agency, within it.
- **unit**: also one given for a unit, within it and the units below.
- Empty: not at all.

What everybody may do about themselves (learn, take exams, see their own certificates, data and sessions) needs
no position and is not listed. Emergency access (`manage.py break_glass`) is every position at once for an hour.
"""


def document() -> str:
    """Return the whole page, in English whatever language is active."""
    for app in _our_apps():
        if find_spec(f"{app}.permissions"):  # where its permissions are registered
            import_module(f"{app}.permissions")
    with override("en"):
        return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield HEAD
    yield "## Positions\n"
    yield "| position | given for |\n|---|---|"
    for position in POSITIONS:
        given = [CELLS[reach] for reach in Reach if reach in scopes_of_position(position)]
        yield f"| {position.label} | {', '.join(given)} |"
    yield "\n## Permissions\n"
    yield f"| permission | {' | '.join(str(position.label) for position in POSITIONS)} |"
    yield f"|---|{'---|' * len(POSITIONS)}"
    for permission in in_order():
        note = f"<br>{permission.note}" if permission.note else ""
        reach = permission.allowed
        cells = [CELLS[reach[each]] if each in reach else "" for each in POSITIONS]
        yield f"| {permission.text} `{permission.code}`{note} | {' | '.join(cells)} |"
    yield "\n## Positions that one person does not hold together\n"
    yield "| | | why |\n|---|---|---|"
    for first, second, why in excluding_pairs():
        yield f"| {first.label} | {second.label} | {why} |"
    yield "\nThe reasons in full: [decision 11](decisions/0011-positions.md).\n"


def in_order() -> list[Permission]:
    """Return the permissions by app, from left to right, and then by code."""
    apps = _our_apps()
    return sorted(permissions.values(), key=lambda one: (apps.index(one.code.partition(".")[0]), one.code))


def _our_apps() -> list[str]:
    """Return our apps from left to right. (Others are installed by a dotted name, or register nothing.)"""
    return [
        name
        for name in settings.INSTALLED_APPS
        if name.isidentifier() and (settings.BASE_DIR / name).is_dir()
    ]
