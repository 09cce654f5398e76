"""Checks between files: codes, references, answer keys, texts. Pure; touches no database."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import override
from pydantic import BaseModel

from assessments import content, exhibits, questions
from assessments.blueprints import CaseFacts, FamilyCases, case_facts, rule_problems
from assessments.drawing import Prospect, possible_sets, prospect

from . import schema
from .checks_cases import case_problems
from .checks_keys import answer_key_problems
from .checks_rules import function_problems
from .checks_sources import source_problems
from .checks_texts import text_problems
from .checks_words import word_problems
from .files import Broken, FileProblem
from .reading import Curriculum


def check(curriculum: Curriculum) -> list[FileProblem]:
    """Every disagreement, in the order of files and lines; empty where the curriculum may be loaded."""
    codes, of_cases = Codes(curriculum), list(case_problems(curriculum))
    problems = [
        *codes.twice,
        *_reference_problems(curriculum, codes),
        *(_blueprint_problems(curriculum) if not of_cases else ()),  # it counts what whole cases have
        *_door_problems(curriculum),
        *_sheet_problems(curriculum),
        *function_problems(curriculum),
        *source_problems(curriculum),
        *answer_key_problems(curriculum),
        *of_cases,
        *text_problems(curriculum),
        *word_problems(curriculum),
    ]
    return sorted(set(problems))


def refuse_broken(curriculum: Curriculum) -> None:
    """Raises Broken with every problem."""
    if problems := check(curriculum):
        raise Broken(problems)


class Codes:
    """The codes of each kind, and those that stand twice over all files."""

    def __init__(self, curriculum: Curriculum) -> None:
        self.known: dict[str, set[str]] = {}
        self.twice: list[FileProblem] = []
        for kind, code, entry, name in _codes(curriculum):
            known = self.known.setdefault(kind, set())
            if code in known:
                message = f"another {kind} has the code “{code}”"
                self.twice.append(curriculum.problem(entry, message, name))
            known.add(code)

    def missing(self, kind: str, code: str) -> bool:
        return code not in self.known.get(kind, set())


def _codes(curriculum: Curriculum) -> Iterator[tuple[str, str, BaseModel, str]]:
    plain: dict[str, Sequence[Any]] = {
        "legal source": curriculum.legal_sources,
        "indicator set": curriculum.indicator_sets,
        "competence": curriculum.competences,
        "critical error": curriculum.critical_errors,
        "figure": curriculum.figures,
        "role": curriculum.roles,
        "agency": curriculum.agencies,
        "family": curriculum.families,
        "blueprint": curriculum.blueprints,
        "scenario": curriculum.scenarios,
        "course": curriculum.courses,
        "qualification": curriculum.qualifications,
        "function": curriculum.functions,
    }
    for kind, entries in plain.items():
        for entry in entries:
            yield kind, entry.code, entry, "code"
    for indicators in curriculum.indicator_sets:
        for indicator in indicators.indicators:
            yield "indicator", indicator.code, indicator, "code"
    for term in curriculum.terms:
        yield "term", str(term.number), term, "number"
    for function in curriculum.functions:
        yield "function number", str(function.number), function, "number"
    yield from _page_codes(curriculum)
    yield from _case_codes(curriculum)


def _page_codes(curriculum: Curriculum) -> Iterator[tuple[str, str, BaseModel, str]]:
    for course in curriculum.courses:
        yield "course address", course.slug, course, "slug"
        for module in course.modules:
            yield "module", f"{course.slug}/{module.slug}", module, "slug"
            for page in module.pages:
                if isinstance(page, schema.LessonEntry):
                    yield "lesson", page.lesson, page, "lesson"
                else:
                    address = f"{course.slug}/{module.slug}/{page.assessment}"
                    yield "assessment page", address, page, "assessment"


def _case_codes(curriculum: Curriculum) -> Iterator[tuple[str, str, BaseModel, str]]:
    """Codes below a scenario are unique over all of them, those of its earlier versions too: answers refer to them."""
    for scenario in curriculum.scenarios:
        for code in scenario.retired:
            yield "part of a case", code, scenario, "retired"
        for stage in scenario.stages:
            yield "part of a case", stage.code, stage, "code"
            for exhibit in stage.exhibits:
                yield "part of a case", exhibit.code, exhibit, "code"
                for fact in exhibit.facts:
                    yield "part of a case", fact.code, fact, "code"
            for question in stage.questions:
                yield "part of a case", question.code, question, "code"
                for child in questions.children_of(question):
                    yield "part of a case", child.code, child, "code"


def _reference_problems(curriculum: Curriculum, codes: Codes) -> Iterator[FileProblem]:
    for entry, place in curriculum.entries:
        for name, kind in REFERENCES.get(type(entry), {}).items():
            value = getattr(entry, name)
            named = [value] if isinstance(value, str) else value or []
            for code in named:
                if codes.missing(kind, code):
                    yield place.problem(f"there is no {kind} “{code}”", name)


REFERENCES: dict[type[BaseModel], dict[str, str]] = {
    schema.IndicatorSetEntry: {"source": "legal source"},
    schema.IndicatorEntry: {"cross_references": "indicator"},
    schema.CompetenceEntry: {"role": "role"},
    schema.CriticalErrorEntry: {"source": "legal source"},
    schema.TermEntry: {"source": "legal source"},
    schema.FigureEntry: {"source": "legal source"},
    schema.FamilyEntry: {"role": "role"},
    content.Draft: {"family": "family", "indicator_sets": "indicator set", "sources": "legal source"},
    content.CriticalErrorStory: {"code": "critical error"},
    exhibits.Fact: {"indicators": "indicator"},
    **dict.fromkeys(questions.QUESTIONS, {"competences": "competence"}),
    questions.MatchQuestion: {"competences": "competence", "indicators": "indicator"},
    questions.IndicatorOption: {"indicator": "indicator", "competence": "competence"},
    questions.Statement: {"competence": "competence"},
    **dict.fromkeys(
        [questions.VerdictOption, questions.ActionOption, questions.ChoiceOption, questions.BranchOption],
        {"competence": "competence", "critical": "critical error"},
    ),
    schema.LessonEntry: {
        "competences": "competence",
        "critical_errors": "critical error",
        "sources": "legal source",
    },
    schema.LawEntry: {"source": "legal source"},
    schema.BlockEntry: {"indicators": "indicator"},
    schema.MatchCheckEntry: {"indicators": "indicator"},
    schema.IndicatorOptionEntry: {"indicator": "indicator"},
    schema.CallEntry: {"figure": "figure"},
    schema.SheetIndicatorsEntry: {"codes": "indicator"},
    schema.AssessmentEntry: {"blueprint": "blueprint"},
    schema.ExamEntry: {"course": "course", "blueprint": "blueprint"},
    schema.SourceEntry: {"qualification": "qualification"},
    schema.FunctionEntry: {"roles": "role"},
    schema.ConfirmationEntry: {"course": "course"},
}


def _blueprint_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    """Whatever an assessment draws must be alike."""
    families = cases_of(curriculum)
    with override("en"):
        for blueprint in curriculum.blueprints:
            for problem in rule_problems(blueprint, blueprint.use, families):
                yield curriculum.problem(blueprint, problem.text, *problem.path)


def cases_of(curriculum: Curriculum) -> dict[str, FamilyCases]:
    """The families of the files with their cases, which have passed their own checks."""
    cases: dict[str, list[CaseFacts]] = {}
    for scenario in curriculum.scenarios:
        cases.setdefault(scenario.family, []).append(case_facts(scenario))
    return {
        family.code: FamilyCases(family.use, family.outcome, cases.get(family.code, []))
        for family in curriculum.families
    }


def prospects(curriculum: Curriculum) -> Iterator[tuple[str, Prospect]]:
    """Of each blueprint of files that agree: its code, how many exams can be drawn, how often each family comes."""
    families = cases_of(curriculum)
    outcomes = {code: family.outcome for code, family in families.items()}
    variants = {code: len(family.cases) for code, family in families.items()}
    for blueprint in curriculum.blueprints:
        sets = possible_sets(blueprint.pools, outcomes, blueprint.outcomes)
        yield blueprint.code, prospect(blueprint.pools, sets, variants)


def _door_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    """Each exam belongs to one course, and a qualification is earned by the exam of the course that it names."""
    uses = {blueprint.code: blueprint.use for blueprint in curriculum.blueprints}
    doors: dict[str, str] = {}
    for course in curriculum.courses:
        for module in course.modules:
            for page in module.pages:
                if isinstance(page, schema.AssessmentEntry) and (
                    doors.setdefault(page.blueprint, course.code) != course.code
                ):
                    message = f"“{page.blueprint}” is an assessment of the course {doors[page.blueprint]}"
                    yield curriculum.problem(page, message, "blueprint")
    for qualification in curriculum.qualifications:
        for source in (*qualification.first, *qualification.renewal):
            if exam := source.exam:
                if uses.get(exam.blueprint) == "practice":
                    yield curriculum.problem(exam, "practice earns no qualification", "blueprint")
                elif doors.get(exam.blueprint, exam.course) != exam.course:
                    message = f"the course {exam.course} has no such exam"
                    yield curriculum.problem(exam, message, "blueprint")


def _sheet_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    """A field sheet shows each indicator with what only looks alike."""
    indicators = [indicator for group in curriculum.indicator_sets for indicator in group.indicators]
    told = {indicator.code for indicator in indicators if indicator.not_enough}
    lonely = {indicator.code for indicator in indicators} - told
    for entry, place in curriculum.entries:
        if isinstance(entry, schema.SheetIndicatorsEntry):
            for code in lonely.intersection(entry.codes):
                yield place.problem(f"“{code}” has no look-alike (not_enough)", "codes")
