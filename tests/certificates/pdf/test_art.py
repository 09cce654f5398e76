"""The art under the text: what its operators draw, in millimetres."""

import re

from certificates.pdf import art

WIDTH, HEIGHT, FRAME = 297, 210, 17  # the frame: what lies less than that from an edge


def corners_in_the_frame() -> set[tuple[float, float]]:
    operators = art.background()[0].decode("ascii")
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+) [mlc]\b", operators)]
    return {(x, y) for x, y in points if not (FRAME < x < WIDTH - FRAME and FRAME < y < HEIGHT - FRAME)}


def test_frame_stays_on_the_sheet() -> None:
    for x, y in corners_in_the_frame():
        assert 7 < x < WIDTH - 7
        assert 7 < y < HEIGHT - 7


def test_frame_is_the_same_left_and_right_and_above_and_below() -> None:
    corners = corners_in_the_frame()
    drawn = {(round(x * 10), round(y * 10)) for x, y in corners}

    def is_drawn(x: float, y: float) -> bool:
        """There is a corner within a fifth of a millimetre."""
        place = (round(x * 10), round(y * 10))
        return any(
            (place[0] + right, place[1] + down) in drawn for right in (-1, 0, 1) for down in (-1, 0, 1)
        )

    assert len(corners) > 1000
    assert [corner for corner in corners if not is_drawn(WIDTH - corner[0], corner[1])] == []
    assert [corner for corner in corners if not is_drawn(corner[0], HEIGHT - corner[1])] == []
