import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from operations import clock as product_clock
from operations import health, installation, outbox, worker
from operations.models import Beat, Errand

pytestmark = pytest.mark.django_db
OWN = ["database", "files", "migrations", "base URL", "cache", "worker", "errands", "given-up errands"]


@pytest.fixture(autouse=True)
def only_our_own_checks() -> Iterator[None]:
    """Checks of other apps have tests of their own."""
    before = dict(health.checks)
    for name in before.keys() - set(OWN):
        del health.checks[name]
    yield
    health.checks.clear()
    health.checks.update(before)


@pytest.fixture
def ready() -> None:
    """A worker has just beaten; nothing is wrong."""
    installation.claim_base_url()
    worker.beat()
    Errand.objects.all().delete()


def asked(client: Client) -> tuple[int, dict[str, str]]:
    health.forget()
    response = client.get("/readyz")
    answer = json.loads(response.content)
    assert answer["ready"] == (response.status_code == 200)
    return response.status_code, {name: words for name, words in answer["checks"].items() if words != "ok"}


def test_answer_is_kept_for_a_moment(ready: None, client: Client, django_assert_num_queries: Any) -> None:
    """Anybody may ask: asking often costs nothing."""
    asked(client)
    with django_assert_num_queries(0):
        client.get("/readyz")


def test_ready_when_all_is_well(ready: None, client: Client) -> None:
    health.forget()
    response = client.get("/readyz")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert json.loads(response.content) == {"ready": True, "checks": dict.fromkeys(OWN, "ok")}


def test_alive_asks_no_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, json.loads(response.content)) == (200, {"alive": True})


def test_alive_while_the_database_is_away_and_not_ready(ready: None, client: Client) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("password authentication failed for user nisane at 10.0.0.5")

    with connection.execute_wrapper(away):
        assert client.get("/livez").status_code == 200
        status, wrong = asked(client)
    assert status == 503
    assert wrong["database"] == "could not be checked (OperationalError)"  # and no word of where


def test_not_ready_before_the_migrations(ready: None, client: Client) -> None:
    gone, _by_model = MigrationRecorder.Migration.objects.filter(app="operations").delete()
    assert asked(client) == (503, {"migrations": f"{gone} not applied"})


def test_not_ready_at_another_address(ready: None, client: Client, settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8001"
    assert asked(client) == (503, {"base URL": "could not be checked (WrongBaseUrl)"})


def test_not_ready_with_a_cache_that_forgets(ready: None, client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert asked(client) == (503, {"cache": "does not keep what it is given"})
    cache.clear()


def test_not_ready_without_a_worker(ready: None, client: Client) -> None:
    Beat.objects.update(at=product_clock.real_now() - timedelta(seconds=90))
    assert asked(client) == (503, {"worker": "none seen for 90 s"})
    Beat.objects.all().delete()
    assert asked(client) == (503, {"worker": "none has been seen"})


def test_not_ready_with_an_errand_that_nobody_attends_to(ready: None, client: Client) -> None:
    outbox.enqueue("operations.task", "a", due_at=product_clock.real_now() - timedelta(minutes=9))
    outbox.enqueue("operations.task", "b", due_at=product_clock.real_now() + timedelta(days=9))
    assert asked(client) == (200, {})
    for key in "cd":
        outbox.enqueue("operations.task", key, due_at=product_clock.real_now() - timedelta(minutes=11))
    assert asked(client) == (503, {"errands": "overdue: operations.task × 2"})


def test_not_ready_with_an_errand_that_was_given_up(ready: None, client: Client) -> None:
    outbox.enqueue("operations.mail", "a")
    Errand.objects.update(state="given-up", closed_at=product_clock.real_now())
    assert asked(client) == (503, {"given-up errands": "given up: operations.mail × 1"})


def test_app_adds_a_check_of_its_own(ready: None, client: Client) -> None:
    said: list[str | None] = [None, "the key of this year is missing"]
    health.health_check("test keys")(lambda: said.pop(0))
    assert [asked(client), asked(client)] == [
        (200, {}),
        (503, {"test keys": "the key of this year is missing"}),
    ]
    with pytest.raises(ValueError):
        health.health_check("test keys")(lambda: None)


@pytest.mark.parametrize("errands", [1, 3])
def test_own_checks_take_constant_queries(
    errands: int, ready: None, django_assert_max_num_queries: Any
) -> None:
    for n in range(errands):
        outbox.enqueue("operations.task", str(n), due_at=product_clock.real_now() - timedelta(hours=1))
    with django_assert_max_num_queries(12):
        assert health.problems()["errands"] == f"overdue: operations.task × {errands}"
