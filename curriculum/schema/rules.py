"""certificates/qualifications.yaml and clearance/functions.yaml."""

from typing import Literal

from pydantic import Field

from .base import Code, Codes, Day, Entry, File, Text

Basis = Literal["D", "PD"]  # derived from a cited source; a proposed default


class QualificationEntry(Entry):
    code: Code
    name: Text
    description: Text
    course: Code
    blueprint: Code
    valid_months: int = Field(gt=0, le=120)
    legal_baseline: Day
    basis: Basis


class QualificationsFile(File):
    qualifications: list[QualificationEntry]


class FunctionEntry(Entry):
    code: Code
    number: int = Field(gt=0, le=999)
    name: Text
    who: Text
    gated: bool
    roles: Codes = []
    requires: Codes = []
    grace_days: int = Field(default=0, ge=0, le=365)
    basis: Basis


class FunctionsFile(File):
    functions: list[FunctionEntry]
