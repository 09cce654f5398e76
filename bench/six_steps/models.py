"""Effects without unique keys: what is done twice shows."""

from django.db import models


class Effect(models.Model):
    key = models.CharField(max_length=40)
    step = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, blank=True)
