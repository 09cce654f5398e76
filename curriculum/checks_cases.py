"""A case file is what `assessments` can freeze: its own check, with the words of these files."""

from collections.abc import Iterator
from typing import Any

from assessments.checking import checked
from assessments.content import Content, Draft
from assessments.content_parts import ContentError
from assessments.questions import ActionsQuestion, VerdictQuestion, critical_lines
from assessments.stage_paths import every_path

from . import schema
from .files import FileProblem
from .reading import Curriculum


def case_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    words = words_of(curriculum)
    families = {family.code: family for family in curriculum.families}
    for scenario in curriculum.scenarios:
        try:
            content = content_of(curriculum, scenario, words)
        except ContentError as error:
            for problem in error.problems:
                yield curriculum.problem(scenario, problem.text, *problem.path)
            continue
        if family := families.get(content.family):
            for text in _of_family(content, family):
                yield curriculum.problem(scenario, text, "critical_errors")


MOST_CRITICAL_LINES_OF_A_CASE = 2  # of one case of an exam: more would decide by chance


def _of_family(content: Content, family: schema.FamilyEntry) -> Iterator[str]:
    """Yield what a case lacks that its family asks of critical lines; every path holds as many."""
    if family.outcome != "negative":
        questions = [*content.questions()]
        if not any(critical_lines(each) for each in questions if isinstance(each, VerdictQuestion)):
            yield "a case that is not negative has a critical error on the verdict that sends the person away"
        if not any(_critical_undone(each) for each in questions if isinstance(each, ActionsQuestion)):
            yield "a case that is not negative has a critical error on referral: on an act that must be done"
    lines = sum(
        critical_lines(question) for stage in next(every_path(content)) for question in stage.questions
    )
    if family.use == "exam" and lines > MOST_CRITICAL_LINES_OF_A_CASE:
        yield f"{lines} critical lines: a case of an exam has at most {MOST_CRITICAL_LINES_OF_A_CASE}"


def _critical_undone(question: ActionsQuestion) -> bool:
    return any(option.right == "do" and option.critical for option in question.options)


def content_of(curriculum: Curriculum, scenario: Draft, words: dict[str, Any]) -> Content:
    """Return the case as it would be frozen with the words of these files. Raises ContentError."""
    errors = _errors(curriculum, scenario)
    return checked({"format": 1, **curriculum.written(scenario), **words, "critical_errors": errors})


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


def words_of(curriculum: Curriculum) -> dict[str, Any]:
    """Return the words that cases are frozen with, by code; critical errors are each case's own."""
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
