"""The name of an agency or a unit, one field a language."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from locales.languages import LANGUAGES
from people.names import refuse_not_drawn

_LABELS = {"az": _("Name in Azerbaijani"), "en": _("Name in English"), "ru": _("Name in Russian")}
NAME_FIELDS = [f"name_{language}" for language in LANGUAGES]


class NamesForm(forms.Form):
    """Adds the fields `name_az`, `name_en` … after the others; `field_order` may put them before."""

    def __init__(self, data: Any, **more: Any) -> None:
        super().__init__(data, **more)
        for language in LANGUAGES:
            self.fields[f"name_{language}"] = forms.CharField(
                label=_LABELS[language],
                max_length=160,
                validators=[refuse_not_drawn],
                error_messages={"required": _("Every language needs a name.")},
            )
        self.order_fields(self.field_order)

    def names(self) -> dict[str, str]:
        """Return {language: name} of a valid form."""
        return {language: self.cleaned_data[f"name_{language}"] for language in LANGUAGES}
