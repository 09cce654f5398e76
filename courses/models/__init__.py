"""What is taught (pages) and who follows it (records)."""

from .pages import AssessmentPage, CatalogPage, CoursePage, Generation, LessonPage, ModulePage
from .records import Edition, EditionLesson, Enrolment, LessonProgress

__all__ = [
    "AssessmentPage", "CatalogPage", "CoursePage", "Edition", "EditionLesson", "Enrolment", "Generation",
    "LessonPage", "LessonProgress", "ModulePage",
]  # fmt: skip
