"""Rules of qualifications in words: now, later and before, as known today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations import clock
from operations.versions import VersionInForce, VersionsInForce

from . import sources
from .models import Qualification, QualificationBasis, QualificationInForce
from .rules import QualificationRules, Source, in_force, read


@dataclass(frozen=True)
class RulesShown:
    """In words. `first` and `renewal`: each thing that is needed."""

    first: Sequence[str]
    renewal: Sequence[str]
    holds: str
    window: str
    recognition: str
    legal_baseline: date
    basis: str


@dataclass(frozen=True)
class Described(VersionsInForce[RulesShown | None]):
    """Rules are None where they cannot be read."""

    qualification: Qualification


def in_words(several: Sequence[QualificationRules]) -> list[RulesShown]:
    """Return each in words of the active language; a constant number of queries."""
    texts = sources.in_words(source for each in several for source in (*each.first, *each.renewal))
    return [_shown(each, texts) for each in several]


def _shown(found: QualificationRules, texts: dict[Source, str]) -> RulesShown:
    return RulesShown(
        first=[texts[source] for source in found.first],
        renewal=[texts[source] for source in found.renewal],
        holds=ngettext("%(number)d month", "%(number)d months", found.valid_months)
        % {"number": found.valid_months},
        window=_window(found),
        recognition=_("may be recognised, by two registrars")
        if found.recognition
        else _("is not recognised"),
        legal_baseline=found.legal_baseline,
        basis=str(dict(QualificationBasis.choices).get(found.basis, found.basis)),
    )


def _window(found: QualificationRules) -> str:
    if not found.renewal:
        return "–"
    opens = ngettext(
        "opens %(days)d day before its last day", "opens %(days)d days before its last day", found.opens_days
    )
    closes = ngettext("closes %(days)d day after it", "closes %(days)d days after it", found.closes_days)
    return f"{opens % {'days': found.opens_days}}, {closes % {'days': found.closes_days}}"


def described(qualifications: Iterable[Qualification]) -> list[Described]:
    """As many queries for many as for one."""
    chosen = list(qualifications)
    known = QualificationInForce.objects.known().filter(qualification__in=chosen)
    rows = list(known.select_related("version").order_by("-valid_from"))
    readable = {row.pk: found for row in rows if (found := read(row.version))}
    words = dict(zip(readable, in_words(list(readable.values())), strict=True))
    return [
        Described(
            [VersionInForce.of(row, words.get(row.pk)) for row in rows if row.qualification_id == each.pk],
            each,
        )
        for each in chosen
    ]


def rules_now(qualification: Qualification) -> QualificationRules | None:
    """Return those in force; None where there are none, or none that can be read."""
    found = in_force(clock.now(), [qualification.code])
    return found[0].rules if found else None
