"""Freezing a case file with the words of the standards."""

import datetime
from typing import Any

import pytest

from assessments.checking import checked
from assessments.content_parts import ContentError
from assessments.freezing import freeze
from standards.models import Competence, CriticalError, Indicator, IndicatorSet, LegalSource

from . import cases

pytestmark = pytest.mark.django_db


def words(field: str, text: str) -> dict[str, str]:
    return {f"{field}_{language}": f"{text} ({language})" for language in ("az", "en", "ru")}


@pytest.fixture(autouse=True)
def standards() -> None:
    """What the tiny case names: one source, one set, one indicator, two competences, one error."""
    source = LegalSource.objects.create(
        code="PALERMO-3", kind="treaty", article="3", state_on=datetime.date(2000, 11, 15), confidence="V",
        **words("instrument", "Palermo Protocol"),
    )  # fmt: skip
    of_set = IndicatorSet.objects.create(
        code="AL", version="2009", source=source, **words("name", "Adults, labour")
    )
    for code in ("CD1", "CD2", "CD3"):
        Indicator.objects.create(
            set=of_set, code=code, dimension="coercion", strength="strong", form="labour", confidence="V2",
            **words("text", f"papers taken {code}"),
        )  # fmt: skip
    for code in ("LAB-02", "LAB-04"):
        Competence.objects.create(code=code, role="LAB", level="R", confidence="V", **words("text", code))
    CriticalError.objects.create(
        code="ERR-CONFRONT", source=source, **words("title", "warned"),
        **words("rule", "nobody is warned"),
    )  # fmt: skip


def problems_of(scenario: dict[str, Any]) -> list[str]:
    with pytest.raises(ContentError) as caught:
        freeze(scenario)
    return [str(problem) for problem in caught.value.problems]


def test_case_is_frozen_with_the_words_of_what_it_names() -> None:
    content = checked(freeze(cases.case()))
    assert content.set_names("ru") == "Adults, labour (ru)"
    assert content.indicators["CD1"].text.read_in("az") == "papers taken CD1 (az)"
    assert content.competences["LAB-04"].text.read_in("en") == "LAB-04 (en)"
    assert content.critical_errors["ERR-CONFRONT"].story.read_in("en") == "S. would have been moved"
    assert (content.sources["PALERMO-3"].article, content.sources["PALERMO-3"].state_on) == (
        "3",
        "2000-11-15",
    )


def test_later_words_change_nothing_that_is_frozen() -> None:
    before = freeze(cases.case())
    Indicator.objects.update(text_en="something else")
    assert before["indicators"]["CD1"]["text"]["en"] == "papers taken CD1 (en)"
    assert freeze(cases.case())["indicators"]["CD1"]["text"]["en"] == "something else"


def test_codes_that_the_standards_do_not_know_are_named() -> None:
    Competence.objects.filter(code="LAB-04").delete()
    CriticalError.objects.all().delete()
    assert problems_of({**cases.case(), "indicator_sets": ["AL", "CL"]}) == [
        ": the standards know no competence LAB-04",
        ": the standards know no critical error ERR-CONFRONT",
        ": the standards know no indicator set CL",
    ]


def test_indicator_that_was_not_read_decides_no_mark() -> None:
    Indicator.objects.update(confidence="R")
    problem = problems_of(cases.case(stages=1))[0]
    place = "stages.0.questions.0.options.0.indicator"
    assert problem == f"{place}: CD1 was not read in its source: it decides no mark"


def test_critical_error_must_rest_on_what_was_read() -> None:
    LegalSource.objects.update(confidence="U")
    assert problems_of(cases.case()) == [": ERR-CONFRONT rests on PALERMO-3, which was not read"]


def test_every_indicator_that_a_match_offers_was_read() -> None:
    Indicator.objects.filter(code="CD3").update(confidence="R")
    place = "stages.0.questions.1.indicators"
    assert problems_of(cases.branching()) == [f"{place}: CD3 was not read in its source: it decides no mark"]


def test_story_of_an_error_is_told_once() -> None:
    scenario = cases.case()
    scenario["critical_errors"] *= 2
    assert problems_of(scenario) == ["critical_errors: Value error, named twice: ERR-CONFRONT"]


def test_structure_is_checked_first() -> None:
    assert problems_of({**cases.case(), "colour": "red"}) == ["colour: Extra inputs are not permitted"]
