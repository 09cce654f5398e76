"""Processes start without what only printing needs, under the settings that they are given."""

import os
import subprocess
import sys

from elearning.settings.base import BASE_DIR

FOR_PRINTING = {"pyhanko", "pyhanko_certvalidator", "xhtml2pdf"}
ASKED = """
import gc, sys
import elearning.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted(name for name in sys.modules if "." not in name), gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_web_starts_without_the_libraries_of_documents() -> None:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "elearning.settings.test"}
    told = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=BASE_DIR, env=environ, capture_output=True, text=True, check=True
    )
    *modules, collects, left_out = told.stdout.split()
    assert {"django", "pikepdf"} <= set(modules)
    assert FOR_PRINTING & set(modules) == set()
    assert (collects, left_out) == ("True", "True")


def test_a_command_reads_the_settings_that_it_is_given_and_collects_garbage() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    asked = "import gc, os; print(os.environ['DJANGO_SETTINGS_MODULE'], gc.isenabled(), gc.get_freeze_count() > 100_000)"
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "--settings=elearning.settings.test", "--no-imports", "-c", asked],
        cwd=BASE_DIR, env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["elearning.settings.test", "True", "True"]
