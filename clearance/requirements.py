"""Requirements of functions, for reading: now, later and before, as known today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from certificates.models import Qualification
from operations import clock

from .models import Basis, DutyFunction, RequirementInForce


@dataclass(frozen=True)
class Rules:
    """In words. `certificates`: (code, name) of each that is needed; all of them are."""

    certificates: Sequence[tuple[str, str]]
    grace_days: int
    basis: str


@dataclass(frozen=True)
class InForce:
    number: int  # of the version
    rules: Rules
    first_day: date
    last_day: date | None
    when: str  # "now", "later" or "before"


@dataclass(frozen=True)
class Required:
    function: DutyFunction
    rows: Sequence[InForce]  # newest first

    @property
    def now(self) -> InForce | None:
        return next((row for row in self.rows if row.when == "now"), None)

    @property
    def later(self) -> Sequence[InForce]:
        return [row for row in self.rows if row.when == "later"]


def names() -> dict[str, str]:
    """{code: name} of every qualification, in the active language."""
    return {each.code: each.name for each in Qualification.objects.order_by("code")}


def words_of(rules: dict[str, Any], named: dict[str, str]) -> Rules:
    basis = dict(Basis.choices).get(rules.get("basis", ""), rules.get("basis", ""))
    codes = [str(code) for code in rules.get("certificates", ())]
    return Rules([(code, named.get(code, "")) for code in codes], int(rules.get("grace_days", 0)), basis)


def required(functions: Iterable[DutyFunction]) -> list[Required]:
    """Two queries, however many functions."""
    chosen = list(functions)
    known = RequirementInForce.objects.known().filter(requirement__function__in=chosen)
    found: dict[int, list[RequirementInForce]] = {}
    for row in known.select_related("version", "requirement").order_by("-valid_from"):
        found.setdefault(row.requirement.function_id, []).append(row)
    named = names()
    return [
        Required(function, [_row(row, named) for row in found.get(function.pk, ())]) for function in chosen
    ]


def _row(row: RequirementInForce, named: dict[str, str]) -> InForce:
    now = clock.now()
    over = row.valid_to is not None and row.valid_to <= now
    return InForce(
        number=row.version.number,
        rules=words_of(row.version.rules, named),
        first_day=clock.first_day(row.valid_from),
        last_day=clock.last_day(row.valid_to) if row.valid_to else None,
        when="later" if row.valid_from > now else "before" if over else "now",
    )


def said(rules: Rules) -> str:
    return ", ".join(f"{code} {name}".strip() for code, name in rules.certificates) or "–"
