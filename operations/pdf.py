"""HTML of ours to PDF: nothing fetched, only our fonts, and any warning is an error.

One thread of a process at a time: the renderer's state is global, and one document's warnings must not
be another's.
"""

import io
import logging
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.ttfonts import TTFont

from .fonts import FONTS

_PICTURE = "data:image/png;base64,"
_FONT_FILES = {path.name: str(path) for path in FONTS.glob("*.ttf")}
_lock = threading.Lock()


class RenderError(Exception):
    """The page was not set cleanly: something did not fit, was missing or was refused."""


class _Refused(Exception):
    pass


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@lru_cache
def _policy(max_bytes: int, max_seconds: int) -> Any:
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    return ResourceAccessPolicy.server(
        base_dir=FONTS,
        allow_remote=False,
        max_resources=12,
        max_render_seconds=max_seconds,
        max_image_pixels=2_000_000,
        max_document_bytes=max_bytes,
        max_depth=40,
    )


def _resource(address: str, _base: str) -> str:
    """Return the path of a font of ours or a picture that is part of the document; refuse everything else."""
    if address.startswith(_PICTURE):
        return address
    try:
        return _FONT_FILES[address]
    except KeyError:
        raise _Refused(address[:80]) from None


def render(html: str, *, max_bytes: int = 200_000, max_seconds: int = 15) -> bytes:
    """Return the document as PDF; raise RenderError when it is not clean."""
    from xhtml2pdf import pisa  # takes a quarter of a second to load, and few processes ever print

    rl_config.invariant = 1  # the same document gives the same bytes
    made, warnings = io.BytesIO(), _Warnings()
    log = logging.getLogger("xhtml2pdf")
    with _lock:
        propagates = log.propagate
        log.addHandler(warnings)
        log.propagate = False
        try:
            status = pisa.CreatePDF(
                html,
                dest=made,
                path=str(FONTS / "document.html"),
                link_callback=_resource,
                resource_policy=_policy(max_bytes, max_seconds),
                encoding="utf-8",
            )
        except _Refused as error:
            raise RenderError(f"a resource was refused: {error}") from error
        finally:
            log.removeHandler(warnings)
            log.propagate = propagates
    if status.err or warnings.messages:
        raise RenderError(f"not clean: {status.err} errors, {warnings.messages}")
    return made.getvalue()


@cache
def drawable() -> frozenset[int]:
    """Return the characters that every one of our fonts has."""
    faces = [TTFont(f"probe-{name}", file).face for name, file in sorted(_FONT_FILES.items())]
    return frozenset.intersection(*(frozenset(face.charToGlyph) for face in faces))


def letter_not_drawn(text: str) -> str | None:
    """Return the first character that one of our fonts lacks, or that draws nothing; None where all can be printed."""
    return next((each for each in text if ord(each) not in drawable() or _draws_nothing(each)), None)


def _draws_nothing(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


@cache
def _drawable() -> frozenset[int]:
    return frozenset(TTFont("probe-plain", str(FONTS / "NotoSans-Regular.ttf")).face.charToGlyph)


def printable(text: str) -> str:
    """Return the text with a question mark for what the plain font cannot draw, without control characters."""
    drawn = []
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            drawn.append("\n" if character == "\n" else " ")
        elif unicodedata.category(character)[0] != "C":
            drawn.append(character if ord(character) in _drawable() else "?")
    return "".join(drawn)
