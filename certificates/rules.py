"""Rules of a qualification, form 2, read from its versions; the one place that knows how they are written."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self

from django.db.models import Q

from operations import canonical, clock

from .models import QualificationInForce, QualificationVersion

log = logging.getLogger(__name__)
FORMAT = 2


class EarningWay(StrEnum):
    FIRST = "first"
    RENEWAL = "renewal"


class Exam(NamedTuple):
    """Codes of a course and of the exam in it."""

    course: str
    blueprint: str


@dataclass(frozen=True)
class Source:
    """One thing that is needed. `value`: what the kind of this name says, an Exam or the code of a qualification."""

    name: str
    value: Any

    @classmethod
    def read(cls, written: Any) -> Self:
        """From {name: value}; ValueError, KeyError, TypeError or AttributeError where it is out of shape."""
        [(name, value)] = written.items()
        if name == "exam":
            return cls(name, Exam(course=str(value["course"]), blueprint=str(value["blueprint"])))
        return cls(str(name), value)

    @property
    def plain(self) -> dict[str, Any]:
        """As rules have it."""
        return {self.name: self.value._asdict() if isinstance(self.value, Exam) else self.value}

    @property
    def text(self) -> str:
        """In one line, for a form."""
        return canonical.dumps(self.plain).decode()

    @property
    def exam(self) -> Exam | None:
        return self.value if isinstance(self.value, Exam) else None

    @property
    def qualification(self) -> str | None:
        return str(self.value) if self.name == "qualification" else None


@dataclass(frozen=True, kw_only=True)
class QualificationRules:
    """`first` and `renewal`: all of them are needed. `opens_days` before the last day renewal begins, `closes_days`
    after it ends; from then on it is earned as for the first time.
    """

    first: tuple[Source, ...]
    renewal: tuple[Source, ...]
    valid_months: int
    opens_days: int
    closes_days: int
    recognition: bool
    legal_baseline: date
    basis: str
    names: Mapping[str, str]

    @classmethod
    def read(cls, written: Any) -> Self:
        """ValueError where they are in another form or out of shape."""
        try:
            if written["format"] != FORMAT:
                raise ValueError(f"rules of form {written['format']}")
            return cls(
                first=tuple(map(Source.read, written["first"])),
                renewal=tuple(map(Source.read, written["renewal"])),
                valid_months=int(written["valid_months"]),
                opens_days=int(written["renewal_opens_days"]),
                closes_days=int(written["renewal_closes_days"]),
                recognition=bool(written["recognition"]),
                legal_baseline=date.fromisoformat(written["legal_baseline"]),
                basis=str(written["basis"]),
                names=dict(written["name"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("rules out of shape") from error

    def sources(self, way: EarningWay) -> tuple[Source, ...]:
        return self.first if way is EarningWay.FIRST else self.renewal

    def exams(self, way: EarningWay | None = None) -> list[Exam]:
        """Each exam that earns it, by one way or by any, in order; once each."""
        chosen = self.sources(way) if way else (*self.first, *self.renewal)
        return list(dict.fromkeys(source.exam for source in chosen if source.exam))

    def courses(self, way: EarningWay | None = None) -> list[str]:
        """Codes of the courses whose exams earn it, in order; once each."""
        return list(dict.fromkeys(exam.course for exam in self.exams(way)))

    def blueprints(self, way: EarningWay | None = None) -> list[str]:
        return [exam.blueprint for exam in self.exams(way)]

    def qualifications(self) -> list[str]:
        """Codes of those on which it rests, by any way; once each."""
        found = [source.qualification for source in (*self.first, *self.renewal)]
        return list(dict.fromkeys(code for code in found if code is not None))

    def opens_at(self, end: datetime) -> datetime:
        """Return from when one that ends then is renewed."""
        return clock.start_of(clock.first_day(end) - timedelta(days=self.opens_days))

    def closes_at(self, end: datetime) -> datetime:
        """Return from when one that ended then is earned as for the first time."""
        return clock.start_of(clock.first_day(end) + timedelta(days=self.closes_days))

    def way(self, end: datetime | None, instant: datetime) -> EarningWay | None:
        """Return by which way it is earned at an instant by somebody whose last one ends then (None: who has none in
        force); None where it cannot be earned yet.
        """
        if end is None or instant >= self.closes_at(end):
            return EarningWay.FIRST
        return EarningWay.RENEWAL if instant >= self.opens_at(end) else None


@dataclass(frozen=True)
class RulesInForce:
    """A version with its rules. `code`: of its qualification."""

    version: QualificationVersion
    rules: QualificationRules

    @property
    def code(self) -> str:
        return self.version.qualification.code


def in_force(instant: datetime, codes: Iterable[str] | None = None) -> list[RulesInForce]:
    """Return what is in force at an instant, by code of the qualification; one query. One whose rules cannot be read
    is left out: it must not keep anybody from what others say.
    """
    rows = QualificationInForce.objects.at(instant).select_related("version__qualification")
    if codes is not None:
        rows = rows.filter(Q(qualification__code__in=list(codes)))
    return list(_readable(row.version for row in rows.order_by("qualification__code")))


def _readable(versions: Iterable[QualificationVersion]) -> Iterator[RulesInForce]:
    for version in versions:
        if rules := read(version):
            yield RulesInForce(version, rules)


def read(version: QualificationVersion) -> QualificationRules | None:
    """Return the rules of a version; None, and a line in the log, where they cannot be read."""
    try:
        return QualificationRules.read(version.rules)
    except ValueError:
        log.error("rules of a qualification cannot be read", extra={"version": version.pk})
        return None
