from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from certificates import actions_acts
from certificates.actions_life import REVOKE
from certificates.models import Certificate
from clearance import actions, receipts
from clearance.evaluation import Answer
from clearance.models import Decision
from operations import clock, clock_guard
from operations.outbox import work_off
from people.actions.postings import post
from tests import factories, tiny
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("keys", "english")


def ask(curriculum, person, by, **more):
    given = {"function": curriculum.desk_review, "instant": clock.now(), **more}
    return actions.decide(person=person, by=by, **given)


@pytest.fixture
def certificate(curriculum, officer) -> Certificate:
    return tiny.certify(curriculum, officer)


def codes(decision: Decision) -> list[str]:
    return [reason["code"] for reason in decision.reasons]


def test_certified_officer_is_cleared(curriculum, officer, duty_officer, certificate):
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.answer, codes(decision)) == (Answer.CLEARED, ["holds"])
    assert decision.until == certificate.valid_to
    assert decision.evidence["relied_on"] == [certificate.public_id]
    assert decision.personal == {
        "service_number": "LAB-0417",
        "names": {
            "az": "Məmmədova Aytən Kamran qızı",
            "en": "Aytən Məmmədova",
            "ru": "Məmmədova Aytən Kamran qızı",
        },
        "unit": {"az": "ganja", "en": "ganja (en)", "ru": "ganja (ru)"},
    }


def test_evidence_names_every_row_by_public_id(curriculum, officer, duty_officer, certificate, unit):
    evidence = ask(curriculum, officer, duty_officer).evidence
    assert evidence["person"] == officer.public_id
    assert [row["unit"] for row in evidence["postings"]] == [unit.public_id]
    assert [row["public_id"] for row in evidence["certificates"]] == [certificate.public_id]
    assert evidence["requirement"]["number"] == 1


def test_officer_without_certificate_is_not_cleared(curriculum, officer, duty_officer):
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.answer, codes(decision), decision.until) == (Answer.NOT_CLEARED, ["none-held"], None)


def test_revocation_turns_the_next_answer(
    curriculum, officer, duty_officer, certificate, registrar, registrar2
):
    first = ask(curriculum, officer, duty_officer)
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    second = ask(curriculum, officer, duty_officer)
    assert (first.answer, second.answer, codes(second)) == (Answer.CLEARED, Answer.NOT_CLEARED, ["revoked"])
    first.refresh_from_db()
    assert first.answer == Answer.CLEARED


def test_question_about_a_time_before_the_certificate(curriculum, officer, duty_officer, certificate):
    before = certificate.valid_from - timedelta(days=1)
    decision = ask(curriculum, officer, duty_officer, instant=before)
    assert (decision.answer, codes(decision)) == (Answer.UNDETERMINED, ["no-requirement"])


def test_question_about_a_time_after_the_certificate(curriculum, officer, duty_officer, certificate):
    after = certificate.valid_to + timedelta(days=31)
    assert codes(ask(curriculum, officer, duty_officer, instant=after)) == ["expired"]


def test_grace_needs_its_condition_confirmed(curriculum, officer, duty_officer, certificate):
    in_grace = certificate.valid_to + timedelta(days=5)
    with pytest.raises(actions.ConditionsOpen) as refused:
        ask(curriculum, officer, duty_officer, instant=in_grace)
    assert refused.value.evaluation.conditions == ("supervisor-note",)
    assert Decision.objects.count() == 0
    decision = ask(curriculum, officer, duty_officer, instant=in_grace, confirmed=["supervisor-note"])
    assert (decision.answer, decision.evidence["confirmed"]) == (Answer.CONDITIONAL, ["supervisor-note"])
    assert receipts.read(decision).claims["conditions"] == ["supervisor-note"]


def test_every_condition_is_confirmed_before_there_is_a_decision(
    curriculum, officer, duty_officer, certificate
):
    codes = ["lead-officer", "interpreter", "second-worker", "legal-basis", "not-the-proposer"]
    function = tiny.function("F9", 9, "Conditions", conditions=codes)
    for confirmed in ([], codes[:-1]):
        with pytest.raises(actions.ConditionsOpen):
            ask(curriculum, officer, duty_officer, function=function, confirmed=confirmed)
    assert Decision.objects.count() == 0
    decision = ask(curriculum, officer, duty_officer, function=function, confirmed=[*codes, "more"])
    assert (decision.answer, decision.evidence["confirmed"]) == (Answer.CONDITIONAL, sorted(codes))


