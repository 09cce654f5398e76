"""Forms of asking to be let in, and of the coordinator's answer."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .directory import units_set_in
from .forms_fields import NameField, NumberField, offer
from .models import Role, SignUpRequest, Unit


def agency_code_of(email: str) -> str:
    """The agency to whose listed domain the address belongs; empty for others."""
    return str(settings.SIGN_UP_DOMAINS.get(email.rpartition("@")[2].casefold(), ""))


class SignUpForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Your own, of your agency"),
        error_messages={"required": _("Enter your e-mail address")},
    )  # fmt: skip
    family_name = NameField(label=_("Family name"), max_length=60)
    given_name = NameField(label=_("Given name"), max_length=60)
    father_name = NameField(label=_("Father's name"), max_length=70, required=False)
    service_number = NumberField(label=_("Service number"), required=False)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not agency_code_of(email):
            listed = ", ".join(sorted(settings.SIGN_UP_DOMAINS))
            raise ValidationError(
                _("Only addresses of these domains: %(domains)s"), params={"domains": listed}
            )
        return email


class DecideForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("choose"),
        error_messages={"required": _("Choose the unit.")},
    )  # fmt: skip
    role = forms.ModelChoiceField(
        label=_("Role"), queryset=Role.objects.none(), empty_label=_("choose"),
        error_messages={"required": _("Choose the role.")},
    )  # fmt: skip

    def __init__(self, *args: Any, request: SignUpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.filter(agency=request.agency)
        units.choices = [("", _("choose")), *((unit.pk, name) for unit, name in units_set_in(request.agency))]
        offer(self.fields["role"], Role.objects.all())
