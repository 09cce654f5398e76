import pytest

from certificates.credentials.keys import Keyring

from ..conftest import new_keyring


@pytest.fixture(scope="session")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys of somebody else, under the same names."""
    return new_keyring(tmp_path_factory.mktemp("strangers"))
