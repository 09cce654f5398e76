"""Filters of the register of decisions, and of its figures."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from locales.sorting import in_order
from operations import clock
from operations.form_fields import PeriodFilter
from people.models import Agency, User
from people.people_list import unit_choices

from .aftermath import registered
from .case_reference import decisions_of_case
from .decision_list import DecisionQuery, people_of_number, reach_of_reader, reads_others
from .forms import CaseField, functions_choices
from .models import Decision, Mode
from .permissions import visible_to

# These may stand in an address: a service number or a case searched for may not.
FILTERS = ("mine", "answer", "became", "mode", "function", "agency", "unit", "since", "until")


class DecisionFilter(PeriodFilter):
    """Filters of the register, as far as `by` has a choice. Where one makes no sense, nothing is asked."""

    q = forms.CharField(label=_("Service number"), required=False, max_length=30)
    case = CaseField()
    keep_case = forms.BooleanField(label=_("Only of the case that was entered"), required=False)
    mine = forms.ChoiceField(
        label=_("Asked by"), required=False, choices=[("", _("everybody")), ("1", _("me"))]
    )
    answer = forms.ChoiceField(label=_("Answer"), required=False)
    became = forms.ChoiceField(label=_("What became of it"), required=False)
    mode = forms.ChoiceField(label=_("Rule"), required=False)
    function = forms.ChoiceField(label=_("Function"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    field_order = ("q", "case", "keep_case", *FILTERS)

    def __init__(self, data: Mapping[str, Any], *, by: User, of_case: str = "") -> None:
        """`of_case`: the digest of a reference that was entered before."""
        super().__init__(data)
        self._by, self._of_case = by, of_case
        if not of_case:
            del self.fields["keep_case"]
        others, reach = reads_others(by), reach_of_reader(by) if reads_others(by) else []
        agencies = Agency.objects.all() if reach is None else Agency.objects.filter(public_id__in=reach)
        here = list(in_order(agencies)) if others else []
        chosen = here[0] if len(here) == 1 else _chosen(here, str(data.get("agency", "")))
        self._offer("answer", Decision.Answer.choices)
        self._offer("became", [(each.code, each.text) for each in registered.values()])
        self._offer("mode", Mode.choices)
        self._offer("function", functions_choices())
        self._offer("agency", [(agency.public_id, agency.name) for agency in here] if len(here) > 1 else [])
        self._offer("unit", unit_choices(chosen) if chosen else [])
        if not others:
            del self.fields["mine"]

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", _("All")), *choices]
        if not choices:
            del self.fields[name]

    def in_address(self) -> dict[str, str]:
        """Return each filter that says something."""
        self.is_valid()
        filters = {name: self.cleaned_data.get(name) for name in FILTERS}
        return {name: str(value) for name, value in filters.items() if value}

    def searched(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q") or "").strip()

    def looked_for(self) -> str:
        """Return the digest of the reference looked for: of the one just entered, else of the one from before."""
        self.is_valid()
        entered = str(self.cleaned_data.get("case") or "")
        return entered or (self._of_case if self.cleaned_data.get("keep_case") else "")

    def query(self) -> DecisionQuery:
        number, case, chosen = self.searched(), self.looked_for(), self.in_address()
        mine = bool(chosen.pop("mine", ""))
        return DecisionQuery(
            **chosen,
            mine=mine,
            people=people_of_number(number, by=self._by) if number else None,
            of_case=decisions_of_case(visible_to(self._by), case) if case else None,
        )


def _chosen(agencies: Sequence[Agency], public_id: str) -> Agency | None:
    return next((agency for agency in agencies if agency.public_id == public_id), None)


class MonthFilter(forms.Form):
    """One of the last twelve months: two periods that overlap would tell of single decisions."""

    month = forms.ChoiceField(label=pgettext_lazy("calendar", "Month"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        field: Any = self.fields["month"]
        field.choices = [(month, _in_words(month)) for month in last_months()]

    def chosen(self) -> str:
        return str(self.cleaned_data["month"] or last_months()[0]) if self.is_valid() else last_months()[0]


def _in_words(month: str) -> str:
    day = date.fromisoformat(f"{month}-01")
    return str(format_date(day, "LLLL y", locale=get_language() or "az"))


def last_months() -> list[str]:
    """Return "2026-11", "2026-10", … twelve in all."""
    today = clock.today()
    numbers = [today.year * 12 + today.month - 1 - back for back in range(12)]
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]
