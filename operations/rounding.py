"""Numbers of people in steps of five, so that neither two columns nor two days, subtracted, tell of one to four."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

FEW = 4  # as many people, or fewer, are never told apart
STEP = FEW + 1


@dataclass(frozen=True)
class Rounded:
    """A number as it is told: that it lies between these two."""

    least: int
    most: int

    def __add__(self, other: "Rounded") -> "Rounded":
        return Rounded(self.least + other.least, self.most + other.most)

    def __str__(self) -> str:
        if self.least == self.most:
            return str(self.least)
        if (self.least, self.most) == (1, FEW):
            return _("fewer than %(number)d") % {"number": STEP}
        return f"{self.least}–{self.most}"

    @property
    def cell(self) -> int | str:
        """Return the value for a file: a number where it is one."""
        return self.least if self.least == self.most else str(self)


NOTHING = Rounded(0, 0)


def rounded(number: int, *, whole: int | None = None) -> Rounded:
    """Return a number as None, 1 to 4, 5 to 9, 10 to 14 …

    Of a part of a `whole` of 1 to 4 nothing is told, not even none or all: that would be said of each.
    """
    if whole is not None and 0 < whole <= FEW:
        return Rounded(0, FEW)
    least = number - number % STEP
    return Rounded(least or 1, least + STEP - 1) if number else NOTHING
