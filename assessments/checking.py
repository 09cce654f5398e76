"""Errors that the structure of a case alone does not exclude: codes that repeat, lead nowhere, or decide nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from .checking_passages import passage_problems
from .checking_paths import path_problems
from .content import CaseStage, Content
from .content_parts import ContentError, ContentProblem
from .questions import (
    ELEMENTS,
    NONE,
    ActionsQuestion,
    BranchQuestion,
    ChoiceQuestion,
    ElementsQuestion,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    SingleChoice,
    VerdictQuestion,
    children_of,
    harmful_options,
    list_of,
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
        yield from _of_stage(content, stage, ("stages", number))
    used = {option.critical for question in content.questions() for option in harmful_options(question)}
    for code, error in content.critical_errors.items():
        if error.source not in content.sources:
            yield ContentProblem(("critical_errors", code, "source"), f"{error.source} is not in sources")
        if code not in used:
            yield ContentProblem(("critical_errors", code), f"no option of the case is {code}")
    yield from path_problems(content)


def _of_stage(content: Content, stage: CaseStage, at: Path) -> Iterator[ContentProblem]:
    for place, exhibit in enumerate(stage.exhibits):
        path: Path = (*at, "exhibits", place)
        for index, fact in enumerate(exhibit.facts):
            for code in fact.indicators:
                if code not in content.indicators:
                    yield ContentProblem(
                        (*path, "facts", index, "indicators"), f"{code} is not in indicators"
                    )
        if exhibit.kind == "table":
            yield from _ragged(exhibit.body.table, (*path, "body", "table", "rows"))
    marked: set[str] = set()
    for place, question in enumerate(stage.questions):
        path = (*at, "questions", place)
        yield from _of_question(content, question, path)
        if isinstance(question, IndicatorsQuestion) and question.exhibit is not None:
            if question.exhibit in marked:
                yield ContentProblem((*path, "exhibit"), f"{question.exhibit} is marked by another question")
            marked.add(question.exhibit)
            yield from passage_problems(stage, question, path)


def _repeated(content: Content) -> Iterator[ContentProblem]:
    """One code names one thing, and one that is retired none."""
    seen: set[str] = set()
    for path, code in _codes(content):
        if code in seen:
            yield ContentProblem(path, f"{code} is used twice")
        seen.add(code)


def _codes(content: Content) -> Iterator[tuple[Path, str]]:
    for number, stage in enumerate(content.stages):
        at: Path = ("stages", number)
        yield (*at, "code"), stage.code
        for place, exhibit in enumerate(stage.exhibits):
            yield (*at, "exhibits", place, "code"), exhibit.code
            for index, fact in enumerate(exhibit.facts):
                yield (*at, "exhibits", place, "facts", index, "code"), fact.code
        for place, question in enumerate(stage.questions):
            yield (*at, "questions", place, "code"), question.code
            for index, child in enumerate(children_of(question)):
                yield (*at, "questions", place, list_of(question), index, "code"), child.code
    for place, code in enumerate(content.retired):
        yield ("retired", place), code


def _ragged(table: Any, path: Path) -> Iterator[ContentProblem]:
    for number, row in enumerate(table.rows):
        if len(row) != len(table.columns):
            yield ContentProblem((*path, number), f"{len(row)} cells under {len(table.columns)} columns")


def _of_question(content: Content, question: Question, path: Path) -> Iterator[ContentProblem]:
    if not question.competences:
        yield ContentProblem((*path, "competences"), "a question shows one competence at least")
    for code in question.competences:
        if code not in content.competences:
            yield ContentProblem((*path, "competences"), f"{code} is not in competences")
    match question:
        case ElementsQuestion():
            if sorted(element.code for element in question.elements) != sorted(ELEMENTS):
                yield ContentProblem((*path, "elements"), "act, means and purpose stand in it once each")
        case VerdictQuestion():
            yield from _one_right(question, path)
            yield from _twice([option.stands_for for option in question.options], (*path, "options"))
        case ChoiceQuestion() | BranchQuestion():
            yield from _one_right(question, path)
        case IndicatorsQuestion():
            for index, choice in enumerate(question.options):
                at: Path = (*path, "options", index, "indicator")
                if choice.right and choice.indicator is None:
                    yield ContentProblem(at, "a right option names its indicator")
                elif choice.indicator is not None:
                    yield from _of_indicator(content, choice.indicator, at, decides=choice.right)
        case MatchQuestion():
            yield from _of_match(content, question, path)
        case ActionsQuestion() | OrderQuestion():
            pass  # what is asked of every option is enough
        case _:
            assert_never(question)
    yield from _of_options(content, question, path)


def _one_right(question: SingleChoice, path: Path) -> Iterator[ContentProblem]:
    if sum(option.right for option in question.options) != 1:
        yield ContentProblem((*path, "options"), "exactly one option is right")


def _twice(values: Sequence[str], path: Path) -> Iterator[ContentProblem]:
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield ContentProblem(path, f"{value} stands in it twice")


def _of_indicator(content: Content, code: str, at: Path, *, decides: bool) -> Iterator[ContentProblem]:
    words = content.indicators.get(code)
    if words is None:
        yield ContentProblem(at, f"{code} is not in indicators")
    elif decides and words.set not in content.indicator_sets:
        used = ", ".join(content.indicator_sets)
        yield ContentProblem(at, f"{code} is of set {words.set}: the case uses {used}")


def _of_match(content: Content, question: MatchQuestion, path: Path) -> Iterator[ContentProblem]:
    offered = question.indicators
    yield from _twice(offered, (*path, "indicators"))
    for code in dict.fromkeys(offered):
        yield from _of_indicator(content, code, (*path, "indicators"), decides=True)
    right = {statement.right for statement in question.statements} - {NONE}
    for index, statement in enumerate(question.statements):
        if statement.right != NONE and statement.right not in offered:
            at: Path = (*path, "statements", index, "right")
            yield ContentProblem(at, f"{statement.right} is not among the indicators offered")
    if not set(offered) - right:
        yield ContentProblem((*path, "indicators"), "none is offered besides those that are right")


def _of_options(content: Content, question: Question, path: Path) -> Iterator[ContentProblem]:
    for index, child in enumerate(children_of(question)):
        competence = getattr(child, "competence", None)
        if competence is not None and competence not in question.competences:
            at = (*path, list_of(question), index, "competence")
            yield ContentProblem(at, f"{competence} is not among those of the question")
    for index, option in enumerate(harmful_options(question)):
        if option.critical is None:
            continue
        at = (*path, "options", index, "critical")
        if option.critical not in content.critical_errors:
            yield ContentProblem(at, f"{option.critical} is not in critical_errors")
        if option.right is True:
            yield ContentProblem(at, "a right choice is no critical error")
