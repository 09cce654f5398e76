"""A case file is what `assessments` can freeze: its own check, with the words of these files."""

from collections.abc import Iterator
from typing import Any

from assessments.checking import checked
from assessments.content import ContentError

from .files import FileProblem
from .reading import Curriculum


def case_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    words = _words(curriculum)
    for scenario in curriculum.scenarios:
        try:
            checked({"format": 1, **curriculum.written(scenario), **words})
        except ContentError as error:
            for problem in error.problems:
                yield curriculum.problem(scenario, problem.text, *problem.path)


def _words(curriculum: Curriculum) -> dict[str, Any]:
    return {
        "indicators": {
            indicator.code: {
                "set": indicators.code,
                "version": indicators.version,
                "dimension": indicator.dimension,
                "strength": indicator.strength,
                "text": indicator.text.model_dump(),
            }
            for indicators in curriculum.indicator_sets
            for indicator in indicators.indicators
        },
        "competences": {
            entry.code: {"text": entry.text.model_dump(), "level": entry.level}
            for entry in curriculum.competences
        },
        "critical_errors": {
            error.code: error.model_dump(include={"title", "story", "rule", "source"})
            for error in curriculum.critical_errors
        },
        "sources": {
            source.code: {"instrument": source.instrument.model_dump(), "state_on": str(source.state_on)}
            for source in curriculum.legal_sources
        },
    }
