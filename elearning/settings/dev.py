"""`make dev`: reload on change, errors in the browser, mail on the console."""

from operations import logs

from .base import *  # noqa: F403
from .base import STORAGES

DEBUG = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
LOGGING = logs.configured(readable=True)
