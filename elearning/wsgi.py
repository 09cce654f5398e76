"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # what is written is for this user alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.base")
gc.disable()  # what is imported is no garbage: a start takes a fifth less, and later collections leave it out
application = get_wsgi_application()

from operations.installation import check_at_start  # noqa: E402 - needs the apps

check_at_start()
gc.freeze()
gc.enable()
