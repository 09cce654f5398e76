from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from operations import clock, retention


class Command(BaseCommand):
    help = "Counts the personal data whose period has ended; with --apply it is deleted or cleared."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        done = options["apply"]
        report = retention.apply(now, by=None) if done else retention.report(now)
        self.stdout.write(f"{'rows':>8}  {'days':>6}  period")
        for ended in report:
            note = " (people decide about each)" if ended.period.only_report else ""
            self.stdout.write(
                f"{ended.count:>8}  {ended.period.days:>6}  {ended.period.name}: {ended.period.text}{note}"
            )
        self.stdout.write("Done." if done else "Nothing was changed; --apply does it.")
