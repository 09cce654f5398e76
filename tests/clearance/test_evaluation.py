from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clearance.evaluation import (
    Answer,
    CertificateRow,
    FunctionRow,
    PostingRow,
    ReasonCode,
    RequirementRow,
    evaluate,
)
from clearance.models import Mode
from clearance.rules import Need

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = timedelta(days=1)
FUNCTION = FunctionRow(code="F8", gated=True)
C1 = Need(any=("C1-LAB",))
REQUIREMENT = RequirementRow(number=1, sha256="0" * 64, roles=("LAB",), needs=(C1,), grace_days=30)
POSTING = PostingRow(
    agency="labour-inspection",
    unit="u",
    role="LAB",
    valid_from=NOW - 100 * DAY,
    valid_to=None,
    recorded_at=NOW,
)
CERTIFICATE = CertificateRow(
    public_id="c", short_code="7Q4K28FDM3XR", qualification="C1-LAB", version=1, state="valid",
    since=NOW - 10 * DAY, valid_from=NOW - 10 * DAY, valid_to=NOW + 100 * DAY,
)  # fmt: skip


def ask(**changed):
    given = {
        "function": FUNCTION,
        "requirement": REQUIREMENT,
        "postings": [POSTING],
        "certificates": [CERTIFICATE],
        "instant": NOW,
    }
    return evaluate(**{**given, **changed})


def whys(evaluation) -> list[ReasonCode]:
    return [reason.why for reason in evaluation.reasons]


def ended(days: int, **more) -> CertificateRow:
    """A certificate that ended so many days ago."""
    end = NOW - days * DAY
    return replace(CERTIFICATE, state="expired", since=end, valid_from=end - 100 * DAY, valid_to=end, **more)


def test_certificate_in_force_clears():
    found = ask()
    assert (found.answer, found.relied_on, found.until) == (Answer.CLEARED, ("c",), CERTIFICATE.valid_to)


@pytest.mark.parametrize("days", [0, 5])
def test_of_two_that_end_alike_the_same_is_relied_on_in_whatever_order_they_are_read(days: int):
    other = replace(CERTIFICATE, public_id="b", valid_from=CERTIFICATE.valid_from - days * DAY)
    orders = ([CERTIFICATE, other], [other, CERTIFICATE])
    assert [ask(certificates=rows).relied_on for rows in orders] == [("c",), ("c",)]


def test_of_two_that_are_suspended_the_same_is_named_in_whatever_order_they_are_read():
    rows = [replace(CERTIFICATE, public_id=name, state="suspended", bars=True) for name in "cb"]
    named = [ask(certificates=each).reasons[0].certificate for each in (rows, rows[::-1])]
    assert named == ["c", "c"]


def test_no_certificate_does_not_clear():
    found = ask(certificates=[])
    assert (found.answer, whys(found), found.until) == (Answer.NOT_CLEARED, [ReasonCode.NONE_HELD], None)


@pytest.mark.parametrize("state", ["void", "revoked", "superseded", "ended", "suspended", "not-yet"])
def test_certificate_not_in_force_does_not_clear(state):
    found = ask(certificates=[replace(CERTIFICATE, state=state, since=NOW - DAY)])
    assert (found.answer, whys(found)) == (Answer.NOT_CLEARED, [ReasonCode(state)])
    assert found.reasons[0].at == NOW - DAY


def test_certificate_of_another_qualification_does_not_clear():
    found = ask(certificates=[replace(CERTIFICATE, qualification="C1-POL")])
    assert whys(found) == [ReasonCode.NONE_HELD]


def test_expired_within_grace_clears_on_a_condition():
    found = ask(certificates=[ended(29)])
    assert (found.answer, found.conditions) == (Answer.CONDITIONAL, ("supervisor-note",))
    assert found.until == NOW + DAY


def test_grace_is_half_open():
    assert ask(certificates=[ended(0)]).answer == Answer.CONDITIONAL
    assert ask(certificates=[ended(30)]).answer == Answer.NOT_CLEARED


def test_no_grace_where_the_rule_gives_none():
    strict = replace(REQUIREMENT, grace_days=0)
    assert ask(requirement=strict, certificates=[ended(0)]).answer == Answer.NOT_CLEARED


def test_no_grace_for_a_revoked_certificate():
    revoked = replace(ended(1), state="revoked")
    assert ask(certificates=[revoked]).answer == Answer.NOT_CLEARED


def test_valid_one_is_relied_on_beside_a_revoked_one():
    revoked = replace(CERTIFICATE, public_id="r", state="revoked", valid_to=NOW + 200 * DAY)
    assert ask(certificates=[revoked, CERTIFICATE]).relied_on == ("c",)


