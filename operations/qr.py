"""QR pictures: as a drawing inside a page, and for paper."""

import segno
from django.utils.safestring import SafeString, mark_safe


def drawing(text: str) -> SafeString:
    """Return an SVG without style attributes: the content policy allows it inside the page."""
    made: str = segno.make(text, error="m", micro=False).svg_inline(
        scale=1, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(made)  # figures alone


def picture(text: str) -> str:
    """Return a PNG as a data address, for operations.pdf."""
    return str(segno.make(text, error="m", micro=False).png_data_uri(scale=6, border=2))
