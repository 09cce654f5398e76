"""manage.py review_pack: a course as documents for a national lawyer and native editors. Touches no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from curriculum.management.from_files import FilesCommand
from curriculum.reading import Curriculum
from curriculum.review import WHATS, review_of, told_of
from curriculum.review_pack import write_pack


class Command(FilesCommand):
    help = "Write a course for review: every statement with place and source, room to correct; keys apart, secret."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("course", metavar="COURSE", help="code of a course, C1-LAB")
        parser.add_argument(
            "--out", type=Path, required=True, metavar="FOLDER", help="made if it is not there"
        )
        super().add_arguments(parser)

    def work(self, curriculum: Curriculum, options: dict[str, Any]) -> None:
        courses = {course.code: course for course in curriculum.courses}
        if options["course"] not in courses:
            raise CommandError(f"There is no course {options['course']}: {', '.join(courses)}.")
        review = review_of(curriculum, courses[options["course"]])
        for path, count in write_pack(review, options["out"]):
            self.stdout.write(f"{path}: {count} statements")
        for what in WHATS:
            self.stdout.write(f"{told_of(curriculum, review, what)}, text of now: {review.fingerprint(what)}")
