from typing import ClassVar

from django.db import models


class Text(models.Model):
    """A text as it is shown: nothing has to be made of it."""

    html = models.TextField()

    personal_data: ClassVar[tuple[str, ...]] = ()
