"""`manage.py work`: attends to errands and rings the timetable. Any number may run."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations import installation, worker


class Command(BaseCommand):
    help = "Attend to errands and ring what is scheduled, until stopped. Any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lanes", default="short,long", help="which lanes, with commas between")
        parser.add_argument("--poll", type=float, help="seconds between looks at the table when idle")

    def handle(self, *, lanes: str, poll: float | None, **options: Any) -> None:
        try:
            installation.check_at_start()
        except ImproperlyConfigured as refusal:
            raise CommandError(str(refusal)) from refusal
        worker.serve(lanes.split(","), poll)
