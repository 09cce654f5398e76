"""`manage.py confirm_clock`: an operator has looked at the clock, and it is right."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from locales.dates import instant_text
from operations import clock, clock_guard
from operations.actions import confirm_clock

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Confirm that the clock is right: leaps are over, and facts recorded ahead of it are left out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, help="what was wrong; stays in the audit trail")

    def handle(self, *, reason: str, **options: Any) -> None:
        wrong = clock_guard.problem()
        with override("en"):
            try:
                confirmed = confirm_clock(reason=reason, by=None)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from refusal
            log.warning("clock confirmed", extra={"confirmation": confirmed.pk})
            self.stdout.write(f"It is {instant_text(clock.now())}; before: {wrong or 'nothing was wrong'}.")
            if confirmed.newest is not None and confirmed.newest > confirmed.at:
                self.stdout.write(
                    f"Left out: what was recorded after now, up to {instant_text(confirmed.newest)}."
                )
