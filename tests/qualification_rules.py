"""Rules of a qualification, as tests write them."""

from typing import Any

from certificates.rules import FORMAT, Source


def exam(course: str, blueprint: str = "") -> dict[str, Any]:
    return {"exam": {"course": course, "blueprint": blueprint or f"{course}-exam"}}


def rules_of(*first: Any, renewal: Any = None, months: int = 24, **more: Any) -> dict[str, Any]:
    """Of form 2, without the name. `first`: codes of courses, or sources; the same renews it unless told otherwise."""
    sources = [exam(each) if isinstance(each, str) else each for each in first]
    return {
        "format": FORMAT, "first": sources, "renewal": sources if renewal is None else renewal,
        "valid_months": months, "renewal_opens_days": 90, "renewal_closes_days": 180, "recognition": False,
        "legal_baseline": "2026-11-24", "basis": "PD", **more,
    }  # fmt: skip


def evidence_of(
    first: str,
    last: str,
    *,
    way: str = "first",
    course: str = "C1-LAB",
    law_confirmed_on: str | None = None,
    **exam: Any,
) -> dict[str, Any]:
    """What an award freezes, as far as a certificate is made of it; days in ISO 8601."""
    shown = {
        "edition": {
            "course": course, "number": 1, "legal_date": "2026-11-24", "law_confirmed_on": law_confirmed_on,
        },
        "required": {},
        "blueprint": {"critical_error_fails": True}, **exam,
    }  # fmt: skip
    return {"way": way, "days": {"first": first, "last": last}, "shown": [{"exam": shown}]}


def exam_text(course: str, blueprint: str = "") -> str:
    """An exam as the form of rules sends it."""
    return Source.read(exam(course, blueprint)).text
