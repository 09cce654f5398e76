from pathlib import Path

import pytest
from django.test import Client

from certificates.credentials.badge import make_badge
from certificates.credentials.jsontext import Json
from certificates.credentials.keys import Keyring, load_keyring, make_keys
from certificates.models import Certificate
from people.models import User
from tests import factories, tiny
from tests.remembered import remembered

from .ending import newer_rules
from .issuing import make_certificate
from .proof_values import BEARER, CREATED, FACTS


def new_keyring(folder: Path) -> Keyring:
    make_keys(folder / "keys", year=2026)
    return load_keyring(folder / "keys")


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return new_keyring(tmp_path_factory.mktemp("credentials"))


@pytest.fixture(scope="session")
def badge(keyring: Keyring) -> Json:
    return make_badge(FACTS, BEARER, signer=keyring.signer("credential"), created=CREATED)


@pytest.fixture
@remembered
def certificate(keys: None, officer: User) -> Certificate:
    """Valid, of the officer; its document is made and proved."""
    return make_certificate(officer)


@pytest.fixture
def owner(db: None) -> User:
    person = factories.make_person("Babayev", "Fərid", password=factories.PASSWORD)
    factories.give(person, factories.Position.RULE_OWNER)
    return person


@pytest.fixture
def older(curriculum: tiny.Curriculum, officer: User) -> Certificate:
    """The officer's, issued under version 1; version 2 is in force."""
    certificate = make_certificate(officer)
    newer_rules()
    return certificate


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"Accept-Language": "en"})