def test_longest_of_two_valid_ones_is_relied_on():
    longer = replace(CERTIFICATE, public_id="l", valid_to=NOW + 300 * DAY)
    assert ask(certificates=[CERTIFICATE, longer]).relied_on == ("l",)


def test_every_certificate_of_the_rule_is_needed():
    both = replace(REQUIREMENT, needs=(C1, Need(any=("C4",))))
    assert ask(requirement=both).answer == Answer.NOT_CLEARED
    second = replace(CERTIFICATE, public_id="d", qualification="C4", valid_to=NOW + 50 * DAY)
    found = ask(requirement=both, certificates=[CERTIFICATE, second])
    assert (found.answer, found.relied_on, found.until) == (Answer.CLEARED, ("c", "d"), NOW + 50 * DAY)


def test_state_is_held_against_the_dates():
    wrong = replace(CERTIFICATE, valid_to=NOW)
    found = ask(certificates=[wrong])
    assert (found.answer, whys(found)) == (Answer.UNDETERMINED, [ReasonCode.UNREADABLE])


def test_state_unknown_to_this_release_cannot_be_determined():
    assert ask(certificates=[replace(CERTIFICATE, state="dormant")]).answer == Answer.UNDETERMINED


def test_certificate_that_does_not_verify_cannot_be_determined():
    found = ask(certificates=[replace(CERTIFICATE, genuine=False)])
    assert (found.answer, whys(found)) == (Answer.UNDETERMINED, [ReasonCode.UNREADABLE])


def test_another_genuine_one_still_clears():
    broken = replace(CERTIFICATE, public_id="b", genuine=False)
    assert ask(certificates=[broken, CERTIFICATE]).answer == Answer.CLEARED


def test_certain_no_is_stronger_than_a_doubt():
    broken = replace(CERTIFICATE, genuine=False)
    police = replace(POSTING, role="POL")
    assert ask(postings=[police], certificates=[broken]).answer == Answer.NOT_CLEARED


def test_role_must_perform_the_function():
    found = ask(postings=[replace(POSTING, role="POL")])
    assert (found.answer, whys(found)) == (Answer.NOT_CLEARED, [ReasonCode.ROLE, ReasonCode.HOLDS])


def test_function_of_every_role_asks_for_none():
    anybody, police = replace(REQUIREMENT, roles=()), replace(POSTING, role="POL")
    assert ask(requirement=anybody, postings=[police]).answer == Answer.CLEARED


def test_nobody_is_cleared_without_a_posting_at_that_instant():
    left = replace(POSTING, valid_to=NOW)
    comes = replace(POSTING, valid_from=NOW + DAY)
    assert ReasonCode.NO_POSTING in whys(ask(postings=[left, comes]))
    assert ask(postings=[left, comes]).answer == Answer.NOT_CLEARED


def test_answer_holds_until_the_posting_ends():
    assert ask(postings=[replace(POSTING, valid_to=NOW + 5 * DAY)]).until == NOW + 5 * DAY


def test_answer_holds_until_the_rule_ends():
    assert ask(requirement=replace(REQUIREMENT, valid_to=NOW + 3 * DAY)).until == NOW + 3 * DAY


@pytest.mark.parametrize("missing", ["requirement", "postings", "certificates"])
def test_what_is_missing_cannot_be_determined(missing):
    assert ask(**{missing: None}).answer == Answer.UNDETERMINED


@pytest.mark.parametrize(
    "broken",
    [
        {"certificates": [object()]},
        {"postings": [replace(POSTING, valid_from=None)]},
        {"certificates": [replace(CERTIFICATE, valid_to="2030-01-01")]},
        {"instant": datetime(2026, 11, 24)},
        {"requirement": replace(REQUIREMENT, needs=None)},
        {
            "requirement": replace(REQUIREMENT, roles=None),
            "postings": [replace(POSTING, role=None)],
            "certificates": 5,
        },
    ],
)
def test_what_cannot_be_read_cannot_be_determined(broken):
    found = ask(**broken)
    assert (found.answer, whys(found)) == (Answer.UNDETERMINED, [ReasonCode.UNREADABLE])


@pytest.mark.parametrize(
    "missing",
    [{"requirement": None}, {"postings": None}, {"certificates": None}, {"certificates": [object()]}],
)
def test_function_that_is_not_gated_is_never_refused(missing):
    found = ask(function=replace(FUNCTION, gated=False), **missing)
    assert found.answer == Answer.NOT_GATED


def test_clock_behind_cannot_be_determined_but_rescue_does_not_wait():
    found = ask(clock_behind=True)
    assert (found.answer, whys(found)) == (Answer.UNDETERMINED, [ReasonCode.CLOCK])
    assert ask(clock_behind=True, function=replace(FUNCTION, gated=False)).answer == Answer.NOT_GATED


