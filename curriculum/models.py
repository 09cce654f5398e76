"""Objects loaded from files: one row each, so that an edit made since is never overwritten."""

from typing import ClassVar

from django.db import models

from operations import clock


class Loaded(models.Model):
    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=120)
    file_hash = models.CharField(max_length=64)  # of what the file said
    object_hash = models.CharField(max_length=64)  # of the object right after loading
    loaded_at = models.DateTimeField(default=clock.now)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name_plural = "loaded"
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="loaded_once")]
