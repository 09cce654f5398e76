"""Answers of somebody who knows them: the key of the cases of a demo, read beside it."""

import json
from dataclasses import dataclass
from typing import Any

from assessments.content import Content
from assessments.questions import (
    NONE,
    ActionsQuestion,
    BranchQuestion,
    ChoiceQuestion,
    ElementsQuestion,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    VerdictQuestion,
    children_of,
)
from tests.running import Demo

CASES = """
    SELECT v.content FROM assessments_attemptcase c
    JOIN assessments_attempt a ON a.id = c.attempt_id
    JOIN assessments_scenarioversion v ON v.id = c.version_id
    WHERE a.public_id = ? ORDER BY c.position
"""


def cases_of(demo: Demo, attempt: str) -> list[Content]:
    """The cases that this attempt drew, in their order."""
    return [Content.read(json.loads(row[0])) for row in demo.rows(CASES, attempt)]


@dataclass(frozen=True)
class Right:
    """Right answers to one question, by the words on the page.

    `boxes`: texts to choose. `rows`: for each line (text of an action; None for an element, whose
    words are the interface's) the value of the button to press; of a match the words to choose, of an
    order the place.
    """

    kind: str
    boxes: tuple[str, ...] = ()
    rows: tuple[tuple[str | None, str], ...] = ()


def right(question: Question, case: Content, language: str) -> Right:
    match question:
        case IndicatorsQuestion() | VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            chosen = tuple(option.text.read_in(language) for option in question.options if option.right)
            return Right(question.kind, boxes=chosen)
        case ElementsQuestion():
            return Right(question.kind, rows=tuple((None, element.right) for element in question.elements))
        case ActionsQuestion():
            rows = tuple((option.text.read_in(language), option.right) for option in question.options)
            return Right(question.kind, rows=rows)
        case MatchQuestion():
            words = {code: case.indicators[code].text.read_in(language) for code in question.indicators}
            rows = tuple(
                (statement.text.read_in(language), words.get(statement.right, NONE))
                for statement in question.statements
            )
            return Right(question.kind, rows=rows)
        case OrderQuestion():
            rows = tuple(
                (item.text.read_in(language), str(place))
                for place, item in enumerate(question.items, start=1)
            )
            return Right(question.kind, rows=rows)


def words_of(content: Content, language: str) -> list[str]:
    """Every prompt, option and reason of a case: what nobody may read after an exam."""
    found: list[str] = []

    def gather(part: Any) -> None:
        found.append(part.prompt.read_in(language))
        for element in getattr(part, "elements", ()):
            found.append(element.reason.read_in(language))
        for child in children_of(part):
            found.extend([child.reason.read_in(language), child.text.read_in(language)])

    for question in content.questions():
        gather(question)
    return found
