"""Duty functions and what they require."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from clearance import actions
from clearance.models import DutyFunction, RequirementVersion

from .items import LoadedItem
from .reading import Curriculum
from .rows import described

FIELDS = ("number", "gated", "roles")


def items(curriculum: Curriculum) -> Iterator[LoadedItem]:
    for entry in curriculum.functions:
        names, who = entry.name.model_dump(), entry.who.model_dump()
        rest: dict[str, Any] = entry.model_dump(exclude={"code", "name", "who"})
        yield LoadedItem(
            kind="function",
            code=entry.code,
            wanted={**rest, "name": names, "who": who},
            present=partial(_present, entry.code, rest),
            save=partial(actions.save_function, code=entry.code, names=names, who=who, by=None, **rest),
        )


def _present(code: str, wanted: dict[str, Any]) -> Any:
    """Rules that rule owners have changed since stay theirs: the files have no say in them."""
    function = DutyFunction.objects.filter(code=code).first()
    if function is None:
        return None
    versions = RequirementVersion.objects.filter(requirement__function=function)
    newest = versions.order_by("-number").first()
    rules = dict(newest.rules) if newest else {}
    rules["requires"] = rules.pop("certificates", [])
    if newest is not None and newest.recorded_by_id is not None:
        rules = {name: wanted[name] for name in rules}
    values = described(function, *FIELDS, texts=["name", "who"])
    return values and {**values, **rules}
