"""Rules of a requirement, format 2: what their JSON holds, how it is read, and in which order it is kept.

{format, roles: [codes; none: any role], who: {az, en, ru}, needs: [a code | {"any": [codes]} | {"of_role": prefix}],
conditions: [codes], grace_days, override: bool, mode, enforce_from: ISO day or null, basis, source: {az, en, ru} or null}
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from operations import canonical

from .models import Condition, Mode

FORMAT = 2
NAMES = (
    "roles", "who", "needs", "conditions", "grace_days", "override", "mode", "enforce_from", "basis", "source",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Need:
    """A certificate of any of these qualifications; or, with `of_role`, the one of the role one serves in."""

    any: tuple[str, ...] = ()
    of_role: str = ""  # C1: for a labour inspector C1-LAB

    def codes(self, roles: Iterable[str]) -> tuple[str, ...]:
        """Return the qualifications of which one is needed, for somebody who serves in these roles."""
        return tuple(f"{self.of_role}-{role}" for role in roles) if self.of_role else self.any


def need_of(said: Any) -> Need:
    """Read one need; ValueError where it is of no kind that is known."""
    match said:
        case str() if said:
            return Need(any=(said,))
        case {"any": [*codes]} if len(said) == 1 and codes and all(isinstance(code, str) for code in codes):
            return Need(any=tuple(codes))
        case {"of_role": str(prefix)} if len(said) == 1 and prefix:
            return Need(of_role=prefix)
    raise ValueError(f"no need of a known kind: {said!r}")


def said_of(need: Need) -> str | dict[str, Any]:
    """Return the need as JSON keeps it."""
    if need.of_role:
        return {"of_role": need.of_role}
    return need.any[0] if len(need.any) == 1 else {"any": list(need.any)}


def needs_of(rules: Mapping[str, Any]) -> tuple[Need, ...]:
    return tuple(need_of(said) for said in rules["needs"])


def normal(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules as a version keeps them: the same contents are the same JSON, whatever the order given."""
    needs = {canonical.dumps(said_of(need)): need for need in map(_sorted, needs_of(rules))}
    texts = {name: dict(rules[name]) if rules[name] else None for name in ("who", "source")}
    day = rules["enforce_from"]
    return {
        **{name: rules[name] for name in NAMES},
        **texts,
        "format": FORMAT,
        "roles": sorted(set(rules["roles"])),
        "needs": [said_of(needs[key]) for key in sorted(needs)],
        "conditions": sorted(set(rules["conditions"]), key=[*Condition.values, *rules["conditions"]].index),
        "mode": str(rules["mode"]),
        "basis": str(rules["basis"]),
        "enforce_from": day.isoformat() if isinstance(day, date) else day,
    }


def _sorted(need: Need) -> Need:
    return Need(any=tuple(sorted(set(need.any))), of_role=need.of_role)


def not_offered(needs: Iterable[Need], roles: Sequence[str], offered: Iterable[str]) -> list[str]:
    """Return codes of needs that nobody can meet in any of the roles, because no such qualification exists."""
    known = set(offered)
    lacking: list[str] = []
    for need in needs:
        if need.of_role and not roles:
            if not any(code.startswith(f"{need.of_role}-") for code in known):
                lacking.append(need.of_role)
        elif not known.intersection(codes := need.codes(roles)):
            lacking += codes
    return lacking


def only_advised(rules: Mapping[str, Any], offered: Iterable[str]) -> dict[str, Any]:
    """Return the rules as they may be loaded: a function that nobody can be cleared for stops nobody."""
    if rules["mode"] == Mode.ADVISE and rules["enforce_from"] is None:
        return dict(rules)
    if not not_offered(needs_of(rules), rules["roles"], offered):
        return dict(rules)
    return {**rules, "mode": str(Mode.ADVISE), "enforce_from": None}
