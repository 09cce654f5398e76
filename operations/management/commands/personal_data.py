"""Write docs/personal-data.md from the models; a person reviews the change."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from operations.personal import document


class Command(BaseCommand):
    help = "Write the table of personal data, docs/personal-data.md, from the models."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR, "docs", "personal-data.md")
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"Written: {path.relative_to(settings.BASE_DIR)}. Review the change.")
