"""Fields of forms: a day, a moment, a period, one of a few, choices in the order that readers expect; filters of lists."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_stubs_ext import StrOrPromise

from locales.sorting import in_order

# Django's own words, which in Azerbaijani hang an ending on a number: our catalogue goes before theirs.
SAID_BY_DJANGO = (
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
)


_TYPED = {"inputmode": "numeric", "autocomplete": "off"}


def _with_example(given: StrOrPromise, example: StrOrPromise) -> StrOrPromise:
    """Return the hint of a field and how it is written; a placeholder would vanish as soon as one types."""
    return format_lazy("{} {}", given, example) if given else example


_WRITTEN = re.compile(r"\s*(?:(\d\d?)\.(\d\d?)\.(\d{4})|(\d{4})-(\d\d?)-(\d\d?))(?!\d)")
NO_SUCH_DAY = _("This day does not exist: %(day)s.")


def _told(refusal: ValidationError, typed: Any) -> ValidationError:
    """Return the refusal of what was typed: that its day does not exist, where it is written as a day."""
    written = _WRITTEN.match(str(typed))
    if written is None:
        return refusal
    day, month, year = map(int, written.group(1, 2, 3) if written[1] else written.group(6, 5, 4))
    try:
        date(year, month, day)
    except ValueError:
        params = {"day": f"{day:02}.{month:02}.{year:04}"}
        return ValidationError(NO_SUCH_DAY, code="no_such_day", params=params)
    return refusal


class DayField(forms.DateField):
    """A day: 24.11.2026 as people write it, in every language; 2026-11-24 as programs send it.

    A field of text: a browser's own calendar shows days as the browser likes, not as the page is written.
    """

    widget = forms.DateInput(_TYPED, format="%d.%m.%Y")
    input_formats = ("%d.%m.%Y", "%Y-%m-%d")
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter a day, for example 24.11.2026."),
        "invalid": _("Enter a day, for example 24.11.2026."),
    }

    def __init__(self, *, help_text: StrOrPromise = "", **more: Any) -> None:
        super().__init__(help_text=_with_example(help_text, _("For example 24.11.2026.")), **more)

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            raise _told(refusal, value) from None


class MomentField(forms.DateTimeField):
    """A day and a time in Baku: 24.11.2026, 02:14, in every language; 2026-11-24T02:14 as programs send it."""

    widget = forms.DateTimeInput(_TYPED, format="%d.%m.%Y, %H:%M")
    input_formats = ("%d.%m.%Y, %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter day and time, for example 24.11.2026, 02:14."),
        "invalid": _("Enter day and time, for example 24.11.2026, 02:14."),
    }

    def __init__(self, *, help_text: StrOrPromise = "", **more: Any) -> None:
        super().__init__(help_text=_with_example(help_text, _("For example 24.11.2026, 02:14.")), **more)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            raise _told(refusal, value) from None


class ListFilter(forms.Form):
    """Filters of a list, all of which may be left out; what makes no sense is left out too."""

    def chosen(self) -> dict[str, str]:
        """Return each filter as it was chosen, or empty."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}


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
