"""Service numbers as somebody typed them or sent them in a file: one a line, after it the agency's code where two agencies
use the same number. Read defensively, looked up by fixed questions, and told line by line what is wrong.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from locales.text import fold
from people.models import Posting, User
from people.models.person import of_current_people
from rosters import columns, staging
from rosters.reading import Cell, cell, delimiter_of, shown

from .recognition import MOST_PEOPLE, Recognition, unfit

MAX_BYTES = 1_000_000  # 500 numbers take 10,000; a workbook of them some more
CODE_AT = 1  # the cell of the agency's code


@dataclass(frozen=True)
class NumberLine:
    """`flawed`: how a cell begins that holds a formula, hidden marks or too much; None where none does."""

    line: int
    number: str
    agency: str = ""
    flawed: str | None = None
    too_wide: bool = False


@dataclass(frozen=True)
class NumberError:
    line: int
    text: StrOrPromise

    def __str__(self) -> str:
        return _("Line %(line)d: %(text)s") % {"line": self.line, "text": self.text}


@dataclass(frozen=True)
class FoundPeople:
    """`people`: whom the lines name, in their order; where there are `errors`, not all of them."""

    people: Sequence[User]
    errors: Sequence[NumberError]


def lines_of_text(text: str) -> list[NumberLine]:
    delimiter = delimiter_of(text)
    typed = enumerate(text.splitlines(), start=1)
    return _lines((line, [cell(each) for each in said.split(delimiter)]) for line, said in typed)


def lines_of_file(content: bytes) -> list[NumberLine]:
    """From CSV or XLSX, read in a process with limits; FileRefused, in words, for what is neither or is hostile."""
    with staging.reader([content]) as said:
        next(said)
        return _lines((number, cells) for number, cells in said)


def as_text(lines: Iterable[NumberLine]) -> str:
    """Return them as they would be typed, for the form that asks whether one is sure."""
    return "\n".join(f"{each.number};{each.agency}" if each.agency else each.number for each in lines)


def _lines(read: Iterable[tuple[int, list[Cell]]]) -> list[NumberLine]:
    """Return those that say something, without headings; one more than there may be is enough to refuse them."""
    found: list[NumberLine] = []
    for line, cells in read:
        said = [shown(each).strip() for each in cells]
        if all(each == "" for each in cells) or (not found and columns.field_of(said[0]) == "service_number"):
            continue
        flawed = next(
            (text for text, each in zip(said, cells, strict=True) if not isinstance(each, str)), None
        )
        agency = said[CODE_AT] if len(said) > CODE_AT else ""
        found.append(NumberLine(line, said[0], agency, flawed, any(said[CODE_AT + 1 :])))
        if len(found) > MOST_PEOPLE:
            break
    return found


def found_of(lines: Sequence[NumberLine], asked: Recognition, instant: datetime, *, by: User) -> FoundPeople:
    """Return whom they name, and every error. A fixed number of queries."""
    if len(lines) > MOST_PEOPLE:
        text = _("At most %(most)d people at once.") % {"most": MOST_PEOPLE}
        return FoundPeople([], [NumberError(lines[MOST_PEOPLE].line, text)])
    serving = _serving({fold(each.number) for each in lines if each.number})
    first: dict[int, int] = {}
    people: list[tuple[int, User]] = []
    errors: list[NumberError] = []
    for each in lines:
        named = _named(each, serving)
        if isinstance(named, str):
            errors.append(NumberError(each.line, named))
        elif named.pk in first:
            text = _("This person stands in line %(line)d already.") % {"line": first[named.pk]}
            errors.append(NumberError(each.line, text))
        else:
            first[named.pk] = each.line
            people.append((each.line, named))
    against = unfit([person for _line, person in people], asked, instant, deciding=[by]) if people else {}
    errors += [NumberError(line, against[person.pk].text) for line, person in people if person.pk in against]
    return FoundPeople([person for _line, person in people], sorted(errors, key=lambda each: each.line))


def _serving(numbers: Collection[str]) -> dict[str, list[Posting]]:
    serving = Posting.objects.current().filter(Q(folded_number__in=numbers), of_current_people("user"))
    found: dict[str, list[Posting]] = {}
    for posting in serving.select_related("user", "agency").order_by("pk"):
        found.setdefault(posting.folded_number or "", []).append(posting)
    return found


def _named(line: NumberLine, serving: dict[str, list[Posting]]) -> User | str:
    """Return the one whom a line names, else what is wrong with it."""
    if line.flawed is not None:
        return _("“%(text)s” is a formula, too long, or holds marks that cannot be seen.") % {
            "text": line.flawed or "…"
        }
    if line.too_wide or not line.number:
        return _("A line holds one service number and, where it is needed, the code of the agency.")
    people = {posting.user for posting in _of_agency(serving.get(fold(line.number), ()), line.agency)}
    if len(people) == 1:
        return people.pop()
    if people:
        return _("Several people serve under the number %(number)s: add the code of the agency.") % {
            "number": line.number
        }
    return _("Nobody serves under the number %(number)s there.") % {"number": line.number}


def _of_agency(postings: Iterable[Posting], code: str) -> Iterator[Posting]:
    wanted = fold(code)
    return (posting for posting in postings if not wanted or fold(posting.agency.code) == wanted)
