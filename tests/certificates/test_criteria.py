from typing import Any

import pytest

from certificates.credentials.facts import FACT_LANGUAGES
from certificates.criteria import criteria_of


def evidence(critical_error_fails: bool = True, **required: int) -> dict[str, Any]:
    shown = {"required": required, "blueprint": {"critical_error_fails": critical_error_fails}}
    return {"shown": [{"exam": shown}]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (evidence(), "The case examination was passed without a critical error."),
        (evidence(False), "The case examination was passed."),
        (evidence(lessons=1), "The lesson of the course was read. "
         "The case examination was passed without a critical error."),
        (evidence(lessons=7), "The 7 lessons of the course were read. "
         "The case examination was passed without a critical error."),
        (evidence(lessons=7, checks=30), "The 7 lessons of the course were read. The 30 self-checks of the lessons were "
         "answered. The case examination was passed without a critical error."),
        (evidence(practice=1), "The practice case was completed. "
         "The case examination was passed without a critical error."),
        (evidence(False, lessons=7, practice=2), "The 7 lessons of the course were read. "
         "The 2 practice assessments were completed. The case examination was passed."),
    ],
)  # fmt: skip
def test_only_what_was_required_and_done_is_said(given: dict[str, Any], said: str) -> None:
    criteria = criteria_of(given)
    assert criteria["en"] == said
    assert tuple(criteria) == FACT_LANGUAGES
    assert len({text.count(".") for text in criteria.values()}) == 1
