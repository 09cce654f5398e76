"""Forms of units."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Agency, Unit
from people.people_list import unit_choices

from .names import NAME_FIELDS, NamesForm


class UnitForm(NamesForm):
    """No address is asked for: officers are at risk."""

    field_order = NAME_FIELDS
    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind.choices, initial=Unit.Kind.LOCAL)
    parent = forms.ChoiceField(label=_("Unit above"), required=False)
    district = forms.CharField(
        label=_("District"), help_text=_("No street: addresses are not kept"), max_length=80, required=False
    )
    duty_telephone = forms.CharField(
        label=_("Duty telephone"),
        help_text=_("Other units call this number. Never a private one."),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )

    def __init__(self, data: Any, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, **more)
        self._agency = agency
        parents: Any = self.fields["parent"]
        parents.choices = [("", _("none, it stands at the top")), *unit_choices(agency)]

    @staticmethod
    def initial_of(unit: Unit) -> dict[str, Any]:
        names = (*NAME_FIELDS, "kind", "district", "duty_telephone")
        return {
            **{name: getattr(unit, name) for name in names},
            "parent": unit.parent and unit.parent.public_id,
        }

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "names": self.names(),
            "kind": data["kind"],
            "parent": Unit.objects.filter(agency=self._agency, public_id=data["parent"]).first(),
            "district": data["district"].strip(),
            "duty_telephone": data["duty_telephone"].strip(),
        }
