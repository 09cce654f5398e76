"""Qualifications: changed rules are a new version, in force from now on."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from certificates import actions_rules
from certificates.models import Qualification
from certificates.rules import FORMAT
from operations import canonical

from .items import LoadedItem
from .reading import Curriculum
from .rows import described


def items(curriculum: Curriculum) -> Iterator[LoadedItem]:
    for entry in curriculum.qualifications:
        names, descriptions = entry.name.model_dump(), entry.description.model_dump()
        rest = entry.model_dump(exclude={"code", "name", "description"}, exclude_none=True)
        rules = canonical.plain({"format": FORMAT, **rest})
        wanted = {**rules, "name": names}
        save = partial(
            actions_rules.save_qualification,
            code=entry.code,
            names=names,
            descriptions=descriptions,
            rules=rules,
            by=None,
        )
        yield LoadedItem(
            kind="qualification",
            code=entry.code,
            wanted={"name": names, "description": descriptions, "rules": wanted},
            present=partial(_present, entry.code, wanted),
            save=save,
        )


def _present(code: str, wanted: dict[str, Any]) -> Any:
    """Rules that rule owners have changed since stay theirs: the files have no say in them."""
    qualification = Qualification.objects.filter(code=code).first()
    if qualification is None:
        return None
    newest = qualification.versions.order_by("-number").first()
    rules = newest.rules if newest else None
    if newest is not None and newest.recorded_by_id is not None:
        rules = wanted
    values = described(qualification, texts=["name", "description"])
    return values and {**values, "rules": rules}
