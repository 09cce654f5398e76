"""standards/*.yaml and people/*.yaml."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from people.models import Agency

from .base import Code, Codes, Confidence, DataFile, Day, Entry, Slug, TextEntry, Words

Short = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
Dimension = Literal[
    "deceptive-recruitment",
    "coercive-recruitment",
    "vulnerability-recruitment",
    "exploitation",
    "coercion",
    "vulnerability-destination",
    "general",
]


class LegalSourceEntry(Entry):
    code: Code
    kind: Literal["law", "treaty", "judgment", "standard", "report"]
    instrument: TextEntry
    article: str = ""
    adopted: Day | None = None
    state_on: Day
    state_note: TextEntry | None = None
    confidence: Confidence
    quoted_only: bool = False


class LegalSourcesFile(DataFile):
    legal_sources: list[LegalSourceEntry]


class IndicatorEntry(Entry):
    code: Code
    dimension: Dimension
    strength: Literal["strong", "medium", "weak", "none"]
    form: Literal["labour", "sexual", "child", "general"]
    confidence: Confidence
    text: TextEntry
    not_enough: TextEntry | None = None
    cross_references: Codes = []


class IndicatorSetEntry(Entry):
    code: Code
    version: Short
    name: TextEntry
    source: Code
    indicators: list[IndicatorEntry] = Field(min_length=1)


class IndicatorsFile(DataFile):
    indicator_sets: list[IndicatorSetEntry]


class CompetenceEntry(Entry):
    """A competence without a role is everybody's."""

    code: Code
    role: Code | None = None
    level: Literal["K", "R", "A", "S"]
    text: TextEntry
    basis: Words
    confidence: Confidence


class CompetencesFile(DataFile):
    competences: list[CompetenceEntry]


class CriticalErrorEntry(Entry):
    code: Code
    title: TextEntry
    rule: TextEntry
    source: Code


class CriticalErrorsFile(DataFile):
    critical_errors: list[CriticalErrorEntry]


class TermEntry(Entry):
    number: int = Field(gt=0, le=9999)
    az: Words
    en: Words
    ru: Words
    seen_az: Literal["yes", "no", "uncertain"]
    seen_ru: Literal["yes", "no", "uncertain"]
    meaning: TextEntry | None = None
    source: Code | None = None

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.meaning and not self.source:
            raise ValueError("a meaning names the source that it is taken from")
        return self


class GlossaryFile(DataFile):
    terms: list[TermEntry]


class FigureEntry(Entry):
    code: Slug
    name: TextEntry
    value: Short
    unit: TextEntry | None = None
    as_of: Day
    source: Code | None = None
    confidence: Confidence


class FiguresFile(DataFile):
    figures: list[FigureEntry]


class RoleEntry(Entry):
    code: Code
    name: TextEntry


class RolesFile(DataFile):
    roles: list[RoleEntry]


def _agency_kind(value: str) -> str:
    if value not in Agency.Kind.values:
        raise ValueError(f"must be one of {', '.join(Agency.Kind.values)}")
    return value


class AgencyEntry(Entry):
    code: Slug
    kind: Annotated[str, AfterValidator(_agency_kind)]
    name: TextEntry


class AgenciesFile(DataFile):
    agencies: list[AgencyEntry]
