"""manage.py load_curriculum: the files of curriculum/data into the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum.files import Broken
from curriculum.items import LoadOutcome, Report
from curriculum.loading import load
from curriculum.management.from_files import add_folder


class Command(BaseCommand):
    help = (
        "Load the curriculum files. Safe to run again: it changes only what the files changed, refuses a "
        "broken file whole, and does not touch what was edited in /cms/ since."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_folder(parser)
        parser.add_argument(
            "--overwrite",
            action="append",
            default=[],
            metavar="CODE",
            help="replace what was edited in /cms/ under this code by what the file says",
        )
        parser.add_argument("--overwrite-all", action="store_true", help="replace every such edit")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load(
                options["folder"], overwrite=options["overwrite"], overwrite_all=options["overwrite_all"]
            )
        except Broken as broken:
            problems = "\n".join(f"  {problem}" for problem in broken.problems)
            raise CommandError(f"Nothing was loaded:\n{problems}") from None
        if options["verbosity"]:
            self._tell(report)
        if refused := report.of(LoadOutcome.REFUSED):
            named = "\n".join(f"  {kind} {code}" for kind, code in refused)
            hint = "Load with --overwrite CODE to replace the edit by what the file says."
            raise CommandError(f"Edited since it was loaded, left as it is:\n{named}\n{hint}")

    def _tell(self, report: Report) -> None:
        for kind, counts in report.counts().items():
            told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
            self.stdout.write(f"{kind}: {told}")
        for kind, code in report.of(LoadOutcome.EDITED):
            self.stdout.write(f"edited in /cms/ since, left as it is: {kind} {code}")
        for note in report.notes:
            self.stdout.write(note)
