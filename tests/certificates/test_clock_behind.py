"""A clock that is behind what is recorded: nothing reads *valid*, nothing is signed, and the words say why."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from certificates import actions_acts, lists
from certificates.actions_life import REVOKE
from certificates.checking import examine
from certificates.models import Certificate, CertificateEvent
from operations import audit, clock, clock_guard
from operations.actions import confirm_clock
from tests.elearning.pages import flat
from tests.factories import counted

from .issuing import Kind, happen
from .test_revocation import COMPLAINT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guarded", "english")]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WORDS = "behind what is already recorded"


def recorded() -> None:
    audit.record(by=None, act="people.grant", subject_kind="user", subject_id="x")
    clock_guard.forget()


def valid(stranger: Client, certificate: Certificate) -> bool:
    return "doc framed" in stranger.get(f"/c/{certificate.public_id}").text


def test_revoked_one_does_not_come_back_by_moving_the_clock(stranger, certificate):
    """The attack: the event is not known yet, the list is due by itself, and both say *valid*."""
    with clock.at(clock.now() + 20 * DAY):
        happen(certificate, Kind.REVOKED)
        lists.sign_lists_of([certificate])
    for back in (timedelta(), 10 * DAY, 40 * DAY):
        with clock.at(clock.now() + 20 * DAY - back):
            answer = stranger.get(f"/c/{certificate.public_id}")
            if back:
                assert answer.status_code == 503 and WORDS in answer.text
            assert "doc framed" not in answer.text


@pytest.mark.parametrize("fact", ["issued", "audit", "event", "proof"])
def test_any_fact_that_is_read_holds_the_clock(stranger, certificate, fact):
    assert valid(stranger, certificate)
    later = clock.now() + 10 * MINUTE
    with clock.at(later):
        if fact == "audit":
            recorded()
        elif fact == "event":
            happen(certificate, Kind.SUSPENDED, at=later + DAY)  # in force tomorrow, known today
        elif fact == "proof":
            type(certificate.check_record).objects.update(checked_at=later)
    if fact == "issued":
        later = certificate.issued_at
    with clock.at(later - 3 * MINUTE):
        assert not valid(stranger, certificate)
        examined = examine(Certificate.objects.to_examine().get())
        assert (examined.clock_behind, examined.certificate_state) == (True, None)
    with clock.at(later - MINUTE):
        assert examine(Certificate.objects.to_examine().get()).clock_behind is False


@pytest.mark.parametrize("path", ["/verify/", "/verify/?q=7Q4K-28FD-M3XR"])
def test_looking_up_says_that_it_could_not_be_checked(stranger, certificate, path):
    recorded()
    with clock.at(clock.now() - DAY):
        answer = stranger.get(path)
    assert (answer.status_code, WORDS in answer.text) == (503, True)
    assert stranger.get("/verify/").status_code == 200


def test_page_asks_the_database_nothing_more(stranger, certificate):
    recorded()
    stranger.get(f"/c/{certificate.public_id}")
    with counted() as queries:
        assert valid(stranger, certificate)
    assert len(queries) == 2


def test_registrars_are_told_and_nothing_is_recorded(certificate, registrar, registrar2):
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrar)
    with clock.at(clock.now() + DAY):
        recorded()
    with pytest.raises(ValidationError, match="nothing is signed"):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    assert not CertificateEvent.objects.exists()


def test_nobody_reads_that_it_is_valid(certificate, officer, registrar, coordinator, client_of):
    """Neither its holder nor who looks after it; the registrar reads why."""
    root = "/en/certificates/"
    one = f"{root}register/{certificate.public_id}/"
    shown = [
        (officer, root), (officer, "/en/"), (registrar, f"{root}register/"), (registrar, one),
        (coordinator, "/en/people/"), (coordinator, f"/en/people/{officer.public_id}/"),
    ]  # fmt: skip

    def said(words: str) -> list[str]:
        return [address for person, address in shown if words in flat(client_of(person).get(address).content)]

    every = [address for _person, address in shown]
    assert said('tag-ok">valid') == every
    with clock.at(clock.now() + DAY):
        recorded()
    assert (said('tag-ok">valid'), said("could not be checked")) == ([], every)
    page = client_of(registrar).get(one).text
    assert (WORDS in page, "doc framed" in page) == (True, False)


def test_confirmed_clock_reads_again(stranger, certificate):
    """Facts that a clock ahead has recorded of the certificate itself are left out as well."""
    with clock.at(clock.now() + 900 * DAY):
        recorded()
        type(certificate.check_record).objects.update(checked_at=clock.now())
    assert not valid(stranger, certificate)
    confirm_clock(reason="it was three years ahead", by=None)
    assert valid(stranger, certificate)
