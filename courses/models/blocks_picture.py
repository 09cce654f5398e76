"""A picture of a lesson. Its block holds the name of a file that the server wrote itself: courses/pictures.py."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from operations import files

from .comparison import PictureComparison
from .texts import TextsBlock

SUFFIX = ".webp"
NAME = re.compile(r"([0-9a-f]{64})\.([1-9]\d{0,3})x([1-9]\d{0,3})")  # SHA-256, width, height


def read_name(name: str) -> tuple[str, int, int] | None:
    """Return SHA-256, width and height; None where it is no name of a picture."""
    found = NAME.fullmatch(name)
    return (found[1], int(found[2]), int(found[3])) if found else None


class PictureWidget(forms.TextInput):
    """A file that is sent when it is chosen (static/courses/cms-body.js); the form holds its name."""


class PictureField(forms.CharField):
    widget = PictureWidget

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        found = read_name(name)
        if name and not (found and files.exists(found[0], SUFFIX)):
            raise ValidationError(_("This picture is not here any more. Choose it again."), code="gone")
        return name


class PictureFileBlock(blocks.FieldBlock):
    """The name of the file. Stands in migrations by its path."""

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self.field = PictureField(required=required, help_text=help_text)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return value if isinstance(value, str) and read_name(value) else ""

    def get_comparison_class(self) -> type[PictureComparison]:
        return PictureComparison

    class Meta:
        icon = "image"
        default = ""


class PictureBlock(blocks.StructBlock):
    picture = PictureFileBlock(
        label=_("Picture"),
        help_text=_(
            "JPEG, PNG or WebP, at most 8 MB. No real persons, no real papers, no places that can be known."
        ),
    )
    alt = TextsBlock(
        label=_("What is to be seen in it"),
        help_text=_(
            "Read aloud to people who cannot see the picture, and shown in its place if it does not load."
        ),
    )
    caption = TextsBlock(required=False, rows=1, label=_("Caption, if one is needed"))
