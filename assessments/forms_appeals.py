"""Forms of appeals: the person's, and those of the assessors who decide."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.form_fields import ListFilter, one_of

from .actions_appeals import MOST_TEXT, MOST_WORDS
from .appeals import OtherWorth
from .models import Appeal, Counts, WhyOtherwise

WAITING, SECOND, DECIDED = "waiting", "second", "decided"
STATES = [
    ("", _("all")),
    (WAITING, _("wait for an assessor")),
    (SECOND, _("wait for a second assessor")),
    (DECIDED, _("decided")),
]


class AppealForm(forms.Form):
    category = one_of(
        Appeal.Category.choices,
        label=_("What it is about"),
        missing=_("Choose a category, and write at most 500 characters."),
    )
    text = forms.CharField(
        label=_("In your own words"),
        help_text=_(
            "At most 500 characters. Name no real case and no real person: the assessor needs neither."
        ),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AppealFilter(ListFilter):
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    category = forms.ChoiceField(
        label=_("What it is about"), required=False, choices=[("", _("all")), *Appeal.Category.choices]
    )


class UpholdForm(forms.Form):
    words = forms.CharField(
        label=_("To the person"),
        help_text=_("Why the result stands, in plain words. Name no question and no answer."),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Tell the person why, in at most 1,000 characters.")},
    )


class AnnulForm(forms.Form):
    reason = one_of(
        WhyOtherwise.choices, label=_("Reason category"), missing=_("Choose a reason from the list.")
    )


class OtherMarksForm(forms.Form):
    """For each question by its code: how it counts (`counts-<code>`), and why (`why-<code>`)."""

    def __init__(self, data: Mapping[str, Any] | None, *, questions: Iterable[tuple[str, str]]) -> None:
        """`questions`: codes, and what each is called in the names of its fields ("question 3")."""
        super().__init__(data)
        self.codes = []
        for code, called in questions:
            self.codes.append(code)
            self.fields[f"counts-{code}"] = forms.ChoiceField(
                label=_("Counts (%(question)s)") % {"question": called},
                choices=[("", _("as it was marked")), *Counts.choices],
                required=False,
            )
            self.fields[f"why-{code}"] = forms.ChoiceField(
                label=_("Why (%(question)s)") % {"question": called},
                choices=[("", _("choose a reason")), *WhyOtherwise.choices],
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for code in self.codes:
            if cleaned.get(f"counts-{code}") and not cleaned.get(f"why-{code}"):
                self.add_error(f"why-{code}", _("Choose a reason from the list."))
        if not self.errors and not self.chosen():
            raise forms.ValidationError(_("Choose at least one question whose marks change."))
        return cleaned

    def chosen(self) -> dict[str, OtherWorth]:
        return {
            code: OtherWorth(Counts(counts), WhyOtherwise(self.cleaned_data[f"why-{code}"]))
            for code in self.codes
            if (counts := self.cleaned_data.get(f"counts-{code}"))
        }
