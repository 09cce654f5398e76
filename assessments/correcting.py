"""Marks in which some questions count otherwise. Pure: marks in, marks out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .marking import QuestionMark, Share
from .markings import CaseMark
from .models import Counts


def corrected(marks: Sequence[CaseMark], changes: Mapping[str, Counts]) -> list[CaseMark]:
    """Return the marks with these questions, by code, counted in full, not at all, or left out.

    In full: all points, and no critical error in it. Nothing: no points, its critical errors stay.
    Left out: neither its points nor its errors count, as if it had not been asked.
    """
    return [
        replace(each, mark=_counted(each.mark, changes.get(each.mark.question_code)))
        for each in marks
        if changes.get(each.mark.question_code) is not Counts.LEFT_OUT
    ]


def _counted(mark: QuestionMark, how: Counts | None) -> QuestionMark:
    if how is Counts.FULL:
        full = {code: Share(share.points_max, share.points_max) for code, share in mark.competences.items()}
        return replace(mark, points=mark.points_max, competences=full, critical_errors=())
    if how is Counts.NOTHING:
        zero = mark.points_max - mark.points_max
        none = {code: Share(zero, share.points_max) for code, share in mark.competences.items()}
        return replace(mark, points=zero, competences=none)
    return mark
