"""assessments/**: families, blueprints, case files. What a case is stands in assessments.content."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from assessments.blueprints import BlueprintRules
from assessments.content import Draft

from .base import Code, DataFile, Entry, TextEntry

Use = Literal["practice", "exam"]


class FamilyEntry(Entry):
    """A family without a role is of everybody's course."""

    code: Code
    use: Use
    title: TextEntry
    role: Code | None = None
    outcome: Literal["positive", "open", "negative"]
    form: Literal["labour", "sexual", "child", "domestic", "begging", "criminality", "other"]
    child: bool


class FamiliesFile(DataFile):
    families: list[FamilyEntry]


class BlueprintEntry(BlueprintRules):
    code: Code
    use: Use
    title: TextEntry


class BlueprintsFile(DataFile):
    blueprints: list[BlueprintEntry]


def _with_format(scenario: Any) -> Any:
    return {"format": 1, **scenario} if isinstance(scenario, dict) else scenario


class ScenarioFile(DataFile):
    scenario: Annotated[Draft, BeforeValidator(_with_format)]
