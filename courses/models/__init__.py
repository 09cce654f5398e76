"""Pages (what is taught) and records (who follows it)."""

from .pages import AssessmentPage, CatalogPage, CoursePage, Generation, LessonPage, ModulePage
from .records import Edition, EditionLesson, Enrolment, LessonProgress

__all__ = [
    "AssessmentPage", "CatalogPage", "CoursePage", "Edition", "EditionLesson", "Enrolment", "Generation",
    "LessonPage", "LessonProgress", "ModulePage",
]  # fmt: skip
