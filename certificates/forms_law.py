"""Forms by which it is proposed that certificates under older rules end, or stay."""

from django import forms
from django.utils.translation import gettext_lazy as _

from operations import validators
from operations.form_fields import DayField, one_of

from .models import WhyKept, WhyRulesChange

MISSING = _("Choose a reason from the list.")


class OlderEndForm(forms.Form):
    last_day = DayField(
        label=_("Last day of those that are not renewed"),
        help_text=_(
            "It must be at least 30 days after a registrar confirms. Allow time for the confirmation."
        ),
        validators=[validators.ending],
    )
    reason = one_of(WhyRulesChange.choices, label=_("Reason category"), missing=MISSING)


class OlderKeptForm(forms.Form):
    reason = one_of(WhyKept.choices, label=_("Reason category"), missing=MISSING)
