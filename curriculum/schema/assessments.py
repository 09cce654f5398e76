"""assessments/**: families, blueprints, case files. What a case is stands in assessments.content."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from assessments.content import Draft

from .base import Code, Entry, File, Text

Use = Literal["practice", "exam"]


class FamilyEntry(Entry):
    code: Code
    use: Use
    title: Text


class FamiliesFile(File):
    families: list[FamilyEntry]


class Draw(Entry):
    family: Code
    take: int = Field(gt=0, le=10)


class BlueprintEntry(Entry):
    code: Code
    use: Use
    title: Text
    draw: list[Draw] = Field(min_length=1)
    minutes: Annotated[int, Field(gt=0, le=600)] | None
    pass_percent: int = Field(ge=1, le=100)
    critical_error_fails: bool
    retake_after_hours: int = Field(ge=0, le=24 * 365)


class BlueprintsFile(File):
    blueprints: list[BlueprintEntry]


def _with_format(scenario: Any) -> Any:
    return {"format": 1, **scenario} if isinstance(scenario, dict) else scenario


class ScenarioFile(File):
    scenario: Annotated[Draft, BeforeValidator(_with_format)]
