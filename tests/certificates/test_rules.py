"""Rules of a qualification: earned and renewed by which sources, and for which days."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import actions as assessments
from assessments.models import Attempt, Blueprint
from certificates import actions_rules, earning, making, rules, sources
from certificates.holding import Holding
from certificates.models import Award, Certificate, QualificationInForce, QualificationVersion
from certificates.rules import EarningWay, QualificationRules
from certificates.sources import SourceKind
from certificates.state import State, state_at
from clearance import evidence as clearance_evidence
from clearance.outcome import outcome_of
from clearance.overview import overview_of
from clearance.qualification_path import qualification_paths
from courses.assessment_state import assessment_states
from operations import clock
from operations.clock import BAKU
from operations.outbox import work_off
from people.models import User
from tests import factories, tiny
from tests.qualification_rules import exam, rules_of

from .issuing import Kind, happen, make_certificate, without_guards

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
QUALIFIED = {"qualification": "C1-LAB"}
END = datetime(2026, 6, 2, tzinfo=BAKU)  # 24:00 of the last day, 1 June


def read(*first: Any, **more: Any) -> QualificationRules:
    return QualificationRules.read({**rules_of(*first, **more), "name": {}})


def save(code: str, *first: Any, **more: Any) -> Any:
    text = factories.names(code)
    return actions_rules.save_qualification(
        code=code, names=text, descriptions=text, rules=rules_of(*first, **more), by=None
    )


def held(state: State, valid_to: datetime = END) -> Holding:
    return Holding(Award(awarded_at=valid_to - 700 * DAY, evidence={}), state, valid_to - 700 * DAY, valid_to)


# --- ways and days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "way", "first"),
    [
        (END - 90 * DAY - SECOND, None, None),
        (END - 90 * DAY, EarningWay.RENEWAL, date(2026, 6, 2)),
        (END - SECOND, EarningWay.RENEWAL, date(2026, 6, 2)),
        (END, EarningWay.RENEWAL, date(2026, 6, 2)),
        (END + 40 * DAY, EarningWay.RENEWAL, date(2026, 7, 12)),
        (END + 180 * DAY - SECOND, EarningWay.RENEWAL, date(2026, 11, 28)),
        (END + 180 * DAY, EarningWay.FIRST, date(2026, 11, 29)),
        (END + 4000 * DAY, EarningWay.FIRST, date(2037, 5, 15)),
    ],
)
def test_renewed_in_time_it_starts_where_the_old_one_ends(
    instant: datetime, way: EarningWay | None, first: date | None
):
    found = read("C1-LAB")
    state = State.EXPIRED if instant >= END else State.VALID
    opened = earning.opening(found, [held(state)], instant)
    assert (opened and opened.way) == way
    if opened and first:
        assert earning.days(found, opened.end, instant) == (first, clock.add_months(first, 24) - DAY)


@pytest.mark.parametrize(
    ("instant", "way"),
    [
        (END - 30 * DAY - SECOND, None), (END - 30 * DAY, EarningWay.RENEWAL),
        (END + 10 * DAY - SECOND, EarningWay.RENEWAL), (END + 10 * DAY, EarningWay.FIRST),
    ],
)  # fmt: skip
def test_rules_say_when_renewal_opens_and_closes(instant: datetime, way: EarningWay | None):
    found = read("C1-LAB", renewal_opens_days=30, renewal_closes_days=10)
    opened = earning.opening(found, [held(State.EXPIRED if instant >= END else State.VALID)], instant)
    assert (opened and opened.way) == way


@pytest.mark.parametrize("state", [State.VOID, State.REVOKED, State.SUPERSEDED])
def test_what_was_taken_away_is_earned_as_for_the_first_time(state: State):
    found = earning.opening(read("C1-LAB"), [held(state)], END - 10 * DAY)
    assert found is not None and (found.way, found.end) == (EarningWay.FIRST, None)


def test_nothing_opens_while_one_is_suspended_or_a_next_one_waits():
    found = read("C1-LAB")
    waiting = held(State.NOT_YET, END + 700 * DAY)
    for instant in (END - 10 * DAY, END + 10 * DAY):
        assert earning.opening(found, [held(State.SUSPENDED)], instant) is None
    assert earning.opening(found, [waiting, held(State.VALID)], END - 10 * DAY) is None


def test_late_renewal_is_earned_by_the_rules_for_the_first_time():
    found = read("C1-LAB", renewal=[exam("C1-LAB", "short")])
    assert found.blueprints(EarningWay.FIRST) == ["C1-LAB-exam"]
    assert found.blueprints(EarningWay.RENEWAL) == ["short"]
    assert found.courses() == ["C1-LAB"]


# --- what can be written ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"format": 1}, "form 1"),
        ({"first": [{"practical": "P1"}]}, "“practical” cannot be required yet"),
        ({"renewal": [{"practice": 3}]}, "“practice” cannot be required yet"),
        ({"first": [{"luck": 1}]}, "“luck” earns nothing"),
        ({"first": [{"exam": {"course": "C1"}}]}, "out of shape"),
        ({"first": [{"exam": 1, "qualification": "C"}]}, "cannot be read"),
        ({"first": []}, "what earns it, and what renews it"),
        ({"first": [], "renewal": []}, "what earns it, and what renews it"),
        ({"first": [QUALIFIED] * 4}, "At most 3"),
        ({"valid_months": 0}, "1 to 120 months"),
        ({"valid_months": 121}, "1 to 120 months"),
        ({"valid_months": 3, "renewal_opens_days": 95}, "Renewal begins after"),
        ({"renewal_closes_days": -1}, "ends after its last day"),
    ],
)
@pytest.mark.django_db
def test_rules_that_cannot_be_are_refused_in_words(english: None, wrong: dict[str, Any], words: str):
    with pytest.raises(ValidationError, match=words):
        actions_rules.save_qualification(
            code="X", names=factories.names("x"), descriptions=factories.names("x"),
            rules={**rules_of("C1"), **wrong}, by=None,
        )  # fmt: skip


@pytest.mark.django_db
def test_recognition_alone_may_earn_it():
    assert save("C9", renewal=[], recognition=True).versions.get().rules["first"] == []


@pytest.mark.django_db
def test_a_name_may_be_registered_later(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "_kinds", dict(sources._kinds))
    sources.register(
        SourceKind(
            name="practical", check=lambda value: None, offered=list, words=list, shown=lambda value, asked: None,
            sentences=lambda shown: [], phrases=lambda shown: [],
        )
    )  # fmt: skip
    assert save("C9", {"practical": "P1"}).versions.get().number == 1
    with pytest.raises(ValueError, match="twice"):
        sources.register(sources.kind_of("practical"))


@pytest.mark.django_db
def test_rule_owner_alone_saves_nothing(registrar: User):
    with pytest.raises(PermissionDenied):
        actions_rules.save_qualification(
            code="X",
            names={},
            descriptions={},
            rules=rules_of("C1"),
            by=registrar,  # type: ignore[arg-type]
        )


# --- one exam, several qualifications ---------------------------------------------------------------------------------


@pytest.fixture
def passed(keys: None, curriculum: tiny.Curriculum, officer: User) -> Attempt:
    """With two qualifications by the same exam, and two that rest on others."""
    save("C2-LAB", "C1-LAB", months=12)
    save("C3-ALL", QUALIFIED, {"qualification": "C2-LAB"})
    save("C9-OTHER", QUALIFIED, exam("C1-LAB", "another"))
    save("C0", renewal=[], recognition=True)
    return tiny.sit_exam(curriculum, officer)


def test_one_exam_earns_several_and_what_rests_on_them(passed: Attempt, officer: User):
    awards = {each.cause.split(":")[2]: each for each in Award.objects.all()}
    assert sorted(awards) == ["C1-LAB", "C2-LAB", "C3-ALL"]
    assert {each.cause.rpartition(":")[0] for each in awards.values()} == {f"attempt:{passed.public_id}"}
    first = clock.today()
    assert awards["C2-LAB"].days == (first, clock.add_months(first, 12) - DAY)
    rests = [shown["qualification"]["award"] for shown in awards["C3-ALL"].evidence["shown"]]
    assert rests == [awards["C1-LAB"].public_id, awards["C2-LAB"].public_id]
    work_off(["certificates.issue"])
    certificate = Certificate.objects.to_examine().get(award=awards["C3-ALL"])
    assert certificate.statement["qualification"]["criteria"]["en"] == (
        "A valid certificate of the qualification C1-LAB was held. "
        "A valid certificate of the qualification C2-LAB was held."
    )
    assert making.edition_of(awards["C3-ALL"]).text == "1"
    outcome = outcome_of(passed, "en")
    assert len(outcome.earned) == len(outcome.awards) == 3
    page = factories.client_of(officer).get(f"/en/attempts/{passed.public_id}/result/").content.decode()
    assert page.count("Your certificate is ready") == 3


def test_two_exams_earn_it_once_both_are_passed(keys: None, curriculum: tiny.Curriculum, officer: User):
    second = assessments.save_blueprint(
        code="C2-exam", use="exam", titles=tiny.text("C2-exam"), rules=tiny.EXAM, by=None
    )
    save("C1-LAB", "C1-LAB", exam("C1-LAB", "C2-exam"))
    tiny.sit_exam(curriculum, officer)
    assert not Award.objects.exists()
    states = assessment_states(officer.pk, [curriculum.exam.pk, second.pk])
    assert [states[one.pk].passed is not None for one in (curriculum.exam, second)] == [True, False]
    assert (states[second.pk].shut, states[second.pk].can_start) == (False, True)
    attempt = sit(second, officer)
    award = Award.objects.get()
    assert award.cause == f"attempt:{attempt.public_id}:C1-LAB"
    assert [shown["exam"]["blueprint"]["code"] for shown in award.evidence["shown"]] == [
        "C1-LAB-exam",
        "C2-exam",
    ]


def sit(blueprint: Blueprint, person: User, course: str = "C1-LAB") -> Attempt:
    """An exam begun in the first edition of a course, whatever its page asks for."""
    attempt = assessments.start_attempt(
        blueprint=blueprint, origin="enrolment:x", course_code=course, edition_number=1, by=person
    )
    tiny.answer(attempt)
    return assessments.close_attempt(attempt=attempt, by=person, confirmed=True)


def test_a_pass_too_old_to_count_is_to_be_shown_again(keys: None, curriculum: tiny.Curriculum, officer: User):
    second = assessments.save_blueprint(
        code="C2-exam", use="exam", titles=tiny.text("C2-exam"),
        rules={**tiny.EXAM, "draw": [{"from": ["LA3", "LA4"], "take": 2}]}, by=None,
    )  # fmt: skip
    save("C1-LAB", "C1-LAB", exam("C1-LAB", "C2-exam"))
    tiny.sit_exam(curriculum, officer)
    with clock.at(clock.now() + 740 * DAY):
        found = assessment_states(officer.pk, [curriculum.exam.pk])[curriculum.exam.pk]
        assert (found.passed, found.lapsed) == (None, True)
        sit(second, officer)
    assert not Award.objects.exists()


# --- readers, of a qualification without an exam ------------------------------------------------------------------------


@pytest.fixture
def without_exam(keys: None, curriculum: tiny.Curriculum) -> None:
    """One that rests on another alone, one that is recognised alone, and one whose rules nobody can read."""
    save("A-ONLY", QUALIFIED, recognition=True)
    save("B-NONE", renewal=[], recognition=True)
    save("D-BROKEN", "C1-LAB")
    with without_guards():
        QualificationVersion.objects.filter(qualification__code="D-BROKEN").update(rules={"format": 7})


@pytest.mark.usefixtures("without_exam")
def test_closing_an_exam_earns_what_can_be_read(curriculum: tiny.Curriculum, officer: User):
    attempt = tiny.sit_exam(curriculum, officer)
    assert attempt.passed is True
    causes = sorted(Award.objects.values_list("cause", flat=True))
    assert causes == [f"attempt:{attempt.public_id}:{code}" for code in ("A-ONLY", "C1-LAB")]


@pytest.mark.usefixtures("without_exam")
def test_states_of_exams_are_told(curriculum: tiny.Curriculum, officer: User):
    make_certificate(officer, qualification="E-HELD")
    assert assessment_states(officer.pk, [curriculum.exam.pk])[curriculum.exam.pk].can_start is True


@pytest.mark.usefixtures("without_exam")
def test_paths_results_and_home_are_told(curriculum: tiny.Curriculum, officer: User):
    found = qualification_paths(["A-ONLY", "B-NONE", "C1-LAB", "D-BROKEN", "NOBODYS"])
    assert [found[code].course_url != "" for code in sorted(found)] == [False, False, True, False, False]
    attempt = tiny.sit_exam(curriculum, officer)
    work_off(["certificates.issue"])
    outcome = outcome_of(attempt, "en")
    assert {each.certificate.qualification_version.qualification.code for each in outcome.earned} == {
        "A-ONLY", "C1-LAB"
    }  # fmt: skip
    client = factories.client_of(officer)
    for address in ("/en/", "/en/certificates/", f"/en/attempts/{attempt.public_id}/result/"):
        assert client.get(address).status_code == 200
    assert len(overview_of(officer).held) == 2
    assert len(clearance_evidence.proven_certificates(officer, ["A-ONLY", "C1-LAB"], clock.now())) == 2


@pytest.mark.usefixtures("without_exam")
def test_rules_in_force_leave_out_what_cannot_be_read():
    assert [each.code for each in rules.in_force(clock.now())] == ["A-ONLY", "B-NONE", "C1-LAB"]
    assert QualificationInForce.objects.current().count() == 4


# --- renewal, from the exam on ----------------------------------------------------------------------------------------


def renewed(curriculum: tiny.Curriculum, officer: User, instant: datetime) -> Award | None:
    """Sit the exam again at an instant, by its page where that is open."""
    with clock.at(instant):
        attempt = tiny.sit_exam(curriculum, officer)
    return Award.objects.filter(cause=f"attempt:{attempt.public_id}:C1-LAB").first()


@pytest.fixture
def certificate(keys: None, curriculum: tiny.Curriculum, officer: User) -> Certificate:
    return tiny.certify(curriculum, officer)


@pytest.mark.parametrize(
    ("after_the_end", "way", "first"),
    [
        (-80 * DAY, "renewal", 0), (-SECOND, "renewal", 0), (0 * DAY, "renewal", 0), (5 * DAY, "renewal", 5),
        (180 * DAY - SECOND, "renewal", 179), (180 * DAY, "first", 180),
    ],
)  # fmt: skip
def test_exam_renews_by_its_instant(
    certificate: Certificate, curriculum: tiny.Curriculum, officer: User,
    after_the_end: timedelta, way: str, first: int,
):  # fmt: skip
    end = certificate.valid_to
    award = renewed(curriculum, officer, end + after_the_end)
    assert award is not None and award.evidence["way"] == way
    day = clock.first_day(end) + first * DAY
    assert award.days == (day, clock.add_months(day, 24) - DAY)
    with clock.at(end + after_the_end):
        work_off(["certificates.issue"])
    successor = award.certificate
    assert successor.renews == (certificate if way == "renewal" else None)
    assert successor.valid_from == clock.start_of(day)
    with clock.at(end - SECOND):
        assert state_at(certificate).state is State.VALID
    certificate.refresh_from_db()
    assert (certificate.valid_to, certificate.events.count()) == (end, 0)  # nothing of it was touched


def test_revoked_is_earned_anew_from_the_day_of_the_exam(
    certificate: Certificate, curriculum: tiny.Curriculum, officer: User
):
    happen(certificate, Kind.REVOKED)
    later = clock.now() + 600 * DAY
    award = renewed(curriculum, officer, later)
    assert award is not None
    assert (award.evidence["way"], award.days[0]) == ("first", clock.first_day(later))


def test_exam_begun_before_it_would_earn_earns_no_second_certificate(
    certificate: Certificate, curriculum: tiny.Curriculum, officer: User
):
    with clock.at(certificate.valid_to - 600 * DAY):
        attempt = sit(curriculum.exam, officer)
    assert attempt.passed is True
    assert Award.objects.count() == 1
