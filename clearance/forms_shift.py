"""Forms of a table of questions: who, for what, and when."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from people.models import User

from .fitting import performed_where_asked
from .forms import AskedMomentForm
from .models import DutyFunction


class ShiftForm(AskedMomentForm):
    """Ticked people (`p`), everybody of the unit, or a list of service numbers; and the functions."""

    numbers = forms.CharField(
        label=_("Service numbers"),
        help_text=_("One number a line, at most 500."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    functions = forms.MultipleChoiceField(
        label=_("For which functions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one function."),
            "invalid_choice": _("Choose what the officer is to do."),
        },
    )
    nonce = forms.CharField(required=False, max_length=22, widget=forms.HiddenInput)
    field_order = ("numbers", "functions", "at", "nonce")

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: User, **kwargs: Any) -> None:
        """`by`: who asks; functions are offered that somebody of their units performs."""
        super().__init__(data, **kwargs)
        field = self.fields["functions"]
        assert isinstance(field, forms.MultipleChoiceField)
        offered = performed_where_asked(DutyFunction.objects.order_by("number"), by)
        field.choices = [(function.code, function.name) for function in offered]


def people_of(sent: QueryDict) -> list[str]:
    """Return the public ids that were ticked, or that a table carries along."""
    return list(dict.fromkeys([*sent.getlist("p"), *sent.get("people", "").split()]))


def ticked(sent: QueryDict, person: str, function: str) -> Sequence[str]:
    """Return the conditions confirmed for one cell: each is sent as `person:function:condition`."""
    start = f"{person}:{function}:"
    return [value.removeprefix(start) for value in sent.getlist("confirmed") if value.startswith(start)]
