from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction

from operations.installation import WrongBaseUrl, check_at_start, claim_base_url, fixed_base_url
from operations.models import Installation

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_start(settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8000"
    claim_base_url()


def test_first_start_fixes_the_address(settings: Any) -> None:
    assert fixed_base_url() is None
    assert claim_base_url() == settings.BASE_URL == fixed_base_url()


def test_later_start_at_the_same_address_is_allowed(first_start: None) -> None:
    assert claim_base_url() == "http://localhost:8000"
    assert Installation.objects.count() == 1


@pytest.mark.parametrize("start", [claim_base_url, check_at_start])
def test_another_address_is_refused_in_words(first_start: None, settings: Any, start: Any) -> None:
    settings.BASE_URL = "http://localhost:8001"
    with pytest.raises(WrongBaseUrl) as refusal:
        start()
    assert str(refusal.value) == (
        "This installation was first started as http://localhost:8000: printed certificates, credentials "
        "and lists point there. It cannot be served as http://localhost:8001. Set NISANE_BASE_URL "
        "(in the demo: PORT) to the first address."
    )
    assert fixed_base_url() == "http://localhost:8000"


def test_nothing_is_served_under_a_secret_that_everybody_knows(settings: Any) -> None:
    settings.SECRET_KEY = settings.NO_SECRET
    with pytest.raises(ImproperlyConfigured, match="NISANE_SECRET_KEY"):
        check_at_start()
    with pytest.raises(CommandError, match="NISANE_SECRET_KEY"):
        call_command("work")


def test_worker_refuses_another_address(first_start: None, settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8001"
    with pytest.raises(CommandError, match="first started as http://localhost:8000"):
        call_command("work")


def test_database_holds_one_address_for_good(first_start: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.update(base_url="http://localhost:8001")
    with pytest.raises(IntegrityError, match="installation_one"), transaction.atomic():
        Installation.objects.create(pk=2, base_url="http://localhost:8001")


def test_start_while_the_database_is_away_is_allowed() -> None:
    def away(*args: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        check_at_start()
        with pytest.raises(OperationalError):
            claim_base_url()
