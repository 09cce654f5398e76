#!/usr/bin/env python
"""Django's command line for Nişanə."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.umask(0o077)  # what is written is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.base")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"nisane: {error}")
