"""The product's settings with an errand of six steps that can be counted."""

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.six_steps"]
ROOT_URLCONF = "bench.six_steps.urls"
