"""Artwork under the text: the carpet frame, a faint star, the emblem, the seal, the ground of the QR code.

Drawn here, in the colours of the site, and nowhere else: petrol, saffron, pomegranate on linen.
"""

import math
from functools import cache

from .pen import MM, Pen, Point, around

PETROL, PETROL_DARK, PETROL_LIGHT = "#0b4c59", "#07343d", "#7fb3bb"
SAFFRON, POMEGRANATE, WHITE = "#f0b429", "#9b1b38", "#ffffff"
LINEN, LINEN_LINE = "#fbf9f3", "#f0eadb"

WIDTH, HEIGHT = 297.0, 210.0  # A4, landscape
MARGIN, BAND = 7.0, 10.0
UNIT = BAND / 24  # the frame is drawn on the 24-unit grid of the site's frame
QR_PANEL = (227.2, 129.0, 36.6, 36.6)  # left, top, width, height
EMBLEM = (WIDTH / 2, 27.0)
SEAL = (WIDTH / 2, 140.4)

# Inner corner of a star of two squares, as a share of its outer radius.
_STAR = 1 / (math.sqrt(2) * math.cos(math.radians(22.5)))


@cache
def background() -> tuple[bytes, tuple[float, float]]:
    """The operators of the whole art, and the size of the sheet in points."""
    pen = Pen(WIDTH, HEIGHT)
    edge = MARGIN + BAND
    pen.rectangle(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge, fill=LINEN)
    _watermark(pen, (WIDTH / 2, HEIGHT / 2 - 2))
    _frame(pen)
    _emblem(pen, EMBLEM, 7.2)
    _wings(pen, EMBLEM, 9.5, 52)
    _seal(pen, SEAL, 10.6)
    _qr_panel(pen)
    return pen.bytes(), (WIDTH * MM, HEIGHT * MM)


def _star(centre: Point, radius: float, *, turn: float = 0.0) -> list[Point]:
    """The eight-pointed star of two squares."""
    return around(centre, [radius, radius * _STAR] * 8, turn=turn)


def _watermark(pen: Pen, centre: Point) -> None:
    for radius, amplitude, petals in ((56, 6, 16), (43, 6.5, 16), (29, 6, 16), (15, 5, 8)):
        for phase in range(4):
            steps = 20 * petals
            turns = [2 * math.pi * step / steps for step in range(steps + 1)]
            shift = math.pi / 2 * phase
            radii = [radius + amplitude * math.sin(petals * turn + shift) for turn in turns]
            pen.line(
                [
                    (centre[0] + r * math.cos(turn), centre[1] + r * math.sin(turn))
                    for r, turn in zip(radii, turns, strict=True)
                ],
                stroke=LINEN_LINE,
                width=0.16,
            )
    for reach in (68.0, 64.5):
        pen.polygon(_star(centre, reach), stroke=LINEN_LINE, width=0.5)


def _frame(pen: Pen) -> None:
    outer, inner = MARGIN, MARGIN + BAND
    for top in (outer, HEIGHT - inner):
        pen.rectangle(outer, top, WIDTH - 2 * outer, BAND, fill=PETROL)
    for left in (outer, WIDTH - inner):
        pen.rectangle(left, inner, BAND, HEIGHT - 2 * inner, fill=PETROL)
    for inset, line in ((1.75 * UNIT, 0.55), (BAND - 1.75 * UNIT, 0.55)):
        left = MARGIN + inset
        pen.rectangle(left, left, WIDTH - 2 * left, HEIGHT - 2 * left, stroke=SAFFRON, line=line)
    _edge(pen, WIDTH, horizontal=True)
    _edge(pen, HEIGHT, horizontal=False)
    middle = MARGIN + BAND / 2
    for centre in _corners(middle):
        pen.polygon(_star(centre, 8.6 * UNIT), fill=SAFFRON)
        pen.polygon(_star(centre, 5.6 * UNIT), fill=PETROL_DARK)
        pen.polygon(_star(centre, 3.0 * UNIT), fill=SAFFRON)
        pen.circle(centre, 1.2 * UNIT, fill=POMEGRANATE)
    hair = MARGIN + BAND + 1.5
    pen.rectangle(hair, hair, WIDTH - 2 * hair, HEIGHT - 2 * hair, stroke=PETROL, line=0.22)
    for centre in _corners(hair):
        pen.polygon(around(centre, [1.5] * 4), fill=LINEN, stroke=PETROL, width=0.22)
        pen.polygon(around(centre, [0.7] * 4), fill=POMEGRANATE)


def _corners(inset: float) -> list[Point]:
    return [(x, y) for x in (inset, WIDTH - inset) for y in (inset, HEIGHT - inset)]


def _edge(pen: Pen, length: float, *, horizontal: bool) -> None:
    """Both opposite bands of one direction: medallions, with a small cross between each two."""
    start = MARGIN + BAND
    count = round((length - 2 * start) / BAND)
    step = (length - 2 * start) / count
    across = [MARGIN + BAND / 2, (HEIGHT if horizontal else WIDTH) - MARGIN - BAND / 2]
    for place in range(count):
        along = start + step * (place + 0.5)
        for middle in across:
            _medallion(pen, (along, middle) if horizontal else (middle, along), horizontal=horizontal)
    for place in range(1, count):
        along = start + step * place
        for middle in across:
            _cross(pen, (along, middle) if horizontal else (middle, along))


