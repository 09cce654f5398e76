"""`manage.py found_installation founders.yaml`: the first two registrars and the first administrator."""

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from accounts.actions.founding import Founder, found_installation
from accounts.sheets import address_in
from locales.dates import instant_text
from operations.codes import grouped
from operations.history import HistoryError

FIELDS = {field.name: field.default is MISSING for field in fields(Founder)}  # whether one must be there
EXAMPLE = """\
# Two registrars and one administrator. Delete this file afterwards: it names people.
- position: registrar
  family_name: Nəsirova
  given_name: Ləman
  father_name: Akif qızı   # optional, with oğlu or qızı
  email: laman@agency.example   # optional
  language: az
  agency: labour-inspection   # code of the agency
  role: LAB   # code of the role
  service_number: LAB-0118
- position: registrar
  # … the same of another person
- position: administrator
  # … the same of a third person
"""


def _founder(number: int, row: Any) -> Founder:
    """Return the founder of one entry of the file. Raise ValueError with its number and what is wrong with
    it.
    """
    if not isinstance(row, dict):
        raise ValueError(f"entry {number} is no list of fields")
    if unknown := [str(name) for name in row if name not in FIELDS]:
        raise ValueError(f"entry {number} has unknown fields: {', '.join(unknown)}")
    if missing := [name for name, needed in FIELDS.items() if needed and not row.get(name)]:
        raise ValueError(f"entry {number} lacks {', '.join(missing)}")
    return Founder(**{name: str(value) for name, value in row.items() if value is not None})


class Command(BaseCommand):
    help = (
        "Make the first two registrars and the first administrator, once, from a YAML file; "
        "`--example` writes one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--example", action="store_true", help="show what the file looks like")

    def handle(self, *, file: Path | None, example: bool, **options: Any) -> None:
        if example or file is None:
            self.stdout.write(EXAMPLE)
            return
        with override("en"):
            self._found(self._read(file))

    def _read(self, file: Path) -> list[Founder]:
        try:
            rows = yaml.safe_load(file.read_text(encoding="utf-8"))
            return [_founder(number, row) for number, row in enumerate(rows, start=1)]
        except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, ValueError) as error:
            raise CommandError(
                f"{file} cannot be read: {error}. `--example` shows what it looks like."
            ) from error

    def _found(self, founders: list[Founder]) -> None:
        try:
            made = found_installation(founders=founders, by=None)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except HistoryError as refusal:
            raise CommandError(str(refusal)) from refusal
        for founder, invitation, code in made:
            self.stdout.write(
                f"{founder.position}: service number {founder.service_number}, one-time code {grouped(code, ' ')}, "
                f"until {instant_text(invitation.expires_at)}, at {address_in(founder.language)}"
            )
        self.stdout.write("Hand each code over in person, then clear this screen and delete the file.")
