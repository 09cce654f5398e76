"""The state as Python finds it and as the database is asked for it, over whatever happened."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates.models import Certificate, CertificateEvent
from certificates.register import in_state
from certificates.state import State, state_at
from operations.models import Proposal
from people.models import User
from tests.factories import confirmed
from tests.remembered import remembered
from tests.share import examples

from .issuing import Kind, make_certificate, unfinished

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OFFSETS = st.integers(-4, 4)
DRAWN = st.lists(
    st.tuples(st.sampled_from(Kind.values), OFFSETS, OFFSETS, st.integers(1, 6), st.integers(0, 9)),
    max_size=6,
)


@pytest.fixture
@remembered
def pair(keys: None, officer: User) -> Certificate:
    """A certificate and, for whatever is superseded, its successor."""
    certificate = make_certificate(officer)
    unfinished(certificate)
    return certificate


@pytest.fixture
def decided(pair: Certificate) -> Proposal:
    return confirmed("certificates.reinstate", pair.public_id)


def happened(
    certificate: Certificate, decided: Proposal, drawn: list[tuple[str, int, int, int, int]], around: datetime
) -> None:
    """Rows as drawn, unsigned: a reinstatement names any event before it, whatever its kind."""
    made: list[CertificateEvent] = []
    other = Certificate.objects.exclude(pk=certificate.pk).get()
    for kind, effective, recorded, lasts, named in drawn:
        if kind == Kind.REINSTATED and not made:
            continue
        effective_at = around + effective * DAY
        made.append(
            CertificateEvent.objects.create(
                certificate=certificate,
                number=len(made) + 1,
                kind=kind,
                reason="complaint",
                effective_at=effective_at,
                recorded_at=around + recorded * DAY,
                until=effective_at + lasts * DAY if kind == Kind.SUSPENDED else None,
                reach="certificate" if kind == Kind.REVOKED else None,
                undoes=made[named % len(made)] if kind == Kind.REINSTATED else None,
                successor=other if kind == Kind.SUPERSEDED else None,
                proposal=decided if kind == Kind.REINSTATED else None,
                previous_sha256="0" * 64 if made else "",
                statement={},
            )
        )


@settings(
    max_examples=examples(150),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    drawn=DRAWN,
    bound=st.sampled_from(["valid_from", "valid_to"]),
    away=st.sampled_from([-3, 0, 300]),
    instant=OFFSETS,
    second=st.sampled_from([-1, 0, 1]),
    known=OFFSETS,
)
def test_database_and_python_find_the_same_state(
    pair: Certificate,
    decided: Proposal,
    drawn: list[tuple[str, int, int, int, int]],
    bound: str,
    away: int,
    instant: int,
    second: int,
    known: int,
):
    """At any second, as known at any day, around the certificate's bounds and in its middle."""
    around = getattr(pair, bound) + away * DAY
    at, known_at = around + instant * DAY + timedelta(seconds=second), around + known * DAY
    with transaction.atomic():
        happened(pair, decided, drawn, around)
        expected = state_at(Certificate.objects.get(pk=pair.pk), at, known_at=known_at)
        found = [
            state
            for state in State
            if in_state(Certificate.objects.filter(pk=pair.pk), state, at, known_at=known_at).exists()
        ]
        transaction.set_rollback(True)
    assert found == [expected.state]
