"""Forms of requirements."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations import clock, validators
from operations.form_fields import DayField, one_of

from .models import MOST_GRACE, Basis, WhyRule
from .requirements import InForce


class RequirementForm(forms.Form):
    """`now`: what is required today, to begin with; `named`: {code: name} of what can be required."""

    certificates = forms.MultipleChoiceField(
        label=_("Certificates that are needed, all of them"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one qualification from the list.")},
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace after a certificate ends"),
        min_value=0,
        max_value=MOST_GRACE,
        help_text=_("Within them a supervisor's note is needed."),
        error_messages={
            "required": _("Enter a number of days; 0 for none."),
            "invalid": _("Enter a number of days; 0 for none."),
            "min_value": _("Enter a number of days; 0 for none."),
            "max_value": _("At most %(limit_value)s days."),
        },
    )
    basis = one_of(Basis.choices, label=_("Legal basis"), missing=_("Choose a basis."))
    first_day = DayField(
        label=_("In force from"),
        validators=[validators.ending],  # further ahead is a year typed wrongly
    )
    reason = one_of(WhyRule.choices, label=_("Reason category"), missing=_("Choose a reason from the list."))

    def __init__(self, data: Any, *, now: InForce | None, named: dict[str, str]) -> None:
        initial: dict[str, Any] = {"first_day": clock.today() + timedelta(days=1), "grace_days": 0}
        if now is not None:
            codes = [code for code, _name in now.rules.certificates]
            initial |= {"certificates": codes, "grace_days": now.rules.grace_days}
        super().__init__(data, initial=initial)
        field = self.fields["certificates"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, f"{code} {name}") for code, name in named.items()]

    def clean_first_day(self) -> Any:
        day = self.cleaned_data["first_day"]
        if day < clock.today():
            raise forms.ValidationError(_("A requirement cannot begin in the past: what was decided stands."))
        return day
