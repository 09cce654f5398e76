"""Editions and what became of them, enrolments and progress."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from operations import clock
from operations.constraints import AppendOnly
from operations.ids import public_id
from operations.models import Proposal

from .pages import CoursePage, LessonPage


class EditionQuerySet(models.QuerySet["Edition"]):
    def newest_of(self, course: CoursePage) -> "Edition | None":
        return self.filter(course=course).order_by("-number").first()


class Edition(models.Model):
    """A course as it was published once: the revision of each lesson, its languages, the date of its law.

    Published by the installation from files (nobody), or by two; what only takes a lesson back, by one.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    reason = models.CharField(_("reason"), max_length=200)
    material = models.BooleanField(_("material change"))  # of law or of what is right to do
    legal_date = models.DateField(_("date of the law"))
    law_confirmed_on = models.DateField(null=True)  # by a national lawyer; None: not yet
    languages = models.JSONField(_("languages"), default=list)  # in which it may be read; nothing is missing
    takes_back = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = EditionQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("published_by", "confirmed_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=models.Q(published_by=None, confirmed_by=None)
                | models.Q(published_by__isnull=False, confirmed_by=None, takes_back=True)
                | (
                    models.Q(published_by__isnull=False, confirmed_by__isnull=False)
                    & ~models.Q(confirmed_by=models.F("published_by"))
                ),
                name="edition_by_two",
                violation_error_message=_("Another person must confirm."),
            ),
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


class EditionRemark(models.Model):
    """A reviewer's word about a page of an edition that was sent back; who and when, its proposal says."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+")
    text = models.CharField(max_length=500)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "page"], name="editionremark_once"),
        ]


class Withdrawal(models.Model):
    """A course was taken from its readers; its next edition gives it back."""

    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="withdrawals")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")  # that readers saw
    reason = models.CharField(_("reason"), max_length=200)
    withdrawn_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("withdrawn_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition"], name="withdrawal_once"),
            AppendOnly(name="withdrawal_append_only"),
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


class CheckDone(models.Model):
    """A self-check answered by a person: that it was, never how."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="checks_done")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="+")
    check_code = models.CharField(max_length=40)  # id of its block
    done_at = models.DateTimeField(default=clock.now)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "lesson", "check_code"], name="checkdone_once")
        ]
