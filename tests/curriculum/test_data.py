"""The curriculum that ships: whole, in agreement, and in the words of the field."""

import io
import re
from collections.abc import Iterator

import pikepdf
import pytest
from pydantic import BaseModel

from assessments.questions import harmful_options
from courses import reading
from curriculum.checks import check
from curriculum.items import LoadOutcome
from curriculum.loading import load
from curriculum.reading import Curriculum, read_curriculum


@pytest.fixture(scope="module")
def curriculum() -> Curriculum:
    return read_curriculum()


def texts(curriculum: Curriculum, *, below: str = "") -> Iterator[tuple[str, str, str]]:
    """(where, language, text) of every text in files whose name begins so."""
    for entry, place in curriculum.entries:
        if isinstance(entry, BaseModel) and set(type(entry).model_fields) == {"az", "en", "ru"}:
            if place.document.file.startswith(below):
                for language in ("az", "en", "ru"):
                    where = str(place.problem("", language)).removesuffix(": ")
                    yield where, language, getattr(entry, language)


def test_the_files_agree(curriculum: Curriculum) -> None:
    assert [str(problem) for problem in check(curriculum)] == []


def test_there_is_what_the_course_needs(curriculum: Curriculum) -> None:
    (course,) = curriculum.courses
    assert [lesson.lesson for lesson in course.lessons] == [
        "act-means-purpose", "eleven-indicators", "weighing", "what-goes-wrong", "legal-basis",
        "talking-to-workers", "referral-and-wages",
    ]  # fmt: skip
    assert {indicators.code: len(indicators.indicators) for indicators in curriculum.indicator_sets} == {
        "ILO11": 11, "A131": 16, "AL": 67,
    }  # fmt: skip
    assert len(curriculum.terms) == 89
    assert [entry.code for entry in curriculum.competences] == [f"LAB-{number:02}" for number in range(1, 13)]


def test_the_minutes_of_a_course_are_those_of_its_lessons(curriculum: Curriculum) -> None:
    for course in curriculum.courses:
        assert course.minutes == sum(lesson.minutes for lesson in course.lessons)


def test_lessons_cite_the_law_they_show(curriculum: Curriculum) -> None:
    for course in curriculum.courses:
        for lesson in course.lessons:
            shown = {block.law.source for block in lesson.body if block.law}
            assert shown - set(lesson.sources) == set(), lesson.lesson


def test_every_critical_error_of_a_case_has_a_lesson_to_read_again(curriculum: Curriculum) -> None:
    treated = {
        code for course in curriculum.courses for lesson in course.lessons for code in lesson.critical_errors
    }
    carried = {
        option.critical
        for scenario in curriculum.scenarios
        for question in scenario.questions()
        for option in harmful_options(question)
    }
    assert carried - treated - {None} == set()


def test_codes_of_questions_are_bare_numbers(curriculum: Curriculum) -> None:
    """A page carries them: `q3b` beside `q3` would tell which way was not the best."""
    codes = [question.code for scenario in curriculum.scenarios for question in scenario.questions()]
    assert [code for code in codes if not re.fullmatch(r"[a-z]+\d[a-z]?-q\d+", code)] == []


def test_decision_131_is_shown_as_quoted_in_2012(curriculum: Curriculum) -> None:
    (source,) = [source for source in curriculum.legal_sources if source.code == "D131"]
    assert source.state_note is not None
    assert source.state_note.en == "Quoted in 2012; the amendment of 8 February 2024 has not yet been read."
    assert str(source.state_on) == "2012-06-30"
    assert source.quoted_only


def test_law_that_decides_marks_was_read_in_its_own_dated_text(curriculum: Curriculum) -> None:
    """What is known at second hand, or from an undated copy, is only quoted."""
    acts = [source for source in curriculum.legal_sources if source.kind == "law" and not source.quoted_only]
    assert {source.confidence for source in acts} == {"V"}
    assert {source.code.split("-")[0] for source in acts} == {
        "CC", "CPC", "CAO", "MC", "LC", "FC", "CIVPC",
    }  # fmt: skip
    assert min(source.state_on for source in acts).isoformat() == "2023-10-13"


def test_lessons_and_course_say_until_when_their_sources_were_read(curriculum: Curriculum) -> None:
    """The oldest text among the acts of Azerbaijan that are more than quoted; the certificate says the course's."""
    acts = {
        source.code: source.state_on
        for source in curriculum.legal_sources
        if source.kind == "law" and not source.quoted_only
    }
    (course,) = curriculum.courses
    for lesson in course.lessons:
        assert lesson.legal_date == min(acts[code] for code in lesson.sources if code in acts), lesson.lesson
    assert course.legal_date == min(lesson.legal_date for lesson in course.lessons)
    assert {entry.legal_baseline for entry in curriculum.qualifications} == {course.legal_date}


def test_no_text_says_illegal_migrant(curriculum: Curriculum) -> None:
    forbidden = re.compile(
        r"illegal (im)?migrant|qeyri-qanuni miqrant|qanunsuz miqrant|нелегальн\w* мигрант", re.I
    )
    assert [where for where, _language, text in texts(curriculum) if forbidden.search(text)] == []


def test_course_text_holds_no_amount_and_no_telephone_number(curriculum: Curriculum) -> None:
    amount = re.compile(r"\d+\s*(manat|AZN|₼)|\b(152|919)\b", re.I)
    assert [
        where for where, _language, text in texts(curriculum, below="courses/") if amount.search(text)
    ] == []


def test_each_text_is_in_its_own_script(curriculum: Curriculum) -> None:
    cyrillic = re.compile(r"[а-яё]", re.I)
    wrong = [
        where
        for where, language, text in texts(curriculum)
        if bool(cyrillic.search(text)) != (language == "ru") and re.search(r"[^\W\d_]", text)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_the_whole_is_loaded_and_again_without_a_change() -> None:
    assert set(load().outcomes.values()) == {LoadOutcome.NEW}
    assert set(load().outcomes.values()) == {LoadOutcome.UNCHANGED}
    for language in ("az", "en", "ru"):
        sheet = reading.field_sheet_pdf(reading.generation(), "c1-lab", language)
        with pikepdf.open(io.BytesIO(sheet)) as document:
            assert len(document.pages) == 1, language
