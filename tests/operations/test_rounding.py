"""Numbers of people are told in steps: neither two columns nor two days, subtracted, tell of one to four."""

from collections import defaultdict
from collections.abc import Callable

from operations.rounding import FEW, Rounded, rounded

FEW_PEOPLE = set(range(1, FEW + 1))
type Pair = tuple[int, int]


def test_small_numbers_and_small_rests_keep_four_meanings() -> None:
    """Every number of people and every part of it, up to 40: who reads both columns knows of a part, and of the rest,
    that are 1 to 4, no more than that they may be any of four numbers.
    """
    meanings: dict[tuple[Rounded, Rounded], set[Pair]] = defaultdict(set)
    for whole in range(41):
        for part in range(whole + 1):
            told = rounded(part, whole=whole)
            assert told.least <= part <= told.most
            meanings[rounded(whole), told].add((whole, part))
    readings: tuple[Callable[[Pair], int], ...] = (
        lambda pair: pair[0],
        lambda pair: pair[1],
        lambda pair: pair[0] - pair[1],
    )
    for found in meanings.values():
        for reading in readings:
            numbers = {reading(pair) for pair in found}
            assert not numbers & FEW_PEOPLE or len(numbers) >= FEW


def test_two_days_tell_of_no_small_change() -> None:
    """Every two numbers up to 40: who subtracts what was told knows of a change by 1 to 4 no more than that it may be
    one of four; of a part as well.
    """
    for whole in (None, 3, 41):
        changes: dict[tuple[Rounded, Rounded], set[int]] = defaultdict(set)
        numbers = range(4 if whole == 3 else 41)
        for one in numbers:
            for other in numbers:
                changes[rounded(one, whole=whole), rounded(other, whole=whole)].add(other - one)
        for found in changes.values():
            assert not {abs(number) for number in found} & FEW_PEOPLE or len(found) >= FEW
