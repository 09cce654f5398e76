"""Errors that the structure of a case alone does not exclude: codes that repeat, lead nowhere, or decide nothing."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from .content import (
    ELEMENTS,
    ActionsQuestion,
    Content,
    ContentError,
    ContentProblem,
    ElementsQuestion,
    IndicatorOption,
    IndicatorsQuestion,
    Question,
    VerdictQuestion,
    options_of,
)

type Path = tuple[str | int, ...]


def checked(data: Mapping[str, Any]) -> Content:
    """The content, or ContentError with everything that is wrong with it."""
    content = Content.read(data)
    if problems := list(_problems(content)):
        raise ContentError(problems)
    return content


def _problems(content: Content) -> Iterator[ContentProblem]:
    yield from _repeated(content)
    for number, stage in enumerate(content.stages):
        for place, exhibit in enumerate(stage.exhibits):
            path: Path = ("stages", number, "exhibits", place)
            for index, fact in enumerate(exhibit.facts):
                for code in fact.indicators:
                    if code not in content.indicators:
                        yield ContentProblem(
                            (*path, "facts", index, "indicators"), f"{code} is not in indicators"
                        )
            if exhibit.kind == "table":
                yield from _ragged(exhibit.body.table, (*path, "body", "table", "rows"))
        for place, question in enumerate(stage.questions):
            yield from _of_question(content, question, ("stages", number, "questions", place))
    for code, error in content.critical_errors.items():
        if error.source not in content.sources:
            yield ContentProblem(("critical_errors", code, "source"), f"{error.source} is not in sources")


def _repeated(content: Content) -> Iterator[ContentProblem]:
    """Children keep their codes for life: one code names one thing."""
    seen: set[str] = set()
    for path, code in _codes(content):
        if code in seen:
            yield ContentProblem((*path, "code"), f"{code} is used twice")
        seen.add(code)


def _codes(content: Content) -> Iterator[tuple[Path, str]]:
    for number, stage in enumerate(content.stages):
        at: Path = ("stages", number)
        yield at, stage.code
        for place, exhibit in enumerate(stage.exhibits):
            yield (*at, "exhibits", place), exhibit.code
            for index, fact in enumerate(exhibit.facts):
                yield (*at, "exhibits", place, "facts", index), fact.code
        for place, question in enumerate(stage.questions):
            yield (*at, "questions", place), question.code
            for index, option in enumerate(options_of(question)):
                yield (*at, "questions", place, "options", index), option.code


def _ragged(table: Any, path: Path) -> Iterator[ContentProblem]:
    for number, row in enumerate(table.rows):
        if len(row) != len(table.columns):
            yield ContentProblem((*path, number), f"{len(row)} cells under {len(table.columns)} columns")


def _of_question(content: Content, question: Question, path: Path) -> Iterator[ContentProblem]:
    for code in question.competences:
        if code not in content.competences:
            yield ContentProblem((*path, "competences"), f"{code} is not in competences")
    match question:
        case ElementsQuestion():
            if sorted(element.code for element in question.elements) != sorted(ELEMENTS):
                yield ContentProblem((*path, "elements"), "act, means and purpose stand in it once each")
        case VerdictQuestion():
            if sum(option.right for option in question.options) != 1:
                yield ContentProblem((*path, "options"), "exactly one option is right")
        case IndicatorsQuestion():
            for index, choice in enumerate(question.options):
                at: Path = (*path, "options", index, "indicator")
                if choice.right and choice.indicator is None:
                    yield ContentProblem(at, "a right option names its indicator")
                elif choice.indicator is not None:
                    yield from _of_indicator(content, choice, at)
        case ActionsQuestion():
            pass  # what is asked of every option is enough
        case _:
            assert_never(question)
    yield from _of_options(content, question, path)


def _of_indicator(content: Content, choice: IndicatorOption, at: Path) -> Iterator[ContentProblem]:
    words = content.indicators.get(str(choice.indicator))
    if words is None:
        yield ContentProblem(at, f"{choice.indicator} is not in indicators")
    elif choice.right and words.set != content.indicator_set:
        yield ContentProblem(
            at, f"{choice.indicator} is of set {words.set}: the case uses {content.indicator_set}"
        )


def _of_options(content: Content, question: Question, path: Path) -> Iterator[ContentProblem]:
    for index, option in enumerate(options_of(question)):
        at: Path = (*path, "options", index)
        if option.competence is not None and option.competence not in question.competences:
            yield ContentProblem(
                (*at, "competence"), f"{option.competence} is not among those of the question"
            )
        if option.critical is None:
            continue
        if option.critical not in content.critical_errors:
            yield ContentProblem((*at, "critical"), f"{option.critical} is not in critical_errors")
        if option.right is True:
            yield ContentProblem((*at, "critical"), "a right choice is no critical error")
