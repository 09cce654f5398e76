"""The cast. Every fixture is a real row, made through the apps' actions; everybody can sign in."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from bench.one_course import copy_inspectors_alone
from certificates import signing
from elearning.context import forget_places
from elearning.demo.keys import make as make_development_keys
from operations import clock_guard
from people.models import Agency, Role, Unit, User

from . import factories, html_rules, tiny
from .counted_once import counted_once  # noqa: F401 - a fixture for all
from .databases import django_db_setup, tables_come_back_as_they_were  # noqa: F401 - fixtures for all
from .factories import PASSWORD, Position
from .quick_printing import quick_printing  # noqa: F401 - a fixture for all
from .redis_server import own_redis  # noqa: F401 - a fixture for all
from .remembered import remembered
from .running import demo, the_demo  # noqa: F401 - fixtures for all
from .scheduling import (
    place_of,
    pytest_xdist_auto_num_workers,  # noqa: F401 - a hook
    pytest_xdist_make_scheduler,  # noqa: F401 - a hook
)

# Folders and files that are mostly about what no database keeps.
NO_DATABASE = (
    "tests/locales/",
    "tests/curriculum/",
    "tests/courses/",
    "tests/certificates/pdf/",
    "tests/certificates/credentials/",
    "tests/assessments/",
    "tests/operations/test_mutants.py",
    "tests/operations/test_spreadsheets.py",
    "tests/rosters/test_roster_reading.py",
    "tests/test_architecture.py",
    "tests/test_documents.py",
    "tests/test_imports.py",
    "tests/elearning/test_look_",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what only the other database can show to the run on that one, and the demo to SQLite.

    Browser journeys come last: the quick tests tell first. Side by side, what takes long begins.
    """
    left = [item for item in items if _database_of(item) not in (connection.vendor, "any")]
    items[:] = [item for item in items if _database_of(item) in (connection.vendor, "any")]
    items.sort(key=lambda item: "journeys" in item.path.parts)
    if hasattr(config, "workerinput"):
        items.sort(key=place_of)
    config.hook.pytest_deselected(items=left)


def _database_of(item: pytest.Item) -> str:
    """Return the database of the run that asks this: texts, figures, fonts and looks ask none, and are asked once."""
    marked = [name for name in ("sqlite", "postgresql") if item.get_closest_marker(name)]
    given = getattr(item, "fixturenames", ())
    once = (
        item.nodeid.startswith(NO_DATABASE) and "db" not in given and not item.get_closest_marker("django_db")
    )
    return marked[0] if marked else "sqlite" if once or "the_demo" in given else "any"


def pytest_collection_finish() -> None:
    """Leave what has been imported out of every later collection of garbage, and collect seldom: a tenth of the
    suite's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True, scope="session")
def pages_are_whole() -> Iterator[None]:
    """Every page that a test gets holds the rules of HTML; each set of templates is looked at once."""
    get, seen = Client.request, set[frozenset[str]]()

    def request(client: Client, **asked: Any) -> Any:
        response = get(client, **asked)
        names = frozenset(template.name or "" for template in response.templates)
        whole = "base.html" in names and bool(response.content)  # threads hear of each other's templates
        if whole and "Content-Encoding" not in response.headers and names not in seen:
            seen.add(names)
            assert html_rules.faults_of(response.text) == [], f"{asked.get('PATH_INFO')}: {sorted(names)}"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Rate limits, generations and where somebody serves, of one test, do not reach the next."""
    cache.clear()
    forget_places()


@pytest.fixture(autouse=True)
def clock_at_will() -> Iterator[None]:
    """Tests move the clock; those of its guard ask for the fixture `guarded`."""
    with clock_guard.trusted():
        yield


@pytest.fixture
def guarded() -> Iterator[None]:
    """A clock that is held against what is recorded, as when the product runs."""
    with clock_guard.guarding():
        yield


@pytest.fixture(autouse=True)
def default_language() -> None:
    """A page that one test asked for in English leaves the next in Azerbaijani, as when it runs alone."""
    translation.deactivate()


@pytest.fixture
def english() -> Iterator[None]:
    """For tests that call actions and read what they say."""
    with translation.override("en"):
        yield


@pytest.fixture
def client_of() -> Callable[..., Client]:
    return factories.client_of


@pytest.fixture(scope="session")
def keys_made() -> None:
    make_development_keys(Path(settings.KEYS_DIR), year=2026)


