"""Many questions at once: people × functions as a table. It writes nothing and decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from locales.text import fold, written_name
from operations import clock, clock_guard
from people.models import Posting, Unit, User

from . import evidence, lookup
from .evaluation import Answer, CertificateRow, Evaluation, RequirementRow, evaluate
from .models import DutyFunction

MOST_PEOPLE = 500
TAKEN = (Answer.CLEARED, Answer.CONDITIONAL)  # answers that can become decisions


@dataclass(frozen=True, kw_only=True)
class TableCell:
    function: DutyFunction
    evaluation: Evaluation


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One person with an answer for each function; `cells` is empty for who asks: nobody decides for themselves."""

    person: User
    name: str
    service_number: str
    unit: str
    cells: Sequence[TableCell]


@dataclass(frozen=True, kw_only=True)
class ShiftTable:
    functions: Sequence[DutyFunction]
    rows: Sequence[TableRow]
    instant: datetime

    def count(self, *answers: str) -> int:
        return sum(cell.evaluation.answer in answers for row in self.rows for cell in row.cells)


@dataclass(frozen=True, kw_only=True)
class LineError:
    line: int
    text: str


def people_of_numbers(text: str, *, by: User, instant: datetime) -> tuple[list[str], list[LineError]]:
    """Return the public ids of whom a list of service numbers names, one a line, and what is wrong by line.

    Two queries at most. Nobody outside the units of `by` is ever found.
    """
    lines = [(line, " ".join(said.split())) for line, said in enumerate(text.splitlines(), start=1)]
    lines = [(line, said) for line, said in lines if said]
    if len(lines) > MOST_PEOPLE:
        return [], [LineError(line=lines[MOST_PEOPLE][0], text=_("At most 500 numbers at once."))]
    wanted = {fold(said) for _line, said in lines}
    rows = lookup.serving(by, instant).filter(folded_number__in=wanted)
    of_number: dict[str, dict[str, None]] = {}
    for number, person in rows.values_list("folded_number", "user__public_id"):
        of_number.setdefault(number, {})[person] = None
    found: dict[str, None] = {}
    errors = []
    for line, said in lines:
        people = of_number.get(fold(said), {})
        if not people:
            errors.append(
                LineError(
                    line=line, text=_("Nobody of your units has the number %(number)s.") % {"number": said}
                )
            )
        elif len(people) > 1:
            errors.append(
                LineError(
                    line=line, text=_("Several of your units have the number %(number)s.") % {"number": said}
                )
            )
        found |= people
    return list(found), errors


def table_of(
    people: Iterable[str], functions: Sequence[DutyFunction], *, by: User, instant: datetime
) -> ShiftTable:
    """Answer each function for each of the people (public ids) who serve in units for which `by` may ask.

    A constant number of queries. What a decision would verify is read as it was last proven: a decision proves anew.
    """
    chosen = list(dict.fromkeys(people))[:MOST_PEOPLE]
    postings = _postings(by, instant).filter(user__public_id__in=chosen)
    of_person: dict[int, list[Posting]] = {}
    for posting in postings:
        of_person.setdefault(posting.user_id, []).append(posting)
    asked = [rows for rows in of_person.values() if not is_own(by, rows[0].user)]
    requirements = evidence.requirements_at([each for each in functions if each.gated], instant)
    roles = sorted({posting.role.code for rows in asked for posting in rows})
    needed = {code for row in requirements.values() for code in row.codes(roles)}
    held = evidence.certificates_of([rows[0].user for rows in asked], needed, instant) if needed else {}
    rows = [_row(serving, functions, requirements, held, by, instant) for serving in of_person.values()]
    return ShiftTable(
        functions=functions, rows=sorted(rows, key=lambda row: row.person.sort_name), instant=instant
    )


def _row(
    serving: Sequence[Posting],
    functions: Sequence[DutyFunction],
    requirements: Mapping[int, RequirementRow],
    held: Mapping[int, Sequence[CertificateRow]],
    by: User,
    instant: datetime,
) -> TableRow:
    person = serving[0].user
    postings = [evidence.posting_row(posting) for posting in serving]
    behind = clock_guard.is_behind(*(row.recorded_at for row in postings))
    cells = [
        TableCell(
            function=function,
            evaluation=evaluate(
                function=evidence.function_row(function),
                requirement=requirements.get(function.pk),
                postings=postings,
                certificates=held.get(person.pk, ()),
                instant=instant,
                clock_behind=behind,
            ),
        )
        for function in functions
    ]
    return TableRow(
        person=person,
        name=written_name(person, get_language() or "az"),
        service_number=serving[0].service_number or "",
        unit=serving[0].unit.name,
        cells=() if is_own(by, person) else cells,
    )


def is_own(by: User, person: User) -> bool:
    return person.pk == by.pk or by.merged_into_id == person.pk


def _postings(by: User, instant: datetime) -> QuerySet[Posting]:
    return evidence.with_leave(lookup.serving(by, instant), instant)


def people_of_unit(unit_id: int, *, by: User, instant: datetime) -> list[Posting]:
    """Return who serves in the unit itself, once each, by name; at most MOST_PEOPLE + 1."""
    postings = _postings(by, instant).filter(unit=unit_id).order_by("user__sort_name", "pk")
    return list({posting.user_id: posting for posting in postings[: MOST_PEOPLE + 1]}.values())


def is_away(posting: Any, instant: datetime) -> bool:
    """Return whether a posting `with_leave` is of somebody on leave."""
    return posting.leave_from is not None and bool(posting.leave_from <= instant)


def people_meant(ticked: Sequence[str], everybody_of: Unit | None, *, by: User) -> list[User]:
    """Return the ticked (public ids), and everybody of a unit whose box can be ticked: not who is on leave, nor oneself.

    ValidationError: nobody, or too many at once.
    """
    now, meant = clock.now(), set(ticked)
    postings = people_of_unit(everybody_of.pk, by=by, instant=now) if everybody_of else []
    meant |= {each.user.public_id for each in postings if not (is_away(each, now) or is_own(by, each.user))}
    if len(meant) > MOST_PEOPLE:
        raise ValidationError(_("At most 500 people at once."))
    if not (people := list(User.objects.filter(public_id__in=meant))):
        raise ValidationError(_("Tick at least one person."))
    return people