def test_reason_is_kept_without_what_is_empty():
    found = ask(certificates=[replace(CERTIFICATE, state="revoked", since=NOW)])
    assert found.reasons[0].plain() == {
        "code": "revoked",
        "qualification": "C1-LAB",
        "certificate": "c",
        "short_code": "7Q4K28FDM3XR",
        "at": "2026-11-24T08:00:00Z",
    }


# --- needs -------------------------------------------------------------------------------------------------------


def held(code: str, **more) -> CertificateRow:
    return replace(CERTIFICATE, public_id=code, qualification=code, **more)


def required(*needs: Need, **more) -> RequirementRow:
    return replace(REQUIREMENT, needs=needs, **more)


OR = Need(any=("C1-LAB", "C4"))
OF_ROLE = Need(of_role="C1")


@pytest.mark.parametrize("code", ["C1-LAB", "C4"])
def test_any_one_of_a_group_does(code):
    found = ask(requirement=required(OR), certificates=[held(code)])
    assert (found.answer, found.relied_on) == (Answer.CLEARED, (code,))


def test_of_a_group_the_one_that_holds_longest_is_relied_on():
    longer = held("C4", valid_to=NOW + 300 * DAY)
    found = ask(requirement=required(OR), certificates=[held("C1-LAB"), longer])
    assert (found.relied_on, found.until) == (("C4",), longer.valid_to)


def test_of_a_group_none_is_held():
    [reason] = ask(requirement=required(OR), certificates=[]).reasons
    assert (reason.why, reason.choice) == (ReasonCode.NONE_HELD, ("C1-LAB", "C4"))


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"state": "revoked"}, Answer.NOT_CLEARED),
        ({"state": "suspended"}, Answer.NOT_CLEARED),
        ({"genuine": False}, Answer.UNDETERMINED),
    ],
)
def test_another_qualification_of_a_group_never_makes_it_worse(more, answer):
    bad = held("C4", **more)
    assert ask(requirement=required(OR), certificates=[bad]).answer == answer
    assert ask(requirement=required(OR), certificates=[bad, held("C1-LAB")]).answer == Answer.CLEARED


def test_certificate_of_the_role_one_serves_in():
    police = replace(POSTING, role="POL")
    rule = required(OF_ROLE, roles=("LAB", "POL"))
    assert ask(requirement=rule).answer == Answer.CLEARED
    found = ask(requirement=rule, postings=[police])  # an inspector's certificate clears no police officer
    assert (found.answer, found.reasons[0].qualification) == (Answer.NOT_CLEARED, "C1-POL")
    both = ask(requirement=rule, postings=[police, replace(POSTING, valid_to=NOW + DAY)])
    assert (both.answer, both.relied_on, both.until) == (Answer.CLEARED, ("c",), NOW + DAY)


def test_two_needs_of_the_role_are_of_one_role():
    rule = required(OF_ROLE, Need(of_role="C5"), roles=())
    postings = [POSTING, replace(POSTING, role="POL")]
    mixed = [held("C1-LAB"), held("C5-POL")]
    assert ask(requirement=rule, postings=postings, certificates=mixed).answer == Answer.NOT_CLEARED
    whole = [*mixed, held("C5-LAB")]
    assert ask(requirement=rule, postings=postings, certificates=whole).answer == Answer.CLEARED


def test_qualification_that_nobody_can_earn_says_so():
    rule = required(Need(any=("C9",)), not_offered=("C9",), mode=Mode.ADVISE)
    found = ask(requirement=rule)
    assert (found.answer, whys(found), found.mode) == (
        Answer.NOT_CLEARED, [ReasonCode.NOT_OFFERED], Mode.ADVISE,
    )  # fmt: skip


def test_certificate_to_another_name_cannot_be_determined():
    other = replace(CERTIFICATE, other_name=True)
    assert whys(ask(certificates=[other])) == [ReasonCode.OTHER_NAME]
    assert ask(certificates=[other]).answer == Answer.UNDETERMINED
    assert ask(certificates=[other, held("C1-LAB")]).answer == Answer.CLEARED
    [found] = ask(certificates=[replace(other, state="revoked")]).reasons
    assert (found.why, "barred" in found.plain()) == (ReasonCode.REVOKED, False)


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_one_that_bars_lets_no_other_clear_and_no_grace(state):
    bars = replace(CERTIFICATE, public_id="b", state=state, bars=True)
    for other in (CERTIFICATE, ended(3)):
        [found] = ask(certificates=[bars, other]).reasons
        assert (found.why, found.barred, found.plain()["barred"]) == (ReasonCode(state), True, True)
    broken = replace(bars, genuine=False)
    assert ask(certificates=[broken, CERTIFICATE]).answer == Answer.UNDETERMINED