@pytest.fixture
def keys(keys_made: None) -> None:
    """Signing keys in KEYS_DIR, made once."""
    signing.forget()


@pytest.fixture(scope="session")
def inspectors_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the shipped curriculum with one course: whole, and quick to load."""
    return copy_inspectors_alone(tmp_path_factory.mktemp("curriculum") / "data")


@pytest.fixture
def curriculum(db: Any) -> tiny.Curriculum:
    return tiny.tiny_curriculum()


@pytest.fixture
@remembered
def agency(db: Any) -> Agency:
    return factories.make_agency("labour-inspection")


@pytest.fixture
@remembered
def other_agency(db: Any) -> Agency:
    return factories.make_agency("migration-service", Agency.Kind.MIGRATION)


@pytest.fixture
@remembered
def unit(agency: Agency) -> Unit:
    return factories.make_unit(agency, "ganja", duty_telephone="012 000 04 12")


@pytest.fixture
@remembered
def other_unit(other_agency: Agency) -> Unit:
    return factories.make_unit(other_agency, "baku", duty_telephone="012 000 07 00")


@pytest.fixture
@remembered
def role(db: Any) -> Role:
    return factories.make_role("LAB")


@pytest.fixture
@remembered
def officer(unit: Unit, role: Role) -> User:
    """A labour inspector."""
    return factories.make_person(
        "Məmmədova", "Aytən", father_name="Kamran qızı", email="officer@agency.example",
        password=PASSWORD, unit=unit, role=role, service_number="LAB-0417",
    )  # fmt: skip


@pytest.fixture
@remembered
def officer2(unit: Unit, role: Role) -> User:
    """A colleague of the officer, in the same unit."""
    return factories.make_person(
        "Quliyev", "Orxan", father_name="Vaqif oğlu", email="officer2@agency.example",
        password=PASSWORD, unit=unit, role=role, service_number="LAB-0418",
    )  # fmt: skip


@remembered
def _holder(position: str, email: str, **scope: Any) -> User:
    person = factories.make_person("Əliyev", "Rəşad", email=email, password=PASSWORD)
    factories.give(person, position, **scope)
    return person


@pytest.fixture
def trainer(db: Any) -> User:
    return _holder(Position.TRAINER, "trainer@agency.example")


@pytest.fixture
def reviewer(db: Any) -> User:
    return _holder(Position.REVIEWER, "reviewer@agency.example")


@pytest.fixture
def assessor(db: Any) -> User:
    return _holder(Position.ASSESSOR, "assessor@agency.example")


@pytest.fixture
def assessor2(db: Any) -> User:
    return _holder(Position.ASSESSOR, "assessor2@agency.example")


@pytest.fixture
def coordinator(agency: Agency) -> User:
    return _holder(Position.COORDINATOR, "coordinator@agency.example", agency=agency)


@pytest.fixture
def coordinator_other(other_agency: Agency) -> User:
    return _holder(Position.COORDINATOR, "coordinator.other@agency.example", agency=other_agency)


@pytest.fixture
def duty_officer(unit: Unit) -> User:
    """Asks for the officer's unit."""
    return _holder(Position.DUTY_OFFICER, "duty.officer@agency.example", unit=unit)


@pytest.fixture
def shift_leader(unit: Unit) -> User:
    """Leads the shift of the officer's unit."""
    return _holder(Position.SHIFT_LEADER, "shift.leader@agency.example", unit=unit)


@pytest.fixture
def duty_officer_other(other_unit: Unit) -> User:
    return _holder(Position.DUTY_OFFICER, "duty.officer.other@agency.example", unit=other_unit)


@pytest.fixture
def registrar(db: Any) -> User:
    return _holder(Position.REGISTRAR, "registrar@agency.example")


@pytest.fixture
def registrar2(db: Any) -> User:
    return _holder(Position.REGISTRAR, "registrar2@agency.example")


@pytest.fixture
def auditor(db: Any) -> User:
    return _holder(Position.AUDITOR, "auditor@agency.example")


@pytest.fixture
def admin(db: Any) -> User:
    return _holder(Position.ADMINISTRATOR, "admin@agency.example")


@pytest.fixture
def admin2(db: Any) -> User:
    return _holder(Position.ADMINISTRATOR, "admin2@agency.example")


@pytest.fixture
@remembered
def outsider(db: Any) -> User:
    """Signed in, without posting or grant."""
    return factories.make_person("Həsənov", "Tural", email="outsider@agency.example", password=PASSWORD)
