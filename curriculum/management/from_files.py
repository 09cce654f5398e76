"""Commands that read the curriculum files and touch no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum.checks import refuse_broken
from curriculum.files import Broken
from curriculum.reading import DATA, Curriculum, read_curriculum


def add_folder(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="folder", type=Path, default=DATA, metavar="FOLDER")


class FilesCommand(BaseCommand):
    """`work` is handed the files when they are whole and agree; whatever it finds Broken is told like them."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_folder(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            curriculum = read_curriculum(options["folder"])
            refuse_broken(curriculum)
            self.work(curriculum, options)
        except Broken as broken:
            told = "\n".join(f"  {problem}" for problem in broken.problems)
            raise CommandError(f"{len(broken.problems)} problems:\n{told}") from None

    def work(self, curriculum: Curriculum, options: dict[str, Any]) -> None:
        raise NotImplementedError
