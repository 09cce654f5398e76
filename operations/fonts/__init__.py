"""The fonts of printed documents."""

from pathlib import Path

FONTS = Path(__file__).parent
