"""What is wrong with a line, and how to mend it: in words, by the code that is kept."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# code: (what is wrong, what to do). %(about)s is the letter, figure or person in question.
WORDS = {
    "too_long": (_("The text is too long"), _("Shorten it: the cell holds more than such a text needs.")),
    "hidden_marks": (_("Invisible marks stand in the text"), _("Type the cell anew.")),
    "formula": (
        _("The cell begins like a formula, or is one"),
        _("Write the text itself, without =, +, - or @ at the beginning."),
    ),
    "error_value": (_("The cell shows an error of the spreadsheet"), _("Put right what it computes, or type the value.")),
    "merged": (_("The cell is merged with others"), _("Take the merging apart and write the value in each line.")),
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
        _("The name cannot be told apart"),
        _("Write family, given and father's name in this order, or in columns of their own."),
    ),
    "other_script": (
        _("The letter “%(about)s” belongs to another script"),
        _("Type the word anew in one script: the letters only look alike."),
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
    "no_role": (_("There is no such role"), _("Write one of: %(about)s.")),
    "needed": (_("This is missing for a new person"), _("Fill in the cell.")),
    "no_key": (
        _("Nothing tells who this is"),
        _("Each line needs a service number, an e-mail address or a national id."),
    ),
    "number_again": (_("Another line has the same service number: %(about)s"), _("Leave one of the lines.")),
    "email_again": (_("Another line has the same e-mail address: %(about)s"), _("Leave one of the lines.")),
    "national_id_again": (_("Another line has the same national id: %(about)s"), _("Leave one of the lines.")),
    "person_again": (_("Another line is about the same person: %(about)s"), _("Leave one of the lines.")),
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
    "not_here": (_("This person does not serve in the agency"), _("Take the line out.")),
    "moved_that_day": (
        _("Was transferred within the agency on that very day"),
        _("Whoever has left all the same: end the service on the person's own page."),
    ),
    "yourself": (
        _("This is your own service: nobody ends it by their own roster"),
        _("Another coordinator or an administrator does that on your page."),
    ),
    "no_supervisor": (_("Nobody in the agency has this number"), _("Write the supervisor's service number.")),
    "supervisor_circle": (
        _("The supervisors would go round in a circle"),
        _("Nobody is supervised by somebody whom they supervise. Correct one of the lines."),
    ),
    "own_supervisor": (_("Nobody can be their own supervisor"), _("Write another number or leave the cell empty.")),
}  # fmt: skip


def what(error: Mapping[str, Any]) -> str:
    return _said(error, 0)


def cure(error: Mapping[str, Any]) -> str:
    return _said(error, 1)


def _said(error: Mapping[str, Any], part: int) -> str:
    words = WORDS.get(error["code"])
    return str(words[part]) % {"about": error.get("about", "")} if words else error["code"]
