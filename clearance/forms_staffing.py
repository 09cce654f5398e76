"""The form of what a unit needs: a number for each function."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import MOST_NEEDED, DutyFunction


class StaffingForm(forms.Form):
    """A field for each function, named by its code; empty where none is needed."""

    def __init__(self, data: Any, *, functions: Iterable[DutyFunction], entered: Mapping[str, int]) -> None:
        super().__init__(data, initial=dict(entered))
        for function in functions:
            self.fields[function.code] = forms.IntegerField(
                label=f"{function.code} {function.name}",
                required=False,
                min_value=0,
                max_value=MOST_NEEDED,
                widget=forms.NumberInput({"inputmode": "numeric"}),
                error_messages={
                    "invalid": gettext_lazy("Enter a whole number."),
                    "min_value": gettext_lazy("Enter a number from 0 on."),
                    "max_value": _("Enter at most %(most)d.") % {"most": MOST_NEEDED},
                },
            )

    def numbers(self) -> dict[str, int]:
        return {code: number for code, number in self.cleaned_data.items() if number}
