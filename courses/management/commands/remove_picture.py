"""`manage.py remove_picture`: a picture of a lesson is deleted for good."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from courses.actions import CourseError, path_of
from courses.actions_pictures import remove_picture
from courses.models.blocks_picture import NAME

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Delete a picture of lessons for good, as one that shows a real person. Lessons show its words instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("picture", help="address of the picture, or the name that stands in it")
        parser.add_argument("--reason", required=True, help="stays in the audit trail: write no names")

    def handle(self, *, picture: str, reason: str, **options: Any) -> None:
        found = NAME.search(picture)
        if found is None:
            raise CommandError("This is no address of a picture: …/pictures/<64 digits>.<width>x<height>/")
        with override("en"):
            try:
                lessons = remove_picture(name=found[0], reason=reason, by=None)
            except CourseError as refusal:
                raise CommandError(str(refusal)) from refusal
        log.warning("picture removed", extra={"picture": found[0]})
        self.stdout.write("The picture is deleted here. Backups and browsers may still hold it.")
        for lesson in lessons:
            self.stdout.write(
                f"It stood in {path_of(lesson)}: choose another one in /cms/, or delete the block."
            )
