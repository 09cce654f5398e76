"""Tasks of libraries, Wagtail's above all, are errands."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.tasks import task
from wagtail.models import Page, ReferenceIndex

from operations import outbox
from operations.models import Errand

pytestmark = pytest.mark.django_db
called: list[tuple[Any, ...]] = []


@task
def note(*args: Any, **kwargs: Any) -> None:
    called.append((args, kwargs))


@task
def look_for_what_is_gone() -> None:
    ContentType.objects.get(pk=0)


@task
def fail() -> None:
    raise RuntimeError("not today")


@pytest.fixture(autouse=True)
def nothing_called() -> None:
    called.clear()


def test_task_is_called_with_its_arguments_by_a_worker() -> None:
    note.enqueue(1, colour="red")
    assert called == []
    assert outbox.work_off(["operations.task"]) == 1
    assert called == [((1,), {"colour": "red"})]


def test_task_is_rolled_back_with_its_transaction() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note.enqueue()
        raise ZeroDivisionError
    assert Errand.objects.filter(kind="operations.task").count() == 0


def test_each_call_is_an_errand_of_its_own() -> None:
    assert note.enqueue(1).id != note.enqueue(1).id
    outbox.work_off(["operations.task"])
    assert len(called) == 2


def test_task_waits_for_its_time(real_clock: Any) -> None:
    note.using(run_after=real_clock.now + timedelta(hours=1)).enqueue()
    assert outbox.work_off(["operations.task"]) == 0


def test_object_deleted_meanwhile_is_no_failure() -> None:
    look_for_what_is_gone.enqueue()
    assert outbox.work_off(["operations.task"]) == 1


def test_failing_task_is_tried_again_and_given_up(real_clock: Any) -> None:
    fail.enqueue()
    for _ in range(5):
        errand = outbox.claim("short", only=["operations.task"])
        assert errand is not None
        outbox.attend(errand)
        real_clock.tick(hours=1)
    errand = Errand.objects.get(kind="operations.task")
    assert (errand.state, errand.error) == ("given-up", "RuntimeError: not today")


def test_wagtail_indexes_a_saved_page_through_errands(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        Page.objects.get(depth=1).add_child(instance=Page(title="Səhifə"))
    assert Errand.objects.filter(kind="operations.task").exists()
    outbox.work_off(["operations.task"])
    assert ReferenceIndex.model_is_indexable(Page)
