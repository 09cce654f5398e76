"""Letters to duty officers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from certificates import actions_life
from operations import clock
from operations.codes import grouped
from operations.outbox import work_off
from people.models import User
from tests import tiny
from tests.factories import client_of

pytestmark = pytest.mark.usefixtures("keys")


def test_who_reads_that_a_certificate_fell_finds_out_whose(
    curriculum: tiny.Curriculum, officer: User, duty_officer: User, registrar: User, settings: Any
) -> None:
    """Also who never asked about them: the letter leads to the question, and it names nobody."""
    certificate = tiny.certify(curriculum, officer)
    User.objects.filter(pk=duty_officer.pk).update(language="en")
    last_day = clock.today() + timedelta(days=1)
    actions_life.suspend(certificate=certificate, reason="inquiry", last_day=last_day, by=registrar)
    work_off()
    [letter] = [each for each in mail.outbox if each.to == [duty_officer.email]]
    assert letter.subject == "A notice about somebody in your units"
    assert "somebody who serves in your units is no longer in force" in " ".join(letter.body.split())
    assert officer.family_name not in letter.body
    [address] = re.findall(r"http\S+/desk/\S*", letter.body)
    code = grouped(certificate.short_code)
    path = address.removeprefix(settings.BASE_URL)
    assert f'value="{code}"' in client_of(duty_officer).get(path).text
    answer = client_of(duty_officer).post("/en/desk/", {"who": code, "function": "F8"}, follow=True).text
    assert officer.family_name in answer and "A suspension ends by itself" in answer
