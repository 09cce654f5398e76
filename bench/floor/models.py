from typing import ClassVar

from django.conf import settings
from django.db import models


class Text(models.Model):
    """A text as it is shown: nothing has to be made of it."""

    html = models.TextField()

    personal_data: ClassVar[tuple[str, ...]] = ()


class Said(models.Model):
    """One thing that was posted, as it came."""

    value = models.JSONField()

    personal_data: ClassVar[tuple[str, ...]] = ()


class Line(models.Model):
    """A row that is written: who asked, about whom, what was answered."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20)
    asked_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("asked_by", "person")
