"""What is told before beginning, and what a case is frozen with."""

from typing import Any

import pytest

from assessments.beforehand import content_notes
from assessments.models import Blueprint, Scenario
from operations import clock

from .conftest import RULES

pytestmark = pytest.mark.django_db


def test_every_variant_that_may_come_is_told_once(exam: Blueprint, django_assert_num_queries: Any) -> None:
    content_notes(RULES, "az")
    with django_assert_num_queries(1):
        assert content_notes(RULES, "az") == ["threats are told (az)"]


def test_case_that_is_not_drawn_any_more_is_not_told(exam: Blueprint) -> None:
    Scenario.objects.update(retired_at=clock.now())
    assert content_notes(RULES, "az") == []
