from pathlib import Path

import pytest

from certificates.credentials.badge import make_badge
from certificates.credentials.jsontext import Json
from certificates.credentials.keys import Keyring, load_keyring, make_keys

from ..proof_values import BEARER, CREATED, FACTS


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    directory: Path = tmp_path_factory.mktemp("credentials") / "keys"
    make_keys(directory, year=2026)
    return load_keyring(directory)


@pytest.fixture(scope="session")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys of somebody else, under the same names."""
    directory: Path = tmp_path_factory.mktemp("strangers") / "keys"
    make_keys(directory, year=2026)
    return load_keyring(directory)


@pytest.fixture(scope="session")
def badge(keyring: Keyring) -> Json:
    return make_badge(FACTS, BEARER, signer=keyring.signer("credential"), created=CREATED)
