"""Forms of the desk and of the list of decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations import clock
from operations.form_fields import PeriodFilter

from .models import Decision, DutyFunction

FARTHEST = timedelta(days=366)


def functions_choices() -> list[tuple[str, str]]:
    return [(function.code, function.name) for function in DutyFunction.objects.order_by("number")]


class QuestionForm(forms.Form):
    """Person, function and moment of a question. `person` is one chosen of several of the name in `who`."""

    who = forms.CharField(
        label=_("Who"),
        help_text=_("Service number, family name, or the code of a certificate"),
        max_length=80,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "next", "autocapitalize": "words"}
        ),
        error_messages={
            "required": _("Enter a service number, a family name, or the code of a certificate.")
        },
    )
    function = forms.ChoiceField(
        label=_("What for"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the officer is to do."),
            "invalid_choice": _("Choose what the officer is to do."),
        },
    )
    at = forms.DateTimeField(
        label=_("Another time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Enter day and time, for example 24.11.2026, 02:14.")},
    )
    person = forms.CharField(required=False, max_length=22, widget=forms.HiddenInput)
    nonce = forms.CharField(required=False, max_length=22, widget=forms.HiddenInput)

    def __init__(self, *args: Any, functions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(functions)

    def offer(self, functions: Sequence[tuple[str, str]]) -> None:
        """Offer these functions, in this order."""
        field = self.fields["function"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(functions)

    def clean_at(self) -> datetime | None:
        """None is now."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and abs(at - clock.now()) > FARTHEST:
            raise forms.ValidationError(_("Ask about a time within a year before or after today."))
        return at


class DecisionFilter(PeriodFilter):
    answer = forms.ChoiceField(label=_("Answer"), required=False)
    function = forms.ChoiceField(label=_("Function"), required=False)
    field_order = ("answer", "function", "since", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("answer", Decision.Answer.choices), ("function", functions_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]
