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

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = timedelta(days=1)
FUNCTION = FunctionRow(code="F8", gated=True, roles=("LAB",))
REQUIREMENT = RequirementRow(
    number=1, sha256="0" * 64, certificates=("C1-LAB",), grace_days=30, valid_to=None
)
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


def test_no_certificate_does_not_clear():
    found = ask(certificates=[])
    assert (found.answer, whys(found), found.until) == (Answer.NOT_CLEARED, [ReasonCode.NONE_HELD], None)


@pytest.mark.parametrize("state", ["void", "revoked", "superseded", "suspended", "not-yet"])
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
    both = replace(REQUIREMENT, certificates=("C1-LAB", "C4"))
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
    assert ask(function=replace(FUNCTION, roles=()), postings=[replace(POSTING, role="POL")]).answer == (
        Answer.CLEARED
    )


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
        {"requirement": replace(REQUIREMENT, certificates=None)},
        {
            "function": replace(FUNCTION, roles=None),
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


def test_reason_is_kept_without_what_is_empty():
    found = ask(certificates=[replace(CERTIFICATE, state="revoked", since=NOW)])
    assert found.reasons[0].plain() == {
        "code": "revoked",
        "qualification": "C1-LAB",
        "certificate": "c",
        "short_code": "7Q4K28FDM3XR",
        "at": "2026-11-24T08:00:00Z",
    }
