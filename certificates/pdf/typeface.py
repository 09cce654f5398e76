"""The five fonts of a certificate: registered once, measured before anything is set in them."""

import threading
import unicodedata
from functools import cache

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from operations.fonts import FONTS
from operations.pdf import letter_not_drawn

from .pen import MM

REGULAR, BOLD, ITALIC = "certificate-regular", "certificate-bold", "certificate-italic"
LABEL, LABEL_BOLD = "certificate-label", "certificate-label-bold"
_FILES = {
    REGULAR: "EBGaramond-Regular.ttf",
    BOLD: "EBGaramond-SemiBold.ttf",
    ITALIC: "EBGaramond-Italic.ttf",
    LABEL: "NotoSans-Regular.ttf",
    LABEL_BOLD: "NotoSans-SemiBold.ttf",
}
LEADING = 1.31  # what a line of EB Garamond takes, as a share of its size: its ascent and descent
_SAFE = 0.985  # of a frame's width: what measuring and setting may differ by
_lock = threading.Lock()

type Rule = tuple[int, float, float]  # at most so many lines, from this size down to that, in points


class NotPrintable(ValueError):
    """A text holds a character that the fonts cannot draw, or that draws nothing."""


@cache
def register_fonts() -> bool:
    """Before the first font is loaded: the same document gives the same bytes, and compact ones."""
    with _lock:
        rl_config.invariant = 1
        rl_config.useA85 = 0
        rl_config.ttfAsciiReadable = 0
        rl_config.pageCompression = 1
        for name, file in _FILES.items():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
    return True


def check_printable(text: str) -> None:
    """NotPrintable for the first character that would be missing or invisible on paper."""
    if character := letter_not_drawn(text):
        raise NotPrintable(f"U+{ord(character):04X} cannot be printed")
    if not unicodedata.is_normalized("NFC", text):
        raise NotPrintable("not in Unicode form C")


def text_width(text: str, font: str, size: float) -> float:
    """In points."""
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, size))


def line_count(text: str, font: str, size: float, width: float) -> int:
    """Lines the text takes in `width` points; a word wider than a line begins one of its
    own and is broken between letters."""
    lines, used = 1, 0.0
    space = text_width(" ", font, size)
    for word in text.split():
        wide = text_width(word, font, size)
        if wide > width:
            if used:
                lines, used = lines + 1, 0.0
            for letter in word:
                letter_width = text_width(letter, font, size)
                if used + letter_width > width:
                    lines, used = lines + 1, 0.0
                used += letter_width
        elif used and used + space + wide > width:
            lines, used = lines + 1, wide
        else:
            used += (space if used else 0) + wide
    return lines


def fit(text: str, font: str, width_mm: float, rules: tuple[Rule, ...]) -> tuple[float, int]:
    """The largest size that fits, by the first rule that one does, and the lines it takes.

    Falls back to the smallest size of the last rule.
    """
    width = width_mm * MM * _SAFE
    for most_lines, largest, smallest in rules:
        size = largest
        while size >= smallest:
            lines = line_count(text, font, size, width)
            if lines <= most_lines:
                return size, lines
            size -= 0.5
    smallest = rules[-1][2]
    return smallest, line_count(text, font, smallest, width)
