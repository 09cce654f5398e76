"""manage.py check_curriculum: are the files whole, do they agree, do they keep the rules of content? Touches no database."""

from typing import Any

from curriculum.checks import prospects
from curriculum.content_rules import content_problems
from curriculum.curriculum_table import overview
from curriculum.files import Broken
from curriculum.management.from_files import FilesCommand
from curriculum.reading import Curriculum


class Command(FilesCommand):
    help = "Check the curriculum files: schema, references, answer keys, rules of content. Changes nothing."

    def work(self, curriculum: Curriculum, options: dict[str, Any]) -> None:
        if problems := content_problems(curriculum):
            raise Broken(problems)
        self.stdout.write(f"In order: {len(curriculum.entries)} entries.")
        for code, found in prospects(curriculum):
            shares = ", ".join(f"{family} in {percent} %" for family, percent in found.percents)
            self.stdout.write(f"{code}: {found.sets} sets of families, {found.exams} with variants; {shares}")
        for line in overview(curriculum):
            self.stdout.write(line)
