"""Logs: one JSON object a line, with the request's id, without personal data.

No names, e-mail addresses, network addresses, query strings or values in an address: a request is
logged by its route. Of an exception the class, the first line of its words without e-mail addresses
(databases print whole rows below it) and the places in the code.
"""

import re
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

E_MAIL = re.compile(r"[^\s'\"<>(){},;:]+@[^\s'\"<>(){},;:]+")
TALKATIVE = ("fontTools", "pikepdf", "wagtail", "xhtml2pdf")
PLAIN = (str, int, float, bool, list, tuple, dict, type(None))


def words_of(error: BaseException) -> str:
    """Return an exception in at most 500 characters, as far as it may be kept."""
    lines = str(error).strip().splitlines()
    words = E_MAIL.sub("…", lines[0]) if lines else ""
    return f"{type(error).__name__}: {words}"[:500]


def _told(exc_info: ExcInfo) -> str:
    """Return an exception and its causes, each with the places it came through."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(lines) < 5:
        places = traceback.extract_tb(error.__traceback__)
        lines.append("\n  ".join([words_of(error), *map(_place, places)]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nbecause of ".join(lines)


def _place(frame: traceback.FrameSummary) -> str:
    return f"{_short(frame.filename)}:{frame.lineno} {frame.name}"


def _short(path: str) -> str:
    """Return the end of a path, without the place where the product is installed."""
    return "/".join(path.split("/")[-3:])


def _drop_objects(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Drop what is no plain value: libraries hang requests and sockets on their records."""
    event.pop("user_agent", None)
    kept = {key: value for key, value in event.items() if isinstance(value, PLAIN)}
    if "exc_info" in event:
        kept["exc_info"] = event["exc_info"]
    return kept


COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configured(*, level: str = "INFO", readable: bool = False) -> dict[str, Any]:
    """Set structlog up and return what `LOGGING` holds. `readable` is for people at a terminal."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(readable)},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"level": level},
            # They repeat the address as it came; the request itself is logged by its route.
            "django.request": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL" if not readable else level},
            **{name: {"level": "WARNING"} for name in TALKATIVE},
            "pyhanko": {
                "level": "CRITICAL"
            },  # a forgery is an answer, not an incident; what fails in signing, it raises
        },
    }


def _formatter(readable: bool) -> dict[str, Any]:
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _drop_objects,
        structlog.processors.ExceptionRenderer(_told),
        structlog.dev.ConsoleRenderer()
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": last,
        "foreign_pre_chain": [*COMMON, structlog.stdlib.ExtraAdder()],
    }
