"""Production names what is missing or unsafe, and nothing starts."""

import os
import subprocess
import sys

import pytest

SOUND = {
    "NISANE_BASE_URL": "https://nisane.example",
    "NISANE_SECRET_KEY": "x" * 50,
    "DATABASE_URL": "postgres://nisane@127.0.0.1:1/nisane",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "NISANE_KEYS_DIR": "/nonexistent",
    "NISANE_SMTP_HOST": "mail.example",
    "NISANE_FROM_EMAIL": "nisane@nisane.example",
    "NISANE_ISSUER_NAME_AZ": "Mərkəz",
    "NISANE_ISSUER_NAME_EN": "Centre",
    "NISANE_ISSUER_NAME_RU": "Центр",
    "NISANE_TRUSTED_PROXIES": "1",
}
SHOWN = "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """What Python says that reads the settings of production in exactly this environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", SHOWN], text=True, capture_output=True, check=False,
        env=kept | environment | {"DJANGO_SETTINGS_MODULE": "elearning.settings.production"},
    )  # fmt: skip


def test_sound_environment_starts_without_debug_and_with_secure_cookies():
    assert started(**SOUND).stdout.split() == ["False", "True", "True", "31536000"]


def test_everything_that_is_missing_is_named_at_once():
    said = started().stderr.strip().splitlines()[-1]
    assert [name for name in SOUND if name not in said] == []


@pytest.mark.parametrize("name", sorted(SOUND))
def test_each_is_required(name: str):
    found = started(**SOUND | {name: " "})
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.strip().endswith(f"Set these environment variables: {name}")


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"NISANE_BASE_URL": "http://nisane.example"}, "NISANE_BASE_URL must begin with https://"),
        ({"NISANE_SECRET_KEY": "x" * 49}, "NISANE_SECRET_KEY must have at least 50 characters"),
        ({"NISANE_DEMO": "yes"}, "NISANE_DEMO is set by the demo alone"),
    ],
)
def test_what_is_unsafe_is_refused_in_words(unsafe: dict[str, str], named: str):
    found = started(**SOUND | unsafe)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.strip().endswith(named)
