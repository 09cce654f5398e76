"""The product's settings, with the points at which its processes die."""

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "bench.dying"]
MIDDLEWARE = ["bench.dying.points.DiesUnanswered", *MIDDLEWARE]
