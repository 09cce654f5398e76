"""Tests: quick password hashes, mail in memory, a database file (shared memory has table locks)."""

import os
import tempfile
from pathlib import Path

# Side by side, each process of the tests has its own files and its own part of the cache.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
VAR = os.environ.get("NISANE_VAR") or tempfile.mkdtemp(prefix="nisane-test-")
os.environ["NISANE_VAR"] = f"{VAR}/{WORKER}" if WORKER and not VAR.endswith(WORKER) else VAR

from .base import *  # noqa: E402, F403
from .base import CACHES, DATABASES, REDIS_URL, STORAGES, VAR_DIR  # noqa: E402

SECRET_KEY = "only-for-tests"
VAR_DIR.mkdir(parents=True, exist_ok=True)
Path(VAR_DIR, "static").mkdir(exist_ok=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    own = VAR_DIR.parent.name if WORKER else VAR_DIR.name
    DATABASES["default"]["TEST"] = {"NAME": "test_nisane_" + own.replace("-", "_").lower()}
if WORKER and REDIS_URL:
    server, _, number = REDIS_URL.rpartition("/")
    CACHES["default"]["LOCATION"] = f"{server}/{int(number) - 1 - int(WORKER.removeprefix('gw'))}"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