def _medallion(pen: Pen, centre: Point, *, horizontal: bool) -> None:
    """Saffron, dark, saffron, and a pomegranate core; half-widths at half-heights, in units."""
    rings = [
        ([(1.4, 6.2), (3.8, 4.6), (6.2, 3.0), (8.6, 1.4)], SAFFRON),
        ([(1.0, 4.4), (3.0, 3.0), (5.4, 1.4)], PETROL_DARK),
        ([(0.8, 3.2), (2.2, 2.0), (3.8, 0.8)], SAFFRON),
        ([(0.6, 2.0), (1.8, 0.8)], POMEGRANATE),
    ]
    for steps, colour in rings:
        pen.polygon(_stepped(centre, steps, horizontal=horizontal), fill=colour)


def _stepped(centre: Point, steps: list[tuple[float, float]], *, horizontal: bool) -> list[Point]:
    """A diamond with stairs for sides, as carpets have it."""
    quarter: list[Point] = [steps[0]]
    for before, after in zip(steps, steps[1:], strict=False):
        quarter += [(before[0], after[1]), after]
    half = quarter + [(along, -across) for along, across in reversed(quarter)]
    whole = half + [(-along, across) for along, across in reversed(half)]
    turned = [(a, b) if horizontal else (b, a) for a, b in whole]
    return [(centre[0] + x * UNIT, centre[1] + y * UNIT) for x, y in turned]


def _cross(pen: Pen, centre: Point) -> None:
    """A white cross with a light spot at each corner."""
    x, y = centre
    long, short = 2.1 * UNIT, 0.75 * UNIT
    pen.rectangle(x - long, y - short, long * 2, short * 2, fill=WHITE)
    pen.rectangle(x - short, y - long, short * 2, long * 2, fill=WHITE)
    away = 3.9 * UNIT
    for spot in ((x - away, y - away), (x + away, y - away), (x - away, y + away), (x + away, y + away)):
        pen.polygon(around(spot, [0.9 * UNIT] * 4), fill=PETROL_LIGHT)


def _emblem(pen: Pen, centre: Point, radius: float) -> None:
    """The product's own mark: a star that sees. An issuer's emblem may take its place."""
    pen.polygon(_star(centre, radius), fill=PETROL)
    pen.polygon(_star(centre, radius * 0.86), fill=SAFFRON)
    pen.polygon(_lid(centre, radius * 0.56, radius * 0.36), fill=PETROL_DARK)
    pen.circle(centre, radius * 0.215, fill=WHITE)
    pen.circle(centre, radius * 0.085, fill=POMEGRANATE)


def _lid(centre: Point, across: float, up: float) -> list[Point]:
    """The outline of an eye: half its width, half its height."""
    x, y = centre
    return [
        (x + side * across * math.cos(turn), y + side * up * math.sin(turn))
        for side in (-1, 1)
        for turn in (math.pi * step / 24 for step in range(24))
    ]


def _wings(pen: Pen, centre: Point, near: float, far: float) -> None:
    """A line on each side of the emblem, between two diamonds."""
    x, y = centre
    for way in (-1, 1):
        pen.line([(x + way * near, y), (x + way * far, y)], stroke=SAFFRON, width=0.35)
        pen.polygon(around((x + way * near, y), [1.1] * 4), fill=POMEGRANATE)
        pen.polygon(around((x + way * far, y), [0.8] * 4), fill=SAFFRON)


def _seal(pen: Pen, centre: Point, radius: float) -> None:
    """A seal as if pressed in pomegranate wax."""
    pen.polygon(around(centre, [radius, radius * 0.945] * 40), fill=POMEGRANATE)
    for share, width in ((0.88, 0.35), (0.83, 0.15)):
        pen.circle(centre, radius * share, stroke=LINEN, width=width)
    for turn in range(40):
        spot = around(centre, [radius * 0.765] * 40)[turn]
        pen.polygon(around(spot, [0.42] * 4), fill=SAFFRON)
    pen.polygon(_star(centre, radius * 0.68), fill=LINEN)
    pen.polygon(_star(centre, radius * 0.61), fill=POMEGRANATE)
    pen.polygon(_star(centre, radius * 0.52), stroke=SAFFRON, width=0.35)
    pen.polygon(_lid(centre, radius * 0.36, radius * 0.23), fill=LINEN)
    pen.circle(centre, radius * 0.14, fill=POMEGRANATE)
    pen.circle(centre, radius * 0.055, fill=SAFFRON)


def _qr_panel(pen: Pen) -> None:
    left, top, width, height = QR_PANEL
    pen.rectangle(left, top, width, height, fill=WHITE, stroke=SAFFRON, line=0.45)
    for x in (left, left + width):
        for y in (top, top + height):
            pen.polygon(around((x, y), [1.3] * 4), fill=PETROL)
