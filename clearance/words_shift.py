"""Answers of a table in words: figure, answer and reason of each cell, short enough to be read at night."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from locales.dates import day_text, instant_text

from . import words
from .evaluation import YES, Answer, Evaluation
from .models import Condition, DutyFunction, Mode
from .shift_table import TAKEN, ShiftTable, TableRow

KINDS = {
    Answer.CLEARED: "ok",
    Answer.NOT_GATED: "ok",
    Answer.CONDITIONAL: "if",
    Answer.NOT_CLEARED: "no",
    Answer.UNDETERMINED: "un",
}


@dataclass(frozen=True, kw_only=True)
class CellWords:
    """`kind`: the class of its look; `seal`: its figure. `asked`: conditions, (value, text), to be ticked."""

    function: DutyFunction
    answer: str
    kind: str
    seal: str
    title: str
    text: str
    advised: bool
    asked: Sequence[tuple[str, str]] = field(default=())


@dataclass(frozen=True, kw_only=True)
class RowWords:
    row: TableRow
    cells: Sequence[CellWords]


def rows_of(table: ShiftTable) -> list[RowWords]:
    return [
        RowWords(row=row, cells=[_cell(row, cell.function, cell.evaluation) for cell in row.cells])
        for row in table.rows
    ]


def _cell(row: TableRow, function: DutyFunction, evaluation: Evaluation) -> CellWords:
    verdict = words.VERDICTS[evaluation.answer]
    asked = evaluation.conditions if evaluation.answer in TAKEN else ()
    return CellWords(
        function=function,
        answer=evaluation.answer,
        kind=KINDS[Answer(evaluation.answer)],
        seal=verdict.state,
        title=str(verdict.title),
        text=reason_text(evaluation),
        advised=evaluation.mode == Mode.ADVISE,
        asked=[
            (f"{row.person.public_id}:{function.code}:{code}", str(Condition(code).label)) for code in asked
        ],
    )


def reason_text(evaluation: Evaluation) -> str:
    """Say what stands against it; for a yes its conditions, and until when it holds."""
    if evaluation.answer in {Answer.NOT_CLEARED, Answer.UNDETERMINED}:
        return "; ".join(words.title_of(each.plain()) for each in evaluation.reasons if each.why not in YES)
    said = [str(Condition(code).label) for code in evaluation.conditions]
    if evaluation.until is not None:
        last = words.whole_day(evaluation.until)
        until = day_text(last) if last else instant_text(evaluation.until)
        said.append(_("until %(day)s") % {"day": until})
    return "; ".join(said)


@dataclass(frozen=True, kw_only=True)
class Tally:
    kind: str
    seal: str
    number: int
    title: str


def tally_of(table: ShiftTable) -> list[Tally]:
    """Count each answer that occurs."""
    counted = [(answer, table.count(answer)) for answer in KINDS]
    return [
        Tally(
            kind=KINDS[answer],
            seal=words.VERDICTS[answer].state,
            number=number,
            title=str(words.VERDICTS[answer].title),
        )
        for answer, number in counted
        if number
    ]


def export_rows(table: ShiftTable) -> tuple[list[str], list[list[str]]]:
    """(headings, rows): one row a person and function."""
    heads = [_("Service number"), _("Name"), _("Unit"), _("Function"), _("Answer"), _("Rule"), _("Why")]
    rows = [
        [
            each.row.service_number, each.row.name, each.row.unit, cell.function.name, cell.title,
            str(Mode.ADVISE.label if cell.advised else Mode.ENFORCE.label), cell.text,
        ]
        for each in rows_of(table)
        for cell in each.cells
    ]  # fmt: skip
    return heads, rows
