"""A course that has an exam: all it shall test is taught and asked, and nothing about a person tells the outcome."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assessments.content import Draft
from assessments.questions import children_of, harmful_options

from .. import schema
from ..files import FileProblem
from ..reading import Curriculum

OUTCOMES = {"positive", "open", "negative"}
FAMILIES_THAT_ASK = 2  # about a competence
FAMILIES_OF_A_ROLE = 6  # from which a pool is a whole one
FEWEST_CHILDREN = 2
BARE_CODE = re.compile(r"[a-z]+\d[a-z]?-q\d+")


@dataclass(frozen=True)
class CourseExam:
    """A course, what its exam draws from, and whom it is for (None: everybody)."""

    course: schema.CourseEntry
    families: list[schema.FamilyEntry]
    cases: list[Draft]
    practices: list[Draft] = field(default_factory=list)

    @property
    def role(self) -> str | None:
        return next((family.role for family in self.families if family.role), None)


def course_exams(curriculum: Curriculum) -> list[CourseExam]:
    """Return the courses whose exam stands in the files."""
    blueprints = {blueprint.code: blueprint for blueprint in curriculum.blueprints}
    found = []
    for course in curriculum.courses:
        pages = [page for module in course.modules for page in module.pages]
        named = [page.blueprint for page in pages if isinstance(page, schema.AssessmentEntry)]
        drawn: dict[str, set[str]] = {"exam": set(), "practice": set()}
        for blueprint in (blueprints[code] for code in named if code in blueprints):
            drawn[blueprint.use] |= {code for pool in blueprint.pools for code in pool.families}
        families = [family for family in curriculum.families if family.code in drawn["exam"]]
        cases = [scenario for scenario in curriculum.scenarios if scenario.family in drawn["exam"]]
        practices = [scenario for scenario in curriculum.scenarios if scenario.family in drawn["practice"]]
        if families:
            found.append(CourseExam(course, families, cases, practices))
    return found


def exam_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    for scenario in curriculum.scenarios:
        for question in scenario.questions():
            if not BARE_CODE.fullmatch(question.code):
                message = "ends in -q and a number: `q3b` beside `q3` would tell which way was not the best"
                yield curriculum.problem(question, message, "code")
    for exam in course_exams(curriculum):
        for competence in curriculum.competences:
            if competence.role == exam.role:
                for message in _competence(competence.code, exam):
                    yield curriculum.problem(competence, message, "code")
        yield from _critical_errors(curriculum, exam)
        for family, message in (*_outcomes(exam), *_features(exam)):
            yield curriculum.problem(family, message, "code")


def _competence(code: str, exam: CourseExam) -> Iterator[str]:
    if not any(code in lesson.competences for lesson in exam.course.lessons):
        yield f"no lesson of {exam.course.code} teaches it"
    asking = {case.family for case in exam.cases if code in competences_asked(case)}
    if len(asking) < FAMILIES_THAT_ASK:
        names = ", ".join(sorted(asking)) or "no family"
        yield f"asked by {names} of the exam of {exam.course.code}: {FAMILIES_THAT_ASK} families at least"


def competences_asked(case: Draft) -> set[str]:
    asked = {code for question in case.questions() for code in question.competences}
    return asked | {
        competence
        for question in case.questions()
        for child in children_of(question)
        if (competence := getattr(child, "competence", None))
    }


def errors_met(cases: Sequence[Draft]) -> set[str]:
    """Return the critical errors that lines of the cases are."""
    return {
        option.critical
        for case in cases
        for question in case.questions()
        for option in harmful_options(question)
        if option.critical
    }


def _critical_errors(curriculum: Curriculum, exam: CourseExam) -> Iterator[FileProblem]:
    """An error of a case has a lesson of the same course, and one that a case tells of is met in it."""
    treated = {code for lesson in exam.course.lessons for code in lesson.critical_errors}
    for case in (*exam.cases, *exam.practices):
        met = errors_met([case])
        for told in case.critical_errors:
            if told.code not in treated:
                message = f"no lesson of {exam.course.code} treats it: name it there under critical_errors"
                yield curriculum.problem(told, message, "code")
            if told.code not in met:
                yield curriculum.problem(told, "no option of this case is this error: leave it out", "code")


def _outcomes(exam: CourseExam) -> Iterator[tuple[schema.FamilyEntry, str]]:
    first = exam.families[0]
    if missing := OUTCOMES - {family.outcome for family in exam.families}:
        yield first, f"the exam of {exam.course.code} has no family that is {', '.join(sorted(missing))}"
    if len(exam.families) < FAMILIES_OF_A_ROLE:
        return
    if sum(family.child for family in exam.families) < FEWEST_CHILDREN:
        yield (
            first,
            f"the exam of {exam.course.code} concerns a child in fewer than {FEWEST_CHILDREN} families",
        )
    for name, value in (("sex", "male"), ("origin", "local")):
        if all(getattr(case.subject, name) != value for case in exam.cases):
            yield first, f"in no case of the exam of {exam.course.code} the person is {value}"


def _features(exam: CourseExam) -> Iterator[tuple[schema.FamilyEntry, str]]:
    """Yield what several families share and only one outcome has; two of a few may be alike by chance."""
    several = 2 if len(exam.families) >= FAMILIES_OF_A_ROLE else 3
    sharing: dict[tuple[str, str], list[schema.FamilyEntry]] = {}
    for family in exam.families:
        for feature in _of_family(family, [case for case in exam.cases if case.family == family.code]):
            sharing.setdefault(feature, []).append(family)
    for (name, value), families in sharing.items():
        outcomes = {family.outcome for family in families}
        if len(families) >= several and len(outcomes) == 1:
            codes = ", ".join(family.code for family in families)
            message = f"{name} “{value}” tells the outcome: {codes} are all {outcomes.pop()}"
            yield families[-1], f"{message}; give one of them another, or another family this"


def _of_family(family: schema.FamilyEntry, cases: Sequence[Draft]) -> set[tuple[str, str]]:
    """Return the features of a family's people; a mixed group is of both."""
    features = {("form", family.form), ("child", "yes" if family.child else "no")}
    for case in cases:
        both = {"sex": ("male", "female"), "origin": ("local", "foreign")}
        for name, values in both.items():
            value = getattr(case.subject, name)
            features |= {(name, each) for each in (values if value == "mixed" else (value,))}
        features.add(("sector", case.subject.sector))
    return features
