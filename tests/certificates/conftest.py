import pytest
from django.test import Client

from certificates.models import Certificate
from people.models import User

from .issuing import make_certificate


@pytest.fixture
def certificate(keys: None, officer: User) -> Certificate:
    """Valid, of the officer; its document is made and proved."""
    return make_certificate(officer)


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"Accept-Language": "en"})
