"""Pages of long lists: each begins after a row, so the thousandth costs what the first one costs."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Q

SALT = "operations.pagination"


@dataclass(frozen=True)
class KeysetPage:
    """`next` and `previous` are tokens for the same list; empty where there is nothing more."""

    rows: list[Any]
    next: str
    previous: str

    @property
    def has_other_pages(self) -> bool:
        return bool(self.next or self.previous)


def keyset(queryset: Any, *, order: tuple[str, ...], token: str, size: int = 50) -> KeysetPage:
    """Return the page of a list that a token of an earlier page leads to; the first one without a token.

    `order`: fields that are never null, ending in a unique one: ("-at", "-pk"). An index over them makes
    each page cost the same. A token names a row by its id, signed and for this order; one that is not
    ours, or whose row is gone, leads to the first page.
    """
    backwards, values = _place(queryset, order, token)
    ordered = queryset.order_by(*(_turned(order) if backwards else order))
    if values is not None:
        ordered = ordered.filter(_beyond(_turned(order) if backwards else order, values))
    rows = list(ordered[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if values is not None and (not rows or backwards and not more):  # at the beginning: a whole page
        return keyset(queryset, order=order, token="", size=size)
    if backwards:
        rows.reverse()
    return KeysetPage(
        rows=rows,
        next=_token(order, rows[-1], "next") if more or backwards else "",
        previous=_token(order, rows[0], "previous") if values is not None else "",
    )


def _id_field(model: type[models.Model]) -> str:
    return "public_id" if any(field.name == "public_id" for field in model._meta.fields) else "pk"


def _token(order: tuple[str, ...], row: models.Model, way: str) -> str:
    key = str(getattr(row, _id_field(type(row))))
    return signing.dumps([way, key], salt=f"{SALT}:{type(row)._meta.label}:{','.join(order)}")


def _place(queryset: Any, order: tuple[str, ...], token: str) -> tuple[bool, list[Any] | None]:
    """Return (backwards?, what the row of the token has in the ordering fields, or None)."""
    if not token:
        return False, None
    model = queryset.model
    try:
        way, key = signing.loads(token, salt=f"{SALT}:{model._meta.label}:{','.join(order)}")
    except (signing.BadSignature, ValueError):
        return False, None
    row = {_id_field(model): key}
    fields = [name.removeprefix("-") for name in order]
    for rows in (queryset.order_by(), model._base_manager):  # it may not be in the list any more
        try:
            values = rows.filter(**row).values_list(*fields).first()
        except FieldError:  # ordered by an annotation
            continue
        if values is not None:
            return way == "previous", list(values)
    return False, None


def _turned(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    """Return a condition for rows after these values in this order; the first field alone stands outside,
    for the index.
    """
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, way = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{field}__{way}": value})
        equal &= Q(**{field: value})
    first, way = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{way}": values[0]}) & condition
