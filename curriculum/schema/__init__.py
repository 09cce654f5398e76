"""Schema of the files of a curriculum (docs/content.md). Unknown keys are refused."""

from .assessments import BlueprintEntry, BlueprintsFile, FamiliesFile, FamilyEntry, ScenarioFile
from .base import DataFile, Entry, Place, TextEntry, walk
from .courses import (
    AssessmentEntry,
    CallEntry,
    CourseEntry,
    CourseFile,
    LessonEntry,
    ModuleEntry,
    PageEntry,
    SheetIndicatorsEntry,
)
from .lesson_blocks import BlockEntry, IndicatorOptionEntry, IndicatorsCheckEntry, LawEntry, MatchCheckEntry
from .review import ConfirmationEntry, ReviewFile
from .rules import (
    ExamEntry,
    FunctionEntry,
    FunctionsFile,
    QualificationEntry,
    QualificationsFile,
    SourceEntry,
)
from .standards import (
    AgenciesFile,
    AgencyEntry,
    CompetenceEntry,
    CompetencesFile,
    CriticalErrorEntry,
    CriticalErrorsFile,
    FigureEntry,
    FiguresFile,
    GlossaryFile,
    IndicatorEntry,
    IndicatorSetEntry,
    IndicatorsFile,
    LegalSourceEntry,
    LegalSourcesFile,
    RoleEntry,
    RolesFile,
    TermEntry,
)

__all__ = [
    "AgenciesFile", "AgencyEntry", "AssessmentEntry", "BlockEntry", "BlueprintEntry", "BlueprintsFile", "CallEntry",
    "CompetenceEntry", "CompetencesFile", "ConfirmationEntry", "CourseEntry", "CourseFile", "CriticalErrorEntry",
    "CriticalErrorsFile", "Entry", "ExamEntry", "FamiliesFile", "FamilyEntry", "FigureEntry", "FiguresFile",
    "DataFile", "FunctionEntry", "FunctionsFile", "GlossaryFile", "IndicatorEntry",
    "IndicatorOptionEntry", "IndicatorSetEntry", "IndicatorsCheckEntry", "IndicatorsFile", "LawEntry", "LegalSourceEntry",
    "LegalSourcesFile", "LessonEntry", "MatchCheckEntry", "ModuleEntry",
    "PageEntry", "Place", "QualificationEntry", "QualificationsFile", "ReviewFile", "RoleEntry", "RolesFile",
    "ScenarioFile", "SheetIndicatorsEntry", "SourceEntry", "TermEntry", "TextEntry", "walk",
]  # fmt: skip
