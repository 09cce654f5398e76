"""What the files of a curriculum may say (docs/content.md). Unknown keys are refused."""

from .assessments import BlueprintEntry, BlueprintsFile, Draw, FamiliesFile, FamilyEntry, ScenarioFile
from .base import Entry, File, Place, Text, walk
from .courses import (
    AssessmentEntry,
    Block,
    CourseEntry,
    CourseFile,
    Law,
    LessonEntry,
    ModuleEntry,
    PageEntry,
)
from .rules import FunctionEntry, FunctionsFile, QualificationEntry, QualificationsFile
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
    "AgenciesFile", "AgencyEntry", "AssessmentEntry", "Block", "BlueprintEntry", "BlueprintsFile",
    "CompetenceEntry", "CompetencesFile", "CourseEntry", "CourseFile", "CriticalErrorEntry",
    "CriticalErrorsFile", "Draw", "Entry", "FamiliesFile", "FamilyEntry", "FigureEntry", "FiguresFile",
    "File", "FunctionEntry", "FunctionsFile", "GlossaryFile", "IndicatorEntry", "IndicatorSetEntry",
    "IndicatorsFile", "Law", "LegalSourceEntry", "LegalSourcesFile", "LessonEntry", "ModuleEntry",
    "PageEntry", "Place", "QualificationEntry", "QualificationsFile", "RoleEntry", "RolesFile",
    "ScenarioFile", "TermEntry", "Text", "walk",
]  # fmt: skip
