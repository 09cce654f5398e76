"""Duty functions and what they require."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from clearance import actions
from clearance.models import DutyFunction, RequirementVersion

from .items import LoadedItem, Report
from .reading import Curriculum
from .rows import described
from .schema import FunctionEntry

FIELDS = ("number", "gated")


def items(curriculum: Curriculum, report: Report) -> Iterator[LoadedItem]:
    """A function that nobody can be cleared for is loaded as advice, and the report says so."""
    for entry in curriculum.functions:
        names = entry.name.model_dump()
        said = entry.model_dump(exclude={"code", "name", *FIELDS})
        rules = actions.loadable(said)
        if rules["mode"] != entry.mode:
            report.notes.append(
                f"function {entry.code} is loaded as advice: nobody can be cleared for it yet"
            )
        fields = {name: getattr(entry, name) for name in FIELDS}
        yield LoadedItem(
            kind="function",
            code=entry.code,
            wanted={**fields, "name": names, "rules": rules},
            present=partial(_present, entry, rules),
            save=partial(actions.save_function, code=entry.code, names=names, rules=said, by=None, **fields),
        )


def _present(entry: FunctionEntry, wanted: dict[str, Any]) -> Any:
    """Rules that rule owners have changed since stay theirs: the files have no say in them."""
    function = DutyFunction.objects.filter(code=entry.code).first()
    if function is None:
        return None
    versions = RequirementVersion.objects.filter(requirement__function=function)
    newest = versions.order_by("-number").first()
    theirs = newest is not None and newest.recorded_by_id is not None
    values = described(function, *FIELDS, texts=["name"])
    return values and {**values, "rules": wanted if theirs or newest is None else newest.rules}
