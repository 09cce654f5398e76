"""Form of looking back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations import clock, validators
from operations.form_fields import MomentField, one_of
from people.models import Agency, Unit
from people.people_list import unit_choices

from .forms import functions_choices
from .models import DutyFunction, KnownWhen
from .past import PastQuestion


class PastForm(forms.Form):
    """A unit or one number of the agency, functions, and an instant that is over."""

    number = forms.CharField(
        label=_("Service number"),
        help_text=_("The number that the person had then. If left empty, everybody of the unit is meant."),
        required=False,
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    functions = forms.MultipleChoiceField(
        label=_("For which functions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one function."),
            "invalid_choice": _("Choose what the officer is to do."),
        },
    )
    at = MomentField(
        label=_("At which time"),
    )
    known = one_of(KnownWhen.choices, label=_("How it was known"), missing=_("Choose one of the two."))

    def __init__(self, data: Mapping[str, Any] | None = None, *, agency: Agency) -> None:
        super().__init__(data, initial={"known": KnownWhen.THEN.value})
        self._agency = agency
        self._offer("unit", [("", _("all")), *unit_choices(agency)])
        self._offer("functions", functions_choices())

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        validators.ending(at.date())
        if at > clock.now():
            raise forms.ValidationError(_("Only about the past. For a time to come ask at the desk."))
        return at

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("number") and not given.get("unit") and "unit" not in self.errors:
            self.add_error("number", _("Enter a service number, or choose a unit."))
        return given

    def question(self) -> PastQuestion:
        given = self.cleaned_data
        return PastQuestion(
            agency=self._agency,
            unit=Unit.objects.filter(agency=self._agency, public_id=given["unit"]).first(),
            number=given["number"].strip(),
            functions=list(DutyFunction.objects.filter(code__in=given["functions"]).order_by("number")),
            instant=given["at"],
            known=KnownWhen(given["known"]),
        )
