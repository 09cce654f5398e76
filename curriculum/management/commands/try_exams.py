"""manage.py try_exams: answer every exam as officers with a habit would. Touches no database.

Ends with 1 where whoever has a habit passes, whoever knows fails, or chance decides too much.
"""

from argparse import ArgumentParser
from random import Random
from typing import Any

from django.core.management.base import CommandError

from curriculum import trying, wording
from curriculum.management.from_files import FilesCommand
from curriculum.reading import Curriculum
from curriculum.schema import BlueprintEntry
from locales.languages import LANGUAGES


class Command(FilesCommand):
    help = "Answer every exam of the files as officers with a habit would; print who passes. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--draws", type=int, default=1000, metavar="N", help="exams of whoever answers by chance"
        )
        parser.add_argument("--seed", type=int, default=1)

    def work(self, curriculum: Curriculum, options: dict[str, Any]) -> None:
        exams = [entry for entry in curriculum.blueprints if entry.use == "exam"]
        if not exams:
            raise CommandError("The files hold no exam.")
        faults = [fault for entry in exams for fault in self._try(entry, curriculum, options)]
        faults += self._read(curriculum)
        if faults:
            raise CommandError("\n".join(faults))

    def _try(self, entry: BlueprintEntry, curriculum: Curriculum, options: dict[str, Any]) -> list[str]:
        report = trying.report_of(entry, curriculum, options["draws"], Random(options["seed"]))
        self.stdout.write(f"{entry.code}: {report.exams} exams can be drawn")
        for trial in report.trials:
            self.stdout.write(f"  {trial.officer:38} {trial.passed:6} of {trial.exams:6} passed")
        self.stdout.write(f"  two sittings of a careful officer end alike: {report.alike:.0%}")
        return [f"{entry.code}: {fault}" for fault in report.faults]

    def _read(self, curriculum: Curriculum) -> list[str]:
        known = {code: wording.known_by_wording(wording.acts_of(curriculum, code)) for code in LANGUAGES}
        told = ", ".join(f"{code} {share:.1%}" for code, share in known.items())
        self.stdout.write(f"acts known by their wording alone: {told}; at most {wording.CEILING:.0%}")
        return [
            f"acts known by their wording alone ({code}): {share:.1%}"
            for code, share in known.items()
            if share > wording.CEILING
        ]
