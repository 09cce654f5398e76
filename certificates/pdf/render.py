"""From a composed page to PDF: a fixed template, nothing fetched, and any warning is an error."""

import io
import logging
import threading
from pathlib import Path

from django.template import Context, Engine
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from .page import Page
from .typeface import FONTS, register_fonts

_HERE = Path(__file__).parent
_PICTURE = "data:image/png;base64,"
_FONT_FILES = {path.name: str(path) for path in FONTS.glob("*.ttf")}
_POLICY = ResourceAccessPolicy.server(
    base_dir=FONTS,
    allow_remote=False,
    max_resources=12,
    max_render_seconds=15,
    max_image_pixels=2_000_000,
    max_document_bytes=200_000,
    max_depth=40,
)
_ENGINE = Engine(dirs=[str(_HERE)], autoescape=True, debug=False)
_TEMPLATE = "certificate.html"
# The renderer holds a lock of its own; ours keeps one document's warnings from being another's.
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


def _resource(address: str, _base: str) -> str:
    """Only our fonts, and pictures that are part of the document."""
    if address.startswith(_PICTURE):
        return address
    try:
        return _FONT_FILES[address]
    except KeyError:
        raise _Refused(address[:80]) from None


def render(page: Page) -> bytes:
    """One page of PDF, without art, tags or signature. RenderError when it is not clean. About 20 ms."""
    register_fonts()
    html = _ENGINE.get_template(_TEMPLATE).render(
        # Sizes are for a machine: never with the decimal comma of the reader's language.
        Context({"language": page.language, "title": page.title, "blocks": page.blocks}, use_l10n=False)
    )
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
                path=str(FONTS / "certificate.html"),
                link_callback=_resource,
                resource_policy=_POLICY,
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
