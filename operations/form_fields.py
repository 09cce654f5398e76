"""Fields of forms: a day, a period, one of a few, choices in the order that readers expect."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from locales.sorting import in_order


class DayField(forms.DateField):
    """A day: 24.11.2026 as people write it, 2026-11-24 as a browser's calendar sends it, in every language."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%d.%m.%Y", "%Y-%m-%d")
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter a day, for example 24.11.2026."),
        "invalid": _("Enter a day, for example 24.11.2026."),
    }


class PeriodForm(forms.Form):
    """A form with two days, of which the second does not come before the first."""

    first_name: ClassVar[str] = "first_day"
    last_name: ClassVar[str] = "last_day"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get(self.first_name), given.get(self.last_name)
        if first and last and last < first:
            self.add_error(self.last_name, _("The last day comes before the first."))
        return given


class PeriodFilter(PeriodForm):
    """Filters by day, each of which may be left out."""

    first_name, last_name = "since", "until"

    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("To day"), required=False)


def one_of(choices: Iterable[tuple[Any, Any]], *, missing: Any, **more: Any) -> forms.ChoiceField:
    """Return a field with a few choices, all of them in view. `missing`: what is said where none is chosen."""
    return forms.ChoiceField(
        choices=list(choices), widget=forms.RadioSelect, error_messages={"required": missing}, **more
    )


def offer(field: Any, queryset: QuerySet[Any]) -> None:
    """Set what a ModelChoiceField offers: agencies, units or roles by name."""
    field.queryset = queryset
    field.choices = [
        ("", field.empty_label or "---------"),
        *((field.prepare_value(thing), thing.name) for thing in in_order(queryset)),
    ]
