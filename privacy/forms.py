"""Forms about one's own data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.form_fields import one_of

from .models import ABOUT, LONGEST, CorrectionRequest
from .wording import DECLINED


def _in_words(rows: int, *, missing: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
        **more,
    )


class CorrectionForm(forms.Form):
    about = one_of(ABOUT.items(), label=_("What is it about?"), missing=_("Choose what it is about."))
    text = _in_words(
        5,
        label=_("What is wrong, and how should it be?"),
        help_text=_("The coordinator of your agency reads it. Write no case data and nothing about others."),
        missing=_("Write what is wrong and how it should be."),
    )


class AnswerForm(forms.Form):
    outcome = one_of(
        [
            (CorrectionRequest.Outcome.CORRECTED, _("I have corrected it")),
            (
                CorrectionRequest.Outcome.DECLINED,
                _("I have not: it is right as it is, or I may not change it"),
            ),
        ],
        label=_("What did you do?"),
        missing=_("Choose what you did."),
    )
    answer = _in_words(
        4,
        label=_("Your answer"),
        help_text=_("The person reads it as you write it."),
        missing=_("Write an answer."),
    )


class DeclineForm(forms.Form):
    reason = one_of(
        DECLINED.items(),
        label=_("Why not?"),
        help_text=_("The person is told it in these words."),
        missing=_("Choose a reason."),
    )


class CorrectionFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("waiting for an answer")), ("answered", _("answered")), ("all", _("all"))],
    )  # fmt: skip

    def chosen(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("state") or ""
