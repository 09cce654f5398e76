"""The product's settings with the addresses of the floors. Logs go nowhere, but are written."""

import os
from pathlib import Path

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import INSTALLED_APPS, LOGGING, STATIC_ROOT, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "bench.floor"]
ROOT_URLCONF = "bench.floor.urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
for handler in LOGGING["handlers"].values():
    if handler.get("class") == "logging.StreamHandler":
        handler["stream"] = Path(os.devnull).open("w")  # noqa: SIM115 - for the life of the process
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # nothing is collected: WhiteNoise warns if it is missing
