"""Checks of the environment before anything starts: all that is wrong is said at once, in words.

Each check takes a value as it stands in the environment and returns what is wrong with it, or None.
Values that may hold a password are not repeated.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from redis import ConnectionPool

from accounts.sign_on import configuration as sign_on

type Check = Callable[[str], str | None]

FLAGS = {"1", "yes", "true", "on", "0", "no", "false", "off"}
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*")
KEY_LENGTH, KEY_LETTERS = 50, 8


def _parts(value: str) -> SplitResult | None:
    """Split an address; None where its port is no number."""
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises
    except ValueError:
        return None
    return parts


def base_url(value: str) -> str | None:
    """Scheme and host, perhaps a port: everything that is printed begins with it."""
    parts = _parts(value)
    whole = re.fullmatch(r"(https?)://([^/?#@]*)/?", value)
    if parts is None or whole is None or not HOST.fullmatch(whole[2].partition(":")[0]) or parts.port == 0:
        return (
            "write scheme and host only, in small letters, like https://nisane.example "
            "(no user, path or query)"
        )
    return None


def secure_base_url(value: str) -> str | None:
    return base_url(value) or (None if value.startswith("https://") else "must begin with https://")


def secret_key(value: str) -> str | None:
    if len(value) < KEY_LENGTH:
        return f"must have at least {KEY_LENGTH} characters"
    if len(set(value)) < KEY_LETTERS or (value + value).find(value, 1) < len(value):
        return "repeats the same few characters; take random ones"
    return None


def database_url(value: str) -> str | None:
    expected = "write it like postgres://user:password@host:5432/name or sqlite:////folder/db.sqlite3"
    try:
        found = dj_database_url.parse(value)
    except (ValueError, KeyError):
        return expected
    kind = str(found.get("ENGINE")).rpartition(".")[2]
    return None if kind in {"postgresql", "sqlite3"} and found.get("NAME") else expected


def redis_url(value: str) -> str | None:
    expected = "write it like redis://:password@host:6379/0 (also rediss://, unix://)"
    try:
        found = ConnectionPool.from_url(value).connection_kwargs
    except ValueError:
        return expected
    path = urlsplit(value).path
    numbered = value.startswith("unix://") or re.fullmatch(r"(/\d*)?", path)
    return None if numbered and (found.get("host") or found.get("path")) else expected


def host(value: str) -> str | None:
    if HOST.fullmatch(value.lower()) or _is_address(value):
        return None
    return f"“{value}” is not the name of a host: no scheme, no port, no path"


def allowed_host(value: str) -> str | None:
    if "*" in value:
        return "“*” would let anybody choose the name; list the names"
    return host(value.removeprefix("."))


def _is_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def network(value: str) -> str | None:
    try:
        found = ip_network(value.replace(" ", ""), strict=False)
    except ValueError:
        return f"“{value}” is not a network; write them like 203.0.113.0/24, with commas between"
    return None if found.prefixlen else f"“{value}” is every address there is"


def sender(value: str) -> str | None:
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        return "write an address, like Nişanə <no-reply@nisane.example>"
    return None


def flag(value: str) -> str | None:
    return None if value.lower() in FLAGS else f"“{value}” is neither yes nor no"


def level(value: str) -> str | None:
    return None if value in LEVELS else "must be one of " + ", ".join(sorted(LEVELS))


def folder(value: str) -> str | None:
    path = Path(value)
    return f"{path} is not a folder" if path.exists() and not path.is_dir() else None


def sign_on_file(value: str) -> str | None:
    try:
        sign_on.for_allauth(sign_on.read(value))
    except sign_on.ConfigurationError as error:
        return str(error)
    except UnicodeDecodeError:
        return "the file, or one named in it, is not text"
    return None


def whole(least: int, most: int) -> Check:
    def check(value: str) -> str | None:
        fits = value.isascii() and value.isdecimal() and least <= int(value) <= most
        return None if fits else f"“{value}” is not a whole number from {least} to {most}"

    return check


def seconds(least: float, most: float) -> Check:
    def check(value: str) -> str | None:
        fits = re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII) and least <= float(value) <= most
        return None if fits else f"“{value}” is not a number of seconds from {least} to {most}"

    return check


def each(check: Check) -> Check:
    """Every item of a list with commas; the first wrong one is named."""

    def check_all(value: str) -> str | None:
        items = [item.strip() for item in value.split(",") if item.strip()]
        return next(filter(None, map(check, items)), None)

    return check_all


DAYS_KEPT = ("NOTICES", "AUDIT", "INVITATIONS", "ADDRESSES", "CORRECTIONS", "ROSTERS", "LEFT",
             "ANSWERS", "APPEALS", "DECISIONS")  # fmt: skip

CHECKS: dict[str, Check] = {
    "NISANE_BASE_URL": base_url,
    "DATABASE_URL": database_url,
    "REDIS_URL": redis_url,
    "NISANE_VAR": folder,
    "NISANE_KEYS_DIR": folder,
    "NISANE_DEMO": flag,
    "NISANE_ALLOWED_HOSTS": each(allowed_host),
    "NISANE_TRUSTED_PROXIES": whole(0, 10),
    "NISANE_AGENCY_NETWORKS": each(network),
    "NISANE_HSTS_SECONDS": whole(0, 1_000_000_000),
    "NISANE_SMTP_HOST": host,
    "NISANE_SMTP_PORT": whole(1, 65_535),
    "NISANE_SMTP_TLS": flag,
    "NISANE_FROM_EMAIL": sender,
    "NISANE_SIGN_ON": sign_on_file,
    "NISANE_INVITATION_DAYS": whole(1, 365),
    "NISANE_INVITATION_SHEET_DAYS": whole(1, 365),
    "NISANE_ERRAND_LEASE": seconds(0.1, 3600),
    "NISANE_ERRAND_POLL": seconds(0.01, 60),
    "NISANE_LOG_LEVEL": level,
    "NISANE_RETENTION": flag,
    **{f"NISANE_KEEP_{kind}_DAYS": whole(0, 36_500) for kind in DAYS_KEPT},
}

REQUIRED = ("NISANE_BASE_URL", "NISANE_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "NISANE_KEYS_DIR",
            "NISANE_SMTP_HOST", "NISANE_FROM_EMAIL", "NISANE_ISSUER_NAME_AZ", "NISANE_ISSUER_NAME_EN",
            "NISANE_ISSUER_NAME_RU", "NISANE_TRUSTED_PROXIES")  # fmt: skip
IN_PRODUCTION: dict[str, Check] = {
    "NISANE_BASE_URL": secure_base_url,
    "NISANE_SECRET_KEY": secret_key,
    "NISANE_DEMO": lambda value: "is set by the demo alone",
}


def problems(environment: Mapping[str, str], *, production: bool = False) -> list[str]:
    """Return one line for each variable that is wrong, or missing in production. A blank one is not set."""
    values = {name: value.strip() for name, value in environment.items() if value.strip()}
    checks = CHECKS | IN_PRODUCTION if production else CHECKS
    wrong = {name: check(values[name]) for name, check in checks.items() if name in values}
    missing = [name for name in REQUIRED if name not in values] if production else []
    return [
        *(f"{name}: is missing" for name in missing),
        *(f"{name}: {said}" for name, said in wrong.items() if said),
        *_together(values),
    ]


def _together(values: Mapping[str, str]) -> Iterable[str]:
    """Variables that need each other."""
    pair = ("NISANE_SMTP_USER", "NISANE_SMTP_PASSWORD")
    if missing := [name for name in pair if name not in values]:
        if len(missing) == 1:
            yield f"{missing[0]}: is missing; user and password of the mail server go together"


def refuse_wrong(environment: Mapping[str, str], *, production: bool = False) -> None:
    """Raise ImproperlyConfigured with every problem, a line each."""
    if found := problems(environment, production=production):
        raise ImproperlyConfigured("These settings are wrong:\n" + "\n".join(f"  {line}" for line in found))
