"""manage.py mark_again: closed attempts marked anew from their answers, after a formula was put right."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction

from assessments.actions_marks import mark_again
from assessments.models import Attempt


class Command(BaseCommand):
    help = "Mark closed attempts of a blueprint again; without --write only say what would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("blueprint", help="its code")
        parser.add_argument("--write", action="store_true", help="let the new marks count")

    def handle(self, *args: Any, **options: Any) -> None:
        closed = Attempt.objects.filter(blueprint__code=options["blueprint"], closed_at__isnull=False)
        changed = 0
        for attempt in list(closed.select_related("marking").order_by("pk")):
            changed += self._again(attempt, write=options["write"])
        self.stdout.write(f"{changed} changed" if options["write"] else f"{changed} would change")

    def _again(self, attempt: Attempt, *, write: bool) -> bool:
        before = attempt.marking
        with transaction.atomic():
            try:
                after = mark_again(attempt=attempt, by=None)
            except ValidationError as refusal:
                self.stdout.write(f"{attempt.public_id}: {' '.join(refusal.messages)}")
                return False
            transaction.set_rollback(not write)
        if before is None or after is None:
            return False
        self.stdout.write(
            f"{attempt.public_id}: {before.points} of {before.points_max}, {before.passed} → "
            f"{after.points} of {after.points_max}, {after.passed}"
        )
        return True
