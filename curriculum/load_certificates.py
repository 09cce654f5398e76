"""Qualifications: changed rules are a new version, in force from now on."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from certificates import actions
from certificates.models import Qualification
from operations import canonical

from .items import LoadedItem
from .reading import Curriculum
from .rows import described


def items(curriculum: Curriculum) -> Iterator[LoadedItem]:
    for entry in curriculum.qualifications:
        names, descriptions = entry.name.model_dump(), entry.description.model_dump()
        rules = canonical.plain(entry.model_dump(exclude={"code", "name", "description"}))
        save = partial(
            actions.save_qualification,
            code=entry.code,
            names=names,
            descriptions=descriptions,
            rules=rules,
            by=None,
        )
        yield LoadedItem(
            kind="qualification",
            code=entry.code,
            wanted={"name": names, "description": descriptions, "rules": {**rules, "name": names}},
            present=partial(_present, entry.code),
            save=save,
        )


def _present(code: str) -> Any:
    qualification = Qualification.objects.filter(code=code).first()
    if qualification is None:
        return None
    newest = qualification.versions.order_by("-number").first()
    values = described(qualification, texts=["name", "description"])
    return values and {**values, "rules": newest.rules if newest else None}
