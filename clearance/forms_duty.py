"""Forms of being on duty."""

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.form_fields import MomentField


class OnDutyForm(forms.Form):
    duty_until = MomentField(
        label=_("On duty until"),
        help_text=_("Within the next 24 hours. It ends by itself."),
    )
