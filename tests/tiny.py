"""A tiny curriculum: one course, one exam that draws two of four families, one practice, one qualification.

Made through the apps' actions, so that it is whatever they make; the words are short and fictional.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments import actions as assessments
from assessments.marking import best_answers
from assessments.models import Attempt, Blueprint
from certificates import actions_rules as certificates
from certificates.actions import ISSUE
from certificates.models import Award, Certificate, Qualification
from clearance import actions as clearance
from clearance.models import Decision, DutyFunction
from courses import actions as courses
from courses import reading
from courses.actions_assessment import start_assessment
from courses.actions_editions import publish_edition
from courses.bodies import Stream, stream
from courses.models import CoursePage, LessonPage
from operations import clock
from operations.outbox import enqueue, work_off
from people.models import User
from tests.assessments import cases, walking
from tests.qualification_rules import rules_of
from tests.remembered import remembered

text = cases.text
OUTCOMES = {"LA1": "positive", "LA2": "negative", "LA3": "positive", "LA4": "negative", "PR1": "open"}
EXAM_FAMILIES = ("LA1", "LA2", "LA3", "LA4")
EXAM: dict[str, Any] = {
    "draw": [{"from": list(EXAM_FAMILIES), "take": 2}], "outcomes": 2, "minutes": 60, "pass_percent": 70,
    "minimum_percent": {}, "minimum_percent_in_each_case": {}, "critical_error_fails": True, "attempts": 2,
    "days_between": 7, "requires": {"lessons": True, "practice": True},
}  # fmt: skip
PRACTICE = {
    **EXAM, "draw": [{"from": ["PR1"], "take": 1}], "outcomes": 0, "minutes": None, "critical_error_fails": False,
    "attempts": None, "days_between": 0, "requires": {"lessons": False, "practice": False},
}  # fmt: skip


@dataclass(frozen=True)
class Curriculum:
    """`desk_review` requires the qualification; `first_contact` is never gated."""

    course: CoursePage
    exam: Blueprint
    practice: Blueprint
    qualification: Qualification
    first_contact: DutyFunction
    desk_review: DutyFunction


@remembered
def tiny_curriculum() -> Curriculum:
    for family, outcome in OUTCOMES.items():
        use, facts = "exam" if family in EXAM_FAMILIES else "practice", {**cases.FACTS, "outcome": outcome}
        kept = assessments.save_family(code=family, use=use, titles=text(family), facts=facts, by=None)
        code = f"{family}-a"
        scenario = assessments.save_scenario(code=code, family=kept, titles=text(code), by=None)
        content = cases.content(code, family, stages=1)
        assessments.publish_version(scenario=scenario, content=content, by=None)
    exam = assessments.save_blueprint(
        code="C1-LAB-exam", use="exam", titles=text("C1-LAB-exam"), rules=EXAM, by=None
    )
    practice = assessments.save_blueprint(
        code="C1-LAB-practice", use="practice", titles=text("C1-LAB-practice"), rules=PRACTICE, by=None
    )
    course = _course(exam, practice)
    qualification = certificates.save_qualification(
        code="C1-LAB",
        names=text("Labour inspector"),
        descriptions=text("Recognises indicators"),
        rules=rules_of("C1-LAB"),
        by=None,
    )
    return Curriculum(
        course=course,
        exam=exam,
        practice=practice,
        qualification=qualification,
        first_contact=function("F1", 1, "First contact", gated=False, needs=[]),
        desk_review=function("F8", 8, "Desk review", roles=["LAB"], grace_days=30),
    )


def _course(exam: Blueprint, practice: Blueprint) -> CoursePage:
    courses.save_catalog(by=None)
    legal_date = clock.today()
    course = courses.save_course(
        code="C1-LAB", slug="c1-lab", heading=text("Labour inspectors"), summary=text("What they see"),
        audience=text("Inspectors"), legal_date=legal_date, by=None,
    )  # fmt: skip
    module = courses.save_module(course=course, slug="recognise", heading=text("Recognise"), by=None)
    treated = {"act-means-purpose": [], "talking-to-workers": ["ERR-CONFRONT"]}
    for slug in treated:
        courses.save_lesson(
            module=module, slug=slug, heading=text(slug), minutes=10, legal_date=legal_date,
            sources=["PALERMO-3"], competences=["LAB-02"], critical_errors=treated[slug],
            body=_body(slug), by=None,
        )  # fmt: skip
    for slug, blueprint in (("practice", practice), ("exam", exam)):
        courses.save_assessment_page(
            module=module, slug=slug, heading=text(slug), intro=text("Begin"), blueprint=blueprint, by=None
        )
    publish_edition(course=course, reason="First", material=True, legal_date=legal_date, by=None)
    course.refresh_from_db()
    return course


def _body(slug: str) -> Stream:
    return stream(
        [{"heading": {language: f"{slug} ({language})" for language in ("az", "en", "ru")}}], seed=slug
    )


def add_checks(curriculum: Curriculum, slug: str, count: int = 1) -> LessonPage:
    """So many self-checks at the end of a lesson, in a new edition."""
    lesson = LessonPage.objects.get(slug=slug)
    right, wrong = (
        {"text": text("a"), "right": True, "feedback": text("b")},
        {"text": text("c"), "feedback": text("d")},
    )
    checks = [
        {"check": {"question": text(f"Which, {number}?"), "options": [right, wrong]}}
        for number in range(count)
    ]
    courses.save_lesson(
        module=lesson.get_parent().specific, slug=slug, heading=text(slug), minutes=10, legal_date=clock.today(),
        sources=["PALERMO-3"], competences=["LAB-02"], critical_errors=lesson.critical_errors,
        body=stream([{"heading": text(slug)}, *checks], seed=slug), by=None,
    )  # fmt: skip
    publish_edition(
        course=curriculum.course, reason="Checks", material=False, legal_date=clock.today(), by=None
    )
    return LessonPage.objects.get(slug=slug)


def rules(**said: Any) -> dict[str, Any]:
    """Rules of a requirement: C1-LAB of anybody, enforced, without grace, but for what is said."""
    return {
        "roles": [], "who": text("inspector"), "needs": ["C1-LAB"], "conditions": [], "grace_days": 0,
        "override": False, "mode": "enforce", "enforce_from": None, "basis": "PD", "source": None, **said,
    }  # fmt: skip


def function(code: str, number: int, words: str, *, gated: bool = True, **said: Any) -> DutyFunction:
    """A function whose rules are `rules(**said)`."""
    return clearance.save_function(
        code=code, number=number, names=text(words), gated=gated, rules=rules(**said), by=None
    )


def refused(person: User, by: User, code: str = "F21") -> Decision:
    """A question about somebody who holds nothing, for a function whose refusal may be overruled."""
    asked = function(code, int(code[1:]), "Raid", needs=["C1-LAB"], override=True)
    return clearance.decide(function=asked, person=person, instant=clock.now(), by=by)


# --- ways through it --------------------------------------------------------------------------------


def prepare(curriculum: Curriculum, person: User) -> None:
    """Do what an officer must before the exam: enrol, read every lesson, close the practice case."""
    enrolment = courses.enrol(person=person, course=curriculum.course, by=person)
    for lesson in LessonPage.objects.live().descendant_of(curriculum.course):
        courses.mark_read(enrolment=enrolment, lesson=lesson, by=person)
    if not Attempt.objects.taken_by(person.pk).filter(blueprint=curriculum.practice).exists():
        attempt = begin_practice(curriculum, person)
        answer(attempt)
        assessments.close_attempt(attempt=attempt, by=person)


def begin_practice(curriculum: Curriculum, person: User) -> Attempt:
    """From its page in the course."""
    return _begin(curriculum, curriculum.practice, person)


def begin_exam(curriculum: Curriculum, person: User) -> Attempt:
    """All that is required done, and the exam begun from its page in the course."""
    prepare(curriculum, person)
    return _begin(curriculum, curriculum.exam, person)


def _begin(curriculum: Curriculum, blueprint: Blueprint, person: User) -> Attempt:
    courses.enrol(person=person, course=curriculum.course, by=person)
    course = reading.outline(reading.generation(), curriculum.course.slug, "en")
    assert course is not None
    page = next(item for item in course.assessments if item.blueprint_id == blueprint.pk)
    return start_assessment(course=course, page=page, by=person)


def sit_exam(curriculum: Curriculum, person: User, *, well: bool = True) -> Attempt:
    """Do what is required, answer the exam (all right, or with the critical error), close it."""
    attempt = begin_exam(curriculum, person)
    answer(attempt, harm=not well)
    return assessments.close_attempt(attempt=attempt, by=person, confirmed=True)


def answer(attempt: Attempt, *, harm: bool = False, blank: tuple[str, ...] = ()) -> None:
    """Every question of one-stage cases as the key has it; with `harm` the last action is one that harms, and the
    `blank` questions (q2) of the first case stay without an answer.
    """
    for case in attempt.cases.all():
        _case, content = walking.case_of(attempt, case.position)
        given = best_answers(content)
        if case.position == 1:
            given = {code: value for code, value in given.items() if not code.endswith(blank)}
        if harm:
            code = next(code for code in given if code.endswith("-q4"))
            given[code] = {**given[code], f"{code}-b": "do"}  # type: ignore[dict-item]  # an actions question
        walking.save(attempt, given, position=case.position)


@remembered
def certify(curriculum: Curriculum, person: User, *, at: datetime | None = None) -> Certificate:
    """Pass the exam (at an instant), and work off the issue. Needs the fixture `keys`."""
    with clock.at(at or clock.now()):
        attempt = sit_exam(curriculum, person)
        work_off(["certificates.issue"])
    return Certificate.objects.get(award__cause=f"attempt:{attempt.public_id}:C1-LAB")


def more(person: User, number: int) -> None:
    """One more course begun, certificate held and function performed: for counting queries."""
    another = courses.save_course(
        code=f"C{number}", slug=f"c{number}", heading=text(f"Course {number}"), summary=text("More"),
        audience=text("Inspectors"), legal_date=clock.today(), by=None,
    )  # fmt: skip
    module = courses.save_module(course=another, slug="module", heading=text("Module"), by=None)
    courses.save_lesson(
        module=module, slug=f"lesson-{number}", heading=text("Lesson"), minutes=5, legal_date=clock.today(),
        sources=["PALERMO-3"], competences=[], body=_body("lesson"), by=None,
    )  # fmt: skip
    publish_edition(course=another, reason="First", material=True, legal_date=clock.today(), by=None)
    another.refresh_from_db()
    courses.enrol(person=person, course=another, by=person)
    code = f"Q{number}"
    qualification = certificates.save_qualification(
        code=code,
        names=text(code),
        descriptions=text(code),
        rules=rules_of(f"C{number}"),
        by=None,
    )
    first = Award.objects.filter(person=person).earliest("pk")
    award = Award.objects.create(
        person=person,
        qualification_version=qualification.versions.get(),
        cause=f"attempt:{code}-{person.public_id}:{code}",
        evidence=first.evidence,
        awarded_at=clock.now(),
    )
    enqueue(ISSUE, award.public_id)
    work_off(["certificates.issue"])
    function(f"F{number}0", number * 10, code, roles=["LAB"], needs=[code], grace_days=30)
