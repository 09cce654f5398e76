"""Fields of forms: a part of a name, a service number."""

from typing import Any

from django import forms

from people import names


class NameField(forms.CharField):
    """A part of a name: letters, as in a roster; one of another script is refused, with the letter named.

    `script`: of which its letters are expected to be (LATIN, CYRILLIC).
    """

    def __init__(self, *, script: str = "LATIN", **more: Any) -> None:
        super().__init__(**more)
        self.script = script

    def clean(self, value: Any) -> str:
        return names.name(super().clean(value), self.script)


class NumberField(forms.CharField):
    """A service number, as rosters take it."""

    widget = forms.TextInput({"class": "code"})

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=30, **more)

    def clean(self, value: Any) -> str:
        number = super().clean(value)
        return names.service_number(number) if number else ""
