"""Forms for what certificates say wrongly of their holder: the name, or the agency."""

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.form_fields import one_of
from people.forms.people import PersonForm
from people.models import Agency, Posting, User
from people.models.person import NAME_PARTS

LABELS = {part: PersonForm.base_fields[part].label for part in NAME_PARTS}


class NameCorrectionForm(forms.Form):
    """All parts of a name, as the record has them."""

    GROUPS = PersonForm.GROUPS[:2]

    def __init__(self, data: Any, *, person: User) -> None:
        super().__init__(data, initial={part: getattr(person, part) for part in NAME_PARTS})
        self.fields.update({part: deepcopy(PersonForm.base_fields[part]) for part in NAME_PARTS})

    def names(self) -> dict[str, str]:
        return {part: self.cleaned_data[part] for part in NAME_PARTS}


class AgencyCorrectionForm(forms.Form):
    """An agency in which the person has served, as far as is known."""

    agency = one_of((), label=_("Agency as it should be printed"), missing=_("Choose the agency."))

    def __init__(self, data: Any, *, person: User) -> None:
        super().__init__(data)
        served = Posting.objects.known().filter(user=person).values("agency")
        self._agencies = {
            each.public_id: each for each in Agency.objects.filter(pk__in=served).order_by("name")
        }
        chosen: Any = self.fields["agency"]
        chosen.choices = [(key, agency.name) for key, agency in self._agencies.items()]

    @property
    def agency_chosen(self) -> Agency:
        return self._agencies[self.cleaned_data["agency"]]
