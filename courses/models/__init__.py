"""Pages (what is taught) and records (who follows it)."""

from .pages import AssessmentPage, CatalogPage, CoursePage, Generation, LessonPage, ModulePage
from .records import (
    CheckDone,
    Edition,
    EditionLesson,
    EditionRemark,
    Enrolment,
    LessonProgress,
    Withdrawal,
)

__all__ = [
    "AssessmentPage", "CatalogPage", "CheckDone", "CoursePage", "Edition", "EditionLesson", "EditionRemark",
    "Enrolment", "Generation", "LessonPage", "LessonProgress", "ModulePage", "Withdrawal",
]  # fmt: skip
