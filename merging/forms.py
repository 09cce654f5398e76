"""Forms of what needs a second person: taking over, merging."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.form_fields import one_of
from people.forms.people import PlaceForm
from people.models import Agency, User


class TakeOverForm(PlaceForm):
    """Names the person as the transfer order does, and says where the person is to serve."""

    from_agency = forms.ChoiceField(
        label=_("Agency that the person leaves"), error_messages={"required": _("Choose the agency.")}
    )
    number_there = forms.CharField(
        label=_("Service number there"), max_length=30, error_messages={"required": _("Enter the number.")}
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=60, error_messages={"required": _("Enter the family name.")}
    )
    field_order = ("from_agency", "number_there", "family_name", "unit", "role", "first_day")

    def __init__(self, data: Any, *, agency: Agency, others: Sequence[Agency], **more: Any) -> None:
        super().__init__(data, agency=agency, **more)
        del self.fields["service_number"]
        choices: Any = self.fields["from_agency"]
        choices.choices = [("", _("choose")), *((other.public_id, other.name) for other in others)]


class MergeForm(forms.Form):
    """The choice which of two records stays."""

    kept = one_of((), label=_("Which record stays?"), missing=_("Choose the record that stays."))

    def __init__(self, data: Any, *, people: Sequence[User], descriptions: Sequence[str]) -> None:
        super().__init__(data)
        choices: Any = self.fields["kept"]
        choices.choices = [
            (person.public_id, text) for person, text in zip(people, descriptions, strict=True)
        ]
