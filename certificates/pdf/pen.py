"""A pen that writes PDF drawing operators, in millimetres from the top left corner of the sheet."""

import math
from collections.abc import Iterable

type Point = tuple[float, float]

MM = 72 / 25.4  # points
_ROUND = 0.5522847498  # Bézier handle of a quarter circle of radius 1


def _number(value: float, places: int = 2) -> str:
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _colour(hex_colour: str) -> str:
    return " ".join(_number(int(hex_colour[start : start + 2], 16) / 255, 3) for start in (1, 3, 5))


class Pen:
    """Collects operators; the same calls give the same bytes."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._operators = [f"{MM:.6f} 0 0 {-MM:.6f} 0 {height * MM:.4f} cm 0 j"]
        self._state: dict[str, str] = {}

    def bytes(self) -> bytes:
        return "\n".join(["q", *self._operators, "Q"]).encode("ascii")

    def _set(self, operator: str, operands: str) -> None:
        if self._state.get(operator) != operands:
            self._state[operator] = operands
            self._operators.append(f"{operands} {operator}")

    def _paint(self, path: str, fill: str, stroke: str, width: float, *, closed: bool = True) -> None:
        if fill:
            self._set("rg", _colour(fill))
        if stroke:
            self._set("RG", _colour(stroke))
            self._set("w", _number(width))
        operator = {(True, True): "b", (True, False): "f", (False, True): "s"}[bool(fill), bool(stroke)]
        self._operators.append(f"{path} {operator if closed else 'S'}")

    def polygon(
        self, points: Iterable[Point], *, fill: str = "", stroke: str = "", width: float = 0.2
    ) -> None:
        self._paint(_path(points), fill, stroke, width)

    def line(self, points: Iterable[Point], *, stroke: str, width: float) -> None:
        self._paint(_path(points), "", stroke, width, closed=False)

    def rectangle(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        fill: str = "",
        stroke: str = "",
        line: float = 0.2,
    ) -> None:
        path = f"{_number(left)} {_number(top)} {_number(width)} {_number(height)} re"
        self._paint(path, fill, stroke, line)

    def circle(
        self, centre: Point, radius: float, *, fill: str = "", stroke: str = "", width: float = 0.2
    ) -> None:
        self._paint(_quarters(centre, radius), fill, stroke, width)


def _path(points: Iterable[Point]) -> str:
    pairs = [f"{_number(x)} {_number(y)}" for x, y in points]
    return " ".join([f"{pairs[0]} m", *(f"{pair} l" for pair in pairs[1:])])


def _quarters(centre: Point, radius: float) -> str:
    x, y = centre
    r, h = radius, radius * _ROUND
    curves = [
        ((x + h, y - r), (x + r, y - h), (x + r, y)),
        ((x + r, y + h), (x + h, y + r), (x, y + r)),
        ((x - h, y + r), (x - r, y + h), (x - r, y)),
        ((x - r, y - h), (x - h, y - r), (x, y - r)),
    ]
    written = [" ".join(f"{_number(px)} {_number(py)}" for px, py in curve) + " c" for curve in curves]
    return " ".join([f"{_number(x)} {_number(y - r)} m", *written])


def around(centre: Point, radii: list[float], *, turn: float = 0.0) -> list[Point]:
    """A closed outline with corners at equal angles, their distance from the centre as given in turn."""
    step = 2 * math.pi / len(radii)
    start = math.radians(turn) - math.pi / 2
    return [
        (
            centre[0] + radius * math.cos(start + step * place),
            centre[1] + radius * math.sin(start + step * place),
        )
        for place, radius in enumerate(radii)
    ]
