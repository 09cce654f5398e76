"""Forms of overriding and reviewing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.form_fields import one_of

from .models import OverrideFinding, WhyOverride


class OverrideForm(forms.Form):
    reason = one_of(WhyOverride.choices, label=_("Why"), missing=_("Choose a reason from the list."))


class ReviewForm(forms.Form):
    finding = one_of(OverrideFinding.choices, label=_("Your finding"), missing=_("Choose what you found."))
