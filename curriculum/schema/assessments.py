"""assessments/**: families, blueprints, case files. What a case is stands in assessments.content."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from assessments.content import Draft

from .base import Code, DataFile, Entry, TextEntry

Use = Literal["practice", "exam"]


class FamilyEntry(Entry):
    code: Code
    use: Use
    title: TextEntry
    role: Code
    outcome: Literal["positive", "open", "negative"]
    form: Literal["labour", "sexual", "child", "domestic", "begging", "criminality", "other"]
    child: bool


class FamiliesFile(DataFile):
    families: list[FamilyEntry]


class DrawEntry(Entry):
    family: Code
    take: int = Field(gt=0, le=10)


class BlueprintEntry(Entry):
    code: Code
    use: Use
    title: TextEntry
    draw: list[DrawEntry] = Field(min_length=1)
    minutes: Annotated[int, Field(gt=0, le=600)] | None
    pass_percent: int = Field(ge=1, le=100)
    critical_error_fails: bool
    retake_after_hours: int = Field(ge=0, le=24 * 365)


class BlueprintsFile(DataFile):
    blueprints: list[BlueprintEntry]


def _with_format(scenario: Any) -> Any:
    return {"format": 1, **scenario} if isinstance(scenario, dict) else scenario


class ScenarioFile(DataFile):
    scenario: Annotated[Draft, BeforeValidator(_with_format)]
