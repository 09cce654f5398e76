"""Requirements of functions in words, for reading: now, later and before, as known today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from certificates.models import Qualification
from locales.dates import day_text
from operations import clock
from operations.versions import VersionInForce, VersionsInForce
from people.models import Role

from .models import Basis, Condition, DutyFunction, Mode, RequirementInForce, RequirementVersion
from .rules import Need, needs_of, not_offered


@dataclass(frozen=True)
class Names:
    """{code: name} of every qualification and role, in the active language."""

    qualifications: Mapping[str, str]
    roles: Mapping[str, str]


@dataclass(frozen=True)
class Rules:
    """In words. `needs`: one line each, (what stands out, the rest); all of them are needed.

    `enforced_from`: the day from which what is advised now will be enforced. `not_offered`: codes that nobody
    can earn, so that nobody can be cleared.
    """

    roles: Sequence[str]
    who: str
    needs: Sequence[tuple[str, str]]
    conditions: Sequence[StrOrPromise]
    grace_days: int
    override: bool
    advised: bool
    enforced_from: date | None
    basis: StrOrPromise
    source: str
    not_offered: Sequence[str]


@dataclass(frozen=True)
class Required(VersionsInForce[Rules]):
    function: DutyFunction


def names() -> Names:
    """Two queries."""
    return Names(
        {each.code: each.name for each in Qualification.objects.order_by("code")},
        {role.code: role.name for role in Role.objects.order_by("code")},
    )


def words_of(rules: Mapping[str, Any], named: Names, day: date | None = None) -> Rules:
    """`day`: on which it is asked whether they are advised; today."""
    enforced = rules.get("enforce_from")
    enforce_from = date.fromisoformat(enforced) if enforced else None
    advised = rules.get("mode") == Mode.ADVISE
    if enforce_from is not None and enforce_from <= (day or clock.today()):
        advised = False
    needs = needs_of(rules)
    return Rules(
        roles=[named.roles.get(code, code) for code in rules["roles"]],
        who=_text(rules["who"]),
        needs=[_in_words(need, named) for need in needs],
        conditions=[Condition(code).label for code in rules["conditions"]],
        grace_days=int(rules["grace_days"]),
        override=bool(rules["override"]),
        advised=advised,
        enforced_from=enforce_from if advised else None,
        basis=Basis(rules["basis"]).label,
        source=_text(rules["source"]),
        not_offered=not_offered(needs, rules["roles"], named.qualifications),
    )


def _text(said: Mapping[str, str] | None) -> str:
    return (said or {}).get(get_language() or "az", "")


def _in_words(need: Need, named: Names) -> tuple[str, str]:
    if need.of_role:
        return need.of_role, _("of the role one serves in")
    if len(need.any) == 1:
        return need.any[0], named.qualifications.get(need.any[0], "")
    return " / ".join(need.any), _("any one of these")


def source_of(function: DutyFunction, number: int) -> str:
    """Return the source that a version of its requirement names, in the active language; empty without one."""
    version = RequirementVersion.objects.filter(requirement__function=function, number=number).first()
    return _text(version.rules.get("source")) if version else ""


def required(functions: Iterable[DutyFunction]) -> list[Required]:
    """Three queries, however many functions."""
    chosen = list(functions)
    known = RequirementInForce.objects.known().filter(requirement__function__in=chosen)
    found: dict[int, list[RequirementInForce]] = {}
    for row in known.select_related("version", "requirement").order_by("-valid_from"):
        found.setdefault(row.requirement.function_id, []).append(row)
    named = names()
    return [
        Required([_row(row, named) for row in found.get(function.pk, ())], function) for function in chosen
    ]


def _row(row: RequirementInForce, named: Names) -> VersionInForce[Rules]:
    day = max(clock.first_day(row.valid_from), clock.today())
    return VersionInForce.of(row, words_of(row.version.rules, named, day))


def lines_of(rules: Mapping[str, Any], named: Names, first_day: date) -> list[str]:
    """Return the whole rules, a line for each part: for the pages on which they are proposed and confirmed."""
    words = words_of(rules, named, first_day)
    needs = ", ".join(f"{code} ({text})" if text else code for code, text in words.needs)
    grace = ngettext("%(days)d day of grace", "%(days)d days of grace", words.grace_days)
    lines = [
        _("Performed by: %(who)s.") % {"who": words.who},
        _("Roles: %(roles)s.") % {"roles": ", ".join(words.roles) or _("any role")},
        _("Required: %(certificates)s.") % {"certificates": needs or "–"},
        _("Confirmed each time: %(conditions)s.")
        % {"conditions": ", ".join(map(str, words.conditions)) or _("nothing")},
        grace % {"days": words.grace_days},
        _("A shift leader may overrule a refusal.")
        if words.override
        else _("Nobody may overrule a refusal."),
        mode_text(words),
        _("Basis: %(basis)s.") % {"basis": words.basis},
    ]
    return [*lines, _("Source: %(source)s") % {"source": words.source}] if words.source else lines


def mode_text(words: Rules) -> str:
    if not words.advised:
        return _("Enforced: an officer who is not cleared may not do it.")
    if words.enforced_from is None:
        return _("Advice: nobody is stopped yet, and no date is set for enforcing it.")
    day = {"day": day_text(words.enforced_from)}
    return _("Advice: nobody is stopped yet; it is enforced from %(day)s.") % day
