"""Everything that is kept about a person, gathered from every app: for a machine and for the eye."""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from audit.values import named, names_in, text_of
from locales.dates import day_text, end_text, instant_text
from people.models import User

from .erasure import records_of
from .signals import person_exporting

DAYS: Any = {"valid_from": day_text, "valid_to": end_text}  # `say` of what holds for whole days
# Why a row does not say who decided about the person: neither do the pages.
BY_OFFICE = gettext_lazy(
    "Registrars and assessors act in the name of their office: who it was is not given out."
)


@dataclass(kw_only=True)
class Section:
    """One model: `rows` with all its fields for a machine, `lines` of (label, words) a row for the eye."""

    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[list[tuple[str, str]]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ExportFile:
    """A file that goes along; read when the archive is written, None where it is gone by then."""

    name: str
    read: Callable[[], bytes | None]


class Export:
    """The export that receivers of `person_exporting` fill. Texts are in the language that is active."""

    def __init__(self, people: list[User]) -> None:
        self.people = people
        self.sections: dict[str, Section] = {}
        self.files: list[ExportFile] = []
        self.withheld: dict[tuple[str, str], StrOrPromise] = {}  # (model, field): why

    def rows(
        self,
        rows: QuerySet[Any, Any],
        title: StrOrPromise,
        shown: Mapping[str, StrOrPromise],
        *,
        without: Mapping[str, StrOrPromise] | None = None,
        say: Mapping[str, Callable[[Any], StrOrPromise]] | None = None,
        kept: Sequence[str] = (),
    ) -> None:
        """Add rows of a model, all about the person: every field for a machine, those `shown` for the eye.

        without: fields that are not given out, each with the reason. say: how codes are put into words.
        kept: JSON as the audit trail keeps it, with ids in it: their names are given too.
        """
        model: type[Model] = rows.model
        withheld = without or {}
        self.withheld |= {(model._meta.label, name): why for name, why in withheld.items()}
        fields = [
            each for each in model._meta.concrete_fields if _is_said(each) and each.name not in withheld
        ]
        related = [each.name for each in fields if isinstance(each, ForeignKey)]
        section = self.sections.setdefault(model._meta.label, Section(title=str(title)))
        listed = list(rows.select_related(*related) if related else rows)
        names = names_in((_field(row), getattr(row, name)) for row in listed for name in kept)
        for row in listed:
            values = {each.name: _plain(getattr(row, each.name)) for each in fields}
            section.rows.append(values | {name: named(values[name], names, _field(row)) for name in kept})
            texts = {name: text_of(getattr(row, name), names, _field(row)) for name in kept}
            section.lines.append(
                [
                    (str(label), text)
                    for name, label in shown.items()
                    if (text := texts[name] if name in texts else _words(row, name, say or {}))
                ]
            )

    def summed(
        self,
        model: type[Model],
        title: StrOrPromise,
        rows: list[dict[str, Any]],
        shown: Mapping[str, StrOrPromise],
    ) -> None:
        """Add what may be told only in sum."""
        section = self.sections.setdefault(model._meta.label, Section(title=str(title)))
        for row in rows:
            section.rows.append({name: _plain(value) for name, value in row.items()})
            section.lines.append(
                [(str(label), text) for name, label in shown.items() if (text := words_of(row[name]))]
            )

    def file(self, name: str, read: Callable[[], bytes | None]) -> None:
        self.files.append(ExportFile(name=name, read=read))


def collect(person: User) -> Export:
    """Return the export in the active language; a few dozen queries, however much there is."""
    export = Export(records_of(person))
    person_exporting.send(User, export=export)
    return export


def _field(row: Model) -> str:
    """Return the name of the field whose value the row keeps, where it says so."""
    return str(getattr(row, "field", ""))


def _is_said(field: "Field[Any, Any]") -> bool:
    """Return whether the field is given out: row numbers of the database tell nobody anything."""
    return not field.primary_key


def _plain(value: Any) -> Any:
    """Return the value as JSON says it; another row by its public id or code, and its name."""
    if isinstance(value, Model):
        return _reference(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


def _reference(row: Model) -> dict[str, str]:
    names = ("public_id", "code", "number")
    values = {name: str(getattr(row, name)) for name in names if hasattr(row, name)}
    return {**values, "name": str(row)} if type(row).__str__ is not Model.__str__ else values


def _words(row: Model, name: str, say: Mapping[str, Callable[[Any], StrOrPromise]]) -> str:
    """Return the value for the eye; nothing where there is nothing."""
    value = getattr(row, name)
    if value is None or value == "":
        return ""
    if name in say:
        return str(say[name](value))
    if hasattr(row, f"get_{name}_display"):
        return str(getattr(row, f"get_{name}_display")())
    return words_of(value)


def words_of(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, Decimal):
        return floatformat(value, -2)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {words_of(each)}" for key, each in value.items() if each not in (None, ""))
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | memoryview):
        return ", ".join(filter(None, map(words_of, value)))
    if isinstance(value, bytes | memoryview):
        return ""
    return str(value)