def test_advice_answers_as_if_it_were_enforced(curriculum, officer, duty_officer, certificate):
    """From its day on the same rule stops people; the answer is one and the same before and after."""
    day = clock.today() + timedelta(days=10)
    function = tiny.function("F9", 9, "Advised", mode="advise", enforce_from=day.isoformat())
    asked = {
        moment: ask(curriculum, officer, duty_officer, function=function, instant=instant)
        for moment, instant in (("now", clock.now()), ("then", clock.start_of(day)))
    }
    assert [(found.answer, found.mode) for found in asked.values()] == [
        (Answer.CLEARED, "advise"), (Answer.CLEARED, "enforce"),
    ]  # fmt: skip
    assert asked["now"].reasons == asked["then"].reasons


def test_certificate_of_the_role_one_serves_in(curriculum, officer, duty_officer, certificate):
    function = tiny.function("F9", 9, "Of the role", needs=[{"of_role": "C1"}])
    assert ask(curriculum, officer, duty_officer, function=function).answer == Answer.CLEARED


def test_decision_keeps_from_which_agency_it_was_asked(curriculum, officer, duty_officer, agency):
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.asking_agency, decision.evidence["asking_agency"]) == (agency, agency.code)


def test_nobody_asks_about_themselves_under_whatever_record(curriculum, officer, duty_officer, unit, role):
    """Nor by a question that was answered before."""
    factories.give(officer, factories.Position.DUTY_OFFICER, unit=unit)
    merged = factories.make_person("Mamedova", "Ayten", unit=unit, role=role, service_number="LAB-9")
    merged = factories.merged(merged, into=officer)
    for person in (officer, merged):
        for function in (curriculum.desk_review, curriculum.first_contact):
            with pytest.raises(actions.OwnQuestion, match="about themselves"):
                ask(curriculum, person, officer, function=function, question_keys=("k",))
    assert Decision.objects.count() == 0
    assert ask(curriculum, officer, duty_officer).person == officer


def test_first_contact_is_never_refused(curriculum, officer, duty_officer):
    decision = ask(curriculum, officer, duty_officer, function=curriculum.first_contact)
    assert decision.answer == Answer.NOT_GATED


def test_certificate_row_that_was_edited_cannot_be_determined(curriculum, officer, duty_officer, certificate):
    tamper(certificate, valid_to=certificate.valid_to + timedelta(days=400))
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.answer, codes(decision)) == (Answer.UNDETERMINED, ["unreadable"])


@pytest.mark.parametrize("rules", [{}, {**tiny.rules(grace_days="many"), "format": 2}, tiny.rules(), []])
def test_rule_that_cannot_be_read_cannot_be_determined(curriculum, officer, duty_officer, rules):
    tamper(curriculum.desk_review.requirement.versions.get(), rules=rules)
    decision = ask(curriculum, officer, duty_officer)
    assert (decision.answer, codes(decision)) == (Answer.UNDETERMINED, ["unreadable"])


def test_first_contact_is_not_refused_for_a_rule_that_cannot_be_read(curriculum, officer, duty_officer):
    tamper(curriculum.first_contact.requirement.versions.get(), rules={})
    decision = ask(curriculum, officer, duty_officer, function=curriculum.first_contact)
    assert decision.answer == Answer.NOT_GATED


@pytest.mark.usefixtures("guarded")
def test_clock_behind_decides_and_signs_nothing(curriculum, officer, duty_officer, certificate):
    """But rescue does not wait for a clock either."""
    now = clock.now()
    with clock.at(now + timedelta(hours=1)):
        factories.give(factories.make_person(), factories.Position.AUDITOR)
    clock_guard.forget()
    with clock.at(now):
        for function, answer in (
            (curriculum.desk_review, Answer.UNDETERMINED), (curriculum.first_contact, Answer.NOT_GATED),
        ):  # fmt: skip
            with pytest.raises(actions.Unsigned) as unsigned:
                ask(curriculum, officer, duty_officer, function=function)
            assert unsigned.value.evaluation.answer == answer
    assert Decision.objects.count() == 0
    with clock.at(now + timedelta(hours=1)):
        assert ask(curriculum, officer, duty_officer).answer == Answer.CLEARED


