"""standards/*.yaml and people/*.yaml."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Code, Codes, Confidence, Day, Entry, File, Slug, Text, Words

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
    instrument: Text
    article: str = ""
    adopted: Day | None = None
    state_on: Day
    state_note: Text | None = None
    confidence: Confidence


class LegalSourcesFile(File):
    legal_sources: list[LegalSourceEntry]


class IndicatorEntry(Entry):
    code: Code
    dimension: Dimension
    strength: Literal["strong", "medium", "weak", "none"]
    form: Literal["labour", "sexual", "child", "general"]
    confidence: Confidence
    text: Text
    not_enough: Text | None = None
    cross_references: Codes = []


class IndicatorSetEntry(Entry):
    code: Code
    version: Short
    name: Text
    source: Code
    indicators: list[IndicatorEntry] = Field(min_length=1)


class IndicatorsFile(File):
    indicator_sets: list[IndicatorSetEntry]


class CompetenceEntry(Entry):
    code: Code
    role: Code
    level: Literal["K", "R", "A", "S"]
    text: Text
    basis: Words
    confidence: Confidence


class CompetencesFile(File):
    competences: list[CompetenceEntry]


class CriticalErrorEntry(Entry):
    code: Code
    title: Text
    story: Text
    rule: Text
    source: Code
    reread: Slug


class CriticalErrorsFile(File):
    critical_errors: list[CriticalErrorEntry]


class TermEntry(Entry):
    number: int = Field(gt=0, le=9999)
    az: Words
    en: Words
    ru: Words
    seen_az: Literal["yes", "no", "uncertain"]
    seen_ru: Literal["yes", "no", "uncertain"]


class GlossaryFile(File):
    terms: list[TermEntry]


class FigureEntry(Entry):
    code: Slug
    name: Text
    value: Short
    unit: Text | None = None
    as_of: Day
    source: Code | None = None
    confidence: Confidence


class FiguresFile(File):
    figures: list[FigureEntry]


class RoleEntry(Entry):
    code: Code
    name: Text


class RolesFile(File):
    roles: list[RoleEntry]


class AgencyEntry(Entry):
    code: Slug
    kind: Literal[
        "police",
        "labour-inspection",
        "migration",
        "border",
        "shelter",
        "family-support",
        "education",
        "justice",
        "ngo",
        "other",
    ]
    name: Text


class AgenciesFile(File):
    agencies: list[AgencyEntry]
