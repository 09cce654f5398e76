"""manage.py try_exams: answer every exam as officers with a habit would. Touches no database.

Ends with 1 where whoever has a habit passes, whoever knows fails, or chance decides too much.
"""

from argparse import ArgumentParser
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum import trying
from curriculum.checks import refuse_broken
from curriculum.files import Broken
from curriculum.reading import DATA, Curriculum, read_curriculum
from curriculum.schema import BlueprintEntry


class Command(BaseCommand):
    help = "Answer every exam of the files as officers with a habit would; print who passes. Changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, default=DATA, metavar="FOLDER")
        parser.add_argument(
            "--draws", type=int, default=1000, metavar="N", help="exams of whoever answers by chance"
        )
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            curriculum = read_curriculum(options["folder"])
            refuse_broken(curriculum)
        except Broken as broken:
            raise CommandError("\n".join(map(str, broken.problems))) from None
        exams = [entry for entry in curriculum.blueprints if entry.use == "exam"]
        if not exams:
            raise CommandError("The files hold no exam.")
        faults = [fault for entry in exams for fault in self._try(entry, curriculum, options)]
        if faults:
            raise CommandError("\n".join(faults))

    def _try(self, entry: BlueprintEntry, curriculum: Curriculum, options: dict[str, Any]) -> list[str]:
        report = trying.report_of(entry, curriculum, options["draws"], Random(options["seed"]))
        self.stdout.write(f"{entry.code}: {report.exams} exams can be drawn")
        for trial in report.trials:
            self.stdout.write(f"  {trial.officer:38} {trial.passed:6} of {trial.exams:6} passed")
        self.stdout.write(f"  two sittings of a careful officer end alike: {report.alike:.0%}")
        return [f"{entry.code}: {fault}" for fault in report.faults]
