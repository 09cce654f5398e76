"""Settings that are missing, malformed or unsafe: all are named at once, in words, and nothing starts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from elearning.settings.checking import CHECKS, IN_PRODUCTION, REQUIRED, problems

ROOT = Path(__file__).resolve().parent.parent.parent
SOUND = {
    "NISANE_BASE_URL": "https://nisane.example",
    "NISANE_SECRET_KEY": "mB7-qX2_vR9tLc4wYd8sKf1nZp6gHj3aTe5uWi0oQx7yVb2kSr",
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
ALSO_SOUND = {
    "NISANE_BASE_URL": "https://nisane.gov.example:8443/",
    "NISANE_ALLOWED_HOSTS": "nisane.local, 10.0.0.5,.nisane.example",
    "NISANE_AGENCY_NETWORKS": "203.0.113.0/24, 2001:db8::/48,10.1.2.3",
    "NISANE_SMTP_PORT": "25", "NISANE_SMTP_TLS": "No", "NISANE_SMTP_USER": "u", "NISANE_SMTP_PASSWORD": "p",
    "NISANE_FROM_EMAIL": "Nişanə <no-reply@nisane.example>",
    "NISANE_TRUSTED_PROXIES": "0", "NISANE_KEEP_AUDIT_DAYS": "0", "NISANE_ERRAND_POLL": "0.5",
    "REDIS_URL": "unix:///run/redis.sock", "NISANE_LOG_LEVEL": " ",
}  # fmt: skip
WRONG = {
    "NISANE_BASE_URL": [
        "http://nisane.example", "https://", "https://user@nisane.example", "https://nisane.example/lms", "nisane.example",
        "https://nisane.example?x=1", "https://nisane.example/#a", "https://nisane.example:port", "https://Nisane.example",
        "https://nisane.example:99999", "https://nisane .example", "ftp://nisane.example",
    ],
    "NISANE_SECRET_KEY": ["a" * 50, "x" * 49, "abcdefghij" * 6, "ab" * 30, "only-for-building-never-for-serving"],
    "DATABASE_URL": ["nisane", "mysql://u@h/n", "postgres://u:secret@h", "postgres://u:secret@h:port/n"],
    "REDIS_URL": ["localhost:6379", "http://h", "redis://", "redis://h:port/0", "redis://:secret@h/cache"],
    "NISANE_KEYS_DIR": [__file__],
    "NISANE_VAR": [__file__],
    "NISANE_ALLOWED_HOSTS": ["*", "a.example,*", "*.example", "https://a.example", "a.example:80", "a b"],
    "NISANE_TRUSTED_PROXIES": ["-1", "one", "11", "1.5", "٣"],
    "NISANE_AGENCY_NETWORKS": ["10.0.0.0/8;192.168.0.0/16", "10.0.0.0/33", "labour", "0.0.0.0/0", "10.0.0.0/8,::/0"],
    "NISANE_HSTS_SECONDS": ["-1", "a year"],
    "NISANE_SMTP_HOST": ["smtp://mail.example", "mail.example:25", "mail server"],
    "NISANE_SMTP_PORT": ["0", "65536", "smtp"],
    "NISANE_SMTP_TLS": ["ture", "2"],
    "NISANE_FROM_EMAIL": ["Nişanə", "Nişanə <no-reply>"],
    "NISANE_SIGN_ON": ["/nonexistent.json", sys.executable],
    "NISANE_INVITATION_DAYS": ["0", "366", "two"],
    "NISANE_INVITATION_SHEET_DAYS": ["0", "366"],
    "NISANE_ERRAND_LEASE": ["0", "nan", "inf", "-5", "1e3", "1 min"],
    "NISANE_ERRAND_POLL": ["0", "fast"],
    "NISANE_LOG_LEVEL": ["info", "LOUD"],
    "NISANE_RETENTION": ["never"],
    "NISANE_DEMO": ["yes", "no"],
    **{name: ["-1", "ten", "36501"] for name in CHECKS if name.startswith("NISANE_KEEP_")},
}  # fmt: skip
SHOWN = "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"


def started(
    *command: str, module: str = "production", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Return what Python says that reads the settings in exactly this environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, *(command or ("-c", SHOWN))], text=True, capture_output=True, check=False, cwd=ROOT,
        env=kept | environment | {"DJANGO_SETTINGS_MODULE": f"elearning.settings.{module}"},
    )  # fmt: skip


def wrong(**environment: str) -> list[str]:
    """Return the names of the variables that production refuses."""
    return [line.partition(":")[0] for line in problems(SOUND | environment, production=True)]


def test_sound_environment_starts_without_debug_and_with_secure_cookies():
    assert started(**SOUND).stdout.split() == ["False", "True", "True", "31536000"]


def test_every_way_of_writing_a_setting_well_is_taken():
    assert wrong(**ALSO_SOUND) == []
    assert started(**SOUND | ALSO_SOUND).stdout.split() == ["False", "True", "True", "31536000"]


def test_everything_that_is_missing_is_named_at_once():
    said = started().stderr.strip().splitlines()
    assert said[-len(SOUND) :] == [f"  {name}: is missing" for name in SOUND]


@pytest.mark.parametrize("name", REQUIRED)
def test_each_is_required(name: str):
    assert problems(SOUND | {name: " "}, production=True) == [f"{name}: is missing"]


@pytest.mark.parametrize("name", sorted({*CHECKS, *IN_PRODUCTION}))
def test_each_wrong_value_is_named(name: str):
    assert [value for value in WRONG[name] if wrong(**{name: value}) != [name]] == []


def test_user_of_the_mail_server_without_password_is_named():
    assert wrong(NISANE_SMTP_USER="nisane") == ["NISANE_SMTP_PASSWORD"]
    assert wrong(NISANE_SMTP_PASSWORD="secret") == ["NISANE_SMTP_USER"]


def test_no_password_is_repeated():
    every = [line for name in ("DATABASE_URL", "REDIS_URL") for value in WRONG[name]
             for line in problems(SOUND | {name: value}, production=True)]  # fmt: skip
    assert [line for line in every if "secret" in line] == []
    assert "aaaa" not in problems(SOUND | {"NISANE_SECRET_KEY": "a" * 50}, production=True)[0]


def test_every_variable_that_the_settings_read_is_checked():
    """A free text has nothing that could be wrong."""
    free = {"NISANE_SMTP_USER", "NISANE_SMTP_PASSWORD"}
    read = set(
        re.findall(r'"(NISANE_[A-Z_]+|[A-Z]+_URL)"', (ROOT / "elearning/settings/base.py").read_text())
    )
    assert sorted(read - {"MEDIA_URL"} - CHECKS.keys() - set(REQUIRED) - free) == []


def test_all_wrong_ones_stand_in_one_message_of_every_command():
    several = {"NISANE_BASE_URL": "https://user@nisane.example/x", "NISANE_SECRET_KEY": "a" * 50,
               "NISANE_AGENCY_NETWORKS": "10.0.0.0/8;192.168.0.0/16", "NISANE_ALLOWED_HOSTS": "*"}  # fmt: skip
    said = [
        "nisane: These settings are wrong:",
        "  NISANE_BASE_URL: write scheme and host only, in small letters, like https://nisane.example (no user, path or query)",
        "  NISANE_ALLOWED_HOSTS: “*” would let anybody choose the name; list the names",
        "  NISANE_AGENCY_NETWORKS: “10.0.0.0/8;192.168.0.0/16” is not a network; write them like 203.0.113.0/24, with commas between",
        "  NISANE_SECRET_KEY: repeats the same few characters; take random ones",
    ]
    for command in ("check", "work"):
        found = started("manage.py", command, **SOUND | several)
        assert (found.returncode, found.stdout, found.stderr.splitlines()) == (1, "", said)
    web = started("-c", "import elearning.wsgi", **SOUND | several)
    assert (web.returncode, web.stderr.splitlines()[-4:]) == (1, said[1:])


def test_demo_and_developers_are_told_as_well():
    found = started("manage.py", "check", module="base", NISANE_AGENCY_NETWORKS="10.0.0.0/8;192.168.0.0/16")
    assert (found.returncode, len(found.stderr.splitlines())) == (1, 2)
    assert "NISANE_AGENCY_NETWORKS" in found.stderr
