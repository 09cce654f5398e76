"""A frozen attempt and what it is worth: the same answers get the same marks, on every database, for good.

`attempt.json` holds two frozen cases with questions of every kind, the rules, and several people's answers.
`marks-<version of the formulas>.json` holds what each got. A formula that is put right raises
`assessments.marking.FORMULAS` and gets a file of its own beside the old one:

    python -m tests.assessments.golden > tests/assessments/golden/marks-2.json
"""

import json
from pathlib import Path
from typing import Any

from assessments.content import Content
from assessments.marking import FORMULAS, QuestionMark, mark_case, totals
from assessments.passing import verdict_of

FOLDER = Path(__file__).parent
type Json = dict[str, Any]


def attempt() -> Json:
    return dict(json.loads((FOLDER / "attempt.json").read_text(encoding="utf-8")))


def kept() -> Json:
    """Return what the answers were worth when the formulas of today were written down."""
    return dict(json.loads((FOLDER / f"marks-{FORMULAS}.json").read_text(encoding="utf-8")))


def worth() -> Json:
    """Return what the answers are worth now, by who gave them."""
    frozen = attempt()
    contents = [Content.read(content) for content in frozen["cases"]]
    return {
        who: told([mark_case(content, answers) for content in contents], frozen["rules"])
        for who, answers in frozen["answers"].items()
    }


def told(cases: list[list[QuestionMark]], rules: Json) -> Json:
    points, points_max = totals(mark for case in cases for mark in case)
    return {
        "points": str(points),
        "points_max": str(points_max),
        "passed": verdict_of(cases, rules).passed,
        "marks": [said(mark) for case in cases for mark in case],
    }


def said(mark: QuestionMark) -> Json:
    return {
        "question": mark.question_code,
        "part": mark.part,
        "points": str(mark.points),
        "points_max": str(mark.points_max),
        "critical_errors": list(mark.critical_errors),
        "competences": {
            code: [str(share.points), str(share.points_max)] for code, share in mark.competences.items()
        },
        "indicators": {"found": list(mark.found), "missed": list(mark.missed), "wrong": list(mark.wrong)},
    }
