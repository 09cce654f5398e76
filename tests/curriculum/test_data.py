"""The curriculum that ships: whole, in agreement, and in the words of the field."""

from itertools import product

import pytest

from certificates.models import Qualification
from clearance.models import RequirementVersion
from clearance.rules import needs_of, not_offered
from courses import reading
from curriculum.items import LoadOutcome
from curriculum.loading import load
from curriculum.reading import Curriculum, read_curriculum
from tests.type_sizes import sizes_of, too_small


@pytest.fixture(scope="module")
def curriculum() -> Curriculum:
    return read_curriculum()


def test_there_is_what_the_course_needs(curriculum: Curriculum) -> None:
    assert {course.code: [lesson.lesson for lesson in course.lessons] for course in curriculum.courses} == {
        "C0": [
            "three-questions", "every-form", "a-child", "look-alikes", "without-locks", "seeing-and-noting",
            "first-words", "what-is-due", "who-does-what", "silence-and-blame",
        ],
        "C1-LAB": [
            "act-means-purpose", "eleven-indicators", "weighing", "what-goes-wrong", "legal-basis",
            "talking-to-workers", "referral-and-wages",
        ],
        "C1-MIG": [
            "status-and-freedom", "screen-before-fine", "who-speaks", "fee-and-permit", "child-on-paper",
            "stop-removal", "before-departure", "closed-doors",
        ],
        "C1-POL": [
            "report-and-roles", "what-a-patrol-sees", "begging-and-three-hours", "compelled-acts",
            "victim-and-suspect", "first-talk", "police-and-children", "referral-and-protection",
            "evidence-and-identity",
        ],
        "C1-SHE": [
            "door-without-conditions", "first-night-intake", "apart-and-safe", "rights-and-stay",
            "child-in-the-house", "neither-yes-nor-no", "health-papers-risk", "plan-and-leaving",
        ],
    }  # fmt: skip
    assert {indicators.code: len(indicators.indicators) for indicators in curriculum.indicator_sets} == {
        "ILO11": 11, "A131": 16, "AL": 67, "CL": 65,
        "UN-G": 29, "UN-L": 23, "UN-S": 14, "UN-C": 16, "UN-D": 5,
    }  # fmt: skip
    assert len(curriculum.terms) == 89


def test_everybody_and_each_of_the_four_roles_have_twelve_competences(curriculum: Curriculum) -> None:
    found = {entry.code: entry.role for entry in curriculum.competences}
    roles = {"FND": None, "POL": "POL", "LAB": "LAB", "MIG": "MIG", "SHE": "SHE"}
    assert found == {
        f"{prefix}-{number:02}": role for prefix, role in roles.items() for number in range(1, 13)
    }


def test_every_exam_asks_for_what_is_seen_judged_and_done(curriculum: Curriculum) -> None:
    exams = [entry for entry in curriculum.blueprints if entry.use == "exam"]
    assert {entry.code: entry.minimum_percent for entry in exams} == {
        "C0-exam": {"seeing": 50, "judging": 60, "acting": 80},  # two short cases
        **{
            f"C1-{role}-exam": {"seeing": 60, "judging": 60, "acting": 80}
            for role in ("LAB", "MIG", "POL", "SHE")
        },
    }
    assert {(entry.attempts, entry.days_between) for entry in exams} == {(2, 7)}
    assert {entry.requires.model_dump_json() for entry in exams} == {'{"lessons":true,"practice":true}'}


def test_the_set_of_children_weighs_as_the_survey_did(curriculum: Curriculum) -> None:
    """Of the survey's 67 rows for adults two are none for children, and none of the others is weak."""
    sets = {indicators.code: indicators for indicators in curriculum.indicator_sets}
    adults = {indicator.code for indicator in sets["AL"].indicators}
    children = {indicator.code: indicator for indicator in sets["CL"].indicators}
    assert {f"CL-{code}" for code in adults - {"RV8", "EX8"}} == children.keys()
    assert {indicator.strength for indicator in children.values()} == {"strong", "medium"}
    strong = [code for code, indicator in children.items() if indicator.strength == "strong"]
    assert [code.removeprefix("CL-") for code in strong] == [
        "DR1", "DR10", "CR1", "CR2", "CR3", "CR4", "EX1",
        "CD1", "CD2", "CD3", "CD4", "CD5", "CD6", "CD7", "CD8",
    ]  # fmt: skip