# --- conditions --------------------------------------------------------------------------------------------------


def test_conditions_stand_beside_a_yes_alone():
    rule = required(C1, conditions=("interpreter", "legal-basis"))
    found = ask(requirement=rule)
    assert (found.answer, found.conditions, found.in_order) == (
        Answer.CONDITIONAL, ("interpreter", "legal-basis"), True,
    )  # fmt: skip
    assert ask(requirement=rule, certificates=[]).conditions == ()
    in_grace = ask(requirement=rule, certificates=[ended(3)])
    assert (in_grace.conditions, in_grace.in_order) == (
        ("supervisor-note", "interpreter", "legal-basis"), False,
    )  # fmt: skip
    noted = required(C1, conditions=("supervisor-note",))
    assert ask(requirement=noted, certificates=[ended(3)]).conditions == ("supervisor-note",)


# --- advice ------------------------------------------------------------------------------------------------------


def test_advice_ends_at_its_day_to_the_instant():
    rule = required(C1, mode=Mode.ADVISE, enforce_from=NOW)
    before = ask(requirement=rule, instant=NOW - timedelta(microseconds=1))
    assert (before.mode, before.enforce_from) == (Mode.ADVISE, NOW)
    assert (ask(requirement=rule).mode, ask(requirement=rule).enforce_from) == (Mode.ENFORCE, None)
    never = ask(requirement=required(C1, mode=Mode.ADVISE))
    assert (never.mode, never.enforce_from) == (Mode.ADVISE, None)


# --- the table: functions × states × instants × modes ------------------------------------------------------------

FUNCTIONS = {
    "one": required(C1),
    "two": required(C1, Need(any=("C4",))),
    "any": required(OR),
    "role": required(OF_ROLE),
    "conditions": required(C1, conditions=("second-worker",)),
    "no grace": required(C1, grace_days=0),
}
STATES = [
    "valid", "expired", "not-yet", "suspended", "ended", "superseded", "revoked", "void", "broken", "other name",
    "none",
]  # fmt: skip
BEGINS, ENDS = CERTIFICATE.valid_from, CERTIFICATE.valid_to
SECOND = timedelta(seconds=1)
INSTANTS = {
    "before": BEGINS - SECOND, "first": BEGINS, "last": ENDS - SECOND, "grace": ENDS, "last of grace":
    ENDS + 30 * DAY - SECOND, "after": ENDS + 30 * DAY,
}  # fmt: skip
YES, NOTE, NO, DOUBT = Answer.CLEARED, Answer.CONDITIONAL, Answer.NOT_CLEARED, Answer.UNDETERMINED


def at_instant(state: str, instant: datetime) -> list[CertificateRow]:
    """The certificate as `certificates.state` would say at the instant: days first, then what happened to it."""
    if state == "none":
        return []
    by_days = "not-yet" if instant < BEGINS else "valid" if instant < ENDS else "expired"
    said = state if state in {"suspended", "ended", "superseded", "revoked", "void"} else by_days
    row = replace(CERTIFICATE, state=said, genuine=state != "broken", other_name=state == "other name")
    return [replace(row, bars=said == "suspended")]


def expected(function: str, state: str, moment: str) -> Answer:
    if function == "two":
        return NO  # the second one is missing in each of these rows
    when = {"before": NO, "first": YES, "last": YES, "grace": NOTE, "last of grace": NOTE, "after": NO}[
        moment
    ]
    if function == "no grace" and when == NOTE:
        when = NO
    if function == "conditions" and when == YES:
        when = NOTE
    if state == "broken":
        return DOUBT
    if state == "other name":
        return when if when == NO else DOUBT
    return when if state in {"valid", "expired", "not-yet"} else NO


@pytest.mark.parametrize("moment", INSTANTS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_decision_table(function, state, moment):
    instant, rule = INSTANTS[moment], FUNCTIONS[function]
    given = {"postings": [replace(POSTING, valid_from=BEGINS - 50 * DAY)], "instant": instant}
    given["certificates"] = at_instant(state, instant)
    found = ask(requirement=rule, **given)
    assert found.answer == expected(function, state, moment)
    advised = ask(requirement=replace(rule, mode=Mode.ADVISE), **given)
    assert advised == replace(found, mode=Mode.ADVISE)  # answer, reasons and what mends it are the same
    ungated = ask(requirement=rule, function=replace(FUNCTION, gated=False), **given)
    assert ungated.answer == Answer.NOT_GATED
    if found.answer in {Answer.CLEARED, Answer.CONDITIONAL}:
        assert found.until is not None and found.until > instant
