"""The settings of the jobs that can be counted, with the points at which their workers die."""

from bench.settings import *  # noqa: F403
from bench.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.dying"]
