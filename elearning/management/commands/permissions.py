"""Write docs/permissions.md from the permissions that all apps have registered."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from elearning.permissions_document import document


class Command(BaseCommand):
    help = "Write the table of positions and permissions, docs/permissions.md, from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "permissions.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(str(path))
