"""Forms of visitors and registrars."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext_lazy as _

from operations.codes import read_code
from operations.form_fields import ListFilter, one_of

from .models import AwardInDoubt, Qualification
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
    if (found := _LINK.search(text)) and not is_elsewhere(text):
        return "id", found[1]
    if code := read_code(text):
        return "code", code
    if ID.fullmatch(text):
        return "id", text
    return None


def is_elsewhere(text: str) -> bool:
    """Return whether it is the link of a certificate on a site that is not ours, whatever that site shows."""
    found = _LINK.search(text)
    before = text[: found.start()].split()[-1:] if found else []
    if not before:
        return False
    try:
        site = urlsplit(before[0] if "//" in before[0] else f"//{before[0]}")
        host = site.hostname or ""
    except ValueError:
        return True
    return bool(site.path.strip("/")) or not validate_host(host, settings.ALLOWED_HOSTS)


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
        if is_elsewhere(self.cleaned_data["q"]):
            raise forms.ValidationError(
                _(
                    "This link leads to another site, not to ours. Do not rely on it: type the number that stands on "
                    "the certificate."
                )
            )
        if found is None:
            raise forms.ValidationError(
                _(
                    "This is not a certificate number. It has twelve letters and digits in three groups; "
                    "I and L are read as 1, O as 0."
                )
            )
        return found


class RegisterFilter(ListFilter):
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


class StaysForm(forms.Form):
    reason = one_of(
        AwardInDoubt.WhyStays.choices,
        label=_("Why it stays"),
        help_text=_("Only the category is kept."),
        missing=_("Choose a reason from the list."),
    )

    def __init__(self, *args: Any, reasons: Sequence[AwardInDoubt.WhyStays], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(each.value, each.label) for each in reasons]  # type: ignore[attr-defined]
