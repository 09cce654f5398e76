"""Reading variables of the environment. `checking` has found them well formed before; blank is not set."""

import os


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    return text(name, "yes" if default else "no").lower() in {"1", "yes", "true", "on"}


def whole(name: str, default: int) -> int:
    return int(text(name, str(default)))


def seconds(name: str, default: float) -> float:
    return float(text(name, str(default)))


def items(name: str) -> list[str]:
    """Return what stands between the commas, without spaces around it."""
    return [item.strip() for item in text(name).split(",") if item.strip()]
