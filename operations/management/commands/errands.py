"""`manage.py errands`: what waits, what was given up, and try again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count

from operations import clock, outbox
from operations.models import Errand


class Command(BaseCommand):
    help = "Show work that waits or was given up. `errands --again 12 13` or `--again all` tries again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", nargs="+", default=[], metavar="NUMBER", help="numbers, or all")

    def handle(self, *, again: list[str], **options: Any) -> None:
        if again:
            self._try_again(again)
        else:
            self._show()

    def _show(self) -> None:
        for row in Errand.objects.values("state", "kind").annotate(n=Count("pk")).order_by("state", "kind"):
            self.stdout.write(f"{row['state']:9} {row['kind']:36} {row['n']:6}")
        troubled = Errand.objects.exclude(state=Errand.State.DONE).exclude(error="")
        for errand in troubled.order_by("state", "due_at"):
            done = ", ".join(errand.done) or "nothing"
            self.stdout.write(f"\n{errand.pk} {errand.kind} {errand.key}: {errand.state}, done: {done}")
            self.stdout.write(f"  try {errand.tries}: {errand.error} (reference {errand.reference})")
            if errand.state == Errand.State.OPEN:
                wait = max((errand.due_at - clock.real_now()).total_seconds(), 0)
                self.stdout.write(f"  next try in {wait:.0f} s")

    def _try_again(self, chosen: list[str]) -> None:
        errands = Errand.objects.exclude(state=Errand.State.DONE)
        if chosen == ["all"]:
            errands = errands.exclude(error="")
        elif all(number.isdecimal() for number in chosen):
            errands = errands.filter(pk__in=chosen)
        else:
            raise CommandError("Give the numbers that `manage.py errands` shows, or all.")
        opened = sum(outbox.reopen(errand) for errand in errands)
        self.stdout.write(f"{opened} will be tried again.")
