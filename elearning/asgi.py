"""The ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.umask(0o077)  # what is written is for this user alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.base")
application = get_asgi_application()

from operations.installation import check_at_start  # noqa: E402 - needs the apps

check_at_start()
