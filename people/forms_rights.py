"""What is typed about one's own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .actions.corrections import ABOUT, LONGEST
from .models import CorrectionRequest
from .rights.wording import DECLINED


class CorrectionForm(forms.Form):
    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=list(ABOUT.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    text = forms.CharField(
        label=_("What is wrong, and how should it be?"),
        help_text=_("The coordinator of your agency reads it. Write no case data and nothing about others."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what is wrong and how it should be.")},
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What did you do?"),
        choices=[
            (CorrectionRequest.Outcome.CORRECTED, _("I have corrected it")),
            (
                CorrectionRequest.Outcome.DECLINED,
                _("I have not: it is right as it stands, or not mine to change"),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you did.")},
    )
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("The person reads it as you write it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write an answer.")},
    )


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why not?"),
        help_text=_("The person is told it in these words."),
        choices=list(DECLINED.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )


class CorrectionFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("waiting for an answer")), ("answered", _("answered")), ("all", _("all"))],
    )  # fmt: skip

    def chosen(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("state") or ""
