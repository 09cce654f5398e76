"""Says in words what a line would change, in the active language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from locales.dates import day_text
from operations import clock
from people.models import Role, Unit, User
from people.models.person import NAMES

from . import words
from .headings import FIELDS
from .models import RosterImport, RosterLine

LANGUAGES = dict(settings.LANGUAGES)


def column(error: dict[str, str]) -> str:
    """Its heading in the file, or what we call a column that the file does not have."""
    return error["column"] or str(FIELDS.get(error["field"], ""))


@dataclass(frozen=True)
class Change:
    field: str
    title: str
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True)
class Words:
    """Names of units and roles by what lines keep of them."""

    units: dict[str, str]
    roles: dict[str, str]

    @classmethod
    def of(cls, roster: RosterImport) -> "Words":
        return cls(
            {unit.public_id: unit.name for unit in Unit.objects.filter(agency=roster.agency_id)},
            {role.code: role.name for role in Role.objects.all()},
        )

    def value(self, field: str, value: Any) -> str:
        if not value:
            return ""
        match field:
            case "unit":
                return self.units.get(value, str(value))
            case "role":
                return self.roles.get(value, str(value))
            case "valid_from":
                return str(day_text(clock.first_day(datetime.fromisoformat(value))))
            case "valid_to":
                return str(day_text(clock.last_day(datetime.fromisoformat(value))))
            case "national_id":
                return "•••"
            case "language":
                return LANGUAGES.get(value, str(value))
            case "sex":
                return str(User.Sex(value).label) if value in User.Sex.values else str(value)
            case _:
                return str(value)

    def changes(self, line: RosterLine) -> list[Change]:
        """What the line changes, without the days."""
        before, after = line.before or {}, line.after or {}
        return [
            Change(
                field,
                str(FIELDS[field]),
                self.value(field, before.get(field)),
                self.value(field, after[field]),
            )
            for field in FIELDS
            if field in after and after[field] != before.get(field, "")
        ]

    def summary(self, line: RosterLine) -> str:
        """Of somebody new: where, as what, and the address."""
        after = line.after or {}
        said = [self.value(field, after[field]) for field in ("unit", "role", "email") if field in after]
        return " · ".join(filter(None, said))

    def name(self, line: RosterLine) -> str:
        """As the register has it or will have it; of a line that is refused, as the file has it."""
        if line.kind == RosterLine.Kind.ERROR:
            parts = [line.cells.get(part, "") for part in (*NAMES, "full_name")]
        else:
            parts = [(line.after or {}).get(part) or getattr(line.person, part, "") for part in NAMES]
        return " ".join(filter(None, parts))

    def days(self, line: RosterLine) -> dict[str, str]:
        after = line.after or {}
        return {name: self.value(name, after.get(name)) for name in ("valid_from", "valid_to")}

    def row(self, line: RosterLine) -> list[Any]:
        """As the file of results has it."""
        return [
            line.number or "",
            line.get_kind_display(),
            line.service_number or line.cells.get("service_number", ""),
            self.name(line),
            "; ".join(self._details(line)),
        ]

    def _details(self, line: RosterLine) -> list[str]:
        if line.errors:
            return [self.error(each) for each in line.errors]
        said = [f"{each.title}: {each.before} → {each.after}" for each in self.changes(line)]
        days = self.days(line)
        if days["valid_from"]:
            said.append(_("from %(day)s") % {"day": days["valid_from"]})
        if days["valid_to"]:
            said.append(_("last day %(day)s") % {"day": days["valid_to"]})
        return said

    def error(self, error: dict[str, str]) -> str:
        where = f"{column(error)}: " if column(error) else ""
        value = f" ({error['value']})" if error["value"] else ""
        return f"{where}{words.what(error)}{value}. {words.cure(error)}"
