"""Rule owners, and a second qualification that rules may name."""

import pytest

from certificates import actions_rules as certificates
from people.models import User
from tests import factories
from tests.factories import Position, give
from tests.qualification_rules import rules_of

TEXT = {"az": "a", "en": "b", "ru": "c"}


def _rule_owner() -> User:
    person = factories.make_person("Babayev", "Fərid", password=factories.PASSWORD)
    give(person, Position.RULE_OWNER)
    return person


@pytest.fixture
def owner(db) -> User:
    factories.make_role("LAB")
    return _rule_owner()


@pytest.fixture
def owner2(db) -> User:
    return _rule_owner()


@pytest.fixture
def second(curriculum) -> str:
    """The code of another qualification."""
    certificates.save_qualification(
        code="C2-LAB", names=TEXT, descriptions=TEXT, rules=rules_of("C2-LAB"), by=None
    )
    return "C2-LAB"
