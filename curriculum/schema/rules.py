"""certificates/qualifications.yaml and clearance/functions.yaml."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Code, Codes, DataFile, Day, Entry, TextEntry

Basis = Literal["D", "PD"]  # derived from a cited source; a proposed default
RequirementBasis = Literal["L", "D", "PD"]  # laid down in law; recommended; a proposed default


class ExamEntry(Entry):
    course: Code
    blueprint: Code


class SourceEntry(Entry):
    """One thing that is needed: exactly one key."""

    exam: ExamEntry | None = None
    qualification: Code | None = None

    @model_validator(mode="after")
    def one_key(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("needs exactly one of: exam, qualification")
        return self


class QualificationEntry(Entry):
    """`first` and `renewal`: all of them are needed."""

    code: Code
    name: TextEntry
    description: TextEntry
    first: list[SourceEntry] = []
    renewal: list[SourceEntry] = []
    valid_months: int = Field(gt=0, le=120)
    renewal_opens_days: int = Field(default=90, ge=0)
    renewal_closes_days: int = Field(default=180, ge=0)
    recognition: bool = False
    legal_baseline: Day
    basis: Basis


class QualificationsFile(DataFile):
    qualifications: list[QualificationEntry]


class AnyOf(Entry):
    """Any one of these qualifications."""

    any: Annotated[Codes, Field(min_length=2)]


class OfRole(Entry):
    """The qualification of the role one serves in: `C1` is C1-LAB for a labour inspector."""

    of_role: Code


ConditionCode = Literal[
    "supervisor-note", "lead-officer", "interpreter", "second-worker", "legal-basis", "not-the-proposer"
]


class FunctionEntry(Entry):
    """A function and its requirement, rules of format 2. A function that is not gated needs nothing."""

    code: Code
    number: int = Field(gt=0, le=999)
    name: TextEntry
    gated: bool
    roles: Codes = []
    who: TextEntry
    needs: list[Code | AnyOf | OfRole] = []
    conditions: list[ConditionCode] = []
    grace_days: int = Field(default=0, ge=0, le=365)
    override: bool = False
    mode: Literal["advise", "enforce"] = "enforce"
    enforce_from: Day | None = None
    basis: RequirementBasis
    source: TextEntry | None = None


class FunctionsFile(DataFile):
    functions: list[FunctionEntry]
