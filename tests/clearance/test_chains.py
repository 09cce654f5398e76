"""Clearance lasts as long as a chain of certificates, and another certificate never makes an answer worse."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.models import Certificate
from certificates.state import State, state_at
from clearance import evidence
from clearance.evaluation import Answer, CertificateRow, FunctionRow, PostingRow, RequirementRow, evaluate
from clearance.rules import Need
from operations import clock
from operations.clock import BAKU
from people.models import User
from tests.certificates.issuing import Kind, happen, make_certificate

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
INSTANT = datetime(2026, 6, 1, 12, tzinfo=BAKU)
FUNCTION = FunctionRow(code="F8", gated=True)
POSTING = PostingRow(
    agency="a",
    unit="u",
    role="LAB",
    valid_from=INSTANT - 900 * DAY,
    valid_to=None,
    recorded_at=INSTANT - 900 * DAY,
)


def row(state: str, start: float, end: float, *, code: str = "C1-LAB", **more: Any) -> CertificateRow:
    begins, ends = INSTANT + start * DAY, INSTANT + end * DAY
    return CertificateRow(
        public_id=f"{code}{start}{end}{state}", short_code="7Q4K28FDM3XR", qualification=code, version=1, state=state,
        since=begins, valid_from=begins, valid_to=ends, **more,
    )  # fmt: skip


def answer(*rows: CertificateRow, grace_days: int = 30) -> Any:
    required = RequirementRow(
        number=1, sha256="", needs=(Need(any=("C1-LAB",)),), roles=("LAB",), grace_days=grace_days
    )
    return evaluate(
        function=FUNCTION, requirement=required, postings=[POSTING], certificates=rows, instant=INSTANT
    )


def test_clearance_lasts_as_long_as_the_chain():
    old, new = row("valid", -700, 10), row("not-yet", 10, 700)
    assert answer(old).until == INSTANT + 10 * DAY
    found = answer(new, old)
    assert (found.answer, found.until, found.relied_on) == (
        Answer.CLEARED, INSTANT + 700 * DAY, (old.public_id,)
    )  # fmt: skip
    for broken in (
        row("not-yet", 10.5, 700), row("revoked", 10, 700), row("suspended", 10, 700),
        row("not-yet", 10, 700, genuine=False), row("not-yet", 10, 700, code="C2-LAB"),
        row("not-yet", 10, 700, other_name=True),
    ):  # fmt: skip
        assert answer(old, broken).until == INSTANT + 10 * DAY


def test_successor_alone_clears_nobody_before_it_begins():
    found = answer(row("not-yet", 10, 700))
    assert (found.answer, found.reasons[0].why.value) == (Answer.NOT_CLEARED, "not-yet")


WORST_FIRST = [Answer.NOT_CLEARED, Answer.UNDETERMINED, Answer.CONDITIONAL, Answer.CLEARED]
STATES = [state.value for state in State] + ["unheard-of"]
rows = st.builds(
    row, st.sampled_from(STATES), st.integers(-800, 5), st.integers(6, 800),
    code=st.sampled_from(["C1-LAB", "C2-LAB"]), genuine=st.booleans(), other_name=st.booleans(),
) | st.builds(row, st.sampled_from(STATES), st.integers(-800, -60), st.integers(-59, 0))  # fmt: skip


@given(st.lists(rows, max_size=4), rows)
def test_another_certificate_never_makes_an_answer_worse(held: list[CertificateRow], more: CertificateRow):
    """Bars to others aside: a suspension, and a revocation of the whole qualification."""
    before, after = answer(*held), answer(*held, more)
    assert WORST_FIRST.index(after.answer) >= WORST_FIRST.index(before.answer)
    if before.until and after.answer == before.answer and after.until:
        assert after.until >= before.until


@given(rows)
def test_suspended_or_revoked_never_clears(one: CertificateRow):
    if one.state in {"suspended", "revoked", "void", "superseded", "ended"}:
        assert answer(one).answer in {Answer.NOT_CLEARED, Answer.UNDETERMINED}


@pytest.mark.parametrize("offset", [-SECOND, timedelta(0), SECOND])
@pytest.mark.parametrize("kind", [None, Kind.REVOKED, Kind.SUSPENDED])
def test_rows_of_clearance_agree_with_the_states(
    keys: None, officer: User, offset: timedelta, kind: str | None
):
    """To the second around the boundary, with the successor taken away or not."""
    first = make_certificate(officer, at=clock.now() - 690 * DAY)
    second = make_certificate(officer, first_day=clock.first_day(first.valid_to), way="renewal")
    if kind:
        happen(second, kind)
    instant = first.valid_to + offset
    found = evidence.certificates_of([officer], ["C1-LAB"], instant)[officer.pk]
    states = {each.public_id: each.state for each in found}
    for certificate in Certificate.objects.all():
        assert states[certificate.public_id] == state_at(certificate, instant).state.value
