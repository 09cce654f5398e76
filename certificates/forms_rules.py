"""Forms of rules of qualifications."""

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations import clock, validators
from operations.form_fields import DayField, one_of

from . import sources
from .models import QualificationBasis, WhyRulesChange
from .rules import QualificationRules, Source

NUMBER = {
    "required": _("Enter a number."),
    "invalid": _("Enter a number."),
    "min_value": _("At least %(limit_value)s."),
    "max_value": _("At most %(limit_value)s."),
}

NONE_ONLY_WHERE = _("At most three. None only where other training may be recognised.")


def _several(label: Any, help_text: Any = "") -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, help_text=help_text, coerce=_source, widget=forms.CheckboxSelectMultiple, required=False
    )


def _source(value: str) -> Source:
    return Source.read(json.loads(value))


class QualificationForm(forms.Form):
    """`code`: of the qualification, which cannot rest on itself; `now`: its rules of today, to begin with."""

    first = _several(_("What earns it, all of it"), NONE_ONLY_WHERE)
    renewal = _several(_("What renews it, all of it"), NONE_ONLY_WHERE)
    recognition = forms.BooleanField(
        label=_("Other training may be recognised, by two registrars"), required=False
    )
    valid_months = forms.IntegerField(
        label=_("Months that it holds"), min_value=1, max_value=120, error_messages=NUMBER
    )
    renewal_opens_days = forms.IntegerField(
        label=_("Days before its last day on which renewal opens"),
        min_value=0,
        max_value=365,
        error_messages=NUMBER,
    )
    renewal_closes_days = forms.IntegerField(
        label=_("Days after its last day on which renewal closes"),
        help_text=_("Later it is earned as for the first time."),
        min_value=0,
        max_value=3650,
        error_messages=NUMBER,
    )
    legal_baseline = DayField(label=_("Sources read until"), validators=[validators.ending])
    basis = one_of(QualificationBasis.choices, label=_("Legal basis"), missing=_("Choose a basis."))
    first_day = DayField(
        label=_("In force from"),
        validators=[validators.ending],  # further ahead is a year typed wrongly
    )
    reason = one_of(
        WhyRulesChange.choices, label=_("Reason category"), missing=_("Choose a reason from the list.")
    )

    def __init__(self, data: Any, *, code: str, now: QualificationRules | None) -> None:
        initial: dict[str, Any] = {"first_day": clock.today() + timedelta(days=1)}
        known: list[Source] = []
        if now is not None:
            known = [*now.first, *now.renewal]
            initial |= {
                "first": [source.text for source in now.first],
                "renewal": [source.text for source in now.renewal],
                "recognition": now.recognition,
                "valid_months": now.valid_months,
                "renewal_opens_days": now.opens_days,
                "renewal_closes_days": now.closes_days,
                "legal_baseline": now.legal_baseline,
                "basis": now.basis,
            }
        super().__init__(data, initial=initial)
        others = [source for source in sources.offered() if source.qualification != code]
        offered = sources.in_words([*others, *known])
        choices = [(source.text, text) for source, text in offered.items()]
        for name in ("first", "renewal"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices

    def clean_first_day(self) -> Any:
        day = self.cleaned_data["first_day"]
        if day < clock.today():
            raise forms.ValidationError(
                _("Rules cannot begin in the past: certificates already earned stay.")
            )
        return day

    def rules(self) -> dict[str, Any]:
        """As a version has them, but for form and name."""
        given = self.cleaned_data
        names = (
            "recognition", "valid_months", "renewal_opens_days", "renewal_closes_days", "legal_baseline", "basis",
        )  # fmt: skip
        ways = {way: [source.plain for source in given[way]] for way in ("first", "renewal")}
        return {**ways, **{name: given[name] for name in names}}
