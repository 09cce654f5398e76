"""Tests: quick password hashes, mail in memory, a database file (shared memory has table locks)."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("NISANE_VAR", tempfile.mkdtemp(prefix="nisane-test-"))

from .base import *  # noqa: F403
from .base import DATABASES, STORAGES, VAR_DIR

SECRET_KEY = "only-for-tests"
VAR_DIR.mkdir(parents=True, exist_ok=True)
Path(VAR_DIR, "static").mkdir(exist_ok=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": "test_nisane_" + VAR_DIR.name.replace("-", "_").lower()}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
