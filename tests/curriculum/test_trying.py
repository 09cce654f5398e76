"""The shipped exams tell who knows from who has a habit; weaker rules would not, and are told."""

from collections import Counter
from io import StringIO
from itertools import pairwise
from random import Random

import pytest
from django.core.management import CommandError, call_command

from assessments.marking import mark_case
from assessments.questions import ActionsQuestion
from assessments.simulated_officers import HABITS, by_key
from assessments.stage_paths import every_path
from curriculum import trying, wording
from curriculum.reading import DATA, read_curriculum
from locales.languages import LANGUAGES

DRAWS = 50
FEWEST = {  # exams that can be drawn
    "C0-exam": 6, "C1-LAB-exam": 20, "C1-POL-exam": 20, "C1-MIG-exam": 20, "C1-SHE-exam": 19,
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    return read_curriculum(DATA)


@pytest.fixture(scope="module")
def exams(shipped):
    return [entry for entry in shipped.blueprints if entry.use == "exam"]


def test_who_knows_passes_and_no_habit_does(shipped, exams):
    for entry in exams:
        report = trying.report_of(entry, shipped, DRAWS, Random(1))
        assert report.faults == []
        assert report.exams >= FEWEST[entry.code]
        assert report.key.passed == report.key.exams == report.exams
        assert all(trial.exams == report.exams for trial in report.habits[:-1])  # none is spared
        assert report.habits[-1].exams
        assert report.careful.share >= trying.CAREFUL
        assert [trial.exams for trial in report.wordings] == [report.exams] * len(LANGUAGES)


@pytest.fixture(scope="module")
def inspectors(exams):
    return next(entry for entry in exams if entry.code == "C1-LAB-exam")


def test_without_floors_and_critical_errors_habits_pass_and_are_named(shipped, inspectors):
    lenient = {"minimum_percent": {}, "minimum_percent_in_each_case": {}, "critical_error_fails": False}
    report = trying.report_of(inspectors.model_copy(update=lenient), shipped, 20, Random(1))
    told = {fault.partition(":")[0] for fault in report.faults}
    assert {"does nothing", "leaves what is critical blank", "calls every case trafficking"} <= told


def test_lines_of_referring_asking_and_telling_are_left_blank_and_no_others(shipped, inspectors):
    """What is left undone is another habit than doing nothing: records and preparation are done."""
    officer = trying.ALL_HABITS["leaves referral, asking, telling blank"]
    cases = {case.code: case for exam in trying.exams_of(inspectors, shipped) for case in exam}
    for case in cases.values():
        lines = [
            option for question in case.questions() if isinstance(question, ActionsQuestion)
            for option in question.options
        ]  # fmt: skip
        answers = officer(case, 0)
        given = {code for answer in answers.values() if isinstance(answer, dict) for code in answer}
        blank = {line.code for line in lines if line.code not in given}
        assert blank == {
            line.code
            for line in lines
            if line.right == "do" and line.competence in trying.REFERRING_ASKING_TELLING
        }
        assert blank
        assert mark_case(case, answers) != mark_case(case, HABITS["does nothing"](case, 0))


def test_exam_that_fails_careful_officers_alike_is_a_fault(shipped, inspectors):
    harsh = inspectors.model_copy(update={"pass_percent": 100})
    report = trying.report_of(harsh, shipped, 50, Random(1))
    assert report.alike >= trying.ALIKE
    assert [fault.partition(":")[0] for fault in report.faults] == ["careful officer"]


def test_rules_by_which_nothing_can_be_drawn_are_a_fault(shipped, inspectors):
    one_family = {"draw": [inspectors.draw[0].model_copy(update={"take": 1})], "outcomes": 2}
    report = trying.report_of(inspectors.model_copy(update=one_family), shipped, 1, Random(1))
    assert report.faults[0] == "no exam can be drawn"


def practice_ways(shipped):
    """Every way through every practice case, as answers by the key but for the decisions that lead there."""
    practices = [entry for entry in shipped.blueprints if entry.use == "practice"]
    for (case,) in (exam for entry in practices for exam in trying.exams_of(entry, shipped)):
        for way in every_path(case):
            decided = {
                stage.branch.code: next(o.code for o in stage.branch.options if o.leads_to == after.code)
                for stage, after in pairwise(way)
                if stage.branch
            }
            yield case, decided


@pytest.mark.parametrize("habit", ["does nothing", "does everything"])
def test_in_practice_a_habit_of_acting_makes_critical_errors_on_every_way(shipped, habit):
    ways = list(practice_ways(shipped))
    assert [case.family for case, _decided in ways].count("PR2") == 9
    for case, decided in ways:
        known = mark_case(case, by_key(case) | decided)
        by_habit = mark_case(case, HABITS[habit](case, 0) | decided)
        errors = [{error for mark in marks for error in mark.critical_errors} for marks in (known, by_habit)]
        assert errors[0] < errors[1], (case.code, decided)


@pytest.mark.parametrize(
    ("role", "straight", "branching"),
    [("LAB", "PR1", "PR2"), ("POL", "PP2", "PP1"), ("MIG", "MP2", "MP1"), ("SHE", "SP2", "SP1")],
)
def test_practice_is_drawn_from_two_families_one_with_branches(shipped, role, straight, branching):
    (practice,) = [entry for entry in shipped.blueprints if entry.code == f"C1-{role}-practice"]
    assert {case.family for (case,) in trying.exams_of(practice, shipped)} == {straight, branching}
    ways = Counter(case.family for case, _decided in practice_ways(shipped))
    assert ways[straight] == 1 < ways[branching]


def test_a_first_practice_is_neither_of_a_child_nor_sexual_and_not_of_one_outcome(shipped):
    families = {family.code: family for family in shipped.families}
    for practice in (entry for entry in shipped.blueprints if entry.use == "practice"):
        drawn = [families[code] for pool in practice.pools for code in pool.families]
        assert not any(family.child or family.form == "sexual" for family in drawn), practice.code
        assert len({family.outcome for family in drawn}) == len(drawn), practice.code


def test_command_prints_a_line_for_each_officer():
    output = StringIO()
    call_command("try_exams", "--draws", "25", stdout=output)
    lines = output.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines if "can be drawn" in line] == [*FEWEST]
    assert any(line.split()[:2] == ["does", "nothing"] and " 0 of " in line for line in lines)
    assert [line.partition(":")[0] for line in lines][-1] == "acts known by their wording alone"
    assert sum("acts by their wording (ru)" in line for line in lines) == len(FEWEST)


def test_acts_that_their_wording_tells_are_a_fault(monkeypatch):
    monkeypatch.setattr(trying, "BY_WORDING", -1)
    monkeypatch.setattr(wording, "CEILING", 0.4)
    with pytest.raises(CommandError) as refused:
        call_command("try_exams", "--draws", "1", stdout=StringIO())
    assert "C0-exam: acts by their wording (az): passes" in str(refused.value)
    assert "acts known by their wording alone (ru): " in str(refused.value)


def test_command_ends_with_a_fault_where_files_are_broken(tmp_path):
    with pytest.raises(CommandError):
        call_command("try_exams", "--from", str(tmp_path))
