"""Why a file is refused as a whole, in words of every language: kept as a code with its figures."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "empty": _("The file is empty."),
    "no_lines": _("The file has headings but no lines below them."),
    "too_large": _("The file is larger than %(limit)s MB. Divide it by units and send the parts."),
    "too_many_lines": _(
        "The file has more than %(limit)s lines. Divide it by units and send the parts. Nothing of it was read."
    ),
    "too_many_columns": _(
        "Line %(line)s reaches column %(column)s, more than %(limit)s. Leave only the columns that are needed."
    ),
    "too_long_text": _(
        "Line %(line)s, column %(column)s holds more than %(limit)s characters. A quotation mark that is "
        "never closed can be the cause."
    ),
    "unpacks_too_large": _(
        "The workbook is small as a file but enormous inside. It was not unpacked. Copy the roster into a "
        "new workbook and send that."
    ),
    "macros": _("The workbook holds macros. Save it as .xlsx without macros and send that."),
    "locked": _(
        "The workbook is protected by a password, or of the old .xls format. Save it as .xlsx without a password."
    ),
    "damaged": _("The workbook is damaged and cannot be read. Open it, save it anew as .xlsx and send that."),
    "not_a_workbook": _(
        "The file ends in .xlsx, but is damaged or no workbook. Open it in your spreadsheet program, save it "
        "anew as .xlsx and send that."
    ),
    "external": _(
        "The workbook defines things of its own that rosters never need. Copy the roster into a new workbook."
    ),
    "no_sheet": _("The workbook has no visible sheet."),
    "many_formulas": _(
        "More than %(limit)s cells hold formulas. Copy the sheet and paste it as values only, then send that."
    ),
    "many_merged": _(
        "More than %(limit)s merged cells stand below the headings. Take the merging apart, so that each line "
        "says everything about one person."
    ),
    "not_text": _("This is neither a text file (.csv) nor an .xlsx workbook."),
    "unknown_encoding": _(
        "The letters of the text cannot be made out. Save the file as “CSV UTF-8” or as .xlsx."
    ),
    "quotes": _("Line %(line)s: a quotation mark is opened but not closed as it should be."),
    "stopped": _("Reading stopped unexpectedly. Nothing was changed. Send the file again."),
    "changed_since": _(
        "The register has changed since this file was checked, so nothing was applied. Check the file again."
    ),
    "too_many_elsewhere": _(
        "Too many lines sent for the agency today name people of other agencies. The file was not checked and "
        "none of its lines is shown. Ask an administrator."
    ),
    "no_supervisor": _(
        "Nobody in the agency has the service number of a supervisor that the file names (lines %(lines)s), so "
        "nothing was applied."
    ),
    "refused": _("The file was refused."),
    "said": "%(words)s",
    "not_allowed": _(
        "Whoever sent this file may no longer change people of the agency. Nothing was applied."
    ),
    "room": _("The history has no room for one of the changes, so nothing was applied: %(words)s"),
}


class FileRefused(Exception):
    """The file as a whole is refused."""

    def __init__(self, code: str, **figures: Any) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures

    def kept(self) -> str:
        """As RosterImport.refusal keeps it."""
        figures = {
            name: value[:280] if isinstance(value, str) else value for name, value in self.figures.items()
        }
        return json.dumps([self.code, figures], ensure_ascii=False)

    def __str__(self) -> str:
        return words_of(self.kept())


def words_of(refusal: str) -> str:
    """What was kept, in the active language."""
    try:
        code, figures = json.loads(refusal)
        text = str(WORDS[code])
        return str(text % figures)
    except (ValueError, KeyError, TypeError):
        return str(WORDS["refused"])
