"""Fields of forms that hold a name, and choices in the order that readers expect."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from locales.sorting import in_order

from .actions import written


class NameField(forms.CharField):
    """A part of a name: a letter of another script is refused, with the letter named.

    `script`: of which its letters are expected to be (LATIN, CYRILLIC).
    """

    def __init__(self, *, script: str = "LATIN", **more: Any) -> None:
        super().__init__(**more)
        self.script = script

    def clean(self, value: Any) -> str:
        return written(super().clean(value), self.script)


def offer(field: Any, found: QuerySet[Any]) -> None:
    """What a ModelChoiceField offers: agencies, units or roles by name."""
    field.queryset = found
    field.choices = [
        ("", field.empty_label or "---------"),
        *((field.prepare_value(thing), thing.name) for thing in in_order(found)),
    ]
