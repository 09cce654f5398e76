"""How large a PDF sets its texts, as another program reads it from the file."""

import io
import re
from typing import Any

import pypdf

SMALLEST = 9.0  # points: on paper nothing is set smaller


def sizes_of(data: bytes) -> list[list[tuple[str, float]]]:
    """Return each piece of text of each page with its size in points."""
    return [_sizes(page) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def too_small(data: bytes) -> list[tuple[str, float]]:
    return [(text, size) for page in sizes_of(data) for text, size in page if size < SMALLEST]


def _sizes(page: pypdf.PageObject) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []

    def seen(text: str, matrix: list[float], text_matrix: list[float], font: Any, size: float) -> None:
        if text.strip():
            set_in = size * abs(text_matrix[3] * matrix[3])
            found.append((re.sub(r"\s+", " ", text.strip()), round(set_in, 2)))

    page.extract_text(visitor_text=seen)
    return found
