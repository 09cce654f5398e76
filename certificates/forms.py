"""Forms of visitors and registrars."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.codes import read_code
from operations.form_fields import one_of

from .models import AwardInDoubt, CertificateEvent, Qualification
from .state import State
from .words import STATES

ID = re.compile(r"[A-Za-z0-9_-]{22}")
_LINK = re.compile(r"/c/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")


def without_token(text: str) -> str:
    """Return what was typed or pasted, without the part from `#` on: it carries a name."""
    return re.split("#|%23", text, maxsplit=1)[0].strip()


def asked_for(text: str) -> tuple[str, str] | None:
    """("id", …) or ("code", …) from a short code, an id or a link; None where it is none of them."""
    text = without_token(text)
    if found := _LINK.search(text):
        return "id", found[1]
    if code := read_code(text):
        return "code", code
    if ID.fullmatch(text):
        return "id", text
    return None


class VerifyForm(forms.Form):
    """One field for whatever stands on a certificate. `cleaned_data["q"]` is what `asked_for` says."""

    q = forms.CharField(
        label=_("Certificate number"),
        help_text=_("Twelve characters under the QR code, for example 7Q4K‑28FD‑M3XR; or the link in it"),
        max_length=2000,
        error_messages={"required": _("Type the number from the certificate.")},
        widget=forms.TextInput(
            attrs={
                "class": "code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-drop-hash": "",
            }
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"q": without_token(data.get("q", ""))} if data is not None else None, **kwargs)

    def clean_q(self) -> tuple[str, str]:
        found = asked_for(self.cleaned_data["q"])
        if found is None:
            raise forms.ValidationError(
                _(
                    "This is not a certificate number. It has twelve letters and digits in three groups; "
                    "I and L are read as 1, O as 0."
                )
            )
        return found


class RegisterFilter(forms.Form):
    """The register's filters, a GET form; what makes no sense is left out."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *((state.value, STATES[state]) for state in State)],
    )
    qualification = forms.ChoiceField(label=_("Qualification"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        codes = Qualification.objects.order_by("code").values_list("code", flat=True)
        choices: Any = self.fields["qualification"]
        choices.choices = [("", _("all")), *((code, code) for code in codes)]

    def chosen(self) -> dict[str, str]:
        """q, state, qualification: each as chosen, or empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("q", "state", "qualification")}


REVOCATION_REASONS = [
    (reason.value, reason.label)
    for reason in CertificateEvent.Reason
    if reason is not CertificateEvent.Reason.RENEWED
]


class RevocationForm(forms.Form):
    reason = one_of(
        REVOCATION_REASONS,
        label=_("Reason category"),
        help_text=_("Only the category is kept. It is never shown to the public."),
        missing=_("Choose a reason from the list."),
    )


class StaysForm(forms.Form):
    reason = one_of(
        AwardInDoubt.WhyStays.choices,
        label=_("Why it stays"),
        help_text=_("Only the category is kept."),
        missing=_("Choose a reason from the list."),
    )
