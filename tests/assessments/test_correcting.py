"""Questions that count otherwise: in full, nothing, left out."""

from decimal import Decimal

from assessments.correcting import corrected
from assessments.marking import QuestionMark, Share
from assessments.markings import CaseMark
from assessments.models import Counts


def mark(code: str, points: int, *errors: str) -> CaseMark:
    made = QuestionMark(
        question_code=code,
        part="acting",
        points=Decimal(points),
        points_max=Decimal(4),
        critical_errors=errors,
        competences={"LAB-02": Share(Decimal(points), Decimal(4))},
        found=(),
        missed=(),
        wrong=(),
    )
    return CaseMark(1, "az", made)


MARKS = [mark("q1", 4), mark("q2", 1, "ERR-DELAY"), mark("q3", 0)]


def told(marks: list[CaseMark]) -> list[tuple[str, int, tuple[str, ...], int]]:
    return [
        (
            each.mark.question_code,
            int(each.mark.points),
            each.mark.critical_errors,
            int(each.mark.competences["LAB-02"].points),
        )
        for each in marks
    ]


def test_without_changes_the_marks_stay() -> None:
    assert corrected(MARKS, {}) == MARKS


def test_in_full_gives_all_points_and_takes_its_error_away() -> None:
    assert told(corrected(MARKS, {"q2": Counts.FULL}))[1] == ("q2", 4, (), 4)


def test_nothing_takes_the_points_and_leaves_its_error() -> None:
    assert told(corrected(MARKS, {"q2": Counts.NOTHING, "q1": Counts.NOTHING})) == [
        ("q1", 0, (), 0), ("q2", 0, ("ERR-DELAY",), 0), ("q3", 0, (), 0),
    ]  # fmt: skip


def test_left_out_is_as_if_it_had_not_been_asked() -> None:
    assert [line[0] for line in told(corrected(MARKS, {"q2": Counts.LEFT_OUT}))] == ["q1", "q3"]
