"""Says everything in words of the active language: why a file or a line is refused, what a line would change."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from locales.dates import day_text
from operations import clock
from people.models import Role, Unit, User
from people.models.person import NAMES

from .columns import FIELDS
from .models import RosterImport, RosterLine

LANGUAGES = dict(settings.LANGUAGES)


# --- why a file is refused as a whole: kept as a code with its figures ---------------------------
FILE_REFUSALS: dict[str, Any] = {
    "empty": _("The file is empty."),
    "no_lines": _("The file has headings but no lines below them."),
    "too_large": _("The file is larger than %(limit)s MB. Divide it by units and send the parts."),
    "too_many_lines": _(
        "The file has more than %(limit)s lines. Divide it by units and send the parts. Nothing of "
        "it was read."
    ),
    "too_many_columns": _(
        "Line %(line)s reaches column %(column)s, more than %(limit)s. Leave only the columns that "
        "are needed."
    ),
    "too_long_text": _(
        "Line %(line)s, column %(column)s holds more than %(limit)s characters. A quotation mark that is "
        "never closed can be the cause."
    ),
    "unpacks_too_large": _(
        "The workbook is small as a file but enormous inside. It was not unpacked. Copy the roster into a "
        "new workbook and send that."
    ),
    "too_heavy": _(
        "Reading the file took more memory or time than a roster needs, so it was stopped. Copy the "
        "roster into a "
        "new workbook and send that."
    ),
    "macros": _("The workbook holds macros. Save it as .xlsx without macros and send that."),
    "locked": _(
        "The workbook is protected by a password, or of the old .xls format. Save it as .xlsx "
        "without a password."
    ),
    "damaged": _("The workbook is damaged and cannot be read. Open it, save it anew as .xlsx and send that."),
    "not_a_workbook": _(
        "The file ends in .xlsx, but is damaged or no workbook. Open it in your spreadsheet program, save it "
        "anew as .xlsx and send that."
    ),
    "external": _(
        "The workbook contains definitions that a roster does not need. Copy the roster into a new workbook."
    ),
    "no_sheet": _("The workbook has no visible sheet."),
    "many_formulas": _(
        "More than %(limit)s cells hold formulas. Copy the sheet and paste it as values only, then send that."
    ),
    "many_merged": _(
        "More than %(limit)s merged cells stand below the headings. Separate them, so that each line says "
        "everything about one person."
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
        "Too many lines sent for the agency today name people of other agencies. The file was not "
        "checked and "
        "none of its lines is shown. Ask an administrator."
    ),
    "no_supervisor": _(
        "Nobody in the agency has the service number of a supervisor that the file names (lines "
        "%(lines)s), so "
        "nothing was applied."
    ),
    "erased": _(
        "After this file was sent, the data of a person who is or may be in it were erased. So nothing "
        "was applied, and the file was deleted. Send a new list from your personnel records."
    ),
    "refused": _("The file was refused."),
    "said": "%(words)s",
    "not_allowed": _(
        "The person who sent this file may no longer change people of the agency. Nothing was applied."
    ),
    "room": _("One of the changes contradicts what is already recorded, so nothing was applied: %(words)s"),
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
    """Return what was kept, in the active language."""
    try:
        code, figures = json.loads(refusal)
        text = str(FILE_REFUSALS[code])
        return str(text % figures)
    except (ValueError, KeyError, TypeError):
        return str(FILE_REFUSALS["refused"])


# --- what is wrong with a line, and how to mend it: by the code that is kept ----------------------
# code: (what is wrong, what to do). %(about)s is the letter, figure or person in question.
LINE_ERRORS = {
    "too_long": (_("The text is too long"), _("Shorten it: the cell holds more than such a text needs.")),
    "hidden_marks": (_("Invisible marks stand in the text"), _("Type the cell anew.")),
    "formula": (
        _("The cell begins like a formula, or is one"),
        _("Write the text itself, without =, +, - or @ at the beginning."),
    ),
    "error_value": (_("The cell shows an error of the spreadsheet"), _("Correct the formula, or type the value.")),
    "merged": (_("The cell is merged with others"), _("Separate the merged cells and write the value in each line.")),
    "extra_cells": (
        _("The line has more cells than there are headings"),
        _("Perhaps a delimiter stands inside a text: put the text in quotation marks."),
    ),
    "no_day": (_("This is not a date"), _("Write it as day, month, year: 01.12.2026.")),
    "no_such_day": (_("There is no such date"), _("The day stands before the month. Look how many days the month has.")),
    "short_year": (_("The year has two figures"), _("Write the year with four figures: 01.12.2026.")),
    "far_day": (_("The date is too far away"), _("The year lies between %(about)s.")),
    "ends_before": (_("The end comes before the beginning"), _("Correct one of the two dates.")),
    "lost_letter": (
        _("A letter was lost when the file was saved"),
        _("Save the file as “CSV UTF-8” or .xlsx: other encodings have no “ə”."),
    ),
    "not_a_name": (_("This is not a name"), _("A name has letters, a hyphen or an apostrophe, nothing else.")),
    "name_in_parts": (
        _("Family name and given name cannot be told apart"),
        _("Write family, given and father's name in this order, or in columns of their own."),
    ),
    "other_script": (
        _("The letter “%(about)s” belongs to another script"),
        _("Type the word anew in one script: the letters only look alike."),
    ),
    "not_drawn": (
        _("The letter “%(about)s” cannot be printed on a certificate"),
        _("Write the name with letters of the Azerbaijani alphabet."),
    ),
    "which_i": (
        _("In capitals it cannot be told whether the letter I is “ı” or “i”"),
        _("Write the name in small letters with a large first one: Qasımov, Əliyev."),
    ),
    "no_address": (_("This is not an e-mail address"), _("Write it in full, for example ad.soyad@qurum.example.")),
    "no_number": (_("This is not a service number"), _("It has at most 30 letters, figures, hyphens or slashes.")),
    "no_national_id": (_("This is not a national id"), _("It has seven letters and figures.")),
    "no_language": (_("The language is not known"), _("Write az, en or ru.")),
    "no_sex": (_("The sex is not known"), _("Write q or k, f or m.")),
    "no_unit": (_("The agency has no such unit"), _("Write the unit's code or name as in the list of units.")),
    "unit_twice": (_("Several units are called so"), _("Write the unit's code instead.")),
    "no_role": (_("There is no such role"), _("Write the role's word or code as in the list of roles.")),
    "needed": (_("This is missing for a new person"), _("Fill in the cell.")),
    "needed_back": (_("This is missing for a person who comes back"), _("Fill in the cell.")),
    "no_key": (
        _("The line does not say who this is"),
        _("Each line needs a service number, an e-mail address or a national id."),
    ),
    "number_again": (_("Another line has the same service number: %(about)s"), _("Keep only one of the lines.")),
    "email_again": (_("Another line has the same e-mail address: %(about)s"), _("Keep only one of the lines.")),
    "national_id_again": (_("Another line has the same national id: %(about)s"), _("Keep only one of the lines.")),
    "person_again": (_("Another line is about the same person: %(about)s"), _("Keep only one of the lines.")),
    "of_another": (
        _("This belongs to another person: %(about)s"),
        _("Correct it. Where one person follows another, write the last day of the first."),
    ),
    "keys_disagree": (
        _("Number, address and national id of this line belong to different people"),
        _("Find out who is meant and correct the line."),
    ),
    "elsewhere": (
        _("This cannot be used here"),
        _("It may be in use outside your agency. Correct it, or ask to take the person over on the page of people."),
    ),
    "shared": (
        _("The person serves in another agency too"),
        _("Name, address and language cannot be changed by a file. Leave the cell as it was."),
    ),
    "later_changes": (
        _("Something is already recorded for a later day"),
        _("Make this change on the person's own page."),
    ),
    "name_waits": (
        _("Another change of this name waits for a registrar"),
        _("Leave the name as it was until that is decided."),
    ),
    "own_name": (
        _("You hold a certificate: nobody proposes their own name"),
        _("Leave your name as it was; another coordinator proposes it."),
    ),
    "not_here": (_("This person does not serve in the agency"), _("Take the line out.")),
    "moved_that_day": (
        _("Was transferred within the agency on that very day"),
        _("If a person has left all the same, end the service on their own page."),
    ),
    "perhaps_in_file": (
        _("Not found in the file, but a line of it does not tell whom it means: it may be this person"),
        _("Correct the lines with errors and send the file again."),
    ),
    "yourself": (
        _("This is your own service: nobody ends it by their own roster"),
        _("Another coordinator or an administrator does that on your page."),
    ),
    "no_supervisor": (_("Nobody in the agency has this number"), _("Write the supervisor's service number.")),
    "supervisor_circle": (
        _("The supervisors would form a circle"),
        _("Two people cannot supervise each other. Correct one of the lines."),
    ),
    "own_supervisor": (_("Nobody can be their own supervisor"), _("Write another number or leave the cell empty.")),
}  # fmt: skip


WARNINGS = {"father_sex": _("Father's name and sex do not agree")}


def what(error: Mapping[str, Any]) -> str:
    return _said(error, 0)


def cure(error: Mapping[str, Any]) -> str:
    """Return what to do about it."""
    return _said(error, 1)


def _said(error: Mapping[str, Any], part: int) -> str:
    words = LINE_ERRORS.get(error["code"])
    return str(words[part]) % {"about": error.get("about", "")} if words else error["code"]


def done(counts: Mapping[str, int]) -> list[str]:
    """Return what an applied roster has done, and what it has left out."""
    new, changed, moved, left, names, wrong = (
        counts.get(kind, 0) for kind in ("new", "changed", "transferred", "left", "names", "error")
    )
    said = [
        (new, ngettext("%(number)s person was added. Nobody is invited yet.", "%(number)s people were added. Nobody is invited yet.", new)),
        (changed, ngettext("%(number)s person was changed.", "%(number)s people were changed.", changed)),
        (moved, ngettext("%(number)s person was transferred.", "%(number)s people were transferred.", moved)),
        (left, ngettext("%(number)s person has left, or leaves on the day in the file.", "%(number)s people have left, or leave on the day in the file.", left)),
        (names, ngettext("%(number)s name was proposed to the registrars: a certificate prints it.", "%(number)s names were proposed to the registrars: certificates print them.", names)),
        (wrong, ngettext("%(number)s line with an error was left out.", "%(number)s lines with errors were left out.", wrong)),
    ]  # fmt: skip
    return [text % {"number": number} for number, text in said if number]


# --- what a line would change ---------------------------------------------------------------------
def column(error: dict[str, str]) -> str:
    """Its heading in the file, or what we call a column that the file does not have."""
    return error["column"] or str(FIELDS.get(error["field"], ""))


PROPOSED = _("proposed to the registrars, because a certificate prints the name")


@dataclass(frozen=True)
class FieldChange:
    field: str
    title: str
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True)
class LineWording:
    """Names of units and roles by what lines keep of them."""

    units: dict[str, str]
    roles: dict[str, str]

    @classmethod
    def of(cls, roster: RosterImport) -> "LineWording":
        return cls(
            {unit.public_id: unit.name for unit in Unit.objects.filter(agency=roster.agency_id)},
            {role.code: role.name for role in Role.objects.all()},
        )

    def value(self, field: str, value: Any) -> str:
        if not value:
            return ""
        match field:
            case "unit":
                return self.units.get(value, str(value))
            case "role":
                return self.roles.get(value, str(value))
            case "valid_from":
                return str(day_text(clock.first_day(datetime.fromisoformat(value))))
            case "valid_to":
                return str(day_text(clock.last_day(datetime.fromisoformat(value))))
            case "national_id":
                return "•••"
            case "language":
                return LANGUAGES.get(value, str(value))
            case "sex":
                return str(User.Sex(value).label) if value in User.Sex.values else str(value)
            case _:
                return str(value)

    def changes(self, line: RosterLine) -> list[FieldChange]:
        """Return what the line changes, without the days."""
        before, after = line.before or {}, line.after or {}
        return [
            FieldChange(
                field,
                str(FIELDS[field]),
                self.value(field, before.get(field)),
                self.value(field, after[field]),
                str(PROPOSED) if field in line.proposed else "",
            )
            for field in FIELDS
            if field in after and after[field] != before.get(field, "")
        ]

    def summary(self, line: RosterLine) -> str:
        """Of somebody new: where, as what, and the address."""
        after = line.after or {}
        said = [self.value(field, after[field]) for field in ("unit", "role", "email") if field in after]
        return " · ".join(filter(None, said))

    def name(self, line: RosterLine) -> str:
        """As the register has it or will have it; of a line that is refused, as the file has it."""
        if line.kind == RosterLine.Kind.ERROR:
            parts = [line.cells.get(part, "") for part in (*NAMES, "full_name")]
        else:
            now = {part: text for part, text in (line.after or {}).items() if part not in line.proposed}
            parts = [now.get(part) or getattr(line.person, part, "") for part in NAMES]
        return " ".join(filter(None, parts))

    def days(self, line: RosterLine) -> dict[str, str]:
        after = line.after or {}
        return {name: self.value(name, after.get(name)) for name in ("valid_from", "valid_to")}

    def row(self, line: RosterLine) -> list[Any]:
        """As the file of results has it."""
        return [
            line.number or "",
            line.get_kind_display(),
            line.service_number or line.cells.get("service_number", ""),
            self.name(line),
            "; ".join(self._details(line)),
        ]

    def _details(self, line: RosterLine) -> list[str]:
        if line.errors:
            return [self.error(each) for each in line.errors]
        said = [
            f"{each.title}: {each.before} → {each.after}" + (f" ({each.note})" if each.note else "")
            for each in self.changes(line)
        ]
        said += self.warnings(line)
        days = self.days(line)
        if days["valid_from"]:
            said.append(gettext("from %(day)s") % {"day": days["valid_from"]})
        if days["valid_to"]:
            said.append(gettext("last day %(day)s") % {"day": days["valid_to"]})
        return said

    def warnings(self, line: RosterLine) -> list[str]:
        """Return what looks wrong in the line, in words."""
        return [str(WARNINGS[code]) for code in line.warnings]

    def error(self, error: dict[str, str]) -> str:
        where = f"{column(error)}: " if column(error) else ""
        value = f" ({error['value']})" if error["value"] else ""
        return f"{where}{what(error)}{value}. {cure(error)}"


def results(roster: RosterImport, *, with_missing: bool) -> Iterator[list[Any]]:
    """Yield the rows of the file of results."""
    told = LineWording.of(roster)
    lines = roster.lines.select_related("person").order_by("number", "pk")
    for line in (lines if with_missing else lines.exclude(number=0)).iterator(chunk_size=1000):
        yield told.row(line)
