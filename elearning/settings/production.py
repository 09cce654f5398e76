"""Production: what is missing or unsafe is named, and nothing starts."""

import os

from django.core.exceptions import ImproperlyConfigured

REQUIRED = ("NISANE_BASE_URL", "NISANE_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "NISANE_KEYS_DIR",
            "NISANE_SMTP_HOST", "NISANE_FROM_EMAIL", "NISANE_ISSUER_NAME_AZ", "NISANE_ISSUER_NAME_EN",
            "NISANE_ISSUER_NAME_RU", "NISANE_TRUSTED_PROXIES")  # fmt: skip
if missing := [name for name in REQUIRED if not os.environ.get(name, "").strip()]:
    raise ImproperlyConfigured("Set these environment variables: " + ", ".join(missing))
if os.environ.get("NISANE_DEMO"):
    raise ImproperlyConfigured("NISANE_DEMO is set by the demo alone")
if not os.environ["NISANE_BASE_URL"].startswith("https://"):
    raise ImproperlyConfigured("NISANE_BASE_URL must begin with https://")
if len(os.environ["NISANE_SECRET_KEY"]) < 50:
    raise ImproperlyConfigured("NISANE_SECRET_KEY must have at least 50 characters")

from .base import *  # noqa: F403, E402
