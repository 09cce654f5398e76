"""Editions, enrolments and progress."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from operations import clock
from operations.constraints import AppendOnly
from operations.ids import public_id

from .pages import CoursePage, LessonPage


class EditionQuerySet(models.QuerySet["Edition"]):
    def newest_of(self, course: CoursePage) -> "Edition | None":
        return self.filter(course=course).order_by("-number").first()


class Edition(models.Model):
    """A course as it was published once: the revision of each lesson, with the date of its law."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    reason = models.CharField(_("reason"), max_length=200)
    material = models.BooleanField(_("material change"))  # of law or of what is right to do
    legal_date = models.DateField(_("date of the law"))
    published_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = EditionQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("published_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="edition_number_once"),
            AppendOnly(name="edition_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.course.code} {self.number}"


class EditionLesson(models.Model):
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="lessons")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "lesson"], name="editionlesson_once"),
            AppendOnly(name="editionlesson_append_only"),
        ]


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class Enrolment(models.Model):
    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")  # at the beginning
    enrolled_at = models.DateTimeField(default=clock.now)
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person", "enrolled_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=models.Q(ended_at=None),
                name="enrolment_one_open",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class LessonProgress(models.Model):
    """A lesson read by a person; which edition and revision they read."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="progress")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=clock.now)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="lessonprogress_once")]
