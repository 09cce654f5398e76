"""Fields of forms: a period, one of a few, choices in the order that readers expect."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from locales.sorting import in_order


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day, for example 24.11.2026.")},
    )


class PeriodFilter(forms.Form):
    """Filters by day, each of which may be left out."""

    since = _day(_("From day"))
    until = _day(_("To day"))

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        since, until = chosen.get("since"), chosen.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first."))
        return chosen


def one_of(choices: Iterable[tuple[Any, Any]], *, missing: Any, **more: Any) -> forms.ChoiceField:
    """Return a field with a few choices, all of them in view. `missing`: what is said where none is chosen."""
    return forms.ChoiceField(
        choices=list(choices), widget=forms.RadioSelect, error_messages={"required": missing}, **more
    )


def offer(field: Any, found: QuerySet[Any]) -> None:
    """Set what a ModelChoiceField offers: agencies, units or roles by name."""
    field.queryset = found
    field.choices = [
        ("", field.empty_label or "---------"),
        *((field.prepare_value(thing), thing.name) for thing in in_order(found)),
    ]
