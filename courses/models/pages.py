"""Pages that trainers edit. Fields are translated; `Page.title` is filled from `heading_az`."""

from typing import ClassVar

from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page

from assessments.models import Blueprint
from operations.ids import public_id

from .blocks import LessonBody


class Generation(models.Model):
    """One number, drawn anew by every change of what readers see: the key of the caches in reading.py.

    Random, not counted: after a rollback or the restore of an older database no number comes twice.
    """

    number = models.PositiveBigIntegerField(default=1)

    personal_data: ClassVar[tuple[str, ...]] = ()


class CatalogPage(Page):
    """The root of the site's pages: every course is its child."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    max_count = 1

    personal_data: ClassVar[tuple[str, ...]] = ()


class CoursePage(Page):
    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=20, unique=True)
    heading = models.CharField(max_length=200)
    summary = models.TextField()
    audience = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    legal_date = models.DateField()

    parent_page_types: ClassVar[list[str]] = ["courses.CatalogPage"]
    subpage_types: ClassVar[list[str]] = ["courses.ModulePage"]
    personal_data: ClassVar[tuple[str, ...]] = ()


class ModulePage(Page):
    heading = models.CharField(max_length=200)

    parent_page_types: ClassVar[list[str]] = ["courses.CoursePage"]
    subpage_types: ClassVar[list[str]] = ["courses.LessonPage", "courses.AssessmentPage"]
    personal_data: ClassVar[tuple[str, ...]] = ()


class LessonPage(Page):
    heading = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    legal_date = models.DateField()
    sources = models.JSONField(default=list, blank=True)  # codes of legal sources
    competences = models.JSONField(default=list, blank=True)  # codes
    body = StreamField(LessonBody(), blank=True)

    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    personal_data: ClassVar[tuple[str, ...]] = ()


class AssessmentPage(Page):
    heading = models.CharField(max_length=200)
    intro = models.TextField()
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="+")

    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    personal_data: ClassVar[tuple[str, ...]] = ()
