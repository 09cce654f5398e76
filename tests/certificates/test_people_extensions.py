"""Certificates on the page of a person."""

from datetime import timedelta

import pytest

from certificates import actions_life
from certificates.models import Certificate
from certificates.people_extensions import as_of, card, events
from locales.dates import day_text
from operations import clock
from operations.codes import grouped
from people.models import User
from people.visibility import Visibility

from .correcting import corrected

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
ALL = Visibility(None, None)


def test_as_of_tells_a_certificate_from_its_award_on_and_as_soon_as_it_was_known(
    officer: User, certificate: Certificate
) -> None:
    earned, issued = certificate.award.awarded_at, certificate.issued_at
    assert [str(line) for line in as_of(officer, ALL, earned, None)] == ["C1-LAB: etibarlıdır"]
    assert as_of(officer, ALL, earned - SECOND, None) == []
    assert as_of(officer, ALL, earned, issued - SECOND) == []
    assert len(as_of(officer, ALL, earned, issued)) == 1


def test_card_says_until_when_a_certificate_is_suspended(
    officer: User, certificate: Certificate, registrar: User, coordinator: User
) -> None:
    last_day = clock.today() + timedelta(days=7)
    actions_life.suspend(certificate=certificate, reason="inquiry", last_day=last_day, by=registrar)
    [line] = card(officer, ALL, coordinator).lines
    assert str(line.text).endswith(f"dayandırmanın son günü: {day_text(last_day)}")


def test_history_tells_what_happened_once_and_to_which_certificate(
    officer: User, certificate: Certificate, registrar: User, registrar2: User
) -> None:
    """Not again of the one that took its place after a correction, which had the same life."""
    last_day = clock.today() + timedelta(days=7)
    actions_life.suspend(certificate=certificate, reason="inquiry", last_day=last_day, by=registrar)
    [new] = corrected(officer, registrar, registrar2)
    assert new.events.count() == 1
    told = [(str(each.title), str(each.text)) for each in events(officer, ALL)]
    code = grouped(certificate.short_code)
    assert [text for title, text in told if "dayandırılıb" in title] == [code]
    assert [text for title, text in told if "əvəz edilib" in title] == [code]
