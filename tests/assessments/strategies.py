"""Any answer a person could give."""

from typing import Any

from hypothesis import strategies as st

from assessments.answers import places
from assessments.content import Content
from assessments.questions import (
    ELEMENT_STATES,
    NONE,
    ActionsQuestion,
    ElementsQuestion,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
)


def values_of(question: Question) -> st.SearchStrategy[Any]:
    match question:
        case ElementsQuestion():
            given = _some([element.code for element in question.elements], list(ELEMENT_STATES))
        case ActionsQuestion():
            given = _some([option.code for option in question.options], ["do", "do-not"])
        case IndicatorsQuestion():
            codes = [option.code for option in question.options]
            given = st.lists(st.sampled_from(codes), unique=True).map(sorted)
        case MatchQuestion():
            codes = [statement.code for statement in question.statements]
            given = _some(codes, [*question.indicators, NONE])
        case OrderQuestion():
            given = _some([item.code for item in question.items], list(places(question)))
        case _:
            given = st.sampled_from([option.code for option in question.options])
    return st.none() | given


def _some(codes: list[str], values: list[str]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(codes), st.sampled_from(values), min_size=1)


def answers_of(content: Content) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({question.code: values_of(question) for question in content.questions()})
