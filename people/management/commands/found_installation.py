"""`manage.py found_installation founders.yaml`: the first two registrars and the first administrator."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import override

from locales.dates import instant_text
from operations.history import HistoryError
from people.actions.founding import Founder, found
from people.ways_in import by_four

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
            return [Founder(**{key: str(value) for key, value in row.items()}) for row in rows]
        except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, AttributeError) as error:
            raise CommandError(
                f"{file} cannot be read: {error}. `--example` shows what it looks like."
            ) from error

    def _found(self, founders: list[Founder]) -> None:
        try:
            made = found(founders=founders, by=None)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except HistoryError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"They begin at {settings.BASE_URL}{reverse('people_first')}")
        for founder, invitation, code in made:
            self.stdout.write(
                f"{founder.position}: service number {founder.service_number}, one-time code {by_four(code)}, "
                f"until {instant_text(invitation.expires_at)}"
            )
        self.stdout.write("Hand each code over in person, then clear this screen and delete the file.")
