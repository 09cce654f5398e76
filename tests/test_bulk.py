"""Rows in bulk, as measurements make them, pass the guards of the database and read as certificates."""

from typing import Any

import pytest

from bench.bulk import certify
from certificates.models import Certificate
from people.models import User
from tests.certificates.issuing import make_certificate

pytestmark = pytest.mark.django_db


def test_each_has_a_certificate_like_the_pattern(
    keys: Any, officer: User, officer2: User, outsider: User
) -> None:
    pattern = Certificate.objects.select_related("award", "reservation", "bearer", "check_record").get(
        pk=make_certificate(officer).pk
    )
    certify([officer2, outsider], pattern)
    found = Certificate.objects.finished().exclude(pk=pattern.pk).order_by("pk")
    assert [each.award.person for each in found] == [officer2, outsider]
    assert {each.valid_to for each in found} == {pattern.valid_to}
