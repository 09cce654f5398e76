"""The form by which other training is proposed to be recognised, of one person or of a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations import clock, validators
from operations.form_fields import DayField, one_of
from people.models import User
from rosters.wording import FILE_REFUSALS, FileRefused

from .forms_rules import NUMBER
from .models import TrainingGiver, TrainingKind, WhyRecognised
from .models.life import REFERENCE
from .recognition import MOST_MONTHS, Recognition, allowing
from .recognition_list import MAX_BYTES, NumberLine, lines_of_file, lines_of_text

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")


class RecognitionForm(forms.Form):
    """`person`: the one whom it is about; without, service numbers are typed or sent as a file."""

    numbers = forms.CharField(
        label=_("Service numbers"),
        help_text=_(
            "One number a line, at most 500. Where two agencies use the same number, add a semicolon and the code of "
            "the agency."
        ),
        required=False,
        max_length=40_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Or a file of service numbers"),
        help_text=_(
            "CSV or XLSX, at most 1 MB: the number in the first column, the code of the agency in the second."
        ),
        required=False,
        widget=forms.ClearableFileInput({"accept": ",".join(ENDINGS)}),
        error_messages={"empty": FILE_REFUSALS["empty"]},
    )
    qualification = one_of(
        (), label=_("Qualification"), missing=_("Choose a qualification."),
        help_text=_("Those are listed whose rules allow it."),
    )  # fmt: skip
    kind = one_of(TrainingKind.choices, label=_("What the training was"), missing=_("Choose what it was."))
    giver = one_of(TrainingGiver.choices, label=_("Who gave it"), missing=_("Choose who gave it."))
    day = DayField(label=_("Last day of the training"), validators=[validators.ending])
    months = forms.IntegerField(
        label=_("Months for which it is recognised"),
        help_text=_("At most 12, and never longer than the certificate itself holds."),
        min_value=1,
        max_value=MOST_MONTHS,
        initial=MOST_MONTHS,
        error_messages=NUMBER,
    )
    reference = forms.CharField(
        label=_("Number of the file"),
        help_text=_(
            "At most 40 letters, digits, hyphens, slashes. No name: what proves it stays in the file."
        ),
        max_length=40,
        validators=[REFERENCE],
        error_messages={"required": _("Enter the number of the file.")},
    )
    reason = one_of(
        WhyRecognised.choices, label=_("Reason category"), missing=_("Choose a reason from the list.")
    )

    def __init__(self, data: Any, files: Any, *, person: User | None) -> None:
        super().__init__(data, files)
        self.person = person
        if person is not None:
            del self.fields["numbers"], self.fields["file"]
        field: Any = self.fields["qualification"]
        found = [each.version.qualification for each in allowing(clock.now())]
        field.choices = [(each.code, str(each)) for each in found]

    def clean_file(self) -> Any:
        file: Any = self.cleaned_data["file"]
        if file is None:
            return None
        if not (file.name or "").lower().endswith(ENDINGS):
            raise forms.ValidationError(FILE_REFUSALS["not_text"])
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(str(FileRefused("too_large", limit=MAX_BYTES // 1_000_000)))
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.person is None and {"numbers", "file"} <= given.keys():
            given["lines"] = self._lines(given)
        return given

    def _lines(self, given: dict[str, Any]) -> list[NumberLine]:
        if given["file"] is not None and given["numbers"]:
            self.add_error("file", _("Type the numbers or send a file, not both."))
            return []
        if given["file"] is not None:
            try:
                found = lines_of_file(given["file"].read())
            except FileRefused as refusal:
                self.add_error("file", str(refusal))
                return []
        else:
            found = lines_of_text(given["numbers"])
        if not found:
            self.add_error("numbers", _("Enter at least one service number, or send a file."))
        return found

    def asked(self, people: tuple[str, ...]) -> Recognition:
        given = self.cleaned_data
        names = ("qualification", "months", "kind", "giver", "day", "reference")
        return Recognition(people=people, **{name: given[name] for name in names})