def test_no_set_was_taken_on_trust(curriculum: Curriculum) -> None:
    """Sexual cases rest on the eleven of ILO and on UN-S: the Delphi sets on them were not read."""
    found = {indicator.confidence for each in curriculum.indicator_sets for indicator in each.indicators}
    assert found <= {"S", "V", "V2"}
    sexual = {
        each.code for each in curriculum.indicator_sets for one in each.indicators if one.form == "sexual"
    }
    assert sexual == {"UN-S"}


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


def test_every_function_of_the_field_is_there_with_its_basis(curriculum: Curriculum) -> None:
    functions = {function.code: function for function in curriculum.functions}
    # function 2 has a part that others do under the lead of a certified police officer
    assert list(functions) == [*(f"F{number}" for number in range(1, 21)), "F2-LED"]
    assert [function.number for function in curriculum.functions] == [*range(1, 22)]
    assert [code for code, function in functions.items() if not function.gated] == ["F1", "F5"]
    assert {code for code, function in functions.items() if function.gated and function.mode == "enforce"} == {
        "F2", "F2-LED", "F7", "F8", "F9", "F10", "F12",
    }  # fmt: skip
    assert [code for code, function in functions.items() if function.basis == "L"] == ["F4"]
    law = functions["F4"].source
    assert law and all("123-2" in text for text in (law.az, law.en, law.ru))
    recommended = functions["F2"].source
    assert functions["F2"].basis == "D" and recommended and "Recommendation 19" in recommended.en
    named = {role for function in curriculum.functions for role in function.roles}
    assert {role.code for role in curriculum.roles} == named | {"ADM"}  # office staff meet no victims at work


def test_further_certificates_are_told_with_what_they_are_for(curriculum: Curriculum) -> None:
    """The page of a function tells of certificates that are to be asked later and can be earned by nobody yet."""
    told = {function.code: function.source.en for function in curriculum.functions if function.source}
    for code, certificates in {"F2": ["C10"], "F7": ["C4"], "F9": ["C5"], "F12": ["C6", "C10"]}.items():
        assert "not yet obtainable" in told[code]
        assert all(certificate in told[code] for certificate in certificates), code


@pytest.mark.django_db
def test_the_whole_is_loaded_and_again_without_a_change() -> None:
    first = load()
    assert set(first.outcomes.values()) == {LoadOutcome.NEW}
    offered = set(Qualification.objects.values_list("code", flat=True))
    for version in RequirementVersion.objects.select_related("requirement__function"):
        code, rules = version.requirement.function.code, version.rules
        lacking = not_offered(needs_of(rules), rules["roles"], offered)
        if lacking:  # nobody is stopped for what nobody can earn, and the report names the function
            assert rules["mode"] == "advise", code
    enforced = {"F2", "F2-LED", "F7", "F8", "F9", "F10", "F12"}
    found = RequirementVersion.objects.filter(rules__mode="enforce")
    stopping = set(found.values_list("requirement__function__code", flat=True)) - {"F1", "F5"}
    noted = {code for code in enforced if any(note.startswith(f"function {code} is") for note in first.notes)}
    assert stopping | noted == enforced and not stopping & noted
    assert {"F2", "F2-LED", "F7", "F8", "F9", "F10"} <= stopping
    assert set(load().outcomes.values()) == {LoadOutcome.UNCHANGED}
    sheets = [course.slug for course in read_curriculum().courses if course.field_sheet]
    for course, language in product(sheets, ("az", "en", "ru")):
        sheet = reading.field_sheet_pdf(reading.generation(), course, language)
        assert (len(sizes_of(sheet)), too_small(sheet)) == (1, []), (course, language)
