"""Forms of the desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from operations import clock
from operations.form_fields import MomentField

from .case_reference import digest_of, is_written
from .models import DutyFunction

FARTHEST = timedelta(days=366)


def functions_choices() -> list[tuple[str, str]]:
    return [(function.code, function.name) for function in DutyFunction.objects.order_by("number")]


class CaseField(forms.CharField):
    """The reference of a case. Its value is what stands for it: what was typed is not kept."""

    def __init__(self, *, help_text: StrOrPromise = "") -> None:
        super().__init__(
            label=_("Case reference"),
            help_text=help_text,
            required=False,
            widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text and not is_written(text):
            raise forms.ValidationError(
                _("Enter at most 40 letters, digits, hyphens, slashes and dots, for example 12-345/2026.")
            )
        return digest_of(text) if text else ""


HOW_KEPT = _(
    "People who know it can find the decision with it. Our records do not reveal it, and it is never shown."
)


class CaseForm(forms.Form):
    """The case for which the answers of a table are taken over."""

    case = CaseField(help_text=HOW_KEPT)


class AskedMomentForm(forms.Form):
    """The moment asked about: now, unless another is entered."""

    at = MomentField(
        label=_("Another time"),
        required=False,
    )

    def clean_at(self) -> datetime | None:
        """None is now."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and abs(at - clock.now()) > FARTHEST:
            raise forms.ValidationError(_("Ask about a time within a year before or after today."))
        return at


class QuestionForm(AskedMomentForm):
    """Person, function and moment of a question. `person` is one chosen of several of the name in `who`."""

    who = forms.CharField(
        label=_("Who"),
        help_text=_("Service number, family name, or the code of a certificate"),
        max_length=80,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "next", "autocapitalize": "words"}
        ),
        error_messages={
            "required": _("Enter a service number, a family name, or the code of a certificate.")
        },
    )
    function = forms.ChoiceField(
        label=_("What for"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the officer is to do."),
            "invalid_choice": _("Choose what the officer is to do."),
        },
    )
    case = CaseField(help_text=HOW_KEPT)
    person = forms.CharField(required=False, max_length=22, widget=forms.HiddenInput)
    nonce = forms.CharField(required=False, max_length=22, widget=forms.HiddenInput)
    field_order = ("who", "function", "at", "case", "person", "nonce")

    def __init__(self, *args: Any, functions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(functions)

    def offer(self, functions: Sequence[tuple[str, str]]) -> None:
        """Offer these functions, in this order."""
        field = self.fields["function"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(functions)
