"""Forms of a coordinator's roster: the file, from which day, what its columns hold."""

import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from operations import clock
from operations.form_fields import DayField, offer, one_of
from people.models import Agency

from . import columns
from .models import RosterImport
from .reading import OLD_OR_LOCKED
from .wording import FILE_REFUSALS, FileRefused

MAX_BYTES = 20_000_000
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
MONTHS_BACK, MONTHS_AHEAD = 60, 12


def is_workbook(file: Any) -> bool:
    """Say by the first and last bytes whether it is .xlsx, or what reading says more about: nothing is unpacked."""
    file.seek(0)
    found = file.read(4) == OLD_OR_LOCKED or zipfile.is_zipfile(file)
    file.seek(0)
    return found


def _day() -> DayField:
    return DayField(
        label=_("From which day does it hold?"),
        help_text=_("Transfers and changes begin on this day, unless a line names a day of its own."),
    )


def _whole() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("This is the whole roster of the agency"),
        help_text=_("A whole roster also shows who is missing from it; you decide whether they have left."),
        required=False,
    )


class _Dated(forms.Form):
    def clean_day(self) -> datetime:
        day: date = self.cleaned_data["day"]
        today = clock.today()
        if not clock.add_months(today, -MONTHS_BACK) <= day <= clock.add_months(today, MONTHS_AHEAD):
            raise forms.ValidationError(
                _("This day is too far away: at most five years back, one year ahead.")
            )
        return clock.start_of(day)


class UploadForm(_Dated):
    """`agencies`: for which this person may send rosters; asked only where there are several."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=pgettext_lazy("roster", "Agency"),
        error_messages={"required": _("Choose the agency whose people these are.")},
    )
    file = forms.FileField(
        label=pgettext_lazy("roster", "File"),
        help_text=_("CSV or XLSX, at most 20 MB and 100,000 lines. No macros, no password."),
        widget=forms.ClearableFileInput({"accept": ",".join(ENDINGS)}),
        error_messages={"required": _("Choose a file."), "empty": FILE_REFUSALS["empty"]},
    )
    day = _day()
    whole = _whole()

    def __init__(self, agencies: Any, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"day": clock.today()})
        self.only = agencies[0] if len(agencies) == 1 else None
        if self.only:
            del self.fields["agency"]
        else:
            offer(self.fields["agency"], Agency.objects.filter(pk__in=[each.pk for each in agencies]))

    def clean_file(self) -> Any:
        file: Any = self.cleaned_data["file"]
        name = (file.name or "").lower()
        if name.endswith(".xlsm"):
            raise forms.ValidationError(FILE_REFUSALS["macros"])
        if name.endswith((".xls", ".ods", ".xlsb")):
            raise forms.ValidationError(_("Save the file as .xlsx or as “CSV UTF-8” and send that."))
        if not name.endswith(ENDINGS):
            raise forms.ValidationError(FILE_REFUSALS["not_text"])
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(str(FileRefused("too_large", limit=MAX_BYTES // 1_000_000)))
        if name.endswith(".xlsx") and not is_workbook(file):
            raise forms.ValidationError(FILE_REFUSALS["not_a_workbook"])
        return file

    def chosen_agency(self) -> Agency:
        found: Agency = self.only or self.cleaned_data["agency"]
        return found


class ColumnsForm(_Dated):
    """One choice a column."""

    day = _day()
    whole = _whole()

    def __init__(self, roster: RosterImport, data: Mapping[str, Any] | None = None) -> None:
        first = {"day": clock.first_day(roster.valid_from), "whole": roster.whole}
        first |= {f"column_{place}": field for place, field in roster.mapping.items()}
        super().__init__(data, initial=first)
        choices: Any = [("", pgettext_lazy("roster column", "not read")), *columns.FIELDS.items()]
        for place, (heading, *samples) in enumerate(roster.headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or _("Column %(number)s") % {"number": place + 1},
                help_text=" · ".join(filter(None, samples))[:120],
                choices=choices,
                required=False,
            )

    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    def mapping(self) -> dict[str, str]:
        return {
            name.removeprefix("column_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("column_") and value
        }


class MissingForm(forms.Form):
    """Ask what has become of those who are missing from the whole roster."""

    left = one_of(
        [
            ("stay", _("stays: the file does not name everybody")),
            ("left", _("has left: clearance is refused from that day, the history stays")),
        ],
        label=_("Who is missing from the file"),
        missing=_("Decide about the people who are missing from the file."),
    )
