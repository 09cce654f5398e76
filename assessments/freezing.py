"""From a case file to what is frozen: the words of indicators, competences, errors and sources go in.

Later changes of the standards leave it untouched. What was not read decides no mark.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model, QuerySet

from locales.languages import LANGUAGES
from standards.models import (
    DECIDES_MARKS,
    Competence,
    CriticalError,
    Indicator,
    IndicatorSet,
    LegalSource,
)

from .checking import checked
from .content import Draft
from .content_parts import ContentError, ContentProblem, TranslatedText
from .questions import IndicatorsQuestion, MatchQuestion


def freeze(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a ScenarioVersion from a scenario of curriculum/data.

    Raises ContentError with every problem: structure, codes that the standards do not know, and
    indicators or errors whose source was not read (Confidence outside DECIDES_MARKS).
    """
    case = {"format": 1, **scenario}
    draft = Draft.read(case)
    problems: list[ContentProblem] = []
    indicators = _found(Indicator.objects.select_related("set"), _indicators(draft), problems)
    competences = _found(Competence.objects.all(), _competences(draft), problems)
    stories = {error.code: error.story for error in draft.critical_errors}
    errors = _found(CriticalError.objects.select_related("source"), stories, problems)
    named = [*draft.sources, *(error.source.code for error in errors.values())]
    sources = _found(LegalSource.objects.all(), named, problems)
    sets = _found(IndicatorSet.objects.all(), draft.indicator_sets, problems)
    problems += _not_read(draft, indicators, errors)
    if problems:
        raise ContentError(problems)
    frozen = {
        **case,
        "indicator_set_names": {code: _text(row, "name") for code, row in sets.items()},
        "indicators": {code: _of_indicator(row) for code, row in indicators.items()},
        "competences": {
            code: {"text": _text(row, "text"), "level": row.level} for code, row in competences.items()
        },
        "critical_errors": {code: _of_error(row, stories[code]) for code, row in errors.items()},
        "sources": {code: _of_source(row) for code, row in sources.items()},
    }
    checked(frozen)
    return frozen


def _found[M: Model](rows: QuerySet[M], codes: Iterable[str], problems: list[ContentProblem]) -> dict[str, M]:
    wanted = sorted(set(codes))
    found: dict[str, M] = {str(row.code): row for row in rows.filter(code__in=wanted)}  # type: ignore[attr-defined]  # each has a code
    problems += [
        ContentProblem((), f"the standards know no {rows.model._meta.verbose_name} {code}")
        for code in wanted
        if code not in found
    ]
    return {code: found[code] for code in wanted if code in found}


def _indicators(draft: Draft) -> Iterator[str]:
    for stage in draft.stages:
        for exhibit in stage.exhibits:
            for fact in exhibit.facts:
                yield from fact.indicators
    yield from (code for _path, code in _deciding(draft))


def _deciding(draft: Draft) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Indicators that a mark depends on, with their place."""
    for number, stage in enumerate(draft.stages):
        for place, question in enumerate(stage.questions):
            path = ("stages", number, "questions", place)
            if isinstance(question, MatchQuestion):
                yield from (((*path, "indicators"), code) for code in question.indicators)
            elif isinstance(question, IndicatorsQuestion):
                for index, option in enumerate(question.options):
                    if option.indicator is not None:
                        yield (*path, "options", index, "indicator"), option.indicator


def _competences(draft: Draft) -> Iterator[str]:
    for question in draft.questions():
        yield from question.competences


def _not_read(
    draft: Draft, indicators: Mapping[str, Indicator], errors: Mapping[str, CriticalError]
) -> Iterator[ContentProblem]:
    for path, code in _deciding(draft):
        if code in indicators and indicators[code].confidence not in DECIDES_MARKS:
            yield ContentProblem(path, f"{code} was not read in its source: it decides no mark")
    for code, error in errors.items():
        if error.source.confidence not in DECIDES_MARKS:
            yield ContentProblem((), f"{code} rests on {error.source.code}, which was not read")


def _text(row: Any, field: str) -> dict[str, str]:
    return {language: getattr(row, f"{field}_{language}") for language in LANGUAGES}


def _of_indicator(row: Indicator) -> dict[str, Any]:
    return {
        "set": row.set.code,
        "version": row.set.version,
        "dimension": row.dimension,
        "strength": row.strength,
        "text": _text(row, "text"),
    }


def _of_error(row: CriticalError, story: TranslatedText) -> dict[str, Any]:
    return {
        "title": _text(row, "title"),
        "story": story.model_dump(),
        "rule": _text(row, "rule"),
        "source": row.source.code,
    }


def _of_source(row: LegalSource) -> dict[str, Any]:
    return {
        "instrument": _text(row, "instrument"),
        "article": row.article,
        "state_on": row.state_on.isoformat(),
        "state_note": _text(row, "state_note") if row.state_note else None,
    }
