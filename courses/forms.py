"""Forms of /cms/: what an edition says about itself, a reviewer's words, why something is taken back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from locales.languages import LANGUAGE_NAMES
from operations import clock
from operations.form_fields import DayField

from .edition_order import order_of
from .edition_plan import EditionFacts, EditionPlan, in_order
from .models import AssessmentPage, CoursePage, LessonPage
from .translation_state import OTHERS


class EditionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("What is different, in a sentence. It stays in the record of editions."),
    )
    material = forms.BooleanField(
        label=gettext_lazy("Material change"),
        required=False,
        help_text=gettext_lazy("The law, or what is right to do, has changed."),
    )
    legal_date = DayField(
        label=gettext_lazy("Sources read until"),
        help_text=gettext_lazy(
            "The date of the oldest text among the acts of Azerbaijan that the course rests on."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages besides Azerbaijani"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Readers of another language see the course in Azerbaijani, and are told so."),
    )
    accepted = forms.MultipleChoiceField(
        label=gettext_lazy("Older than the Azerbaijani text, and published as they are"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick each text that you have read and that still says the same."),
    )
    without = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Leave out of this edition"),
        help_text=gettext_lazy("Readers no longer see what is ticked."),
        queryset=Page.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, plan: EditionPlan, *args: Any, **kwargs: Any) -> None:
        parts = parts_of(plan.course)
        left_out = parts.not_live().filter(first_published_at__isnull=False)
        newest = plan.newest
        self.checked_last = newest.legal_date if newest else None  # nothing says that it was checked since
        possible = [language for language in OTHERS if language in plan.languages]
        day = plan.oldest_act.state_on if plan.oldest_act else self.checked_last
        kwargs["initial"] = {"legal_date": day, "without": left_out, "languages": possible}
        super().__init__(*args, **kwargs)
        self.fields["without"].queryset = parts  # type: ignore[attr-defined]  # of a ModelMultipleChoiceField
        self.choose("languages", [(language, LANGUAGE_NAMES[language]) for language in possible])
        self.choose("accepted", [
            (text.key, f"{LANGUAGE_NAMES[text.language]} · {text.page} · {text.place}: {text.text[:120]}")
            for text in plan.stale
        ])  # fmt: skip

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these; a field without any is not there."""
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # of a MultipleChoiceField
        else:
            del self.fields[name]

    def clean_legal_date(self) -> date:
        """Certificates name it: a slip of the pen would stand on paper for good."""
        day: date = self.cleaned_data["legal_date"]
        if day > clock.today() and day != self.checked_last:
            raise forms.ValidationError(
                _("This day has not come yet: no text of that day can have been read.")
            )
        return day

    def facts(self) -> EditionFacts:
        """Return what the edition says about itself, of a valid form."""
        given = self.cleaned_data
        return EditionFacts(
            reason=given["reason"],
            material=given["material"],
            legal_date=given["legal_date"],
            languages=in_order(given.get("languages", [])),
        )


class OrderForm(forms.Form):
    """A number for each part of a course: its place beside its siblings. What is left empty stays where it is."""

    def __init__(self, course: CoursePage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = {parent: parts for parent, parts in order_of(course).items() if len(parts) > 1}
        self.pages = Page.objects.descendant_of(course, inclusive=True).in_bulk()
        for parts in self.now.values():
            for place, pk in enumerate(parts, 1):
                self.fields[f"place-{pk}"] = forms.IntegerField(
                    label=self.pages[pk].get_admin_display_title(),
                    min_value=1,
                    max_value=len(parts),
                    initial=place,
                    required=False,
                )

    def groups(self) -> list[tuple[Page, list[forms.BoundField]]]:
        """Return each page whose parts can be put in another order, with their fields."""
        return [
            (self.pages[parent], [self[f"place-{pk}"] for pk in parts]) for parent, parts in self.now.items()
        ]

    def order(self) -> dict[int, list[int]]:
        """Return the order that was asked for, of a valid form: who moves to a taken place gets it."""
        found = {}
        for parent, parts in self.now.items():
            places = {pk: place for place, pk in enumerate(parts, 1)}
            wanted = {pk: self.cleaned_data[f"place-{pk}"] or places[pk] for pk in parts}
            moved = {pk: (wanted[pk] > places[pk]) - (wanted[pk] < places[pk]) for pk in parts}
            found[parent] = sorted(parts, key=lambda pk: (wanted[pk], moved[pk], places[pk]))
        return found


def parts_of(course: CoursePage) -> Any:
    """Return the lessons and assessments of a course, in order."""
    return Page.objects.descendant_of(course).type(LessonPage, AssessmentPage).order_by("path")


class RemarksForm(forms.Form):
    """A word for each page of a proposed edition."""

    def __init__(self, pages: Sequence[Page], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pages = pages
        for page in pages:
            self.fields[self.name_of(page)] = forms.CharField(
                label=page.get_admin_display_title(),
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @staticmethod
    def name_of(page: Page) -> str:
        return f"page-{page.pk}"

    def words(self) -> dict[int, str]:
        return {page.pk: self.cleaned_data[self.name_of(page)] for page in self.pages}


class TakeBackForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("What is taken back"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy(
            "In a sentence; it stays in the audit trail. From that moment readers do not see what is "
            "taken back."
        ),
    )

    def __init__(self, course: CoursePage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = [(str(page.pk), page.title) for page in parts_of(course).live()]  # as readers know them
        self.fields["what"].choices = [("course", _("The whole course")), *parts]  # type: ignore[attr-defined]  # of a ChoiceField
