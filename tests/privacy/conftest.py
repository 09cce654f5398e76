from typing import Any

import pytest

from .whole_person import Whole, make


@pytest.fixture
def whole(keys: None, unit: Any, role: Any, officer: Any, officer2: Any, admin: Any) -> Whole:
    """A person about whom everything is known that can be."""
    return make(unit, role, officer, officer2, admin)
