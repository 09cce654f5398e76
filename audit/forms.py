"""The filters of the audit trail."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from locales.sorting import in_order
from operations.form_fields import PeriodFilter
from operations.trail import act_names

from .search import Chosen, people_named

SIDES = [("", _("did it, or is concerned")), ("about", _("is concerned")), ("by", _("did it"))]

FILTERS = ("side", "act", "since", "until")  # these may stand in an address: a name searched for may not


class TrailFilter(PeriodFilter):
    """Filters of the audit trail. Where one makes no sense, nothing is asked."""

    q = forms.CharField(label=_("Person: name, service number or id"), required=False, max_length=80)
    side = forms.ChoiceField(label=_("The person"), required=False, choices=SIDES)
    act = forms.ChoiceField(label=_("What was done"), required=False)
    field_order = ("q", *FILTERS)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        names = in_order(((code, str(text)) for code, text in act_names.items()), lambda item: item[1])
        choices: Any = self.fields["act"]
        choices.choices = [("", _("all")), *names]

    def in_address(self) -> dict[str, str]:
        """Return each filter that says something."""
        self.is_valid()
        filters = {name: self.cleaned_data.get(name) for name in FILTERS}
        return {name: str(value) for name, value in filters.items() if value}

    def searched(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q") or "")

    def chosen(self) -> Chosen:
        text = self.searched()
        return Chosen(**self.in_address(), people=people_named(text) if text else None)
