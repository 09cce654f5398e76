"""manage.py check_curriculum: are the files whole, and do they agree? Touches no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum.checks import prospects, refuse_broken
from curriculum.files import Broken
from curriculum.reading import DATA, read_curriculum


class Command(BaseCommand):
    help = "Check the curriculum files: schema, references, answer keys, languages. Changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, default=DATA, metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            curriculum = read_curriculum(options["folder"])
            refuse_broken(curriculum)
        except Broken as broken:
            problems = "\n".join(f"  {problem}" for problem in broken.problems)
            raise CommandError(f"{len(broken.problems)} problems:\n{problems}") from None
        self.stdout.write(f"In order: {len(curriculum.entries)} entries.")
        for code, found in prospects(curriculum):
            shares = ", ".join(f"{family} in {percent} %" for family, percent in found.percents)
            self.stdout.write(f"{code}: {found.sets} sets of families, {found.exams} with variants; {shares}")
