#!/usr/bin/env python
"""Django's command line for Nişanə."""

import gc
import os
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility


class CommandLine(ManagementUtility):
    """Collects garbage only from the command on, as in elearning.wsgi: Django has read `--settings` and loaded the apps."""

    def fetch_command(self, subcommand: str) -> Any:
        gc.freeze()
        gc.enable()
        return super().fetch_command(subcommand)


if __name__ == "__main__":
    os.umask(0o077)  # what is written is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.base")
    gc.disable()
    try:
        CommandLine(sys.argv).execute()
    except ImproperlyConfigured as error:
        sys.exit(f"nisane: {error}")
