"""From a composed page to PDF: a fixed template, nothing fetched, and any warning is an error."""

from pathlib import Path

from django.template import Context, Engine

from operations import pdf
from operations.pdf import RenderError

from .page import ComposedPage
from .typeface import register_fonts

__all__ = ["RenderError", "render"]

_ENGINE = Engine(dirs=[str(Path(__file__).parent)], autoescape=True, debug=False)
_TEMPLATE = "certificate.html"


def render(page: ComposedPage) -> bytes:
    """One page of PDF, without art, tags or signature. RenderError when it is not clean. About 20 ms."""
    register_fonts()
    html = _ENGINE.get_template(_TEMPLATE).render(
        # Sizes are for a machine: never with the decimal comma of the reader's language.
        Context({"language": page.language, "title": page.title, "blocks": page.blocks}, use_l10n=False)
    )
    return pdf.render(html)
