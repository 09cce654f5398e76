"""Roles and agencies."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from people.actions.agencies import save_agency, save_role
from people.models import Agency, Role

from .items import LoadedItem
from .reading import Curriculum
from .rows import described


def items(curriculum: Curriculum) -> Iterator[LoadedItem]:
    for role in curriculum.roles:
        names = role.name.model_dump()
        yield LoadedItem(
            kind="role",
            code=role.code,
            wanted={"name": names},
            present=partial(_role, role.code),
            save=partial(save_role, code=role.code, names=names, by=None),
        )
    for agency in curriculum.agencies:
        names = agency.name.model_dump()
        yield LoadedItem(
            kind="agency",
            code=agency.code,
            wanted={"kind": agency.kind, "name": names},
            present=partial(_agency, agency.code),
            save=partial(save_agency, code=agency.code, kind=agency.kind, names=names, by=None),
        )


def _role(code: str) -> Any:
    return described(Role.objects.filter(code=code).first(), texts=["name"])


def _agency(code: str) -> Any:
    return described(Agency.objects.filter(code=code).first(), "kind", texts=["name"])
