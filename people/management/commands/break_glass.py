"""`manage.py break_glass`: emergency access for one person, for an hour."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from locales.dates import instant_text
from people.actions.grants import break_glass
from people.models import User

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Give one person every position for an hour. Administrators and auditors are told at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="e-mail address of an existing account")
        parser.add_argument(
            "--reason", required=True, help="stays in the audit trail and goes into the mails"
        )

    def handle(self, *, email: str, reason: str, **options: Any) -> None:
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError("No account has this address.")
        with override("en"):
            try:
                given = break_glass(person=person, reason=reason, by=None)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from refusal
            log.warning(
                "emergency access given", extra={"grant": given.public_id, "person": person.public_id}
            )
            self.stdout.write(f"Every position until {instant_text(given.ends_at or given.starts_at)}.")
            self.stdout.write(
                "Administrators and auditors get a mail now. Two-person acts still need two people."
            )
