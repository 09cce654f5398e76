"""Any answer a person could give."""

from typing import Any

from hypothesis import strategies as st

from assessments.content import (
    ELEMENT_STATES,
    ActionsQuestion,
    Content,
    ElementsQuestion,
    IndicatorsQuestion,
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
        case _:
            given = st.sampled_from([option.code for option in question.options])
    return st.none() | given


def _some(codes: list[str], values: list[str]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(codes), st.sampled_from(values), min_size=1)


def answers_of(content: Content) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({question.code: values_of(question) for question in content.questions()})
