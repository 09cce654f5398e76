"""certificates/qualifications.yaml and clearance/functions.yaml."""

from typing import Literal

from pydantic import Field

from .base import Code, Codes, DataFile, Day, Entry, TextEntry

Basis = Literal["D", "PD"]  # derived from a cited source; a proposed default


class QualificationEntry(Entry):
    code: Code
    name: TextEntry
    description: TextEntry
    course: Code
    blueprint: Code
    valid_months: int = Field(gt=0, le=120)
    legal_baseline: Day
    basis: Basis


class QualificationsFile(DataFile):
    qualifications: list[QualificationEntry]


class FunctionEntry(Entry):
    code: Code
    number: int = Field(gt=0, le=999)
    name: TextEntry
    who: TextEntry
    gated: bool
    roles: Codes = []
    requires: Codes = []
    grace_days: int = Field(default=0, ge=0, le=365)
    basis: Basis


class FunctionsFile(DataFile):
    functions: list[FunctionEntry]
