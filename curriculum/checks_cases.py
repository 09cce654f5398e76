"""A case file is what `assessments` can freeze: its own check, with the words of these files."""

from collections.abc import Iterator
from typing import Any

from assessments.checking import checked
from assessments.content import Draft
from assessments.content_parts import ContentError

from .files import FileProblem
from .reading import Curriculum


def case_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    words = _words(curriculum)
    for scenario in curriculum.scenarios:
        errors = _errors(curriculum, scenario)
        try:
            checked({"format": 1, **curriculum.written(scenario), **words, "critical_errors": errors})
        except ContentError as error:
            for problem in error.problems:
                yield curriculum.problem(scenario, problem.text, *problem.path)


def _errors(curriculum: Curriculum, scenario: Draft) -> dict[str, Any]:
    """The errors that the case names, with its own stories; an unknown one is told by the check of references."""
    known = {error.code: error for error in curriculum.critical_errors}
    return {
        told.code: {
            **known[told.code].model_dump(include={"title", "rule", "source"}),
            "story": told.story.model_dump(),
        }
        for told in scenario.critical_errors
        if told.code in known
    }


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
        "sources": {
            source.code: {"instrument": source.instrument.model_dump(), "state_on": str(source.state_on)}
            for source in curriculum.legal_sources
        },
    }
