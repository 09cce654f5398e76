"""The form of a term of the glossary at /cms/."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from locales.languages import LANGUAGES

from .actions import save_term
from .models import Term

MEANINGS = [f"meaning_{language}" for language in LANGUAGES]
_TERM = gettext_lazy("As official texts in this language write it.")
_SEEN = gettext_lazy("Whether the term was read in an official text in this language.")
_MEANING = gettext_lazy("One sentence taken from the source: in all three languages or in none.")


class TermForm(WagtailAdminModelForm):
    class Meta:
        model = Term
        fields = (*LANGUAGES, "seen_az", "seen_ru", *MEANINGS, "source")
        help_texts = {
            **dict.fromkeys(LANGUAGES, _TERM),
            **dict.fromkeys(("seen_az", "seen_ru"), _SEEN),
            **dict.fromkeys(MEANINGS, _MEANING),
            "source": gettext_lazy("The act or guideline that the meaning is taken from."),
        }

    def clean(self) -> Any:
        cleaned = super().clean()
        meanings = [cleaned.get(name) for name in MEANINGS]
        if any(meanings):
            for name, text in zip(MEANINGS, meanings, strict=True):
                if not text:
                    self.add_error(name, self.fields["az"].error_messages["required"])
            if not cleaned.get("source"):
                self.add_error("source", _("A meaning names the source that it is taken from."))
        return cleaned

    def save(self, commit: bool = True) -> Term:
        """Save by the action, which asks who it is and leaves the trace."""
        given = self.cleaned_data
        meaning = {language: given[f"meaning_{language}"] for language in LANGUAGES}
        term: Term = self.instance
        return save_term(
            number=term.number,
            **{name: given[name] for name in (*LANGUAGES, "seen_az", "seen_ru")},
            meaning=meaning if any(meaning.values()) else None,
            source=given["source"].code if given["source"] else None,
            by=self.for_user,
        )