def test_decision_is_kept_for_ever(curriculum, officer, duty_officer):
    decision = ask(curriculum, officer, duty_officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(answer=Answer.CLEARED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).delete()


def test_personal_values_can_be_erased_and_the_receipt_still_stands(curriculum, officer, duty_officer):
    decision = ask(curriculum, officer, duty_officer)
    Decision.objects.filter(pk=decision.pk).update(personal=None)
    decision.refresh_from_db()
    assert receipts.read(decision).claims["answer"] == "not-cleared"


def test_same_key_is_one_decision(curriculum, officer, duty_officer):
    first = ask(curriculum, officer, duty_officer, question_keys=("k",))
    second = ask(curriculum, officer, duty_officer, question_keys=("k",))
    assert (first.pk, Decision.objects.count()) == (second.pk, 1)


def test_same_key_of_another_person_is_another_decision(curriculum, officer, duty_officer, coordinator):
    ask(curriculum, officer, duty_officer, question_keys=("k",))
    ask(curriculum, officer, coordinator, question_keys=("k",))
    assert Decision.objects.count() == 2


def test_duty_officer_asks_for_units_below(curriculum, agency, unit, duty_officer):
    below = factories.make_unit(agency, "below", parent=unit)
    person = factories.make_person(unit=below)
    assert ask(curriculum, person, duty_officer).answer == Answer.NOT_CLEARED


def test_duty_officer_does_not_ask_for_units_beside(curriculum, agency, duty_officer):
    beside = factories.make_person(unit=factories.make_unit(agency, "beside"))
    with pytest.raises(PermissionDenied):
        ask(curriculum, beside, duty_officer)


@pytest.mark.parametrize(
    "by",
    ["outsider", "officer", "officer2", "duty_officer_other", "coordinator_other", "registrar", "auditor",
     "trainer", "admin"],
)  # fmt: skip
def test_nobody_else_asks(curriculum, officer, by, request):
    with pytest.raises(PermissionDenied):
        ask(curriculum, officer, request.getfixturevalue(by))
    assert Decision.objects.count() == 0


def test_coordinator_asks_for_the_agency(curriculum, officer, coordinator):
    assert ask(curriculum, officer, coordinator).agency.code == "labour-inspection"


def test_refusal_is_the_same_for_nobody_and_for_somebody_elsewhere(
    curriculum, other_unit, duty_officer, outsider
):
    elsewhere = factories.make_person(unit=other_unit)
    told = set()
    for person in (elsewhere, outsider):
        with pytest.raises(PermissionDenied) as refused:
            ask(curriculum, person, duty_officer)
        told.add(str(refused.value))
    assert len(told) == 1


def test_who_left_the_unit_is_not_asked_about(curriculum, unit, duty_officer):
    left = factories.make_person()
    post(
        person=left, unit=unit, role=factories.make_role(), service_number="LAB-9", by=None,
        valid_from=factories.a_year_ago(), valid_to=clock.now() - timedelta(hours=1),
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        ask(curriculum, left, duty_officer)
    past = clock.now() - timedelta(hours=2)
    assert ask(curriculum, left, duty_officer, instant=past).person == left


def test_changed_rule_is_a_new_version_in_force_from_now(curriculum, officer, duty_officer):
    first = ask(curriculum, officer, duty_officer)
    later = clock.now() + timedelta(days=1)
    with clock.at(later):
        saved_again(curriculum.desk_review, needs=[])
        second = ask(curriculum, officer, duty_officer)
    assert (first.answer, second.answer) == (Answer.NOT_CLEARED, Answer.CLEARED)
    assert [d.evidence["requirement"]["number"] for d in (first, second)] == [1, 2]
    assert curriculum.desk_review.requirement.versions.count() == 2


def saved_again(function, **said):
    return tiny.function(function.code, function.number, "Desk review", roles=["LAB"], **said)


def test_unchanged_rule_makes_no_version(curriculum):
    saved_again(curriculum.desk_review, grace_days=30)
    assert curriculum.desk_review.requirement.versions.count() == 1


@pytest.mark.parametrize("by", ["outsider", "officer", "coordinator", "registrar", "trainer", "admin"])
def test_nobody_else_sets_rules(curriculum, by, request):
    with pytest.raises(PermissionDenied):
        actions.save_function(
            code="F9", number=9, names=tiny.text("Nine"), gated=True, rules=tiny.rules(),
            by=request.getfixturevalue(by),
        )  # fmt: skip


def test_issue_is_not_waited_for(curriculum, officer, duty_officer):
    tiny.sit_exam(curriculum, officer)
    assert ask(curriculum, officer, duty_officer).answer == Answer.NOT_CLEARED
    work_off(["certificates.issue"])
    assert ask(curriculum, officer, duty_officer).answer == Answer.CLEARED
